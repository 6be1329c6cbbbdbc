"""Forty institutions admitted and their products listed, through the real actions, four eyes and all."""

from datetime import datetime

from django.db import transaction

from jinfuyun.institutions import actions as institutions
from jinfuyun.kit.actor import Actor
from jinfuyun.products import actions as products
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
    return count


def _publish(
    institution_code: str, terms: Terms, manager: Actor, admin: Actor, operator: Actor, *, at: datetime
) -> None:
    code = products.draft(institution_code=institution_code, terms=terms, by=manager, at=at).code
    version = products.submit(code=code, by=manager, at=at)
    for look, by in ((products.confirm, admin), (products.list_version, operator)):
        look(code=code, number=version.number, on_screen=version.submitted_digest, by=by, at=at)
