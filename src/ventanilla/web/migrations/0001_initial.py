"""The table of the shared cache, as Django's DatabaseCache expects it."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Counts of tries; nothing in it is worth a backup, so it is not even logged."""

    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE web_counter (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX web_counter_expires ON web_counter (expires);
            """,
            "DROP TABLE web_counter;",
        )
    ]
