"""An existing Spark cluster, asked for one run: it reads Parquet where the lake lies and writes Parquet beside it.

The only place that knows PySpark. It is no part of what `make run` installs, so it is imported when it is asked for.
How much memory, how many cores, which secrets: the operator's `spark-defaults.conf` (see deploy/README.md). Here stands
only what the figures depend on.
"""

import logging
import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from jinfuyun.kit.errors import Refused

# What the figures depend on: days and moments in one zone, an overflow stops instead of wrapping round, and moments
# written so that the other engine reads them as such.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
# The lake's types in the other dialect, where they have another name there.
TYPES = {"VARCHAR": "STRING", "TIMESTAMPTZ": "TIMESTAMP", "BLOB": "BINARY"}
MASTER = re.compile(r"spark://[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*")
MASTER_SECONDS_MAX = 5  # to answer the telephone; Spark itself would try for a minute
LOOK_SECONDS = 1.0
LOOKS_WITHOUT_WORKER_MAX = 60  # then nobody will come: without a word of ours Spark waits for ever
REASON_SHOWN = 400  # characters of Spark's own words


class NoCluster(Refused):
    """It cannot be asked, or could not finish. `str()` says in Chinese why, and what to do."""


NOT_INSTALLED = "本机没有安装 PySpark，不能使用 Spark 集群。请先运行 make setup-cluster（需要 Java 17），再重试。"
NO_JAVA = "没有找到 Java。请安装 Java 17（例如 apt-get install openjdk-17-jre-headless），再重试。"
NO_WORKER = f"集群在 {LOOK_SECONDS * LOOKS_WITHOUT_WORKER_MAX:.0f} 秒内没有可用的工作节点"


@dataclass(slots=True)
class Cluster:
    """Views by name in one session, and a folder for what is kept; `fresh` begins both anew."""

    _session: Any  # pyspark.sql.SparkSession
    _root: Path  # of the lake, as this process sees it
    _seen_as: str  # the same folder, as the cluster sees it
    kept: dict[str, str] = field(default_factory=dict)  # name → pattern of the files
    _folder: Path = field(init=False)
    _deserted: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._folder = self._root / "work" / "cluster"

    def fresh(self) -> Path:
        """Nothing is known and nothing is kept; the folder for what will be."""
        self.clear()
        with self._asking():
            self._session = self._session.newSession()
        self._folder = self._root / "work" / f"cluster-{secrets.token_hex(8)}"
        self._folder.mkdir(parents=True)
        return self._folder

    def clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self.kept = {}

    def read(self, name: str, columns: Mapping[str, str], files: Sequence[str]) -> None:
        """Rows of Parquet files under `name`. Columns that older files do not have are NULL there.

        The columns are told, not looked for: no footer is opened before the work begins.
        """
        typed = {column: TYPES.get(kind, kind) for column, kind in columns.items()}
        with self._asking():
            if files:
                schema = ", ".join(f"{column} {kind}" for column, kind in typed.items())
                frame = self._session.read.schema(schema).parquet(*(self._address(Path(file)) for file in files))
            else:
                empty = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in typed.items())
                frame = self._session.sql(f"SELECT {empty} WHERE false")
            frame.createOrReplaceTempView(name)

    def view(self, name: str, sql: str) -> None:
        """A name for a SELECT (in Spark's dialect), made when it is read."""
        with self._asking():
            self._session.sql(sql).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> str:
        """Make the rows of a SELECT now: a folder of Parquet files, read under `name` from here on; their pattern."""
        folder = self._folder / name
        with self._asking():
            frame = self._session.sql(sql)
            frame.write.parquet(self._address(folder))
            self._session.read.schema(frame.schema).parquet(self._address(folder)).createOrReplaceTempView(name)
        self.kept[name] = str(folder / "*.parquet")
        return self.kept[name]

    def _address(self, path: Path) -> str:
        return f"{self._seen_as}/{path.resolve().relative_to(self._root).as_posix()}"

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What Spark says of its troubles, in a sentence."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError, OSError) as trouble:
            why = NO_WORKER if self._deserted.is_set() else _first_words(trouble)
            raise NoCluster(f"Spark 集群没有完成计算，没有发布任何结果：{why}") from trouble


@contextmanager
def opened(master: str, lake: Path, *, seen_as: str = "") -> Iterator[Cluster]:
    """The cluster at `master` (spark://host:port, several hosts with commas) for the time of the block.

    `seen_as`: the lake's folder as the cluster sees it (s3a://bucket/lake); else under the same path as here.
    Raises NoCluster.
    """
    lake = lake.resolve()
    session = _connected(master)
    cluster = Cluster(session, lake, (seen_as or f"file://{lake}").rstrip("/"))
    over = Event()
    watch = Thread(target=_watch, args=(session.sparkContext, cluster._deserted, over), daemon=True)
    try:
        if not _has_worker(session.sparkContext, over):
            raise NoCluster(f"{NO_WORKER}：{master}")
        watch.start()
        yield cluster
    finally:
        over.set()
        if watch.ident:
            watch.join()
        session.stop()
        cluster.clear()


def _connected(master: str) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise NoCluster(NOT_INSTALLED) from missing
    if not ("JAVA_HOME" in os.environ or shutil.which("java")):
        raise NoCluster(NO_JAVA)
    _call(master)
    logging.getLogger("py4j").setLevel(logging.WARNING)  # it tells of every connection
    builder = SparkSession.builder.master(master).appName("jinfuyun nightly")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except PySparkException as trouble:
        raise NoCluster(f"不能在 Spark 集群 {master} 上开始：{_first_words(trouble)}") from trouble


def _call(master: str) -> None:
    """One of the masters answers. Raises NoCluster."""
    if not MASTER.fullmatch(master):
        raise NoCluster(f"Spark 主节点的地址应写成 spark://主机:端口，不是 {master}。")
    why = ""
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=MASTER_SECONDS_MAX):
                return
        except OSError as trouble:
            why = trouble.strerror or str(trouble)
    raise NoCluster(f"连不上 Spark 主节点 {master}（{why}）。没有发布任何结果。")


def _workers(context: Any) -> int:
    return int(context._jsc.sc().getExecutorMemoryStatus().size()) - 1  # the driver is one of them


def _has_worker(context: Any, over: Event) -> bool:
    for _ in range(LOOKS_WITHOUT_WORKER_MAX):
        if _workers(context):
            return True
        over.wait(LOOK_SECONDS)
    return False


def _watch(context: Any, deserted: Event, over: Event) -> None:
    """When the last worker has gone and none comes, end the work: Spark would wait for ever."""
    from py4j.protocol import Py4JError

    missed = 0
    while not over.wait(LOOK_SECONDS):
        try:
            missed = 0 if _workers(context) else missed + 1
            if missed >= LOOKS_WITHOUT_WORKER_MAX:
                deserted.set()
                context.cancelAllJobs()
                missed = 0
        except (Py4JError, OSError):
            return  # Spark's own process has gone: whoever waits for it is told so


def _first_words(trouble: Exception) -> str:
    return str(trouble).strip().split("\n")[0][:REASON_SHOWN]
