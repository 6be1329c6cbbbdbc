"""The nightly run on a real Spark cluster gives what it gives here: every table, every document."""

import json
import os
import socket
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from jinfuyun.config import cli, commands, database
from jinfuyun.data.cluster import session
from jinfuyun.data.cluster.measure import measure as measure_on_cluster
from jinfuyun.data.cluster.session import Cluster, NoCluster
from jinfuyun.data.indicators.contract import Source
from jinfuyun.data.indicators.measure import relations
from jinfuyun.data.indicators.registry import SOURCES
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import Engine
from jinfuyun.kit.grant import Category
from tests.data.cluster.comparing import Comparing, compare_everything, names
from tests.data.cluster.conftest import Fill
from tests.data.cluster.equality import difference
from tests.data.cluster.standalone import Standalone

pytestmark = pytest.mark.timeout(900)

INVOICES_ONLY = ("registration", "taxpayers", "sales_invoices", "purchase_invoices")
FEW, MANY, VERY_MANY = 40, 1_000, 100_000


def nightly(cluster: Standalone | None = None, **more: str) -> dict[str, Any]:
    """What the command does, here or on the cluster."""
    on = {"engine": "spark", "master": cluster.master} if cluster else {"engine": "duckdb", "master": None}
    return commands.nightly(Namespace(**{"as_of": None, "all": True, "json": True, "lake_as": ""} | on | more))


def documents() -> dict[tuple[str, str], str]:
    with psycopg.connect(database.dsn("jinfuyun_owner")) as owner:
        rows = owner.execute("SELECT uscc, category, body::text FROM serving.document").fetchall()
        owner.execute("TRUNCATE serving.document")
    return {(uscc, category): body for uscc, category, body in rows}


def tables_of(source: Source) -> set[str]:
    """What is made once: all but the views, which are made wherever they are read."""
    kept = {each.name for each in relations(source, {feed.name: "" for feed in source.all_feeds}) if each.kept}
    return kept | {"cut"} | {f"{feed.name}_told" for feed in source.all_feeds}


@pytest.mark.deep
def test_every_table_and_document_of_a_cluster_is_the_same(fill: Fill, cluster, tmp_path, monkeypatch):
    fill(MANY)
    count = nightly()["documents"]
    expected = documents()
    assert len(expected) == count > 0
    comparing = Comparing(tmp_path / "judge")
    monkeypatch.setattr(commands.measured, "measure", comparing)
    assert nightly(cluster)["documents"] == count
    found = documents()
    assert found.keys() == expected.keys()
    assert [key for key, body in found.items() if body != expected[key]] == []
    assert comparing.compared.keys() == {source.category for source in SOURCES}
    for source in SOURCES:
        assert tables_of(source) <= set(comparing.compared[source.category])
    assert comparing.rows > 100 * MANY


@pytest.mark.deep
@pytest.mark.skipif("EVERY_ROUND" not in os.environ, reason="four minutes for what only a changed step can break")
def test_every_step_to_a_figure_is_the_same(fill: Fill, cluster, plane, tmp_path):
    fill(MANY)
    comparing = compare_everything(cluster, plane.lake, tmp_path, SOURCES, also_views=True)
    assert comparing.compared == {source.category: names(source) for source in SOURCES}


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_every_table_of_very_many_is_the_same(fill: Fill, cluster, plane, tmp_path):
    fill(VERY_MANY, months=3)  # seven million rows; two years of them are compared at MANY
    comparing = compare_everything(cluster, plane.lake, tmp_path, SOURCES)
    assert comparing.rows > 50 * VERY_MANY


