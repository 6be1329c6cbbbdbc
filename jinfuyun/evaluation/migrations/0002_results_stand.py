"""Results are evidence: the application may add and read rounds, results and publications, never change one."""

from django.db import migrations

TABLES = "evaluation_round, evaluation_result, evaluation_publication"


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"REVOKE ALL ON {TABLES} FROM jinfuyun_app; GRANT SELECT, INSERT ON {TABLES} TO jinfuyun_app;",
            migrations.RunSQL.noop,
        ),
    ]
