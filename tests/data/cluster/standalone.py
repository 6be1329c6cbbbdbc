"""A real Spark standalone cluster on this machine: a master and two workers, each a process of its own on loopback."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

READY_SECONDS_MAX = 120
LOOK_SECONDS = 0.1
WORKERS = 2
# Short-lived processes: the second compiler and the parallel collector would cost more than they ever give back.
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SMALL = {
    "spark.driver.memory": "1g",
    "spark.executor.memory": "800m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.ui.enabled": "false",
}


class Standalone:
    """`master`: its address. `folder` has the logs, and the settings of whoever runs something on it."""

    def __init__(self, folder: Path, *, memory: str = "1g") -> None:
        import pyspark

        self._home = Path(pyspark.__file__).parent
        self._memory = memory
        self.folder = folder
        self._daemons: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        log = self._start("master.Master", "--port", "0")
        self.master = _awaited(log, r"Starting Spark master at (spark://\S+)")

    def whole(self) -> None:
        """As many workers as there should be; those that tests killed are replaced."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            place = self.folder / f"work-{len(self._daemons)}"
            arguments = ("--cores", "1", "--memory", self._memory, "--work-dir", str(place), self.master)
            log = self._start("worker.Worker", "--port", "0", *arguments)
            self.workers.append(self._daemons[-1])
            _awaited(log, r"(Successfully registered with master)")

    def kill_worker(self) -> None:
        """As if its machine went: the worker and what it was running, at once."""
        worker = psutil.Process(self.workers.pop().pid)
        for process in [worker, *worker.children(recursive=True)]:
            process.kill()

    def stop(self) -> None:
        """Workers first, so that they end what they run."""
        for daemon in reversed(self._daemons):
            daemon.terminate()
            daemon.wait()

    def _start(self, kind: str, *arguments: str) -> Path:
        log = self.folder / f"{len(self._daemons)}.log"
        command = [str(self._home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}"]
        command += ["--host", "127.0.0.1", "--webui-port", "0", *arguments]
        quick = {"SPARK_DAEMON_JAVA_OPTS": QUICK, "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_IP": "127.0.0.1"}
        with log.open("wb") as out:
            environment = os.environ | quick | {"SPARK_HOME": str(self._home)}
            self._daemons.append(subprocess.Popen(command, stdout=out, stderr=out, env=environment))
        return log


@contextmanager
def standalone(folder: Path, *, memory: str = "1g", **settings: str) -> Iterator[Standalone]:
    """The cluster for the time of the block, in which this process's own runs find their settings."""
    cluster = Standalone(folder, memory=memory)
    before = dict(os.environ)
    lines = (SMALL | {name.replace("_", "."): value for name, value in settings.items()}).items()
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in lines))
    os.environ.update({"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"})
    try:
        cluster.whole()
        yield cluster
    finally:
        _end_driver()
        cluster.stop()
        for name in ("SPARK_CONF_DIR", "SPARK_LOCAL_IP"):
            os.environ.pop(name)
            os.environ.update({name: before[name]} if name in before else {})


def _end_driver() -> None:
    """The virtual machine that PySpark started in our name would stay for as long as this process."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None


def _awaited(log: Path, pattern: str) -> str:
    """What a daemon says of itself, once it says so."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        if found := re.search(pattern, log.read_text()):
            return found[1]
        time.sleep(LOOK_SECONDS)
    raise RuntimeError(log.read_text())
