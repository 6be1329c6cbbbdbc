"""What expired stays expired: a caller whose clock runs behind is judged by the newest times in the book."""

from typing import Any

from django.db import migrations

FUNCTION = "serving.read_documents(text, text, text, text, text[], text, text, timestamptz, text)"
# The last lines only: they came in the order of their numbers, from clocks that differ by seconds.
CHANGES = (
    ("    why text;", "    latest date := (greatest(p_at, (SELECT max(l.at) FROM (SELECT at FROM public.audit_line"
     " ORDER BY id DESC LIMIT 100) l)) AT TIME ZONE 'Asia/Shanghai')::date;\n    why text;"),
    ("AND today > c.end_on THEN 'expired'", "AND latest > c.end_on THEN 'expired'"),
)  # fmt: skip


def by_the_book(apps: Any, schema_editor: Any) -> None:
    _rewrite(schema_editor, CHANGES)


def by_the_caller(apps: Any, schema_editor: Any) -> None:
    _rewrite(schema_editor, tuple((after, before) for before, after in CHANGES))


def _rewrite(schema_editor: Any, changes: tuple[tuple[str, str], ...]) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_get_functiondef('{FUNCTION}'::regprocedure)")
        [text] = cursor.fetchone()
        for before, after in changes:
            assert text.count(before) == 1, f"the function holds {text.count(before)} times: {before}"
            text = text.replace(before, after)
        cursor.execute(text)


class Migration(migrations.Migration):
    dependencies = [("consents", "0007_form_token")]
    operations = [migrations.RunPython(by_the_book, by_the_caller)]
