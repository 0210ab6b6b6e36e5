"""What commands share: the installation that the configuration describes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ventanilla.core.config import Config
from ventanilla.host.errors import HostError
from ventanilla.host.folders import DataFolder
from ventanilla.host.postgres import EmbeddedPostgres

SETTINGS_MODULE = "ventanilla.project.settings"


class NoInstallation(HostError):
    """En la carpeta de datos {folder} no hay todavía una base de datos.
    «ventanilla up» la crea. Si está en otro lugar, indíquelo en VENTANILLA_DATA."""


def folder_of(config: Config) -> DataFolder:
    """The data folder."""
    return DataFolder(config.data_folder)


def embedded(config: Config) -> EmbeddedPostgres | None:
    """The embedded database, or None when a server of one's own is configured."""
    return None if config.database_url else EmbeddedPostgres(folder_of(config))


@contextmanager
def database_running(config: Config, *, may_create: bool = False) -> Iterator[None]:
    """Within the block the database answers: the running one, or one started for the block.

    Raises NoInstallation: a mistyped folder must not become an empty installation.
    """
    server = embedded(config)
    folder = folder_of(config)
    if server is not None and not may_create and not folder.pg.exists():
        raise NoInstallation(folder=folder.root)
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
