"""Races are run, not imagined: the same act, many times at the same instant, each on its own connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

AT_ONCE = 100
WAIT_SECONDS = 60


def all_at_once(act: Callable[[int], object], refusal: type[Exception], times: int = AT_ONCE) -> int:
    """How many of `times` simultaneous calls were not refused. Any other exception fails the test."""
    start = threading.Barrier(times)

    def one(number: int) -> bool:
        try:
            start.wait(timeout=WAIT_SECONDS)
            act(number)
        except refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))
