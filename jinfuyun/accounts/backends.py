"""How passwords are hashed, and the way Django's `login()` remembers who somebody is."""

import threading
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import Argon2PasswordHasher

HASHES_AT_ONCE = 2  # per process: 19 MiB and one core each; the rest of a flood waits in line


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane: 24 ms. Never more than HASHES_AT_ONCE together."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
    gate = threading.BoundedSemaphore(HASHES_AT_ONCE)

    def encode(self, password: str, salt: str) -> str:
        with self.gate:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with self.gate:
            return bool(super().verify(password, encoded))


class SignInBackend(BaseBackend):
    """Nobody logs in through Django's `authenticate()`: accounts.actions checks both factors together."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: Any) -> None:
        """Who is there is told by the sign-in (web/guards.py), never by the session alone."""
        return
