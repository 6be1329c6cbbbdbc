"""A process that delivers one file and says what that took: measuring.py DSN LAKE FILE"""

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path

from jinfuyun.config import keys
from jinfuyun.data import pipeline
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake.tables import Lake
from tests.data.conftest import AT

LOOK_EVERY_SECONDS = 0.005
READER = b"jinfuyun.data.ingest.apart"


def peak_bytes(process: int) -> int:
    """The most memory it ever held since it began; rusage would count what its parent held before it."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:")), 0)


class Watch(threading.Thread):
    """Looks at the reader that this process starts, for as long as there is one."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY_SECONDS):
            for task in Path(f"/proc/{os.getpid()}/task").iterdir():
                with contextlib.suppress(OSError):
                    for child in (task / "children").read_text().split():
                        # A child that has not become the reader yet still holds this process's own memory.
                        if READER in Path(f"/proc/{child}/cmdline").read_bytes():
                            self.peak = max(self.peak, peak_bytes(int(child)))


def main(dsn: str, lake: str, file: str) -> None:
    plane = pipeline.Plane(lake=Lake(Path(lake)), data_dsn=dsn, ring=keys.field_keys())
    watch = Watch()
    watch.start()
    before = time.monotonic()
    delivery = pipeline.deliver(plane, FEEDS["registration"], Path(file), at=AT)
    seconds = time.monotonic() - before
    watch.over.set()
    watch.join()
    took = {
        "seconds": round(seconds, 2),
        "own_bytes": peak_bytes(os.getpid()),
        "reader_bytes": watch.peak,
        "state": delivery.state,
        "reason": delivery.reason,
    }
    sys.stdout.write(json.dumps(took, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
