"""A table of its own for what strangers try, apart from what guards the sign-in."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Nothing in it is worth a backup, so it is not even logged."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("web", "0001_initial")]
    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("used", models.BigIntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["until"], name="web_tries_until")]},
        ),
        migrations.RunSQL("ALTER TABLE web_tries SET UNLOGGED;", migrations.RunSQL.noop),
    ]
