"""`python -m jinfuyun.config.fill`: what `up` runs once in a process of its own, so that a new sandbox is not empty."""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
    django.setup()

    from django.utils import timezone

    from jinfuyun.config import places
    from jinfuyun.data import door
    from jinfuyun.sandbox import seed

    at = timezone.now()

    def say(text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    seed.fill(state=places.SANDBOX, deliver=lambda feed, file: door.deliver(feed, file, at=at), at=at, say=say)


if __name__ == "__main__":
    main()
