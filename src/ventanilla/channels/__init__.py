"""Bytes into message values, message values into deliveries."""
