"""Documents are kept as they were written (json): nothing in the database looks into them."""

from django.db import migrations

FUNCTION = "serving.read_documents(text, text, text, text, text[], text, text, timestamptz, text)"


def _answering(kind: str, before: str) -> str:
    """The function as it stands, but for the type of what it hands out; the type of an answer cannot be replaced."""
    return f"""
DO $$
DECLARE
    told text := pg_get_functiondef('{FUNCTION}'::regprocedure);
BEGIN
    DROP FUNCTION {FUNCTION};
    EXECUTE replace(replace(told, 'body {before})', 'body {kind})'), 'NULL::{before};', 'NULL::{kind};');
END $$;
REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {FUNCTION} TO jinfuyun_app;
"""


class Migration(migrations.Migration):
    dependencies = [("consents", "0009_by_the_index")]
    operations = [migrations.RunSQL(_answering("json", "jsonb"), _answering("jsonb", "json"))]
