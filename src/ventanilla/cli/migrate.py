"""``ventanilla migrate``: bring the database to the version of the program."""

import click

from ventanilla.cli._installation import database_running, set_up_django
from ventanilla.core.config import config


@click.command()
def migrate() -> None:
    """Lleva la base de datos a la versión del programa."""
    with database_running(config(), may_create=True):
        set_up_django()
        migrate_if_needed()


def migrate_if_needed() -> None:
    """Apply what is missing. Asking costs a fraction of Django's own command, run in vain."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from ventanilla.core.statements import lift_time_limits

    lift_time_limits()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        click.echo("Preparando la base de datos…", err=True)
        call_command("migrate", interactive=False, verbosity=0)
