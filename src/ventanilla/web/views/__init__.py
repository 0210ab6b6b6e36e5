"""The pages: each checks input, makes one call down, and renders."""
