"""A department's program that pushes a file to the platform: the reference for the real ones.

It may be broken off anywhere and started again with the same file: the same key finds the same push, and only the
parts that are not there yet are sent.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from jinfuyun.kit import signed_request

# A part is two megabytes; the platform itself answers in milliseconds.
TIMEOUT_SECONDS = 30.0
ASK_EVERY_SECONDS = 1.0
Told = dict[str, Any]


class NotTaken(Exception):
    """The platform's refusal: its status, code and sentence."""

    def __init__(self, status: int, error: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {error.get('code')}：{error.get('message')}")
        self.status, self.code = status, str(error.get("code"))


class Pusher:
    """One department. `clock` gives seconds since 1970."""

    def __init__(self, url: str, department: str, key: bytes, *, clock: Callable[[], float] = time.time) -> None:
        self._department, self._key, self._clock = department, key, clock
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: bytes = b"", *, idempotency_key: str = "", **headers: str) -> Told:
        """One signed request; raises NotTaken. Every try is signed anew, for a request id counts once."""
        signed = {
            signed_request.DEPARTMENT: self._department,
            signed_request.TIMESTAMP: str(int(self._clock())),
            signed_request.REQUEST_ID: secrets.token_hex(16),
            signed_request.IDEMPOTENCY_KEY: idempotency_key,
        } | headers  # fmt: skip
        signed.setdefault(signed_request.SIGNATURE, signed_request.signature(self._key, method, path, signed, body))
        answer = self._http.request(method, path, content=body, headers=signed)
        told: Told = answer.json()
        if not answer.is_success:
            raise NotTaken(answer.status_code, told["error"])
        return told

    def begin(self, feed: str, path: Path, *, manifest: Told | None = None) -> Told:
        """The push of this very file: asked for again, it is the one that was begun."""
        digest = hashlib.sha256()
        with path.open("rb") as source:
            while block := source.read(1 << 20):
                digest.update(block)
        sha256 = digest.hexdigest()
        wanted = {"feed": feed, "name": path.name, "size": path.stat().st_size, "sha256": sha256, "manifest": manifest}
        body = json.dumps(wanted, ensure_ascii=False).encode()
        key = hashlib.sha256(body).hexdigest()
        return self.ask("POST", "/api/v1/deliveries", body, idempotency_key=key)

    def standing(self, push_id: str) -> Told:
        return self.ask("GET", f"/api/v1/deliveries/{push_id}")

    def put(self, push: Told, path: Path, number: int) -> None:
        with path.open("rb") as source:
            source.seek((number - 1) * push["part_bytes"])
            self.ask("PUT", f"/api/v1/deliveries/{push['id']}/parts/{number}", source.read(push["part_bytes"]))

    def complete(self, push: Told) -> Told:
        return self.ask("POST", f"/api/v1/deliveries/{push['id']}/complete")

    def push(self, feed: str, path: Path, *, manifest: Told | None = None) -> Told:
        """From wherever an earlier try broke off to the end; returns when it is complete, not when it is taken in."""
        push = self.begin(feed, path, manifest=manifest)
        for number in range(1, push["part_count"] + 1):
            if push["state"] == "open" and number not in push["parts"]:
                self.put(push, path, number)
        return self.complete(push)

    def result(self, push: Told) -> Told:
        """Waits until it was taken in or refused."""
        while (told := self.standing(push["id"]))["result"] is None:
            time.sleep(ASK_EVERY_SECONDS)
        return told
