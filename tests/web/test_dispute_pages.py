"""Disputes and questions on the pages of everybody who has to do with them."""

import io
from urllib.parse import quote

import pytest
from django.utils import timezone
from pypdf import PdfReader

from jinfuyun.consents import actions as consents
from jinfuyun.consents.models import Consent
from jinfuyun.disputes import actions
from jinfuyun.disputes.models import Dispute
from jinfuyun.kit.calendar import ONE_DAY, local_day
from jinfuyun.reports.models import Report
from tests.cast import RIVER_BANK, Firm, Person
from tests.disputes.conftest import consent, ledger, own_report, power_company, tax_bureau
from tests.disputes.stage import CORRECTION, SAID, SALES, raised, report_of
from tests.web.inside import inside

__all__ = ("consent", "ledger", "own_report", "power_company", "tax_bureau")

SCRIPT = "<script>alert(1)</script>"
NEW = "/my/disputes/new?report=BG20260302000001&category=invoices&key="


@pytest.fixture
def now_disputed(own_report: Report, red_star: Firm, tax_bureau: Person) -> Dispute:
    return raised(own_report, red_star, at=timezone.now())


@pytest.fixture
def theirs(consent: Consent, red_star: Firm) -> Report:
    """River Bank's, in whose name it may look at it."""
    bank = {"institution_code": RIVER_BANK, "institution_name": "闽江银行", "because": "RZ1"}
    consents.name_institution(uscc=red_star.uscc, by=red_star.owner, at=timezone.now(), **bank)
    return report_of(
        red_star, number="BG20260302000002", consent_number=consent.number, bank=RIVER_BANK, because="RZ1",
        at=timezone.now(),
    )  # fmt: skip


def text(answer: object) -> str:
    return answer.content.decode()


def test_every_part_of_the_own_report_leads_to_its_dispute(
    own_report: Report, red_star: Firm, red_star_owner: Person
) -> None:
    body = text(inside(red_star_owner, uscc=red_star.uscc).get(f"/my/reports/{own_report.number}"))
    for category, key in (SALES, ("invoices", "by_month"), ("registration", "record"), ("electricity", "kwh_r12")):
        assert f"report={own_report.number}&amp;category={category}&amp;key={quote(key)}" in body
    assert "异议处理中" not in body


def test_a_dispute_is_raised_on_one_page_and_its_mark_stands_in_both_reports_page_and_paper(
    own_report: Report, theirs: Report, red_star: Firm, red_star_owner: Person, tax_bureau: Person,
    river_bank_officer: Person,
) -> None:  # fmt: skip
    owner, officer = inside(red_star_owner, uscc=red_star.uscc), inside(river_bank_officer)
    page = text(owner.get(NEW + "sales_r12"))
    assert "2,345.68 万元" in page and "税务局" in page
    acting = {"acting_for": red_star.uscc}
    refused = owner.post(NEW + "sales_r12", {"reason": "", "right": "", **acting})
    assert refused.status_code == 422 and "请填写为什么认为有误" in text(refused)
    refused = owner.post(NEW + "sales_r12", {"reason": "错", "right": "某处", **acting})
    assert refused.status_code == 422 and "4 至 500 个字" in text(refused) and "某处" in text(refused)
    first = owner.post(NEW + "sales_r12", {**SAID, **acting})
    again = owner.post(NEW + "sales_r12", {**SAID, **acting})
    assert first.status_code == 302 and again.headers["Location"] == first.headers["Location"]
    number = first.headers["Location"].rsplit("/", 1)[1]
    own, banks = (
        text(owner.get(f"/my/reports/{own_report.number}")),
        text(officer.get(f"/bank/reports/{theirs.number}")),
    )
    # In the summary and in its chapter; for the enterprise each time with the way to its dispute.
    assert own.count("异议处理中") == 4 and own.count(f"/my/disputes/{number}") == 2
    assert banks.count("异议处理中") == 2 and "/my/disputes" not in banks and number not in banks
    paper = PdfReader(io.BytesIO(officer.get(f"/bank/reports/{theirs.number}/pdf").content))
    words = "".join("".join(page.extract_text().split()) for page in paper.pages)
    assert words.count("异议处理中") == 2


