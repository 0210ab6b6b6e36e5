import django.contrib.postgres.indexes
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, RemoveIndexConcurrently
from django.db import migrations, models

from ventanilla.core.migrating import AddIndexUnlocked


class Migration(migrations.Migration):
    """The new index is there before the old one goes, so that searching never reads every message."""

    atomic = False

    dependencies = [
        ('crm', '0001_initial'),
        ('register', '0004_team_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGinExtension(),  # so that a text index can hold numbers too
        AddIndexUnlocked(
            model_name='message',
            index=django.contrib.postgres.indexes.GinIndex(models.F('search'), django.db.models.expressions.CombinedExpression(models.F('id'), '/', models.Value(16384)), name='message_search_bucket'),
        ),
        RemoveIndexConcurrently(
            model_name='message',
            name='message_search',
        ),
        migrations.RenameIndex(
            model_name='message',
            old_name='message_search_bucket',
            new_name='message_search',
        ),
    ]
