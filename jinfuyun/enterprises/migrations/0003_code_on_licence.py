"""What the first operator reads on a licence is part of the case."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enterprises', '0002_mandates_of_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='uscc',
            field=models.CharField(blank=True, max_length=18),
        ),
    ]
