"""The steps of a dispute are evidence: the application may add and read them, never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("disputes", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE ALL ON dispute_step FROM jinfuyun_app; GRANT SELECT, INSERT ON dispute_step TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
