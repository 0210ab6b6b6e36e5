"""The packs that come with the product, and any other by its path."""

from .loading import PackInvalid, PackNotFound, Problem, available, load, loads

__all__ = ["PackInvalid", "PackNotFound", "Problem", "available", "load", "loads"]
