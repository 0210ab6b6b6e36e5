from django.conf import settings
from django.db import migrations, models

from ventanilla.core.migrating import AddIndexUnlocked


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('crm', '0001_initial'),
        ('register', '0003_linked_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexUnlocked(
            model_name='case',
            index=models.Index(condition=models.Q(('assignee__isnull', True), ('closed_at__isnull', True)), fields=['received_at', 'id'], name='case_untaken'),
        ),
        AddIndexUnlocked(
            model_name='commitment',
            index=models.Index(fields=['due_at', 'id'], name='commitment_by_due'),
        ),
    ]
