"""A platform of its own for measuring: embedded database, tables, and servers whose CPU is counted."""

import contextlib
import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import django
import psutil

from tests import database as own_folder  # noqa: F401  gives this process its own var/, before Django is set up

WORKERS = 2
CLIENTS = 4
READY_SECONDS_MAX = 60
MS = 1000.0


@contextlib.contextmanager
def stage() -> Iterator[None]:
    """A migrated, empty database; durable, as in production."""
    from jinfuyun.config import database, keys, places, postgres

    with postgres.serving(places.POSTGRES, password=keys.database_passwords()["postgres"]):
        database.prepare()
        django.setup()
        from django.core.management import call_command

        from jinfuyun.config.up import collect_static

        call_command("migrate", database="owner", verbosity=0)
        collect_static()
        yield


@dataclass(frozen=True, slots=True)
class Load:
    """What so many requests took; CPU in ms per request, of the server's processes and of the database's."""

    per_second: float
    server_ms: float
    database_ms: float
    took_ms: tuple[float, ...]  # of every request, as its client saw it


class Server:
    """Granian with one WSGI application."""

    def __init__(self, application: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
             "--no-ws", "--workers", str(WORKERS), "--blocking-threads", "3", "--log-level", "warning", application],
        )  # fmt: skip

    def __enter__(self) -> "Server":
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def load(self, paths: Sequence[str], *, warm: int = 40, clients: int = CLIENTS, cookie: str = "") -> Load:
        """Ask for every path once, by a few clients at a time, each on one connection."""
        self._ask_all(list(paths[:warm]), clients, cookie)
        server, base = self._cpu(), database_cpu()
        begun = time.perf_counter()
        took = self._ask_all(list(paths), clients, cookie)
        seconds = time.perf_counter() - begun
        count = len(paths)
        return Load(
            count / seconds, (self._cpu() - server) * MS / count, (database_cpu() - base) * MS / count, tuple(took)
        )

    def _ask_all(self, paths: list[str], clients: int, cookie: str) -> list[float]:
        failures: list[str] = []
        took: list[float] = []

        def ask(mine: list[str]) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            for path in mine:
                begun = time.perf_counter()
                connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
                answer = connection.getresponse()
                answer.read()
                took.append((time.perf_counter() - begun) * MS)
                if answer.status != 200:
                    failures.append(f"{path}: {answer.status}")
            connection.close()

        threads = [threading.Thread(target=ask, args=(paths[number::clients],)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise RuntimeError(failures[0])
        return took

    def _cpu(self) -> float:
        main = psutil.Process(self.process.pid)
        return sum(_seconds(process) for process in [main, *main.children(recursive=True)])


def database_cpu() -> float:
    """Of every server process that works on our data, ended connections counted through their parent."""
    from jinfuyun.config import places

    number = int((places.POSTGRES / "data" / "postmaster.pid").read_text().splitlines()[0])
    main = psutil.Process(number)
    ended = main.cpu_times()
    return ended.children_user + ended.children_system + sum(_seconds(p) for p in [main, *main.children()])


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
