from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consents", "0005_because_of_which_application")]
    operations = [
        migrations.AddField("consent", "collected_at", models.DateTimeField(null=True)),
        migrations.AddField("consent", "erased_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "consent",
            models.Index(fields=["signed_at"], condition=models.Q(collected_at=None), name="consents_to_collect"),
        ),
        migrations.AddIndex(
            "consent",
            models.Index(fields=["ended_at"], condition=models.Q(erased_at=None), name="consents_to_erase"),
        ),
    ]