def test_text_with_script_is_harmless_at_both_sides(
    own_report: Report, red_star: Firm, red_star_owner: Person, tax_bureau: Person
) -> None:
    said = {"reason": SCRIPT, "right": SCRIPT}
    now = timezone.now()
    dispute = actions.raise_dispute(
        report=own_report, category=SALES[0], key=SALES[1], **said, by=red_star.owner, at=now
    )
    actions.take(dispute=dispute, by=tax_bureau.actor, at=now)
    actions.ask_more(dispute=dispute, text=SCRIPT, by=tax_bureau.actor, at=now)
    for body in (
        text(inside(red_star_owner, uscc=red_star.uscc).get(f"/my/disputes/{dispute.number}")),
        text(inside(tax_bureau).get(f"/department/disputes/{dispute.number}")),
    ):
        assert SCRIPT not in body and "&lt;script&gt;alert(1)" in body


def test_strangers_find_nothing(
    now_disputed: Dispute, blue_sea: Firm, stranger: Person, power_company: Person, own_report: Report
) -> None:
    other = inside(stranger, uscc=blue_sea.uscc)
    for address in (f"/my/disputes/{now_disputed.number}", NEW + "sales_r12"):
        assert other.get(address).status_code == 404
    acting = {"acting_for": blue_sea.uscc}
    assert other.post(f"/my/disputes/{now_disputed.number}/withdraw", acting).status_code == 404
    assert other.post(NEW + "sales_r12", {**SAID, **acting}).status_code == 404
    power = inside(power_company)
    assert power.get(f"/department/disputes/{now_disputed.number}").status_code == 404
    assert power.post(f"/department/disputes/{now_disputed.number}/take").status_code == 404
    assert now_disputed.number not in text(power.get("/department/disputes"))


def test_the_department_looks_asks_and_answers(
    ledger: None, now_disputed: Dispute, theirs: Report, tax_bureau: Person, red_star: Firm, red_star_owner: Person,
    river_bank_officer: Person,
) -> None:  # fmt: skip
    bureau, owner = inside(tax_bureau), inside(red_star_owner, uscc=red_star.uscc)
    page, mine = f"/department/disputes/{now_disputed.number}", f"/my/disputes/{now_disputed.number}"
    assert '<span class="nav-count">1<' in text(bureau.get("/department/disputes"))
    for words in (SAID["reason"], SAID["right"], "2,345.68 万元", f"{now_disputed.due_on}", "还有 <b>20</b> 天"):
        assert words in text(bureau.get(page))
    assert bureau.post(f"{page}/take").status_code == 302
    assert bureau.post(f"{page}/ask", {"text": "哪两家门店？"}).status_code == 302
    assert "哪两家门店？" in text(owner.get(mine))
    owner.post(f"{mine}/supply", {"text": "晋安店和仓山店。", "acting_for": red_star.uscc})
    answer = {"outcome": "corrected", "answer": "已补送更正。", "correction": ""}
    for correction, why in (("", "请填写更正数据的批次号"), ("20990101-000001", "没有这个批次")):
        refused = bureau.post(f"{page}/answer", answer | {"correction": correction})
        assert refused.status_code == 422 and why in text(refused) and "已补送更正。" in text(refused)
    assert bureau.post(f"{page}/answer", answer | {"answer": ""}).status_code == 422
    assert bureau.post(f"{page}/answer", answer | {"correction": CORRECTION}).status_code == 302
    told = text(owner.get(mine))
    assert "已补送更正。" in told and "数据已更正" in told and CORRECTION in told and "税" in told
    officer = inside(river_bank_officer)
    desk = text(officer.get(f"/bank/reports/{theirs.number}"))
    assert "此报告中的“开票销售 R12”" in desk and "请重新查询" in desk and "异议处理中" not in desk
    owner.post(f"{mine}/close", {"acting_for": red_star.uscc})
    assert "已办结" in text(owner.get("/my/disputes"))


