"""The application may add to the book and read it; changing or removing a line is not in its power."""

from django.db import migrations

TABLES = "audit_line, audit_seal, audit_head"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"REVOKE ALL ON {TABLES} FROM jinfuyun_app; GRANT SELECT, INSERT ON {TABLES} TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
