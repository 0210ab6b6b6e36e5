from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspace', '0006_bulk_resumed'),
    ]

    operations = [
        migrations.AddField(
            model_name='replytemplate',
            name='revision',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