@pytest.mark.deep
def test_the_work_of_a_worker_that_dies_is_done_by_the_other(fill: Fill, cluster, plane, tmp_path, monkeypatch):
    fill(FEW, INVOICES_ONLY)
    source = next(each for each in SOURCES if each.category == Category.INVOICES)
    keep, kept = Cluster.keep, list[str]()

    def keep_and_kill(self: Cluster, name: str, sql: str) -> str:
        if name == "party":
            cluster.kill_worker()  # the driver does not know it yet, and gives it work
        kept.append(name)
        return keep(self, name, sql)

    monkeypatch.setattr(Cluster, "keep", keep_and_kill)
    comparing = compare_everything(cluster, plane.lake, tmp_path, [source])
    assert kept.index("party") < len(kept) - 1
    assert comparing.rows > FEW


@pytest.mark.deep
def test_nothing_is_published_when_no_worker_is_left(fill: Fill, cluster, monkeypatch):
    fill(FEW, INVOICES_ONLY)
    done = list[Category]()

    def and_then_none(spark: Cluster, sql: Engine, source: Source, tables: Mapping[str, Any], **how: Any) -> None:
        if done:
            monkeypatch.setattr(session, "LOOKS_WITHOUT_WORKER_MAX", 2)
            while cluster.workers:
                cluster.kill_worker()
        measure_on_cluster(spark, sql, source, tables, **how)
        done.append(source.category)

    monkeypatch.setattr(commands.measured, "measure", and_then_none)
    with pytest.raises(NoCluster, match="没有发布任何结果"):
        nightly(cluster)
    assert len(done) == 1, "the first chapter was on its way into the database"
    assert documents() == {}


def test_a_master_that_does_not_answer_is_told_at_once(fill: Fill, capsys):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody listens there
        master = f"spark://127.0.0.1:{silent.getsockname()[1]}"
        assert cli.main(["nightly", "--engine", "spark", "--master", master, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert f"连不上 Spark 主节点 {master}" in told["error"]
    assert documents() == {}


@pytest.mark.parametrize("arguments", [["--engine", "spark"], ["--master", "spark://127.0.0.1:7077"]])
def test_engine_and_master_go_together(fill: Fill, capsys, arguments):
    assert cli.main(["nightly", *arguments, "--json"]) == 1
    assert "--engine spark 和 --master" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("master", ["7077", "spark://host", "spark://127.0.0.1:port"])
def test_an_address_that_is_none_is_told_so(tmp_path, master):
    with pytest.raises(NoCluster, match="spark://主机:端口"), session.opened(master, tmp_path):
        pass


def test_without_pyspark_it_is_said_how_to_install_it(tmp_path, monkeypatch):
    for module in ("pyspark", "pyspark.errors", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NoCluster, match="make setup-cluster"), session.opened("spark://127.0.0.1:7077", tmp_path):
        pass


def test_the_cluster_may_see_the_lake_under_another_address(tmp_path):
    cluster = Cluster(None, tmp_path, "s3a://bucket/lake")
    assert cluster._address(tmp_path / "tables" / "a.parquet") == "s3a://bucket/lake/tables/a.parquet"


TABLE = {"id": [1, 2], "value": [0.1, None], "name": ["a", "b"]}


def are_same(work: Path, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    with engine.opened(work) as sql:
        sql.offer("here", pa.table(one))
        sql.offer("there", pa.table(other))
        return difference(sql, "here", "there") == ""


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"value": [0.1 + 1e-12, None]}, True),
        ({"value": [0.1 + 1e-9, None]}, False),
        ({"value": [0.1, 0.0]}, False),
        ({"name": ["a", None]}, False),
        ({"id": [2, 1]}, False),
        ({"id": [1, 2], "value": [0.1, None], "other": ["a", "b"]}, False),
    ],
)
def test_equality_sees_a_difference(tmp_path, change: Mapping[str, Any], same: bool):
    assert are_same(tmp_path, TABLE, change if "other" in change else TABLE | change) is same


def test_equality_counts_rows(tmp_path):
    twice = {"id": [1, 1]}
    assert are_same(tmp_path, twice, twice)
    assert not are_same(tmp_path, twice, {"id": [1]})
    assert not are_same(tmp_path, twice, {"id": [1, 2]})
