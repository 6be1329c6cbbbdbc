"""A demand from draft to application, and what each side sees on the way.

Seen red: with the contact in every sight; with the seal not asked for by choose; with the places not counted;
with the market open to who was excluded.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from jinfuyun.applications import actions as applications
from jinfuyun.applications.models import Application
from jinfuyun.audit.models import Line
from jinfuyun.consents import queries as consents
from jinfuyun.demands import actions, queries, tasks
from jinfuyun.demands.content import Wanted
from jinfuyun.demands.models import Demand, Party, Step
from jinfuyun.demands.rules import PartyState, State
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message, Notice
from jinfuyun.products.models import Product
from jinfuyun.supervision.queries.counting import city_by_city
from tests.cast import FRIDAY, FUZHOU, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, given
from tests.demands.stage import SHEET, WANTED, bank, claimed, now, officer_of, posted, proposed, sight
from tests.market import WAN

NEXT_MONDAY = MONDAY + timedelta(days=7)


def test_a_draft_keeps_whatever_was_typed_and_nobody_else_sees_it(banks, red_star):
    name = uuid4()
    half = Wanted(amount_fen=5 * WAN)
    draft = actions.keep_draft(uscc=red_star.uscc, demand_id=name, wanted=half, by=red_star.owner, at=MONDAY)
    more = replace(half, purpose="wages")
    again = actions.keep_draft(uscc=red_star.uscc, demand_id=name, wanted=more, by=red_star.owner, at=MONDAY)
    assert (again.pk, now(draft).purpose, now(draft).amount_fen) == (draft.pk, "wages", 5 * WAN)
    with pytest.raises(NotInOrder):
        actions.post(demand=again, by=red_star.owner, at=MONDAY)
    assert not queries.on_the_market(officer_of("RIVER")).exists()
    with pytest.raises(NotFound):
        claimed(draft, "RIVER")


def test_a_published_demand_is_not_rewritten_by_its_old_page(demand, red_star):
    actions.keep_draft(
        uscc=red_star.uscc, demand_id=demand.pk, wanted=Wanted(amount_fen=1), by=red_star.owner, at=MONDAY
    )
    assert now(demand).amount_fen == WANTED.amount_fen
    with pytest.raises(TooLate):
        actions.discard(demand=demand, by=red_star.owner, at=MONDAY)


def test_a_draft_of_another_enterprise_does_not_exist(demand, blue_sea):
    with pytest.raises(NotFound):
        actions.keep_draft(uscc=blue_sea.uscc, demand_id=demand.pk, wanted=WANTED, by=blue_sea.owner, at=MONDAY)
    with pytest.raises(NotFound):
        queries.demand(demand.number, visible_to=blue_sea.owner)


def test_anonymous_until_the_enterprise_agrees_and_to_that_institution_only(demand, red_star):
    claimed(demand, "RIVER"), claimed(demand, "HILL")
    for code in ("RIVER", "HILL"):
        seen = sight(demand, code)
        assert (seen.name, seen.contact, seen.phone, seen.city_code) == ("", "", "", FUZHOU)
        assert red_star.name not in str(seen)
        assert red_star.uscc not in str(seen)
    actions.disclose(demand=demand, institution_code="RIVER", by=red_star.owner, at=TUESDAY)
    assert sight(demand, "RIVER").name == red_star.name
    assert sight(demand, "RIVER").phone == red_star.legal_phone
    assert sight(demand, "HILL").name == ""
    assert Line.objects.get(action="demand.disclose").detail["to"] == "RIVER"
    party = Party.objects.get(institution__code="RIVER")
    actions.hand_back(party=party, reason="capacity", by=officer_of("RIVER"), at=WEDNESDAY)
    assert (sight(demand, "RIVER").name, sight(demand, "RIVER").phone) == ("", "")


def test_an_open_name_is_on_the_market_but_the_phone_only_with_who_is_at_it(banks, red_star):
    demand = posted(red_star, replace(WANTED, anonymous=False))
    assert (sight(demand, "RIVER").name, sight(demand, "RIVER").phone) == (red_star.name, "")
    claimed(demand, "RIVER")
    assert sight(demand, "RIVER").phone == red_star.legal_phone


@pytest.mark.parametrize(("founded", "years"), [("2006-03-02", 20), ("2006-03-03", 19), (None, None)])
def test_the_age_counts_whole_years(banks, red_star, founded, years):
    """Seen red with 365 days a year: five leap days made a year too early."""
    demand = posted(red_star)
    Demand.objects.update(founded_on=founded)
    assert sight(now(demand), "RIVER").years == years


def test_an_excluded_institution_never_meets_it(banks, red_star):
    demand = posted(red_star, replace(WANTED, excluded=("HILL",)))
    with pytest.raises(NotFound):
        sight(demand, "HILL")
    with pytest.raises(NotFound):
        claimed(demand, "HILL")


def test_only_who_handles_may_claim(demand, river_bank_admin, red_star):
    for actor in (river_bank_admin.actor, red_star.owner):
        with pytest.raises(NotAllowed):
            actions.claim(number=demand.number, by=actor, at=MONDAY)


def test_a_claim_says_until_when_and_again_is_the_same(demand):
    party = claimed(demand, "RIVER")
    assert (now(demand).state, party.due_on) == (State.CLAIMED, THURSDAY.date())
    assert claimed(demand, "RIVER").pk == party.pk
    assert "已接下您的融资需求" in Message.objects.get().text


def test_at_the_sixth_institution_the_places_are_gone_and_come_back_when_one_leaves(demand):
    codes = ["RIVER", "HILL", *(bank(f"BANK{n}", 10 + n).code for n in range(4))]
    for code in codes[:5]:
        claimed(demand, code)
    with pytest.raises(actions.NoPlaceLeft):
        claimed(demand, codes[5])
    with pytest.raises(NotFound):  # full, it is no longer on the market either
        sight(demand, codes[5])
    first = Party.objects.get(institution__code="RIVER")
    actions.hand_back(party=first, reason="terms", by=officer_of("RIVER"), at=TUESDAY)
    assert claimed(demand, codes[5]).place == first.place or claimed(demand, codes[5]).place == 1
    with pytest.raises(TooLate):  # who left does not come back
        claimed(demand, "RIVER")


def test_the_database_itself_has_no_sixth_place(demand, banks):
    sixth = Party(
        demand=demand, institution=banks[0], origin="claim", place=6, state=PartyState.HOLDING, state_at=MONDAY,
        joined_at=MONDAY,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        sixth.save()


def test_a_proposal_is_sealed_until_the_enterprise_looks_and_the_looking_is_booked(demand, red_star):
    party = proposed(demand, "RIVER")
    assert now(demand).state == State.PROPOSED
    with pytest.raises(TooLate):
        actions.choose(demand=demand, institution_code="RIVER", by=red_star.owner, at=TUESDAY)
    actions.propose(party=party, sheet=replace(SHEET, rate_bp=380), by=officer_of("RIVER"), at=TUESDAY)
    actions.look(demand=demand, institution_code="RIVER", by=red_star.owner, at=TUESDAY)
    actions.look(demand=demand, institution_code="RIVER", by=red_star.owner, at=WEDNESDAY)
    [proposal] = queries.proposals(demand)
    assert (proposal.rate_bp, proposal.seen_at) == (380, TUESDAY)
    assert Line.objects.filter(action="demand.look").count() == 1
    with pytest.raises(TooLate):  # what was looked at stands
        actions.propose(party=party, sheet=SHEET, by=officer_of("RIVER"), at=WEDNESDAY)


def test_a_proposal_outside_its_product_is_refused_at_each_field(demand):
    party = claimed(demand, "RIVER")
    sheet = replace(
        SHEET, amount_fen=900 * WAN, term_months=24, rate_bp=2_000, security="mortgage", repayment="at_dawn",
        valid_till=MONDAY.date(), fee_year_bp=50, needs="",
    )  # fmt: skip
    with pytest.raises(NotInOrder) as refusal:
        actions.propose(party=party, sheet=sheet, by=officer_of("RIVER"), at=MONDAY)
    assert {one.field for one in refusal.value.reasons} == {
        "amount_fen", "term_months", "rate_bp", "security", "repayment", "valid_till", "fees_text", "needs"
    }  # fmt: skip
    with pytest.raises(NotInOrder) as refusal:
        sheet = replace(SHEET, product_code="HILL001")
        actions.propose(party=party, sheet=sheet, by=officer_of("RIVER"), at=MONDAY)
    assert [one.field for one in refusal.value.reasons] == ["product_code"]


def test_a_choice_becomes_an_application_and_the_others_are_told(
    demand, red_star, river_bank_officer, hill_bank_officer
):
    consent = given(red_star)
    proposed(demand, "RIVER"), proposed(demand, "HILL")
    actions.look(demand=demand, institution_code="RIVER", by=red_star.owner, at=TUESDAY)
    application = actions.choose(demand=demand, institution_code="RIVER", by=red_star.owner, at=WEDNESDAY)
    assert (application.institution.code, application.amount_fen, application.term_months) == ("RIVER", 90 * WAN, 12)
    assert (demand.state, demand.application_id) == (State.CHOSEN, application.pk)
    states = dict(Party.objects.values_list("institution__code", "state"))
    assert states == {"RIVER": PartyState.CHOSEN, "HILL": PartyState.PASSED_OVER}
    assert Party.objects.get(state=PartyState.PASSED_OVER).left_because == "not_chosen"
    told = {notice.user_id: notice.text for notice in Notice.objects.filter(template__contains="chosen")}
    assert "选定其他机构" in told[type(next(iter(told)))(hill_bank_officer.user_id)]
    assert application.number in told[type(next(iter(told)))(river_bank_officer.user_id)]
    reader = Reader(ReaderKind.INSTITUTION, "RIVER")
    grant = consents.grant_for(
        uscc=red_star.uscc, reader=reader, purpose=Purpose.PRE_LOAN, because=application.number, at=WEDNESDAY
    )
    assert grant.consent_number == consent.number  # only now may the bank query anything
    with pytest.raises(TooLate):
        actions.choose(demand=demand, institution_code="HILL", by=red_star.owner, at=WEDNESDAY)


def test_what_stands_against_a_choice_leaves_everything_as_it_was(demand, red_star):
    proposed(demand, "RIVER")
    actions.look(demand=demand, institution_code="RIVER", by=red_star.owner, at=TUESDAY)
    this = {"demand": demand, "institution_code": "RIVER", "by": red_star.owner}
    with pytest.raises(applications.NeedsConsent):
        actions.choose(**this, at=TUESDAY)
    given(red_star)
    with pytest.raises(actions.ProposalOver):
        actions.choose(**this, at=MONDAY + timedelta(days=19))
    Product.objects.update(state="paused")
    with pytest.raises(actions.ProductGone):
        actions.choose(**this, at=TUESDAY)
    assert now(demand).state == State.PROPOSED
    assert not Application.objects.exists()


def test_the_demand_follows_its_application_to_the_end(demand, red_star, banks):
    given(red_star)
    proposed(demand, "RIVER")
    actions.look(demand=demand, institution_code="RIVER", by=red_star.owner, at=MONDAY)
    application = actions.choose(demand=demand, institution_code="RIVER", by=red_star.owner, at=MONDAY)
    tasks.tend(at=TUESDAY)
    assert now(demand).state == State.CHOSEN
    Application.objects.filter(pk=application.pk).update(state="rejected", decided_at=MONDAY)
    tasks.tend(at=NEXT_MONDAY)
    assert now(demand).state == State.CHOSEN  # five working days to appeal
    for state, target in (("funded", State.CLOSED), ("rejected", State.UNMET)):
        Demand.objects.update(state=State.CHOSEN)
        Application.objects.filter(pk=application.pk).update(state=state)
        tasks.tend(at=NEXT_MONDAY + timedelta(days=1))
        assert now(demand).state == target
    assert now(demand).unmet_reason == "application_ended"


@pytest.mark.parametrize(("end", "state", "because", "words"), [
    ("withdraw", State.WITHDRAWN, ("", ""), "结束或到期"),
    ("decline", State.UNMET, ("rate", "高于现有贷款"), "利率或费用偏高（方案条件）：高于现有贷款"),
])  # fmt: skip
def test_the_enterprise_ends_it_and_whoever_is_at_it_is_told(
    demand, red_star, river_bank_officer, end, state, because, words
):
    party = claimed(demand, "RIVER")
    ends = {
        "withdraw": lambda: actions.withdraw(demand=demand, by=red_star.owner, at=TUESDAY),
        "decline": lambda: actions.decline(
            demand=demand, reason="rate", text="高于现有贷款", by=red_star.owner, at=TUESDAY
        ),
    }
    ends[end]()
    assert demand.state == state
    left = Party.objects.get(pk=party.pk)
    assert (left.state, left.left_because, left.left_text) == (PartyState.ENDED, *because)
    told = Notice.objects.filter(user_id=river_bank_officer.user_id, template__in=("demand_ended", "demand_declined"))
    assert words in told.get().text
    with pytest.raises(TooLate):
        ends[end]()
    with pytest.raises(TooLate):
        actions.propose(party=party, sheet=SHEET, by=officer_of("RIVER"), at=TUESDAY)


def test_an_unmet_demand_needs_one_of_the_reasons(demand, red_star):
    for reason in ("", "made_up", "application_ended"):
        with pytest.raises(NotInOrder):
            actions.decline(demand=demand, reason=reason, by=red_star.owner, at=TUESDAY)


def test_five_at_a_time_are_enough(banks, red_star):
    for _ in range(5):
        posted(red_star)
    with pytest.raises(NotInOrder, match="最多"):
        posted(red_star)


def test_the_steps_stand(demand):
    assert Step.objects.filter(demand=demand).count() == 1
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE demand_step SET said = ''")


def test_the_regulator_gets_the_phone_only_of_its_list_and_the_enterprise_sees_it(
    demand, red_star, fuzhou_regulator, hill_bank_officer
):
    by = fuzhou_regulator.actor
    with pytest.raises(NotFound):
        actions.call_back(number=demand.number, by=by, at=FRIDAY)
    tasks.tend(at=MONDAY + timedelta(days=8))
    found = actions.call_back(number=demand.number, by=by, at=MONDAY + timedelta(days=8))
    assert found.contact_phone == red_star.legal_phone
    assert Line.objects.get(action="demand.call_back").uscc == red_star.uscc
    [(_, waiting)] = city_by_city(["demands_waiting"], visible_to=by, at=FRIDAY)
    assert waiting["demands_waiting"] == 1
    Demand.objects.update(city_code="350200")
    with pytest.raises(NotFound):
        actions.call_back(number=demand.number, by=by, at=MONDAY + timedelta(days=8))
    with pytest.raises(NotAllowed):
        actions.call_back(number=demand.number, by=hill_bank_officer.actor, at=FRIDAY)


def test_needed_dates_are_dates(banks, red_star):
    demand = posted(red_star, replace(WANTED, needed_on=date(2026, 3, 20), open_until=None))
    assert now(demand).open_until == date(2026, 4, 1)
