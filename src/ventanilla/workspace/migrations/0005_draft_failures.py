from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0004_bulk_undoing"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="failures",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="draft",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "Respuesta"),
                    ("note", "Nota interna"),
                    ("progress", "Aviso de avance"),
                    ("resolve", "Resolución"),
                ],
                max_length=8,
            ),
        ),
    ]