def test_a_rejection_says_its_reason_to_the_enterprise(
    now_disputed: Dispute, red_star: Firm, red_star_owner: Person, tax_bureau: Person
) -> None:
    bureau, page = inside(tax_bureau), f"/department/disputes/{now_disputed.number}"
    bureau.post(f"{page}/take")
    answer = {"outcome": "rejected", "answer": "与申报表一致。", "correction": ""}
    assert "请选择原因" in text(bureau.post(f"{page}/answer", answer))
    assert bureau.post(f"{page}/answer", answer | {"ground": "definition"}).status_code == 302
    told = text(inside(red_star_owner, uscc=red_star.uscc).get(f"/my/disputes/{now_disputed.number}"))
    assert "企业所说的口径不同，数据无误（指标口径）" in told


def test_withdrawn_it_is_over(now_disputed: Dispute, red_star: Firm, red_star_owner: Person) -> None:
    owner, mine = inside(red_star_owner, uscc=red_star.uscc), f"/my/disputes/{now_disputed.number}"
    acting = {"acting_for": red_star.uscc}
    assert "data-confirm" in text(owner.get(mine))
    owner.post(f"{mine}/withdraw", acting)
    assert "企业已撤回" in text(owner.get(mine)) and "撤回异议</button>" not in text(owner.get(mine))
    again = owner.post(f"{mine}/withdraw", acting)
    assert again.status_code == 302 and "刚刚已被处理" in text(owner.get(mine))


def test_the_list_of_readings_says_who_why_under_what_and_which_chapters_and_asks_with_one_click(
    theirs: Report, red_star: Firm, red_star_owner: Person, river_bank_officer: Person
) -> None:
    owner, officer, acting = (
        inside(red_star_owner, uscc=red_star.uscc),
        inside(river_bank_officer),
        {"acting_for": red_star.uscc},
    )
    listed = text(owner.get("/my/report"))
    for words in (
        "闽江银行",
        "river.officer",
        "贷前审查",
        "申请 RZ1",
        theirs.consent_number,
        "登记、发票、用电",
        "询问该机构",
    ):
        assert words in listed
    assert owner.post(f"/my/readings/{theirs.number}/ask", acting).status_code == 302
    assert "询问该机构</button>" not in text(owner.get("/my/report"))
    assert '<span class="nav-count">1<' in text(officer.get("/bank/questions"))
    [address] = {part.split('"')[0] for part in text(officer.get("/bank/questions")).split('href="')
                 if part.startswith("/bank/questions/XW")}  # fmt: skip
    assert officer.post(address, {"answer": ""}).status_code == 422
    assert officer.post(address, {"answer": f"贷前审查。{SCRIPT}"}).status_code == 302
    listed = text(owner.get("/my/report"))
    assert "贷前审查。&lt;script" in listed and SCRIPT not in listed


def test_what_is_late_is_marked_and_listed_for_those_who_see_to_it(
    own_report: Report, theirs: Report, red_star: Firm, red_star_owner: Person, tax_bureau: Person, operator: Person,
    fuzhou_regulator: Person, river_bank_officer: Person,
) -> None:  # fmt: skip
    long_ago = timezone.now() - 30 * ONE_DAY
    consents_at = Consent.objects.get(number=own_report.consent_number)
    Consent.objects.filter(pk=consents_at.pk).update(
        signed_at=long_ago - ONE_DAY, start_on=local_day(long_ago) - ONE_DAY
    )
    dispute = raised(own_report, red_star, at=long_ago)
    question = actions.ask(uscc=red_star.uscc, report_number=theirs.number, by=red_star.owner, at=long_ago)
    pages = (
        (red_star_owner, red_star.uscc, "/my/disputes"), (red_star_owner, red_star.uscc, "/my/report"),
        (tax_bureau, "", "/department/disputes"), (river_bank_officer, "", "/bank/questions"),
    )  # fmt: skip
    for person, uscc, page in pages:
        assert "已超时" in text(inside(person, uscc=uscc).get(page)), page
    desk = text(inside(operator).get("/operator/disputes"))
    assert dispute.number in desk and question.number in desk and '<span class="nav-count">2<' in desk
    seen = text(inside(fuzhou_regulator).get("/regulator/questions"))
    assert question.number in seen and red_star.name not in seen and dispute.number not in seen
