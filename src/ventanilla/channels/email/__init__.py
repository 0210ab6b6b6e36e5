"""E-mail: bytes to a value, a value to bytes. Pure: no database, no clock, no network."""
