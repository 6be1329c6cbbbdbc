"""The steps of a warning are evidence: the application may add and read them, never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warnings", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE ALL ON warning_step FROM jinfuyun_app; GRANT SELECT, INSERT ON warning_step TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
