"""An institution reads because of the application it was named for: a withdrawn one opens nothing any more.

The function keeps its text but for the lines below. They are put into the text that stands in the database, so that
this step needs to know nothing else of it; one that is not found exactly once stops the migration.
"""

from typing import Any

from django.db import migrations

ARGUMENTS = "text, text, text, text, text[], text, text, timestamptz"
CHANGES = (
    ("p_at timestamp with time zone)", "p_at timestamp with time zone, p_because text)"),
    ("AND n.institution_code = p_reader AND n.until IS NULL)",
     "AND n.institution_code = p_reader AND n.because = p_because AND n.until IS NULL)"),
    ("'categories', to_jsonb(p_categories))", "'categories', to_jsonb(p_categories), 'because', p_because)"),
)  # fmt: skip


def ask_because(apps: Any, schema_editor: Any) -> None:
    _rewrite(schema_editor, ARGUMENTS, CHANGES, f"{ARGUMENTS}, text")


def ask_nothing(apps: Any, schema_editor: Any) -> None:
    _rewrite(schema_editor, f"{ARGUMENTS}, text", tuple((after, before) for before, after in CHANGES), ARGUMENTS)


def _rewrite(schema_editor: Any, old: str, changes: tuple[tuple[str, str], ...], new: str) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_get_functiondef('serving.read_documents({old})'::regprocedure)")
        [text] = cursor.fetchone()
        for before, after in changes:
            assert text.count(before) == 1, f"the function holds {text.count(before)} times: {before}"
            text = text.replace(before, after)
        cursor.execute(f"DROP FUNCTION serving.read_documents({old})")
        cursor.execute(text)
        cursor.execute(f"REVOKE ALL ON FUNCTION serving.read_documents({new}) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION serving.read_documents({new}) TO jinfuyun_app")


class Migration(migrations.Migration):
    dependencies = [("consents", "0002_last_wall")]
    operations = [migrations.RunPython(ask_because, ask_nothing)]
