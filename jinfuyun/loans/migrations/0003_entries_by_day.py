"""Entries of one month are found without reading the whole book: they were written in about the order of their days.

The index of a loan's entries in their order serves for the loan alone, too.
"""

import django.db.models.deletion
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0002_book_stands")]
    operations = [
        migrations.AlterField(
            model_name="loanevent",
            name="loan",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="loans.loan"
            ),
        ),
        migrations.AddIndex(model_name="loanevent", index=BrinIndex(fields=["on"], name="loan_event_by_day")),
    ]
