"""A mandate is the account's whose phone it was given to. Those that stand already find theirs by the phone's mark."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BIND = """
    UPDATE enterprises_mandate AS mandate SET user_id = account.id FROM accounts_user AS account
    WHERE account.kind = 'enterprise' AND account.phone_mark = mandate.phone_mark AND mandate.user_id IS NULL"""


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="mandate",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE;" + BIND, migrations.RunSQL.noop),
    ]
