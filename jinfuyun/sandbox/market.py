"""Forty institutions admitted and their products listed, through the real actions, four eyes and all."""

from datetime import datetime

from django.db import transaction

from jinfuyun.institutions import actions as institutions
from jinfuyun.products import actions as products
from jinfuyun.products.rules import Terms
from jinfuyun.sandbox import institutions as invented
from jinfuyun.sandbox.products import products as offered
from jinfuyun.sandbox.staff import Staff


@transaction.atomic
def open_market(staff: Staff, *, at: datetime) -> int:
    """How many products are listed."""
    first, second = staff.operators
    count = 0
    for number, draft in enumerate(invented.drafts()):
        institutions.propose(draft=draft, by=first, at=at)
        digest = institutions.submit(code=draft.code, by=first, at=at)
        institutions.admit(code=draft.code, on_screen=digest, by=second, at=at)
        for terms in offered(draft, number):
            _publish(draft.code, terms, staff, at=at)
            count += 1
    return count


def _publish(code: str, terms: Terms, staff: Staff, *, at: datetime) -> None:
    manager = staff.seats[code, "product"]
    product = products.draft(institution_code=code, terms=terms, by=manager, at=at)
    version = products.submit(code=product.code, by=manager, at=at)
    products.list_version(
        code=product.code, number=version.number, on_screen=version.content_digest(), by=staff.operators[1], at=at
    )
