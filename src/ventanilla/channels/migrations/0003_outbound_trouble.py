from django.db import migrations, models

from ventanilla.core.migrating import AddIndexUnlocked


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('channels', '0002_outbound_html'),
        ('register', '0005_search_by_bucket'),
    ]

    operations = [
        AddIndexUnlocked(
            model_name='outboundmessage',
            index=models.Index(condition=models.Q(('state__in', ['failed', 'held', 'suppressed'])), fields=['state', '-id'], name='outbound_trouble'),
        ),
    ]
