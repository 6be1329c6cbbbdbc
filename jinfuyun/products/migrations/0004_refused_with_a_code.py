"""What is sent back has a coded reason, and a pause says whose it is; what people wrote before stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0003_market_changes")]
    operations = [
        migrations.AddField("version", "remark_code", models.CharField(blank=True, max_length=20)),
        migrations.AddField("product", "paused_by", models.CharField(blank=True, max_length=20)),
        migrations.AddField("product", "paused_why", models.CharField(blank=True, max_length=200)),
    ]
