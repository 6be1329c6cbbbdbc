"""The steps of a demand stand: the application may add and read them, never change or delete one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("demands", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE ALL ON demand_step FROM jinfuyun_app; GRANT SELECT, INSERT ON demand_step TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
