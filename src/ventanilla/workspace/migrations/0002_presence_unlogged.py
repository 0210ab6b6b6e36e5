"""Presence is worth nothing after a crash, so it is not logged."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Presence is written every few seconds by every open page of a case."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("workspace", "0001_initial")]
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.RunSQL(
            "ALTER TABLE workspace_presence SET UNLOGGED;",
            "ALTER TABLE workspace_presence SET LOGGED;",
        )
    ]
