"""The same tables made here and on a cluster, and compared: for the tests, and for the benchmark at a million."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinfuyun.data.cluster import session
from jinfuyun.data.cluster.measure import COUNTED
from jinfuyun.data.cluster.measure import measure as measure_on_cluster
from jinfuyun.data.cluster.session import Cluster
from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.measure import measure, relations
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake import engine, serving
from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.tables import Lake
from jinfuyun.kit.grant import Category
from tests.data.cluster.equality import difference
from tests.data.cluster.standalone import Standalone

AT = datetime(2026, 3, 11, 2, 0, tzinfo=serving.SHANGHAI)


def names(source: Source) -> list[str]:
    return ["cut", *(each.name for each in relations(source, {feed.name: "" for feed in source.all_feeds}))]


class Comparing:
    """A measurer that lets both measure and looks whether every table is the same.

    `also_views`: what is only made while it is read, too. `here`, `there`: the two measurers, or what wraps them.
    """

    def __init__(
        self,
        work: Path,
        *,
        also_views: bool = False,
        here: Callable[..., None] = measure,
        there: Callable[..., None] = measure_on_cluster,
    ) -> None:
        self._work, self._also_views = work, also_views
        self._here, self._there = here, there
        self.compared: dict[Category, list[str]] = {}
        self.rows = 0

    def __call__(self, cluster: Cluster, sql: Engine, source: Source, tables: Mapping[str, Any], **how: Any) -> None:
        self._there(cluster, sql, source, tables, **how)
        with engine.opened(self._work) as here:
            here.offer("subject", sql.stream("FROM subject").read_all())
            self._here(here, source, tables, **how)
            for name in names(source):
                if pair := self._pair(cluster, name):
                    assert difference(here, *pair) == "", (source.category, name)
                    self.compared.setdefault(source.category, []).append(name)
                    self.rows += here.row(f"SELECT count(*) FROM {pair[0]}")[0]

    def _pair(self, cluster: Cluster, name: str) -> tuple[str, str] | None:
        """The same table here and there."""
        if name in cluster.kept:
            return name, written(cluster, name)
        if name.endswith("_told"):  # of all feeds together
            there = f"FROM {written(cluster, COUNTED)} WHERE feed = '{name.removesuffix('_told')}'"
            return name, f"(SELECT id, delivery, row_count {there})"
        if self._also_views:
            cluster.keep(f"{name}_looked_at", f"SELECT * FROM {name}")
            return name, written(cluster, f"{name}_looked_at")
        return None


def written(cluster: Cluster, name: str) -> str:
    return f"read_parquet('{cluster.kept[name]}')"


def compare_everything(cluster: Standalone, lake: Lake, work: Path, sources: Sequence[Source], **how: Any) -> Comparing:
    """Everybody of whom the lake was told, measured here and there; `how` as in `Comparing`."""
    comparing = Comparing(work / "judge", **how)
    coverage = lake.scan(shelves.COVERAGE)
    with session.opened(cluster.master, lake.root) as spark:
        for source in sources:
            tables = {feed.name: lake.scan(shelves.current(feed)) for feed in source.all_feeds}
            categories = ", ".join(f"('{category}')" for category in {str(f.category) for f in source.all_feeds})
            everybody = f"(SELECT DISTINCT uscc FROM {coverage}), (VALUES {categories}) AS of(category)"
            with engine.opened(work / "work") as sql:
                sql.offer("subject", sql.stream(f"SELECT uscc, category FROM {everybody}").read_all())
                comparing(spark, sql, source, tables, coverage=coverage, as_of=None, today=AT.date())
    return comparing
