"""The product list: a page of 2,000 products, no two requests alike, nothing cached."""

from dataclasses import replace

from benchmarks.figures import tell
from benchmarks.stage import Server, stage

PRODUCTS = 2000
REQUESTS = 2000
CPU_MS_MAX = 5.0
PER_SECOND_MIN = 200.0


def run() -> None:
    with stage():
        _publish()
        paths = [f"/products?page={1 + number % 60}&amount={1 + number // 60}" for number in range(REQUESTS)]
        with Server("jinfuyun.config.wsgi:application") as server:
            ours = server.load(paths)
        with Server("benchmarks.bare:application") as server:
            bare = server.load(paths)
    tell("product list, CPU of the server", ours.server_ms, "ms/request", limit=bare.server_ms, reach=CPU_MS_MAX)
    tell("product list, CPU of the database", ours.database_ms, "ms/request", limit=bare.server_ms)
    tell(
        "product list, throughput", ours.per_second, "requests/s", limit=bare.per_second, reach=PER_SECOND_MIN,
        less_is_better=False,
    )  # fmt: skip


def _publish() -> None:
    from django.db import connections, transaction

    from jinfuyun.sandbox.institutions import drafts
    from jinfuyun.sandbox.products import products
    from tests import market

    made = 0
    with transaction.atomic():
        while made < PRODUCTS:
            for number, draft in enumerate(drafts()):
                house = market.institution(draft)
                for terms in products(draft, number):
                    if made < PRODUCTS:
                        made += 1
                        named = replace(terms, name=f"{terms.name}{made}号")
                        market.product(named, code=f"{draft.code}{made:04d}", of=house)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself within a minute
