"""The sandbox's logins: one password and one authenticator for everybody, made anew for each installation."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyotp

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.rules import Kind
from jinfuyun.kit.actor import PLATFORM_HOUSE, Actor, House, HouseKind, Role, institution_house, platform
from jinfuyun.sandbox.institutions import TABLE
from jinfuyun.sandbox.names import person_names

LOGINS = "logins.json"
BY = platform("sandbox_seed")
SHOWN = TABLE[0][0]  # the institution whose logins the sandbox page shows
PHONE_FIRST = 16_480_000_000  # of a range that nobody has

# suffix of the account, role
SEATS = (
    ("admin", Role.INSTITUTION_ADMIN),
    ("product", Role.PRODUCT_MANAGER),
    ("officer", Role.OFFICER),
    ("approver", Role.APPROVER),
    ("reader", Role.INSTITUTION_READER),
)
# account, kind, role, house
OTHERS = (
    ("regulator", Kind.REGULATOR, Role.REGULATOR, House(HouseKind.REGION, "350000")),
    ("regulator.two", Kind.REGULATOR, Role.REGULATOR, House(HouseKind.REGION, "350000")),
    ("regulator.fuzhou", Kind.REGULATOR, Role.REGULATOR, House(HouseKind.REGION, "350100")),
    ("department.tax", Kind.DEPARTMENT, Role.DEPARTMENT, House(HouseKind.DEPARTMENT, "tax")),
    ("department.tax.admin", Kind.DEPARTMENT, Role.DEPARTMENT_ADMIN, House(HouseKind.DEPARTMENT, "tax")),
    ("operator.one", Kind.OPERATOR, Role.OPERATOR, PLATFORM_HOUSE),
    ("operator.two", Kind.OPERATOR, Role.OPERATOR, PLATFORM_HOUSE),
)


@dataclass(frozen=True, slots=True)
class Login:
    """As `/sandbox/people.json` gives it. Enterprises' people have no authenticator: they get SMS codes."""

    role: str
    account: str
    password: str
    otp_secret: str


def logins(state: Path, *, enterprise_phone: str) -> list[Login]:
    """One of each role (of operators and regulators two, for four eyes); written at the first call, then the same."""
    file = state / LOGINS
    if not file.exists():
        password, otp_secret = f"ronghai-sandbox-{secrets.token_hex(4)}", pyotp.random_base32()
        made = [Login(Role.ENTERPRISE_USER, enterprise_phone, password, "")]
        made += [Login(role, account, password, otp_secret) for account, _, role, _ in _of_one_house()]
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps([asdict(login) for login in made], ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(file)
    return [Login(**told) for told in json.loads(file.read_text(encoding="utf-8"))]


def seat_everybody(known: list[Login], *, at: datetime) -> None:
    """Every seat of every institution, the regulators, departments and operators."""
    login = known[-1]
    password_hash = actions.hash_password(login.password)
    seats = [*_of_institutions(), *OTHERS]
    names = person_names(np.random.default_rng(0), len(seats))
    for number, (account, kind, role, house) in enumerate(seats):
        actions.seat(
            kind=kind,
            account=account,
            phone=str(PHONE_FIRST + number),
            name=names[number],
            roles=frozenset({role}),
            house=house,
            password_hash=password_hash,
            totp_secret=login.otp_secret,
            by=BY,
            at=at,
        )


def acting(code: str, suffix: str) -> Actor:
    """Who sits on this seat of an institution."""
    return seated(Kind.INSTITUTION, f"{code.lower()}.{suffix}")


def department(code: str) -> Actor:
    """Who sits at the desk of a department whose login is shown."""
    return seated(Kind.DEPARTMENT, f"department.{code}")


def regulator() -> Actor:
    """Who sits at the province's desk."""
    return seated(Kind.REGULATOR, "regulator")


def operators() -> tuple[Actor, Actor]:
    return seated(Kind.OPERATOR, "operator.one"), seated(Kind.OPERATOR, "operator.two")


def regulators() -> tuple[Actor, Actor]:
    """Both of the province: a registered case takes two."""
    return seated(Kind.REGULATOR, "regulator"), seated(Kind.REGULATOR, "regulator.two")


def seated(kind: Kind, account: str) -> Actor:
    """Whoever has that account."""
    user = queries.by_account(kind, account)
    assert user is not None, "everybody is seated first"
    return queries.actor(user)


Seat = tuple[str, Kind, Role, House]


def _of_institutions() -> Iterator[Seat]:
    for code, *_ in TABLE:
        for suffix, role in SEATS:
            yield f"{code.lower()}.{suffix}", Kind.INSTITUTION, role, institution_house(code)


def _of_one_house() -> Iterator[Seat]:
    """The seats that are shown: those of the first institution, and all others but the city's regulator."""
    yield from list(_of_institutions())[: len(SEATS)]
    yield from (seat for seat in OTHERS if seat[0] != "regulator.fuzhou")
