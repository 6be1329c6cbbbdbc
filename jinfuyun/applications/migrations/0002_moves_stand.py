"""A move that was made stands: the application may add moves and read them, nothing else."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE ALL ON application_move FROM jinfuyun_app; GRANT SELECT, INSERT ON application_move TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
