"""The pretend departments as tests use them: the real process on a free port, and a small province."""

import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinfuyun.config.keys import DEPARTMENTS
from jinfuyun.sandbox import province

UNTIL = date(2026, 3, 10)
KEYS = {name: name.encode() * 8 for name in DEPARTMENTS}
# Tests pass made-up times in: a question may be as old as it likes, except where its age is the matter.
ANY_AGE = 1e12


@dataclass(frozen=True, slots=True)
class Service:
    url: str
    people: list[dict[str, Any]]
    state: Path

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            self.url + path,
            data=body if isinstance(body, bytes) else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | (headers or {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            with refusal:
                refusal.read()
            return refusal.code, None

    def fault(self, department: str, mode: str) -> None:
        assert self.post("/faults", {"department": department, "mode": mode})[0] == 200


@contextmanager
def departments(
    folder: Path, state: Path, *, max_age: float = ANY_AGE, keys: Mapping[str, bytes] = KEYS
) -> Iterator[Service]:
    """The service over the province in `folder`, ended with the block."""
    state.mkdir(parents=True, exist_ok=True)
    key_file = state / "keys.json"
    key_file.write_text(json.dumps({name: base64.b64encode(key).decode() for name, key in keys.items()}))
    arguments = {"--port": 0, "--province": folder, "--state": state, "--keys": key_file, "--max-age": max_age}
    command = [sys.executable, "-m", "jinfuyun.sandbox.departments"]
    command += [str(part) for pair in arguments.items() for part in pair]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            port = json.loads(process.stdout.readline())["port"]
            yield Service(f"http://127.0.0.1:{port}", province.people(folder), state)
        finally:
            process.terminate()


def small_province(folder: Path, enterprises: int = 120) -> Path:
    province.generate(enterprises=enterprises, seed=7, until=UNTIL, out=folder)
    return folder
