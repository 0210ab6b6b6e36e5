from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workspace', '0003_drafts_on_their_way'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bulkdeed',
            name='kept',
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(  # house: no-locking-indexes - a few rows a day and person
            model_name='bulkdeed',
            index=models.Index(fields=['staff', '-done_at', '-id'], name='bulk_deed_of_staff'),
        ),
    ]
