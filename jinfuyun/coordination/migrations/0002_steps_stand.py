"""What was judged and done is evidence: the application may add and read it, never change or delete it."""

from django.db import migrations

TABLES = "coordination_step, coordination_judgement"


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"REVOKE ALL ON {TABLES} FROM jinfuyun_app; GRANT SELECT, INSERT ON {TABLES} TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
