"""A dispute from the first word to the last: once a figure, seen by two houses, answered in writing, sealed, booked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jinfuyun.audit.models import Line
from jinfuyun.consents import actions as consents
from jinfuyun.consents.models import Consent
from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.actions.moving import move
from jinfuyun.disputes.models import Dispute, Step
from jinfuyun.disputes.rules import ANSWER, RAISE, TEND, TRANSITIONS, Act, State
from jinfuyun.kit.actor import Role, platform
from jinfuyun.kit.errors import NotAllowed, NotFound, NotGranted, TooLate
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message, Notice
from jinfuyun.reports.models import Report
from tests.cast import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, Firm, Person
from tests.disputes.stage import CORRECTION, DISPUTED_DELIVERY, OTHERS, SAID, SALES, raised

WRITTEN = "经核对电子底账，应为 2,900 万元，已补送。"


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(user_id=person.user_id).order_by("id").values_list("template", flat=True))


def test_it_reaches_the_department_whose_feed_it_is_with_twenty_days(dispute: Dispute, tax_bureau: Person) -> None:
    assert queries.dispute(dispute.number, visible_to=tax_bureau.actor).state == State.NEW
    assert (dispute.due_on - MONDAY.date()).days == 20
    assert told(tax_bureau) == ["dispute_raised"]
    shown = queries.shown(dispute)
    assert (shown.value, shown.period, shown.as_of) == ("2,345.68 万元", "2019-02 至 2020-01", "2020-01")
    assert dispute.delivery_numbers == [DISPUTED_DELIVERY] and dispute.report_number == "BG20260302000001"


def test_sent_twice_it_is_one(dispute: Dispute, own_report: Report, red_star: Firm) -> None:
    assert raised(own_report, red_star, at=TUESDAY).pk == dispute.pk
    other = raised(own_report, red_star, figure=("invoices", "growth"))
    assert other.pk != dispute.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=other.pk).update(key=SALES[1])


def test_while_it_is_open_the_figure_is_marked(dispute: Dispute, red_star: Firm) -> None:
    mark = queries.Mark(dispute.number, MONDAY)
    assert queries.open_marks(red_star.uscc) == {SALES: mark}
    actions.withdraw(dispute=dispute, by=red_star.owner, at=TUESDAY)
    assert queries.open_marks(red_star.uscc) == {}
    assert (dispute.state, dispute.outcome) == (State.CLOSED, "withdrawn")


def test_after_it_ended_the_figure_may_be_disputed_again(
    dispute: Dispute, own_report: Report, red_star: Firm
) -> None:  # fmt: skip
    actions.withdraw(dispute=dispute, by=red_star.owner, at=TUESDAY)
    assert raised(own_report, red_star, at=WEDNESDAY).pk != dispute.pk


def test_asked_back_supplied_and_answered(dispute: Dispute, red_star: Firm, tax_bureau: Person) -> None:
    bureau = tax_bureau.actor
    actions.take(dispute=dispute, by=bureau, at=TUESDAY)
    actions.ask_more(dispute=dispute, text="请说明是哪两家门店。", by=bureau, at=TUESDAY)
    actions.supply(dispute=dispute, text="晋安店和仓山店。", by=red_star.owner, at=WEDNESDAY)
    actions.resolve(
        dispute=dispute, answer="两店为独立纳税人，不并入。", outcome="explained", correction="", by=bureau, at=THURSDAY
    )
    assert (dispute.state, dispute.outcome, dispute.answer) == (
        State.RESOLVED, "explained", "两店为独立纳税人，不并入。"
    )  # fmt: skip
    assert dispute.answered_by == bureau.label
    actions.close(dispute=dispute, by=red_star.owner, at=FRIDAY)
    said = [(step.act, step.said) for step in queries.steps(dispute)]
    assert said == [
        ("raise", None), ("take", None), ("ask_more", "请说明是哪两家门店。"), ("supply", "晋安店和仓山店。"),
        ("resolve", "两店为独立纳税人，不并入。"), ("close", None),
    ]  # fmt: skip
    booked = Line.objects.filter(subject=f"dispute:{dispute.number}").order_by("id").values_list("action", flat=True)
    assert list(booked) == [f"dispute.{act}" for act, _ in said]
    sent = Message.objects.filter(template__startswith="dispute").order_by("made_at").values_list("template", flat=True)
    assert list(sent) == ["dispute_asks_more", "dispute_answered"]


@pytest.mark.parametrize("answer", ["", "  ", "好"])
def test_without_a_written_answer_it_is_neither_resolved_nor_rejected(
    dispute: Dispute, tax_bureau: Person, answer: str
) -> None:
    bureau = {"dispute": dispute, "answer": answer, "by": tax_bureau.actor, "at": TUESDAY}
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    with pytest.raises(NotInOrder):
        actions.reject(ground="as_recorded", **bureau)
    with pytest.raises(NotInOrder):
        actions.resolve(outcome="explained", correction="", **bureau)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(state=State.REJECTED)


@pytest.mark.parametrize("ground", ["", "made_up", "rate_or_fees"])
def test_who_rejects_names_a_reason_for_disputes(dispute: Dispute, tax_bureau: Person, ground: str) -> None:
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    with pytest.raises(NotInOrder, match="请选择原因"):
        actions.reject(dispute=dispute, ground=ground, answer=WRITTEN, by=tax_bureau.actor, at=TUESDAY)
    actions.reject(dispute=dispute, ground="definition", answer=WRITTEN, by=tax_bureau.actor, at=TUESDAY)
    assert dispute.rejected_code == "definition"


@pytest.mark.parametrize(("correction", "why"), [
    ("", "请填写更正数据的批次号"), ("20260303-999999", "没有这个批次"), (OTHERS, "不是本部门送达的批次"),
    (DISPUTED_DELIVERY, "被提出异议的批次"),
])  # fmt: skip
def test_a_correction_names_a_later_delivery_of_that_department(
    ledger: None, dispute: Dispute, tax_bureau: Person, correction: str, why: str
) -> None:
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    answer = {"dispute": dispute, "answer": WRITTEN, "outcome": "corrected", "by": tax_bureau.actor, "at": TUESDAY}
    with pytest.raises(NotInOrder, match=why) as refused:
        actions.resolve(correction=correction, **answer)
    assert [reason.field for reason in refused.value.reasons] == ["correction"]
    actions.resolve(correction=CORRECTION, **answer)
    assert (dispute.outcome, dispute.correction) == ("corrected", CORRECTION)


ACTS: dict[Act, Callable[..., Any]] = {
    Act.TAKE: lambda d, bureau, owner: actions.take(dispute=d, by=bureau, at=TUESDAY),
    Act.ASK_MORE: lambda d, bureau, owner: actions.ask_more(dispute=d, text="请补充", by=bureau, at=TUESDAY),
    Act.SUPPLY: lambda d, bureau, owner: actions.supply(dispute=d, text="已补充", by=owner, at=TUESDAY),
    Act.RESOLVE: lambda d, bureau, owner: actions.resolve(
        dispute=d, answer=WRITTEN, outcome="explained", correction="", by=bureau, at=TUESDAY
    ),
    Act.REJECT: lambda d, bureau, owner: actions.reject(
        dispute=d, ground="as_recorded", answer=WRITTEN, by=bureau, at=TUESDAY
    ),
    Act.WITHDRAW: lambda d, bureau, owner: actions.withdraw(dispute=d, by=owner, at=TUESDAY),
    Act.CLOSE: lambda d, bureau, owner: actions.close(dispute=d, by=owner, at=TUESDAY),
}


def test_from_every_state_only_the_steps_of_the_table_can_be_taken(
    dispute: Dispute, tax_bureau: Person, red_star: Firm
) -> None:
    hands = {RAISE: red_star.owner, ANSWER: tax_bureau.actor, TEND: platform("test")}
    for step in TRANSITIONS:
        for state in State:
            Dispute.objects.filter(pk=dispute.pk).update(state=state, answer=b"x")
            standing = Dispute.objects.defer("answer").get(pk=dispute.pk)
            who = {"dispute": standing, "act": step.act, "by": hands[step.permission], "at": TUESDAY}
            if state in step.sources:
                move(**who)
                assert standing.state == step.target
                continue
            with pytest.raises(TooLate), transaction.atomic():
                move(**who)
            if step.act in ACTS:
                with pytest.raises(TooLate), transaction.atomic():
                    ACTS[step.act](standing, tax_bureau.actor, red_star.owner)


def test_somebody_was_first(dispute: Dispute, tax_bureau: Person) -> None:
    seen_before = Dispute.objects.get(pk=dispute.pk)
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    with pytest.raises(TooLate):
        actions.take(dispute=seen_before, by=tax_bureau.actor, at=TUESDAY)


# -- who may ---------------------------------------------------------------------------------------------------------


def test_a_department_of_another_category_does_not_see_it(dispute: Dispute, power_company: Person) -> None:
    with pytest.raises(NotFound):
        queries.dispute(dispute.number, visible_to=power_company.actor)
    assert queries.tray_counts(power_company.actor, MONDAY.date())["todo"] == 0
    with pytest.raises(NotAllowed):
        actions.take(dispute=dispute, by=power_company.actor, at=TUESDAY)


def test_another_enterprise_does_not_see_it_nor_disputes_our_figure(
    dispute: Dispute, own_report: Report, blue_sea: Firm
) -> None:
    with pytest.raises(NotFound):
        queries.dispute(dispute.number, visible_to=blue_sea.owner)
    for act in (actions.withdraw, actions.close):
        with pytest.raises(NotAllowed):
            act(dispute=dispute, by=blue_sea.owner, at=TUESDAY)
    with pytest.raises(NotAllowed):
        raised(own_report, blue_sea)


def test_the_two_sides_do_not_do_each_others_part(dispute: Dispute, tax_bureau: Person, red_star: Firm) -> None:
    with pytest.raises(NotAllowed):
        actions.take(dispute=dispute, by=red_star.owner, at=TUESDAY)
    with pytest.raises(NotAllowed):
        actions.withdraw(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)


def test_it_goes_on_when_the_consent_is_revoked_meanwhile(
    dispute: Dispute, consent: Consent, own_report: Report, red_star: Firm, tax_bureau: Person
) -> None:
    consents.revoke(consent=consent, by=red_star.owner, at=TUESDAY)
    with pytest.raises(NotGranted):
        raised(own_report, red_star, figure=("invoices", "growth"), at=WEDNESDAY)
    assert raised(own_report, red_star, at=WEDNESDAY).pk == dispute.pk
    actions.take(dispute=dispute, by=tax_bureau.actor, at=WEDNESDAY)
    assert queries.shown(queries.dispute(dispute.number, visible_to=tax_bureau.actor)).value == "2,345.68 万元"
    actions.reject(
        dispute=dispute, ground="as_recorded", answer="与申报一致，不予更正。", by=tax_bureau.actor, at=THURSDAY
    )
    assert queries.dispute(dispute.number, visible_to=red_star.owner).answer == "与申报一致，不予更正。"


def test_a_figure_that_the_report_does_not_hold_is_no_figure(own_report: Report, red_star: Firm) -> None:
    with pytest.raises(NotFound):
        raised(own_report, red_star, figure=("tax", "paid"))


# -- at rest ---------------------------------------------------------------------------------------------------------


def test_what_people_wrote_and_the_figure_are_sealed_and_stand_in_no_message(
    dispute: Dispute, tax_bureau: Person, red_star: Firm
) -> None:
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    actions.reject(
        dispute=dispute, ground="as_recorded", answer="与申报一致，不予更正。", by=tax_bureau.actor, at=TUESDAY
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(d)::text FROM dispute d UNION ALL SELECT row_to_json(s)::text FROM dispute_step s"
        )
        kept = "".join(row[0] for row in cursor.fetchall())
        cursor.execute(
            "SELECT encode(reason, 'escape') || encode(shown, 'escape') || encode(answer, 'escape') FROM dispute"
        )
        kept += "".join(row[0] for row in cursor.fetchall())
    said = " ".join(Notice.objects.values_list("text", flat=True)) + " ".join(m.text for m in Message.objects.all())
    for words in (*SAID.values(), "不予更正", "2,345.68"):
        assert words not in kept and words not in said
    assert "不予更正" not in str(list(Line.objects.values_list("detail", flat=True)))


def test_steps_are_evidence(dispute: Dispute) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Step.objects.filter(dispute=dispute).update(act="close")


def test_a_clerk_who_may_follow_disputes_as_the_owner_does_and_one_who_may_only_apply_does_not(
    own_report: Report, red_star: Firm, tax_bureau: Person
) -> None:
    clerk = replace(red_star.owner, roles=frozenset({Role.ENTERPRISE_CLERK}), acts=frozenset({"apply"}))
    figure = {"report": own_report, "category": SALES[0], "key": SALES[1], "at": MONDAY, **SAID}
    with pytest.raises(NotAllowed):
        actions.raise_dispute(by=clerk, **figure)
    made = actions.raise_dispute(by=replace(clerk, acts=frozenset({"follow"})), **figure)
    assert queries.dispute(made.number, visible_to=red_star.owner) == made
