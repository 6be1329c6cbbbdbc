"""The product list with its facets: 5,000 products; asked for anew each time, and asked for again and again."""

from benchmarks.crowd import publish
from benchmarks.figures import tell
from benchmarks.stage import Server, stage

PRODUCTS = 5_000
REQUESTS = 2_000
UNCACHED_MS_MAX, CACHED_MS_MAX = 8.0, 0.5  # CPU of a request
PER_SECOND_MIN = 200.0


def run() -> None:
    with stage():
        publish(PRODUCTS)
        _vacuum()
        anew = [f"/products?page={1 + number % 60}&amount={1 + number // 60}" for number in range(REQUESTS)]
        again = [f"/products?page={1 + number % 5}" for number in range(REQUESTS)]
        with Server("jinfuyun.config.wsgi:application") as server:
            uncached, cached = server.load(anew), server.load(again)
        with Server("benchmarks.bare:application") as server:
            bare = server.load(anew)
    for what, load, reach in (("uncached", uncached, UNCACHED_MS_MAX), ("cached", cached, CACHED_MS_MAX)):
        name = f"product list, {what}, CPU of the"
        tell(f"{name} server", load.server_ms, "ms/request", limit=bare.server_ms, reach=reach)
        tell(f"{name} database", load.database_ms, "ms/request", limit=bare.server_ms)
    tell(
        "product list, uncached, throughput", uncached.per_second, "requests/s", limit=bare.per_second,
        reach=PER_SECOND_MIN, less_is_better=False,
    )  # fmt: skip


def _vacuum() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself within a minute
