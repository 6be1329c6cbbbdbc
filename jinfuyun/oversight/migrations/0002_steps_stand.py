"""The steps of notes and complaints are evidence: the application may add and read them, never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE ALL ON oversight_step FROM jinfuyun_app; GRANT SELECT, INSERT ON oversight_step TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
