from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspace', '0005_draft_failures'),
    ]

    operations = [
        migrations.AddField(
            model_name='bulkdeed',
            name='undone',
            field=models.JSONField(default=list),
        ),
    ]
