"""A second person of the institution confirms; fees are items; what is typed so far is kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0001_initial'),
        ('products', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unfinished',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('typed', models.JSONField()),
                ('kept_by', models.CharField(max_length=80)),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'product_unfinished',
            },
        ),
        migrations.RemoveConstraint(
            model_name='version',
            name='product_one_open',
        ),
        migrations.RemoveConstraint(
            model_name='version',
            name='product_version_review',
        ),
        migrations.AddField(
            model_name='version',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='version',
            name='confirmed_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='version',
            name='confirmed_mark',
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name='version',
            name='fees',
            field=models.JSONField(default=list),
        ),
        # The one yearly fee of before becomes the only item.
        migrations.RunSQL(
            "UPDATE product_version SET fees = jsonb_build_array(jsonb_build_object('kind',"
            " CASE kind WHEN 'guarantee' THEN 'guarantee' ELSE 'other' END, 'payer', 'enterprise',"
            " 'basis', 'yearly_bp', 'value', fee_year_bp, 'text', fees_text)) WHERE fee_year_bp > 0",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name='version',
            name='fee_year_bp',
        ),
        migrations.RemoveField(
            model_name='version',
            name='fees_text',
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('review__in', ['draft', 'checking', 'in_review', 'returned'])), fields=('product',), name='product_one_open'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('review__in', ['draft', 'checking', 'in_review', 'returned', 'passed', 'superseded'])), name='product_version_review'),
        ),
        migrations.AddField(
            model_name='unfinished',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='institutions.institution'),
        ),
        migrations.AddField(
            model_name='unfinished',
            name='product',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='products.product'),
        ),
        migrations.AddConstraint(
            model_name='unfinished',
            constraint=models.UniqueConstraint(fields=('product', 'kept_by'), name='product_one_unfinished'),
        ),
    ]
