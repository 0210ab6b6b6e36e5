"""Forms: what people type, checked before anything is asked of the desk."""
