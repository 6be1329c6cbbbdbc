"""Keys and passwords made at the first start under var/keys (0600). Losing them loses the personal fields."""

import base64
import contextlib
import json
import secrets
from functools import cache
from pathlib import Path

from jinfuyun.config import places
from jinfuyun.kit.crypto import KeyRing

DEPARTMENTS = (
    "tax",
    "tax_xiamen",
    "market",
    "electricity",
    "water",
    "gas",
    "social_insurance",
    "housing_fund",
    "customs",
    "courts",
    "credit",
    "ip",
    "science",
    "procurement",
    "property",
    "acquiring",
)
DEPARTMENT_KEYS = "departments.json"
DATABASE_ROLES = ("postgres", "jinfuyun_owner", "jinfuyun_app", "jinfuyun_data")


def _kept(name: str, make: dict[str, object]) -> dict[str, object]:
    """The JSON in var/keys/<name>, written once; a half-written file is never seen."""
    path = places.KEYS / name
    if not path.exists():
        places.KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(make))
        with contextlib.suppress(FileExistsError):  # another process was first: its keys are the keys
            path.hardlink_to(fresh)
        fresh.unlink()
    kept: dict[str, object] = json.loads(path.read_text())
    return kept


def _replaced(name: str, make: dict[str, object]) -> dict[str, object]:
    """The JSON in var/keys/<name> from now on; readers see the old or the new."""
    path = places.KEYS / name
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(make))
    fresh.replace(path)
    return make


def _fresh_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@cache
def database_passwords() -> dict[str, str]:
    """Password by database role."""
    made = _kept("database.json", {role: secrets.token_urlsafe(24) for role in DATABASE_ROLES})
    return {role: str(password) for role, password in made.items()}


@cache
def field_keys() -> KeyRing:
    """The ring for personal fields and files at rest."""
    made = _kept("fields.json", {"current": 1, "keys": {"1": _fresh_key()}, "index": _fresh_key()})
    keys = made["keys"]
    assert isinstance(keys, dict)
    return KeyRing(
        current=int(str(made["current"])),
        keys={int(number): base64.b64decode(key) for number, key in keys.items()},
        index_key=base64.b64decode(str(made["index"])),
    )


@cache
def secret_key() -> str:
    """Django's signing key."""
    return str(_kept("django.json", {"secret_key": secrets.token_urlsafe(48)})["secret_key"])


@cache
def book_key() -> bytes:
    """Ed25519 private key (32 bytes) that signs the heads of the book."""
    return base64.b64decode(str(_kept("book.json", {"ed25519": _fresh_key()})["ed25519"]))


@cache
def department_keys() -> dict[str, bytes]:
    """The key that questions to a department, and its answers, are signed with."""
    made = _kept(DEPARTMENT_KEYS, {name: _fresh_key() for name in DEPARTMENTS})
    if missing := set(DEPARTMENTS) - set(made):  # made before these departments joined
        made |= _replaced(DEPARTMENT_KEYS, made | {name: _fresh_key() for name in sorted(missing)})
    return {name: base64.b64decode(str(key)) for name, key in made.items()}


def key_files() -> list[Path]:
    """Everything that a backup of keys must hold."""
    return sorted(path for path in places.KEYS.rglob("*") if path.is_file())
