"""Every change of the market leaves a mark, so that what was put together from it is known to be true still.

Always, also when a server takes rows over from another one: what is kept in memory must not outlive them.
"""

from django.db import migrations, models

TABLES = ("product", "institution")


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial"), ("institutions", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="MarketChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={"db_table": "market_change"},
        ),
        migrations.RunSQL(
            "CREATE FUNCTION market_changed() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN INSERT INTO public.market_change DEFAULT VALUES; RETURN NULL; END $$",
            "DROP FUNCTION market_changed()",
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER market_changed AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION market_changed();"
                f" ALTER TABLE {table} ENABLE ALWAYS TRIGGER market_changed;",
                f"DROP TRIGGER market_changed ON {table}",
            )
            for table in TABLES
        ),
    ]
