"""The same figures of the same definitions, made by a Spark cluster: see `indicators/measure.py`.

Every SELECT is translated (`portable.translated`), every one that is made once becomes a folder of Parquet files in the
lake's work folder, and what `documents` reads stands in this process's engine under the same names.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from jinfuyun.data.cluster.session import Cluster
from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.measure import NO_PEERS, PEERS, begin, cut_sql, relations
from jinfuyun.data.indicators.portable import translated
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.data.lake.tables import Scan

COUNTED = "told_counted"  # feed, id, delivery, row_count
SUBJECT = {"uscc": "VARCHAR", "category": "VARCHAR"}


def measure(
    cluster: Cluster,
    engine: Engine,
    source: Source,
    tables: Mapping[str, Scan],
    *,
    coverage: Scan,
    as_of: date | None,
    today: date | None = None,
    peers: str = NO_PEERS,
) -> None:
    """A `Measurer` once the cluster is given. Raises NoCluster; then nothing is left to be read.

    Rows are read where they lie, file by file; only whom to measure, and with what to compare, goes from here to the
    cluster, and only what documents show comes back.
    """
    begin(engine)
    folder = cluster.fresh()
    engine.copy(f"SELECT {', '.join(SUBJECT)} FROM subject", folder / "subject.parquet")
    cluster.read("subject", SUBJECT, [str(folder / "subject.parquet")])
    engine.copy(f"SELECT {', '.join(PEERS)} FROM {peers}", folder / "peers.parquet")
    cluster.read("peers", PEERS, [str(folder / "peers.parquet")])
    cluster.read("coverage", coverage.table.columns, coverage.files)
    for feed in source.all_feeds:
        cluster.read(f"{feed.name}_given", tables[feed.name].table.columns, tables[feed.name].files)
    _hand_over(engine, "cut", cluster.keep("cut", translated(cut_sql(source, "coverage", as_of, today))))
    shown = shown_by_documents(source)
    for each in relations(source, {feed.name: f"{feed.name}_given" for feed in source.all_feeds}):
        if each.name in shown:
            _hand_over(engine, each.name, cluster.keep(each.name, translated(each.sql)))
        elif each.kept:
            cluster.keep(each.name, translated(each.sql))
        else:
            cluster.view(each.name, translated(each.sql))
    _hand_over_told(engine, cluster, [feed.name for feed in source.all_feeds])


def shown_by_documents(source: Source) -> frozenset[str]:
    """The relations that become part of a document, beside who told of it."""
    shown = {"measured", *(f"{listing.feed}_row" for listing in source.lists)}
    if source.series:
        shown.add(source.series.stage)
    if source.record:
        shown.add(f"{source.record}_row")
    return frozenset(shown)


def _hand_over(engine: Engine, name: str, files: str) -> None:
    engine.run(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({quoted(files)})")


def _hand_over_told(engine: Engine, cluster: Cluster, feeds: Sequence[str]) -> None:
    """Of all feeds at once."""
    counted = " UNION ALL ".join(f"SELECT '{feed}' AS feed, id, delivery, row_count FROM {feed}_told" for feed in feeds)
    files = cluster.keep(COUNTED, translated(counted))
    for feed in feeds:
        engine.run(
            f"CREATE VIEW {feed}_told AS SELECT id, delivery, row_count FROM read_parquet({quoted(files)})"
            f" WHERE feed = {quoted(feed)}"
        )
