"""The table of a demand's states and the code agree: every act from every state, whoever else is at it.

Seen red: with a row more in the table, and with a guard that is not asked.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from jinfuyun.applications.models import Application
from jinfuyun.demands import actions, queries
from jinfuyun.demands.models import Demand, Party, Proposal
from jinfuyun.demands.rules import AT_IT, Act, Around, Origin, PartyState, State, transition
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import Refused
from tests.cast import MONDAY, THURSDAY, given
from tests.demands.stage import SHEET, bank, claimed, now, officer_of, posted
from tests.market import applied

INVITED, HOLDING, PROPOSED, ENDED = PartyState.INVITED, PartyState.HOLDING, PartyState.PROPOSED, PartyState.ENDED
OVER = (State.CHOSEN, State.CLOSED, State.WITHDRAWN, State.EXPIRED, State.UNMET)
# Every state, and how two institutions may stand to the demand in it.
STANDS = (
    (State.DRAFT, ()), (State.OPEN, ()), (State.CLAIMED, (HOLDING,)), (State.CLAIMED, (HOLDING, INVITED)),
    (State.ASSIGNED, (INVITED,)), (State.PROPOSED, (PROPOSED,)), (State.PROPOSED, (PROPOSED, HOLDING)),
    (State.PROPOSED, (PROPOSED, INVITED)), *((state, (ENDED,)) for state in OVER),
)  # fmt: skip
COUNTED = {INVITED: "invited", HOLDING: "holding", PROPOSED: "proposals"}
Try = tuple[Act, Around, Callable[[], object]]


@pytest.mark.parametrize(("state", "stand"), STANDS)
def test_every_act_from_every_state_does_what_the_table_says(db, red_star, state, stand):
    demand = brought_to(state, stand, red_star)
    tried = set()
    for act, around, go in acts(demand, red_star):
        row = transition(act, state, around)
        tried.add(act)
        with transaction.atomic():
            try:
                with transaction.atomic():
                    happened = go() != 0
            except Refused:
                happened = False
            assert happened == (row is not None), act
            assert now(demand).state == (row.target if row else state), act
            transaction.set_rollback(True)
    assert tried >= {Act.POST, Act.CLAIM, Act.DECLINE, Act.WITHDRAW, Act.EXPIRE, Act.ASSIGN, Act.ESCALATE, Act.FINISH}


def brought_to(state, stand, firm) -> Demand:
    given(firm)
    for number, code in enumerate(("ONE", "TWO", "NEW")):
        bank(code, 20 + number)
    demand = posted(firm)
    columns = {"posted_at": None} if state is State.DRAFT else {"unmet_reason": "rate"} if state is State.UNMET else {}
    if state in (State.CHOSEN, State.CLOSED):
        columns["application"] = applied(firm, product_code="NEW001")
    Demand.objects.update(state=state, **columns)
    for place, (code, how) in enumerate(zip(("ONE", "TWO"), stand, strict=False), 1):
        product = queries.products.product(f"{code}001")
        party = Party.objects.create(
            demand=demand, institution=product.institution, origin=Origin.CLAIM, state=how, state_at=MONDAY,
            joined_at=MONDAY, place=place if how in AT_IT else None,
        )  # fmt: skip
        if how is PROPOSED:
            proposal = Proposal(party=party, product=product, product_name="税易融", made_at=MONDAY, made_by="经理")
            proposal.write(SHEET)
            proposal.save()
    return now(demand)


def acts(demand, firm) -> Iterator[Try]:
    here = queries.around(demand)
    who = {"demand": demand, "by": firm.owner, "at": MONDAY}
    yield Act.POST, here, lambda: actions.post(**who)
    yield Act.CLAIM, here, lambda: claimed(demand, "NEW")
    yield Act.DECLINE, here, lambda: actions.decline(reason="rate", **who)
    yield Act.WITHDRAW, here, lambda: actions.withdraw(**who)
    yield from by_the_platform(here)
    for party in demand.parties.select_related("demand", "institution"):
        for act, states, go in of_one(party, who):
            if party.state in (*states, ENDED):
                left = replace(here, **{COUNTED[party.state]: 0}) if party.state in COUNTED else here
                yield act, left if act is Act.HAND_BACK else here, go


def of_one(party, who):
    """What is about one institution, and how it has to stand to the demand for it."""
    code = party.institution.code
    theirs = {"party": party, "by": officer_of(code), "at": MONDAY}
    its = who | {"institution_code": code}
    sheet = replace(SHEET, product_code=f"{code}001")
    return (
        (Act.TAKE, (INVITED,), lambda: actions.take(**theirs)),
        (Act.PROPOSE, (HOLDING, PROPOSED), lambda: actions.propose(sheet=sheet, **theirs)),
        (Act.HAND_BACK, (INVITED, HOLDING, PROPOSED), lambda: actions.hand_back(reason="terms", **theirs)),
        (Act.LOOK, (PROPOSED,), lambda: actions.look(**its)),
        (Act.DISCLOSE, (HOLDING, PROPOSED), lambda: actions.disclose(**its)),
        (Act.CHOOSE, (PROPOSED,), lambda: Proposal.objects.update(seen_at=MONDAY) and actions.choose(**its)),
    )


def by_the_platform(here) -> Iterator[Try]:
    """Each when its time has come."""
    by, later = platform("test"), MONDAY + timedelta(days=9)

    def expire() -> int:
        Demand.objects.update(open_until=date(2026, 3, 1))
        return actions.expire(by=by, at=MONDAY)

    def follow(state: str) -> int:
        Application.objects.update(state=state)
        return actions.follow_applications(by=by, at=MONDAY)

    yield Act.EXPIRE, here, expire
    yield Act.ASSIGN, here, lambda: actions.assign(by=by, at=THURSDAY)
    yield Act.ESCALATE, here, lambda: actions.escalate(by=by, at=later)
    yield Act.FINISH, here, lambda: follow("funded")
    yield Act.FALL_THROUGH, here, lambda: follow("withdrawn")
