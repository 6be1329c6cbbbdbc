"""The table of a declaration's states and the code agree: every act from every state, however institutions stand.

Seen red: with `open_left` taken for granted, and with a step that asks no table.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from jinfuyun.consents.models import Consent
from jinfuyun.coordination import actions, queries
from jinfuyun.coordination.models import Declaration, Judgement, Recommendation
from jinfuyun.coordination.rules import OPEN, STANDARDS, TRANSITIONS, Act, Answer, State, reminder, transition
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import Refused
from tests.cast import MONDAY, TODAY
from tests.coordination.stage import COUNTY, MET, declared, now
from tests.demands.stage import bank, officer_of
from tests.market import WAN

WAITING, ENDED = Answer.WAITING, Answer.ENDED
# Every state, and how two institutions may stand in it.
STANDS = (
    (State.DECLARED, ()), (State.RETURNED, ()), (State.RECOMMENDED, (WAITING,)),
    (State.RECOMMENDED, (Answer.CONTACTED, WAITING)), (State.RECOMMENDED, (Answer.APPLIED, Answer.REFUSED)),
    (State.GRANTED, (Answer.GRANTED,)), (State.GRANTED, (Answer.GRANTED, WAITING)),
    pytest.param(State.GRANTED, (Answer.GRANTED, Answer.CONTACTED), marks=pytest.mark.deep),
    pytest.param(State.GRANTED, (Answer.GRANTED, Answer.APPLIED), marks=pytest.mark.deep),
    (State.UNMET, (Answer.REFUSED,)), (State.WITHDRAWN, ()), (State.WITHDRAWN, (ENDED,)),
)  # fmt: skip


@pytest.mark.parametrize(("state", "stand"), STANDS)
def test_every_act_from_every_state_does_what_the_table_says(agreed, state, stand):
    declaration = brought_to(state, stand, agreed)
    tried = set()
    for act, about, go in acts(declaration, agreed):
        others = declaration.recommendations.filter(state__in=OPEN)
        others = others.exclude(pk=about.pk) if about else others
        row = transition(act, state, about.state if about else "", open_left=others.exists())
        tried.add(act)
        with transaction.atomic():
            try:
                with transaction.atomic():
                    happened = go() != 0
            except Refused:
                happened = False
            assert happened == (row is not None), act
            assert now(declaration).state == (row.target if row else state), act
            if about and row:
                assert Recommendation.objects.get(pk=about.pk).state == row.to
            transaction.set_rollback(True)
    assert tried >= ({one.act for one in TRANSITIONS} if stand else {Act.JUDGE, Act.RECOMMEND, Act.RETURN, Act.OPT_OUT})


def brought_to(state, stand, firm) -> Declaration:
    bank("NEW", 22)
    declaration = declared(firm)
    Judgement.objects.bulk_create(
        Judgement(declaration=declaration, standard=name, met=True, note="已核对", by="1", by_label="专班", at=MONDAY)
        for name in STANDARDS
    )
    codes = {one.code: one for one in queries.institutions_for(declaration)}
    for code, how in zip(("RIVER", "HILL"), stand, strict=False):
        answered = {"answered_at": MONDAY} if how in (Answer.GRANTED, Answer.REFUSED) else {}
        more = {Answer.GRANTED: {"granted_fen": WAN}, Answer.REFUSED: {"refusal": "credit"}}.get(how, {})
        Recommendation.objects.create(
            declaration=declaration, institution=codes[code], state=how, state_at=MONDAY, recommended_at=MONDAY,
            due_on=TODAY, **answered, **more,
        )  # fmt: skip
    Declaration.objects.update(state=state)
    return now(declaration)


def acts(declaration, firm) -> Iterator[tuple[Act, Recommendation | None, Callable[[], object]]]:
    group = {"declaration": declaration, "by": COUNTY, "at": MONDAY}
    yield Act.JUDGE, None, lambda: actions.judge(findings=MET, **group)
    yield Act.RECOMMEND, None, lambda: actions.recommend(codes=["NEW"], **group)
    yield Act.RETURN, None, lambda: actions.send_back(reason="经营场所已搬离", **group)
    yield Act.WITHDRAW, None, lambda: actions.withdraw(declaration=declaration, by=firm.owner, at=MONDAY)
    yield Act.OPT_OUT, None, lambda: opted_out()
    for one in declaration.recommendations.select_related("institution", "declaration"):
        theirs = {"recommendation": one, "by": officer_of(one.institution.code), "at": MONDAY}
        yield Act.CONTACT, one, lambda theirs=theirs: actions.contact(**theirs)
        yield Act.APPLY, one, lambda theirs=theirs: actions.apply(**theirs)
        yield Act.GRANT, one, lambda theirs=theirs: actions.grant(granted_fen=WAN, **theirs)
        yield Act.REFUSE, one, lambda theirs=theirs: actions.refuse(reason="credit", **theirs)


def opted_out() -> int:
    Consent.objects.update(recommend=False)
    return actions.end_opted_out(by=platform("test"), at=MONDAY)


def test_reminders_come_ten_days_three_days_and_on_the_last_day():
    found = {left: reminder(TODAY + timedelta(days=left), TODAY) for left in (11, 10, 4, 3, 1, 0, -1)}
    assert found == {11: None, 10: 10, 4: 10, 3: 3, 1: 3, 0: 0, -1: None}
