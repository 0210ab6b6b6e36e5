"""Listeners and pollers: what arrives is stored raw and handed to the desk."""
