"""The product's settings, with one more page: the empty one that is the unit."""

from ventanilla.project.settings import *  # noqa: F403 - the same installation, another URL root

ROOT_URLCONF = "bench.urls"
