"""What `up` runs once in processes of their own, so that a new sandbox is not empty.

`python -m jinfuyun.config.fill` before the doors open; `… fill letters` beside the running platform.
"""

import os
import sys
from datetime import date
from pathlib import Path

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
    django.setup()

    from django.utils import timezone

    from jinfuyun.config import places
    from jinfuyun.data import door
    from jinfuyun.loans import tasks as loans
    from jinfuyun.sandbox import objections, seed

    at = timezone.now()

    def say(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def night() -> None:
        loans.deliver(at=at)
        door.nightly(at=at)

    if sys.argv[1:] == ["letters"]:
        seed.finish(state=places.SANDBOX, night=night, at=at)
        objections.raise_some(at=timezone.now())
        return

    def deliver(feed: str, file: Path, covers_until: date) -> None:
        door.deliver(feed, file, at=at, covers_until=covers_until)

    def send_lists() -> None:
        for feed in door.consented_feeds():
            door.send_authorised(feed, at=at)

    seed.fill(state=places.SANDBOX, send_lists=send_lists, deliver=deliver, at=at, say=say)


if __name__ == "__main__":
    main()
