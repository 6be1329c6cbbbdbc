"""Closed months are evidence: the application may add and read figures, never change or delete one."""

from django.db import migrations

TABLES = "statistics_closing, statistics_snapshot"


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"REVOKE ALL ON {TABLES} FROM jinfuyun_app; GRANT SELECT, INSERT ON {TABLES} TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
