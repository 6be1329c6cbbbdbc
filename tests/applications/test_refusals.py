"""How an application ends without money, why, and until when the institution may still look.

Seen red: with the place in the consent kept at the end, taken on any day, or taken where money was lent; with every
reason allowed at intake; with the fact not bound, not looked up, or taken unbooked.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from jinfuyun.applications import actions, queries
from jinfuyun.applications.rules import State
from jinfuyun.audit.models import Line
from jinfuyun.consents import actions as consents
from jinfuyun.consents import queries as consents_read
from jinfuyun.consents.rules import BASIC_CATEGORIES
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import NotGranted, TooLate
from jinfuyun.kit.grant import Purpose
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Message
from jinfuyun.notifications.rules import Template
from jinfuyun.reports.models import Report
from jinfuyun.storage import files
from tests.applications.steps import DRAWDOWN, grant, to_contract, to_review
from tests.cast import FRIDAY, MONDAY, TUESDAY, WEDNESDAY
from tests.market import OFFER
from tests.reports.sample import REPORT


def test_declined_at_intake_the_institution_loses_its_place_at_once(application, red_star, officer):
    actions.decline_intake(application=application, refusal=actions.Refused("policy_region"), by=officer, at=MONDAY)
    assert (application.state, application.refusal_basis, application.due_on) == ("declined_intake", "policy", None)
    with pytest.raises(NotGranted):
        grant(red_star, MONDAY)
    assert "不在本机构服务区域" in Message.objects.get(template=Template.APPLICATION_REFUSED).text


@pytest.mark.parametrize("code", ["data_sales", "data_months", "data_record", "credit", "nonsense", ""])
def test_at_intake_only_reasons_that_need_no_report(application, officer, code):
    with pytest.raises(NotInOrder):
        actions.decline_intake(application=application, refusal=actions.Refused(code), by=officer, at=MONDAY)


def test_withdrawn_the_institution_loses_its_place_at_once(application, red_star, officer):
    to_review(application, officer)
    actions.withdraw(application=application, why="资金已解决", by=red_star.owner, at=WEDNESDAY)
    with pytest.raises(NotGranted):
        grant(red_star, WEDNESDAY)


def test_nobody_decides_after_the_withdrawal(application, red_star, officer, approver):
    to_review(application, officer)
    stale = queries.application(application.number, visible_to=approver)
    actions.withdraw(application=application, why="资金已解决", by=red_star.owner, at=WEDNESDAY)
    for one in (stale, queries.application(application.number, visible_to=approver)):
        with pytest.raises(TooLate, match="撤回"):
            actions.approve(application=one, offer=OFFER, by=approver, at=WEDNESDAY)
        with pytest.raises(TooLate, match="撤回"):
            actions.reject(application=one, refusal=actions.Refused("credit"), by=approver, at=WEDNESDAY)
    application.refresh_from_db()
    assert (application.state, application.offer_amount_fen, application.refusal_code) == (State.WITHDRAWN, None, "")


def test_after_a_refusal_the_institution_may_look_twenty_days_more_to_answer_objections(
    application, red_star, officer, approver
):
    to_review(application, officer)
    actions.reject(application=application, refusal=actions.Refused("credit"), by=approver, at=WEDNESDAY)
    assert grant(red_star, WEDNESDAY + timedelta(days=19))
    assert actions.release_kept(by=platform("test"), at=WEDNESDAY + timedelta(days=19)) == 0
    assert actions.release_kept(by=platform("test"), at=WEDNESDAY + timedelta(days=20)) == 1
    with pytest.raises(NotGranted):
        grant(red_star, WEDNESDAY + timedelta(days=20))
    assert actions.release_kept(by=platform("test"), at=WEDNESDAY + timedelta(days=21)) == 0


def test_money_lent_keeps_the_institution_named(application, red_star, officer, approver):
    to_contract(application, officer, approver, red_star.owner)
    actions.fund(application=application, drawdown=DRAWDOWN, by=officer, at=FRIDAY)
    actions.release_kept(by=platform("test"), at=FRIDAY + timedelta(days=99))
    assert grant(red_star, FRIDAY + timedelta(days=99))


def opened_report(application, firm) -> str:
    covered = tuple(chapter for chapter in REPORT.chapters if chapter.category in BASIC_CATEGORIES)
    data = replace(REPORT, chapters=covered)
    Report.objects.create(
        number="BG1", enterprise_id=firm.uscc, consent_number=application.consent_number, reader_kind="institution",
        reader_code="RIVER", reader_name="闽江银行", opened_by="江", purpose=Purpose.PRE_LOAN,
        because=application.number, made_at=TUESDAY, content_file=files.put(data.to_json()), content_sha256="0" * 64,
    )  # fmt: skip
    return next(fact.name for chapter in data.chapters for fact in chapter.facts)


def test_a_refusal_on_platform_data_is_bound_to_the_fact_of_the_opened_report(application, red_star, officer, approver):
    to_review(application, officer)
    refusal = actions.Refused("data_sales", text="低于产品要求")
    with pytest.raises(NotInOrder, match="须先为本申请查询信用报告"):
        actions.reject(application=application, refusal=refusal, by=approver, at=WEDNESDAY)
    fact = opened_report(application, red_star)
    assert fact in dict(queries.facts_to_name(application, visible_to=approver, at=WEDNESDAY))
    with pytest.raises(NotInOrder, match="请选择所依据的数据"):
        actions.reject(application=application, refusal=refusal, by=approver, at=WEDNESDAY)
    actions.reject(application=application, refusal=replace(refusal, fact=fact), by=approver, at=WEDNESDAY)
    assert application.refusal_fact["name"] == fact
    assert application.refusal_fact["report"] == "BG1"
    assert application.refusal_fact["deliveries"]
    assert Line.objects.filter(action="report.viewed", subject="report:BG1").count() == 1


def test_no_fact_is_taken_from_a_report_once_the_consent_is_revoked(application, red_star, officer, approver):
    to_review(application, officer)
    fact = opened_report(application, red_star)
    consents.revoke(consent=consents_read.in_force(red_star.uscc, TUESDAY), by=red_star.owner, at=TUESDAY)
    with pytest.raises(NotGranted):
        actions.reject(
            application=application, refusal=actions.Refused("data_sales", fact=fact), by=approver, at=WEDNESDAY
        )
    application.refresh_from_db()
    assert application.state == State.UNDER_REVIEW
    assert Line.objects.get(action="data.refused").detail["because"] == application.number
    assert queries.facts_to_name(application, visible_to=approver, at=WEDNESDAY) == []
