"""A reading never runs through the book from end to end.

A connection that first read while the book was short had kept that plan: each reading then cost as much as the book was
long. By the index every plan is the same, however long it is.
"""

from django.db import migrations

FUNCTION = "serving.read_documents(text, text, text, text, text[], text, text, timestamptz, text)"


class Migration(migrations.Migration):
    dependencies = [("consents", "0008_the_clock_of_the_book")]
    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {FUNCTION} SET enable_seqscan = off", f"ALTER FUNCTION {FUNCTION} RESET enable_seqscan"
        )
    ]
