from django.db import migrations, models

# What was undone before the cases were noted: all that was done, but for what was left as it was.
FILL = """
    UPDATE workspace_bulkdeed
       SET undone = COALESCE(
           (SELECT jsonb_agg(each) FROM jsonb_object_keys(before) AS each WHERE NOT kept ? each),
           '[]'
       )
     WHERE undone_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0005_draft_failures"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkdeed",
            name="undone",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
