"""Some banks have branches: the tree built by their own administrators, people seated at each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction

from jinfuyun.accounts import actions as accounts
from jinfuyun.accounts.rules import Kind
from jinfuyun.applications.models import Application
from jinfuyun.institutions import actions
from jinfuyun.institutions.rules import Level, UnitDraft
from jinfuyun.kit.actor import Actor, Role, institution_house
from jinfuyun.sandbox import staff
from jinfuyun.sandbox.names import person_names

WITH_BRANCHES = ("MLYH", "LLWYH", "RYYH", "QQYH")
PHONE_FIRST = 16_481_000_000  # behind those of the head offices


@dataclass(frozen=True, slots=True)
class Place:
    """`slug` stands in the accounts of its people; `below`: its sub-branches."""

    name: str
    slug: str
    regions: tuple[str, ...]
    below: tuple["Place", ...] = ()


TREE = (
    Place("福州分行", "fuzhou", ("350100",), (
        Place("晋安支行", "jinan", ("350111",)), Place("仓山支行", "cangshan", ("350104",)),
        Place("长乐支行", "changle", ("350112",)),
    )),
    Place("厦门分行", "xiamen", ("350200",), (Place("湖里支行", "huli", ("350206",)),)),
    Place("泉州分行", "quanzhou", ("350500",), (
        Place("晋江支行", "jinjiang", ("350582",)), Place("石狮支行", "shishi", ("350581",)),
    )),
    Place("闽西分行", "minxi", ("350400", "350800")),
)  # fmt: skip
AT_A_BRANCH = (("admin", Role.INSTITUTION_ADMIN), ("officer", Role.OFFICER), ("approver", Role.APPROVER))
AT_A_SUB_BRANCH = (("officer", Role.OFFICER),)
ABOVE = {one.name: above for above in TREE for one in above.below}
SLUG = {one.name: one.slug for above in TREE for one in (above, *above.below)}


@transaction.atomic
def open_branches(known: list[staff.Login], *, at: datetime) -> int:
    """How many people were seated."""
    login = known[-1]
    password_hash = accounts.hash_password(login.password)
    seats = [seat for code in WITH_BRANCHES for seat in _built(code, at)]
    names = person_names(np.random.default_rng(1), len(seats))
    for number, (code, unit_id, account, role) in enumerate(seats):
        accounts.seat(
            kind=Kind.INSTITUTION, account=account, phone=str(PHONE_FIRST + number), name=names[number],
            roles=frozenset({role}), house=institution_house(code), unit_id=unit_id, password_hash=password_hash,
            totp_secret=login.otp_secret, by=staff.BY, at=at,
        )  # fmt: skip
    return len(seats)


def _built(code: str, at: datetime) -> list[tuple[str, UUID, str, Role]]:
    admin, seats = staff.acting(code, "admin"), []
    for above in TREE:
        draft = UnitDraft(above.name, Level.BRANCH, None, above.regions)
        branch = actions.add_unit(draft=draft, by=admin, at=at).pk
        seats += [(code, branch, f"{code.lower()}.{above.slug}.{suffix}", role) for suffix, role in AT_A_BRANCH]
        for one in above.below:
            draft = UnitDraft(one.name, Level.SUBBRANCH, branch, one.regions)
            unit = actions.add_unit(draft=draft, by=admin, at=at).pk
            seats += [(code, unit, f"{code.lower()}.{one.slug}.{suffix}", role) for suffix, role in AT_A_SUB_BRANCH]
    return seats


def handling(application: Application, suffix: str) -> Actor:
    """Who does that at the unit whose application it is, or at the branch above it."""
    code, unit = application.institution.code, application.unit
    if unit is None:
        return staff.acting(code, suffix)
    above = ABOVE.get(unit.name)
    slug = above.slug if above and suffix != "officer" else SLUG[unit.name]
    return staff.acting(code, f"{slug}.{suffix}")
