"""What commands share: the installation that the configuration describes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ventanilla.core.config import Config
from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import EmbeddedPostgres

SETTINGS_MODULE = "ventanilla.project.settings"


def folder_of(config: Config) -> DataFolder:
    """The data folder."""
    return DataFolder(config.data_folder)


def embedded(config: Config) -> EmbeddedPostgres | None:
    """The embedded database, or None when a server of one's own is configured."""
    return None if config.database_url else EmbeddedPostgres(folder_of(config))


@contextmanager
def database_running(config: Config) -> Iterator[None]:
    """Within the block the database answers: the running one, or one started for the block."""
    server = embedded(config)
    if server is None or (server.running_pid() is not None and server.is_ready()):
        yield
        return
    process = server.start()
    try:
        yield
    finally:
        server.stop()
        process.wait()


def set_up_django() -> None:
    """Load settings and apps; call before importing any model."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)
    import django

    django.setup()
