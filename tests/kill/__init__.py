"""Mail keeps arriving while worker, listener and database are killed."""
