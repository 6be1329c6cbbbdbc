"""The loan book is evidence: the application may add and read entries, never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("loans", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE ALL ON loan_event FROM jinfuyun_app; GRANT SELECT, INSERT ON loan_event TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
