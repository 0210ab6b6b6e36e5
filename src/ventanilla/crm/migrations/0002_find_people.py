import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models

from ventanilla.core.migrating import AddIndexUnlocked

# Written by hand: names are words as they are, neither stemmed nor dropped, only without accents.
CREATE_NAMES = """
CREATE EXTENSION IF NOT EXISTS unaccent;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = 'ventanilla_names') THEN
        CREATE TEXT SEARCH CONFIGURATION ventanilla_names (COPY = simple);
        ALTER TEXT SEARCH CONFIGURATION ventanilla_names
            ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
    END IF;
END $$;
"""
DROP_NAMES = "DROP TEXT SEARCH CONFIGURATION IF EXISTS ventanilla_names;"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('crm', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(CREATE_NAMES, DROP_NAMES),
        AddIndexUnlocked(
            model_name='contactpoint',
            index=models.Index(django.contrib.postgres.indexes.OpClass('value', name='text_pattern_ops'), name='contact_by_beginning'),
        ),
        AddIndexUnlocked(
            model_name='contactpoint',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('value'), name='text_pattern_ops'), name='contact_by_end'),
        ),
        AddIndexUnlocked(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name', config='ventanilla_names'), name='person_by_name'),
        ),
    ]
