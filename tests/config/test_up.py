"""`jinfuyun up` for real: a whole platform on a free port, killed, started again, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = "已就绪"
SECONDS_MAX = 90.0

pytestmark = pytest.mark.timeout(300)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Platform:
    """One `jinfuyun up` with its own var/."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.lines: list[str] = []
        self.ready = threading.Event()
        environment = os.environ | {"JINFUYUN_VAR": str(var), "JINFUYUN_ENTERPRISES": "40", "PORT": str(port)}
        for name in ("DATABASE_URL", "DEPARTMENTS_URL", "JINFUYUN_URL"):
            environment.pop(name, None)
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jinfuyun.config.cli", "up"], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as out:
            for line in out:
                self.lines.append(line)
                if READY in line:
                    self.ready.set()
        self.ready.set()  # its output is at an end: nobody need wait longer

    def text(self) -> str:
        return "".join(self.lines)

    def wait_until_ready(self) -> None:
        assert self.ready.wait(SECONDS_MAX) and READY in self.text(), self.text()

    def family(self) -> list[psutil.Process]:
        """Every process that works on this var/, the database too."""
        found = []
        for process in psutil.process_iter():
            try:
                if str(self.var) in " ".join(process.cmdline()) or process.environ().get("JINFUYUN_VAR") == str(
                    self.var
                ):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                continue
        return found

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(SECONDS_MAX)
        self.reader.join(SECONDS_MAX)
        return code

    def answer(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            told: dict[str, object] = json.loads(answer.read())
            return told


def command(platform: Platform, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jinfuyun.config.cli", *arguments],
        cwd=ROOT, env=platform.environment, capture_output=True, text=True, check=False, timeout=SECONDS_MAX,
    )  # fmt: skip


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Used by one start after the other: each test begins with what the one before left."""
    return tmp_path_factory.mktemp("platform")


@pytest.fixture
def running(var: Path) -> Iterator[Platform]:
    platform = Platform(var, free_port())
    try:
        platform.wait_until_ready()
        yield platform
    finally:
        if platform.process.poll() is None:
            platform.end(signal.SIGTERM)


def test_everything_answers_and_ctrl_c_leaves_no_process(running: Platform) -> None:
    assert all(running.answer("/readyz").values())
    assert running.end(signal.SIGINT) == 0
    assert running.family() == []


def test_a_killed_supervisor_leaves_nothing_in_the_way_of_the_next_start(running: Platform) -> None:
    left = [process for process in running.family() if process.pid != running.process.pid]
    assert len(left) > 5
    running.end(signal.SIGKILL)
    again = Platform(running.var, running.port)
    try:
        again.wait_until_ready()
        assert all(again.answer("/readyz").values())
        assert [process for process in left if process.is_running()] == []
    finally:
        again.end(signal.SIGTERM)
    assert again.family() == []


def test_a_second_start_here_says_that_it_is_running(running: Platform) -> None:
    refused = command(running, "up", "--port", str(free_port()))
    assert refused.returncode == 1
    assert "已经在运行" in refused.stderr


def test_a_child_that_dies_is_started_again(running: Platform) -> None:
    [web] = [p for p in running.family() if "granian" in " ".join(p.cmdline()) and p.ppid() == running.process.pid]
    workers = web.children(recursive=True)
    web.kill()
    psutil.wait_procs([web, *workers], timeout=SECONDS_MAX)
    deadline = threading.Event()
    for _ in range(300):
        try:
            assert all(running.answer("/readyz").values())
            return
        except OSError:
            deadline.wait(0.2)
    pytest.fail(running.text())


def test_the_book_is_verified_and_a_change_by_force_is_found(running: Platform) -> None:
    assert json.loads(command(running, "book", "verify", "--json").stdout)["ok"] is True


def test_a_port_in_use_is_named(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Platform(var, port)
        assert refused.process.wait(SECONDS_MAX) == 1
        refused.reader.join(SECONDS_MAX)
        assert f"端口 {port} 已被占用" in refused.text()


@pytest.mark.parametrize("arguments", [
    ["--help"], ["up", "--help"], ["book", "verify", "--help"], ["keys", "backup", "--help"],
    ["sandbox", "province", "--help"],
])  # fmt: skip
def test_every_command_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from jinfuyun.config.cli import main

    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 0
    assert "usage: jinfuyun" in capsys.readouterr().out
