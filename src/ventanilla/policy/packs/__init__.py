"""The packs that come with the product, and any other by its path."""

from .loading import (
    LocatedPack,
    PackInvalid,
    PackNotFound,
    Problem,
    available,
    desk_addresses,
    load,
    load_located,
    loads,
)

__all__ = [
    "LocatedPack",
    "PackInvalid",
    "PackNotFound",
    "Problem",
    "available",
    "desk_addresses",
    "load",
    "load_located",
    "loads",
]
