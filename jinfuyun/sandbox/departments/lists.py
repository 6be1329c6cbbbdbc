"""Whom a pretend department believes to have consented: the list it was sent, less those it was told have ended."""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.sandbox.departments.desk import Desk

Entry = dict[str, Any]


class Lists:
    def __init__(self, state: Path) -> None:
        self._folder, self._lock = state / "authorised", threading.Lock()
        self._folder.mkdir(parents=True, exist_ok=True)

    def take(self, feed: str, entries: list[Entry]) -> None:
        with self._lock:
            self._put(feed, entries)

    def counted(self, feed: str, day: str) -> int:
        """In force on that day by its own reckoning; both days included."""
        return sum(one["start"] <= day and (one["end"] is None or one["end"] >= day) for one in self._get(feed))

    def end(self, feed: str, consent_number: str) -> str:
        """Let it go; the receipt is the same however often one asks."""
        with self._lock:
            self._put(feed, [one for one in self._get(feed) if one["consent_number"] != consent_number])
        return hashlib.sha256(f"{feed}/{consent_number}".encode()).hexdigest()[:16]

    def _get(self, feed: str) -> list[Entry]:
        file = self._folder / f"{feed}.json"
        kept: list[Entry] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        return kept

    def _put(self, feed: str, entries: list[Entry]) -> None:
        fresh = self._folder / f"{feed}.new"
        fresh.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._folder / f"{feed}.json")


def open_lists(app: Flask, desk: Desk, lists: Lists) -> None:
    """Three questions about a feed's list: take it, count it, let one go."""

    def asked(name: str) -> tuple[str, dict[str, Any]]:
        if name not in FEEDS:
            abort(404)
        return FEEDS[name].department, desk.question(FEEDS[name].department, request)

    def answer(department: str, told: dict[str, Any]) -> Response:
        return desk.answer(department, request, told, other=lambda: told | {"feed": "another"})

    @app.post("/feeds/<name>/authorised-list")
    def take(name: str) -> Response:
        department, question = asked(name)
        lists.take(name, question["authorised"])
        return answer(department, {"feed": name, "count": len(question["authorised"])})

    @app.post("/feeds/<name>/authorised-count")
    def count(name: str) -> Response:
        department, question = asked(name)
        told = {"feed": name, "day": question["day"], "counted": lists.counted(name, question["day"])}
        return answer(department, told)

    @app.post("/feeds/<name>/authorised-end")
    def end(name: str) -> Response:
        department, question = asked(name)
        told = {key: question[key] for key in ("consent_number", "uscc")}
        return answer(department, {"feed": name, **told, "receipt": lists.end(name, question["consent_number"])})
