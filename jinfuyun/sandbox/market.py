"""Forty institutions admitted and their products listed, through the real actions, four eyes and all."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from jinfuyun.institutions import actions as institutions
from jinfuyun.institutions.rules import Draft
from jinfuyun.kit.actor import Actor
from jinfuyun.products import actions as products
from jinfuyun.products.models import Version
from jinfuyun.products.rules import Terms
from jinfuyun.sandbox import institutions as invented
from jinfuyun.sandbox import staff
from jinfuyun.sandbox.products import products as offered


@transaction.atomic
def open_market(*, at: datetime) -> int:
    """How many products are listed."""
    first, second = staff.operators()
    count = 0
    for number, draft in enumerate(invented.drafts()):
        institutions.propose(draft=draft, by=first, at=at)
        digest = institutions.submit(code=draft.code, by=first, at=at)
        institutions.admit(code=draft.code, on_screen=digest, by=second, at=at)
        seats = staff.acting(draft.code, "product"), staff.acting(draft.code, "admin")
        for terms in offered(draft, number):
            _publish(draft.code, terms, *seats, second, at=at)
            count += 1
    _turn_down(draft, terms, *seats, first, second, at=at)
    return count


def _hand_in(institution_code: str, terms: Terms, manager: Actor, admin: Actor, *, at: datetime) -> Version:
    code = products.draft(institution_code=institution_code, terms=terms, by=manager, at=at).code
    version = products.submit(code=code, by=manager, at=at)
    products.confirm(code=code, number=version.number, on_screen=version.submitted_digest, by=admin, at=at)
    return version


def _publish(
    institution_code: str, terms: Terms, manager: Actor, admin: Actor, operator: Actor, *, at: datetime
) -> str:
    version = _hand_in(institution_code, terms, manager, admin, at=at)
    code = version.product.code
    products.list_version(code=code, number=version.number, on_screen=version.submitted_digest, by=operator, at=at)
    return code


def _turn_down(
    house: Draft, terms: Terms, manager: Actor, admin: Actor, first: Actor, second: Actor, *, at: datetime
) -> None:
    """What did not pass: a product sent back, one that the platform paused, an institution whose licence differs."""
    version = _hand_in(house.code, replace(terms, name=f"{terms.name}二期"), manager, admin, at=at)
    products.send_back(
        code=version.product.code, number=version.number, ground="rate_or_fees", remark="请写明提前还款怎样计收。",
        by=second, at=at,
    )  # fmt: skip
    code = _publish(house.code, replace(terms, name=f"{terms.name}专享"), manager, admin, second, at=at)
    products.pause(code=code, why="投诉核查期间暂停接受新申请", by=second, at=at)
    other = replace(house, code="XZDB", name="星渚融资担保公司", licence_number="X9041H23501000041")
    institutions.propose(draft=other, by=first, at=at)
    institutions.submit(code=other.code, by=first, at=at)
    institutions.send_back(
        code=other.code, ground="licence", remark="证书上的名称是“星渚融资担保有限公司”。", by=second, at=at
    )
