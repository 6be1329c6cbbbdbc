"""`jinfuyun up` for real: a whole platform on a free port, killed, started again, stopped."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
READY = "已就绪"
SECONDS_MAX = 300.0

pytestmark = pytest.mark.timeout(1200)


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
        if number != signal.SIGKILL:  # its orphans hold the pipe until the next start ends them
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


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Platform]]:
    """Starts a platform on the same var/ and port each time it is called; none outlives the test."""
    started: list[Platform] = []
    port = free_port()

    def one_more() -> Platform:
        started.append(Platform(tmp_path, port))
        return started[-1]

    yield one_more
    for platform in started:
        if platform.process.poll() is None:
            platform.end(signal.SIGTERM)


@pytest.mark.deep
def test_a_platform_lives_through_kills_and_ctrl_c_leaves_no_process(start: Callable[[], Platform]) -> None:
    """One story, because a start takes seconds."""
    first = start()
    first.wait_until_ready()
    assert all(first.answer("/readyz").values())
    refuses_a_second_start(first)
    starts_a_child_again(first)
    takes_in_what_is_dropped(first)
    finds_a_change_of_the_book(first)

    left = [process for process in first.family() if process.pid != first.process.pid]
    assert len(left) > 5
    first.end(signal.SIGKILL)
    again = start()
    again.wait_until_ready()
    assert all(again.answer("/readyz").values())
    assert [process for process in left if process.is_running()] == []

    assert again.end(signal.SIGINT) == 0
    assert again.family() == []


def refuses_a_second_start(platform: Platform) -> None:
    refused = command(platform, "up", "--port", str(free_port()))
    assert refused.returncode == 1
    assert "已经在运行" in refused.stderr


def starts_a_child_again(platform: Platform) -> None:
    """The server is killed; its orphaned workers make way, and the pages are back."""
    [web] = [p for p in platform.family() if "wsgi:application" in p.cmdline()[-1] and p.ppid() == platform.process.pid]
    old = [web, *web.children(recursive=True)]
    web.kill()
    _, alive = psutil.wait_procs(old, timeout=SECONDS_MAX)
    assert alive == []
    pause = threading.Event()
    for _ in range(int(SECONDS_MAX / 0.2)):
        try:
            assert all(platform.answer("/readyz").values())
            return
        except OSError:
            pause.wait(0.2)
    pytest.fail(platform.text())


def takes_in_what_is_dropped(platform: Platform) -> None:
    folder = platform.var / "drop" / "registration"
    body = "统一社会信用代码,企业名称,注册日期\nX,坏码,2015-01-01\n".encode()
    said = {"rows": 1, "sha256": hashlib.sha256(body).hexdigest()}
    (folder / "f.csv").write_bytes(body)
    (folder / "f.part").write_text(json.dumps(said))
    (folder / "f.part").rename(folder / "f.csv.manifest.json")
    result, pause = folder / "f.csv.result.json", threading.Event()
    for _ in range(int(SECONDS_MAX / 0.2)):
        if result.exists():
            break
        pause.wait(0.2)
    [one] = json.loads(result.read_text())["deliveries"]
    assert (one["state"], one["delivered"], one["quarantined"]) == ("partly_loaded", 1, 1)
    assert json.loads(command(platform, "watch", "--once", "--json").stdout)["files"] == []


def finds_a_change_of_the_book(platform: Platform) -> None:
    whole = command(platform, "book", "verify", "--json")
    assert whole.returncode == 0
    assert json.loads(whole.stdout)["ok"] is True
    forged = platform.var / "forged.jsonl"
    forged.write_text(json.dumps({"position": 9, "at": "2026-03-02", "digest": "00", "signature": "00"}) + "\n")
    found = command(platform, "book", "verify", "--head", str(forged), "--json")
    assert found.returncode == 1
    assert "签名无效" in found.stdout


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = Platform(tmp_path, port)
        assert refused.process.wait(SECONDS_MAX) == 1
        refused.reader.join(SECONDS_MAX)
        assert f"端口 {port} 已被占用" in refused.text()


@pytest.mark.parametrize("arguments", [
    ["--help"], ["up", "--help"], ["watch", "--help"], ["book", "verify", "--help"], ["keys", "backup", "--help"],
    ["sandbox", "province", "--help"],
])  # fmt: skip
def test_every_command_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from jinfuyun.config.cli import main

    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 0
    assert "usage: jinfuyun" in capsys.readouterr().out


def refused_up(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jinfuyun.config.cli", "up", "--port", str(free_port())], cwd=ROOT,
        env=os.environ | {"JINFUYUN_VAR": str(tmp_path)} | environment, capture_output=True, text=True, check=False,
        timeout=SECONDS_MAX,
    )  # fmt: skip


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    refused = refused_up(tmp_path, PATH=str(tmp_path / "nothing-here"))
    assert (refused.returncode, "缺少系统程序：setpriv" in refused.stderr) == (1, True), refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_full_disk_is_said_and_nothing_half_started_stays(tmp_path: Path) -> None:
    """The disk's own figure is put in by a module that Python loads first: the command is the real one."""
    (tmp_path / "sitecustomize.py").write_text(
        "import shutil\nreally = shutil.disk_usage\n"
        "shutil.disk_usage = lambda path: really(path)._replace(free=1024)\n",
        encoding="utf-8",
    )
    refused = refused_up(tmp_path / "var", PYTHONPATH=str(tmp_path))
    assert (refused.returncode, "磁盘空间不足" in refused.stderr) == (1, True), refused.stderr
    assert "Traceback" not in refused.stderr
    assert [each.name for each in (tmp_path / "var").iterdir()] == ["run"]
