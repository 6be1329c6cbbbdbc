"""`python -m jinfuyun.sandbox.departments`: the pretend departments in a process of their own.

Prints one JSON line `{"port": …}` once it answers.
"""

import argparse
import base64
import contextlib
import ctypes
import json
import signal
import socket
import sys
import threading
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

from jinfuyun.sandbox.departments.app import make_app

HOST = "127.0.0.1"
# Slow and dripping answers hold a thread each; so many pages may be kept waiting at once.
THREADS = 32
MAX_AGE_SECONDS = 300.0
_PR_SET_PDEATHSIG = 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m jinfuyun.sandbox.departments", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--province", type=Path, required=True, help="folder written by `jinfuyun sandbox province`")
    parser.add_argument("--state", type=Path, required=True, help="folder for messages and whatever is loaded later")
    parser.add_argument("--keys", type=Path, required=True, help="JSON: base64 key by department")
    parser.add_argument("--max-age", type=float, default=MAX_AGE_SECONDS, help="seconds a question stays fresh")
    wishes = parser.parse_args()
    _die_with_parent()
    keys = {name: base64.b64decode(key) for name, key in json.loads(wishes.keys.read_text()).items()}
    with _held(wishes.port) as port:
        server = Server(
            "departments",
            address=HOST,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            log_enabled=False,
            workers_kill_timeout=1,
        )
        load = partial(
            make_app, province=wishes.province, state=wishes.state, keys=keys, max_age_seconds=wishes.max_age
        )
        server.serve(target_loader=partial(_in_worker, load, port), wrap_loader=False)


def _in_worker(load: Any, port: int) -> Any:
    """After the fork, and only then a thread: one that runs while granian forks can leave the child a held lock."""
    _die_with_parent()
    app = load()
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    return app


def _die_with_parent() -> None:
    """No department outlives the program that started it, however that one ended."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def _held(port: int) -> Any:
    """A port that is ours alone: granian's workers share ports (SO_REUSEPORT), so ask first, then hold it bound."""
    if port:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    with socket.socket() as placeholder:
        placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        placeholder.bind((HOST, port))
        yield placeholder.getsockname()[1]


def _announce(port: int) -> None:
    pause = threading.Event()
    while True:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=1):
                break
        except OSError:
            pause.wait(0.05)
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
