"""The pretend SMS gateway's phones: every message that was sent, kept over restarts."""

import json
import re
import threading
from collections import defaultdict
from datetime import datetime
from pathlib import Path

_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
Message = dict[str, str]


class Phones:
    def __init__(self, state: Path) -> None:
        self._lock = threading.Lock()
        self._file = state / "messages.jsonl"
        self._by_number: defaultdict[str, list[Message]] = defaultdict(list)
        self._taken_over: set[str] = set()
        if self._file.exists():
            for line in self._file.read_text(encoding="utf-8").splitlines():
                # A line cut off by a kill is the last one; whoever sent it got no answer and sends again.
                if line.endswith("}"):
                    self._keep(**json.loads(line))

    def send(self, to: str, text: str, *, request_id: str, at: datetime) -> None:
        """Deliver it. The same `request_id` again (if there is one) is the same message, not a second one."""
        found = _CODE.search(text)
        line = {"to": to, "at": at.isoformat(timespec="milliseconds"), "text": text, "code": found[0] if found else ""}
        line["request_id"] = request_id
        with self._lock:
            if request_id and request_id in self._taken_over:
                return
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._keep(**line)

    def messages(self, number: str) -> list[Message]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._by_number.get(number, [])))

    def _keep(self, to: str, at: str, text: str, code: str, request_id: str) -> None:
        self._taken_over.add(request_id)
        self._by_number[to].append({"at": at, "text": text, "code": code})
