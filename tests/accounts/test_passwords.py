"""Passwords: length instead of rules about signs; what is known or common is refused; hashing is strong and bounded.

Seen red, each with its guard taken out: the list of common ones and its lower case, parts of codes, names, both
lengths, the one form of characters, the memory and the passes of the hash.
"""

import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from jinfuyun.accounts import actions
from jinfuyun.accounts.backends import HASHES_AT_ONCE, BoundedArgon2
from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Kind, Known, common_passwords, normalise_password, why_not_password
from tests.cast import MONDAY, PASSWORD, STAFF_PASSWORD, Person

USCC = "91350100MA2XABCD4E"
FLOOD = 16
WAIT_SECONDS = 20


def test_every_common_password_that_is_long_enough_is_refused() -> None:
    long_enough = [password for password in common_passwords() if len(password) >= 8]
    assert len(long_enough) > 10_000
    assert [password for password in long_enough if not why_not_password(password, with_sms=True)] == []
    assert [word for word in long_enough[:500] if not why_not_password(word.upper(), with_sms=True)] == []


@pytest.mark.parametrize("sign", ["码", "🀄", " ", "é", "a", "7", "'"])
def test_any_character_counts_and_only_the_length_decides(sign: str) -> None:
    def may(length: int, *, with_sms: bool) -> bool:
        return (
            why_not_password((sign + "山水")[: 1 + length % 2] + "溪" * (length - 1 - length % 2), with_sms=with_sms)
            == []
        )

    assert not may(7, with_sms=True)
    assert may(8, with_sms=True)
    assert not may(14, with_sms=False)
    assert may(15, with_sms=False)
    assert may(128, with_sms=False)
    assert not may(129, with_sms=False)


@pytest.mark.parametrize(
    "password",
    [
        "我的13862957341",
        "x138629yyyy",
        "957341 zzz",
        USCC,
        f"ab{USCC[5:12].lower()}cd",
        "林红星的密码本子",
        "river.officer!!",
    ],
)
def test_what_others_know_of_a_person_is_no_password(password: str) -> None:
    known = Known(("13862957341", "river.officer", USCC), ("林红星",))
    assert why_not_password(password, with_sms=True, known=known)
    assert why_not_password(password[::-1] + "山", with_sms=True, known=known) == []


def test_every_reason_is_given_not_only_the_first() -> None:
    assert len(why_not_password("138629", with_sms=True, known=Known(("13862957341",)))) == 2


def test_the_same_characters_composed_otherwise_are_the_same_password() -> None:
    assert normalise_password(unicodedata.normalize("NFD", "café au lait")) == "café au lait"


def test_the_hash_is_argon2id_with_nineteen_mebibytes_and_two_passes() -> None:
    parameters = argon2.extract_parameters(make_password(PASSWORD).removeprefix("argon2"))
    assert parameters.type is argon2.low_level.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19456, 2, 1)


@pytest.mark.django_db
def test_an_older_hash_is_made_anew_when_its_owner_logs_in(river_bank_officer: Person) -> None:
    """Seen red with the new hash not written in _come_in."""

    class Weaker(Argon2PasswordHasher):
        memory_cost, time_cost, parallelism = 8192, 1, 1

    old = Weaker().encode(normalise_password(STAFF_PASSWORD), "saltsaltsaltsaltsalt22")
    User.objects.update(password=old)
    actions.log_in_staff(
        kind=Kind.INSTITUTION, account=river_bank_officer.account, password=STAFF_PASSWORD,
        otp=river_bank_officer.otp(MONDAY), client=actions.Client(ip="192.0.2.1"), at=MONDAY,
    )  # fmt: skip
    assert argon2.extract_parameters(User.objects.get().password.removeprefix("argon2")).memory_cost == 19456


def test_a_flood_of_passwords_is_hashed_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red with `with self.gate` taken out."""
    now, most, lock, go_on = 0, 0, threading.Lock(), threading.Event()
    came = threading.Semaphore(0)

    class Gate(threading.BoundedSemaphore):
        def __enter__(self) -> bool:
            came.release()
            return super().__enter__()

    def counted(self: object, password: str, encoded: str) -> bool:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        go_on.wait(timeout=WAIT_SECONDS)  # whoever is inside stays until the whole flood stands before the gate
        with lock:
            now -= 1
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted)
    monkeypatch.setattr(BoundedArgon2, "gate", Gate(HASHES_AT_ONCE))
    with ThreadPoolExecutor(FLOOD) as pool:
        answers = [pool.submit(BoundedArgon2().verify, "x", "y") for _ in range(FLOOD)]
        everybody_came = [came.acquire(timeout=WAIT_SECONDS) for _ in range(FLOOD)]
        go_on.set()
        assert all(answer.result() for answer in answers)
    assert all(everybody_came)
    assert most == HASHES_AT_ONCE
