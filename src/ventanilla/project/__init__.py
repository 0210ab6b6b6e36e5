"""The Django project: settings and the table of addresses."""
