"""Keeping child processes: start, watch, restart, stop, and end what an earlier start left behind.

Every child carries a random mark in its environment, and var/run/<name>.json holds that mark. Whatever the child
starts inherits the mark, so a process that bears it is ours, whoever its parent is by now and whatever its number.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jinfuyun.config import places

MARK = "JINFUYUN_MARK"
STOP_SECONDS_MAX = 25.0
LEFTOVER_SECONDS_MAX = 3.0  # they were told when their parent died; whatever they still did is done again
RESTART_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # waits before the first, second … restart in a row
STEADY_SECONDS = 60.0  # who ran this long starts again with the shortest wait
LOG_BYTES_MAX = 20 * 1024 * 1024


@dataclass
class Child:
    """A command that shall run as long as we do."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    crashes: int = 0
    started: float = 0.0
    restart_at: float = 0.0
    shown: int = 0

    @property
    def log(self) -> Path:
        return places.LOG / f"{self.name}.log"

    def start(self) -> None:
        """Start it in its own session (our Ctrl-C is not its), to be told when we die."""
        end_leftovers(self.name)
        mark = secrets.token_hex(16)
        places.RUN.mkdir(parents=True, exist_ok=True)
        places.LOG.mkdir(parents=True, exist_ok=True)
        _ledger(self.name).write_text(json.dumps({"mark": mark}))
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.shown = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *self.command],
                env=os.environ | dict(self.environment) | {MARK: mark},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=places.ROOT,
            )
        self.started = time.monotonic()

    def stop(self) -> None:
        """Ask, wait, then force; nothing that it started stays."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=STOP_SECONDS_MAX)
        end_leftovers(self.name)
        if self.process is not None:
            self.process.wait()

    def watch(self, say: Callable[[str], None]) -> None:
        """Show new errors; if it ended by itself, start it again after a wait that grows."""
        for line in self._new_errors():
            say(f"[{self.name}] {line}")
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.restart_at:
            self.crashes = 0 if now - self.started > STEADY_SECONDS else self.crashes
            wait = RESTART_SECONDS[min(self.crashes, len(RESTART_SECONDS) - 1)]
            self.crashes, self.restart_at = self.crashes + 1, now + wait
            say(f"{self.name} 意外停止（代码 {self.process.returncode}），{wait:g} 秒后重新启动；日志：{self.log}")
        elif now >= self.restart_at:
            self.restart_at = 0.0
            self.start()

    def _new_errors(self) -> Iterator[str]:
        with self.log.open("rb") as log:
            log.seek(self.shown)
            new = log.read()
        complete = new[: new.rfind(b"\n") + 1]
        self.shown += len(complete)
        for line in complete.decode(errors="replace").splitlines():
            if '"level": "error"' in line or '"level": "critical"' in line:
                yield line


def end_leftovers(name: str) -> int:
    """End every process that an earlier start of `name` left behind; how many there were."""
    try:
        mark = json.loads(_ledger(name).read_text())["mark"]
    except (FileNotFoundError, ValueError, KeyError):  # no earlier start, or one that was cut off before it began
        return 0
    found = processes_with(mark)
    for number in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + LEFTOVER_SECONDS_MAX
    while processes_with(mark):
        if time.monotonic() > deadline:
            for number in processes_with(mark):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        time.sleep(0.05)
    _ledger(name).unlink()
    return len(found)


def end_all_leftovers() -> int:
    """The same for every name that was ever started on this var/."""
    return sum(end_leftovers(path.stem) for path in sorted(places.RUN.glob("*.json")))


def processes_with(mark: str) -> list[int]:
    """Process numbers whose environment holds the mark; the dead that wait to be collected have none."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def missing_tools() -> list[str]:
    """Programs of the system that we start children with."""
    return [tool for tool in ("setpriv",) if shutil.which(tool) is None]


def _ledger(name: str) -> Path:
    return places.RUN / f"{name}.json"
