"""What is sent back or declined has a coded reason; what people wrote before stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0002_branches_and_requests")]
    operations = [
        migrations.RenameField("admissionrequest", "why", "remark"),
        migrations.AddField("admissionrequest", "remark_code", models.CharField(blank=True, max_length=20)),
        migrations.AddField("institution", "remark_code", models.CharField(blank=True, max_length=20)),
    ]
