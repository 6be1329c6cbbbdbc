"""The wizard at its door: which page answers what, without a browser."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.utils import timezone

from jinfuyun.audit.models import Line
from jinfuyun.data.door import Registration, Verdict
from jinfuyun.enterprises import actions, queries
from jinfuyun.enterprises.actions.authenticate import keep_registered, write_verdict
from jinfuyun.enterprises.models import Enterprise, Run
from jinfuyun.enterprises.rules import Elements
from jinfuyun.kit import regions
from tests import market
from tests.cast import Firm, Person, given, uscc_of
from tests.web.inside import inside
from tests.web.stage import LICENCE, unfinished_run

pytestmark = pytest.mark.django_db

PROFILE = {
    "name": "红星示例机械二厂", "region": "350111", "industry": "C", "nature": "enterprise", "legal_name": "林红星",
    "contact_name": "林红星", "contact_phone": "13800000001",
}  # fmt: skip


def verified(person: Person, number: int, at: datetime | None = None) -> Run:
    run: Run = unfinished_run(person, number=number, verdict=Verdict.MATCHES, at=at or timezone.now())
    return run


def test_another_persons_enterprise_leads_to_the_way_of_a_mandate(red_star: Firm, red_star_owner: Person) -> None:
    run = verified(red_star_owner, 11)  # of the holder of document 11; Red Star's is 1
    answer = inside(red_star_owner).post(
        "/enterprises/new/profile", PROFILE | {"run": str(run.pk), "uscc": uscc_of(11)}
    )
    assert (answer.status_code, "经办授权" in answer.content.decode()) == (200, True)
    assert not Enterprise.objects.filter(uscc=uscc_of(11)).exists()


def test_a_run_given_up_leaves_the_desk(red_star_owner: Person, operator: Person) -> None:
    """Seen red: the inbox fell over what the person had given up."""
    run = unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=timezone.now())
    case = actions.open_case(
        run=run, reason="differs", note="", licence=LICENCE, by=red_star_owner.actor, at=timezone.now()
    )
    desk = inside(operator)
    assert uscc_of(12) in desk.get("/operator/desk").content.decode()
    inside(red_star_owner).post("/enterprises/new/drop", {"run": str(run.pk)})
    assert uscc_of(12) not in desk.get("/operator/desk").content.decode()
    assert desk.get(f"/operator/desk/{case.pk}").status_code == 404


# -- one page is one run ---------------------------------------------------------------------------------------------

TYPED = {"tax_number": uscc_of(1), "legal_name": "林红星", "id_type": "resident", "phone": "13800000001"}


def test_nothing_typed_makes_no_run(red_star_owner: Person) -> None:
    """Seen red: three empty posts, three runs in the list."""
    visitor = inside(red_star_owner)
    for _ in range(3):
        assert visitor.post("/enterprises/new/elements", {"id_type": "resident"}).status_code == 422
    assert not Run.objects.exists()


def test_the_same_typed_again_goes_on_with_the_run_that_is_there(red_star_owner: Person) -> None:
    visitor = inside(red_star_owner)
    for _ in range(3):
        visitor.post("/enterprises/new/elements", TYPED)
    visitor.post("/enterprises/new/elements", TYPED | {"legal_name": "林"})
    assert Run.objects.count() == 2


def test_a_name_that_is_anothers_run_makes_none(red_star_owner: Person, stranger: Person) -> None:
    theirs = unfinished_run(stranger, number=11, verdict=Verdict.DIFFERS, at=timezone.now())
    visitor = inside(red_star_owner)
    answer = visitor.post("/enterprises/new/elements", TYPED | {"new_run": str(theirs.pk)})
    assert answer.status_code == 404
    assert visitor.post("/enterprises/new/elements", TYPED | {"new_run": "no such thing"}).status_code == 422
    theirs.refresh_from_db()
    assert theirs.state == "differs"


# -- what a refusal says ---------------------------------------------------------------------------------------------

# Words that would tell which element it was.
ELEMENTS = ("姓名不", "证件号不", "手机号不", "纳税号不")


def said(person: Person, run: Run) -> str:
    """The notice on the page of that run."""
    page = inside(person).get(f"/enterprises/new/elements?run={run.pk}").content.decode()
    return page.partition('role="alert"')[2].partition("<form")[0]


@pytest.mark.parametrize(
    ("verdict", "words"), [(Verdict.DIFFERS, "不能全部对上"), (Verdict.UNKNOWN, "没有查到")], ids=str
)
def test_each_answer_of_the_tax_department_has_its_own_words(
    red_star_owner: Person, verdict: Verdict, words: str
) -> None:
    """Seen red: UNKNOWN told the person that his elements differ."""
    run = unfinished_run(red_star_owner, number=12, verdict=verdict, at=timezone.now())
    text = said(red_star_owner, run)
    assert (words in text, "转人工核验" in text) == (True, True)
    assert not [word for word in ELEMENTS if word in text]
    others = {Verdict.DIFFERS: "没有查到", Verdict.UNKNOWN: "不能全部对上"}
    assert others[verdict] not in text


def test_what_the_operators_refused_is_not_the_tax_offices_answer(red_star_owner: Person, operator: Person) -> None:
    """Seen red: the page said 税务部门的回答是, and the operator's reason stood in the inbox only."""
    run = unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=timezone.now())
    case = actions.open_case(
        run=run, reason="differs", note="", licence=LICENCE, by=red_star_owner.actor, at=timezone.now()
    )
    inside(operator).post(f"/operator/desk/{case.pk}", {"refuse": "1", "answer": "执照照片看不清，请重新上传。"})
    text = said(red_star_owner, run)
    assert ("执照照片看不清，请重新上传。" in text, "税务部门的回答" in text) == (True, False)


def test_a_later_answer_of_the_tax_department_replaces_the_operators(red_star_owner: Person, operator: Person) -> None:
    run = unfinished_run(red_star_owner, number=12, verdict=Verdict.DIFFERS, at=timezone.now())
    case = actions.open_case(
        run=run, reason="differs", note="", licence=LICENCE, by=red_star_owner.actor, at=timezone.now()
    )
    actions.reject_case(case=case, answer="看不清", by=operator.actor, at=timezone.now())
    run = Run.objects.get(pk=run.pk)
    elements = Elements(**queries.draft_of(run)["elements"])
    write_verdict(
        run=run, elements=elements, verdict=Verdict.DIFFERS, registered=None, by=red_star_owner.actor,
        at=timezone.now(),
    )  # fmt: skip
    text = said(red_star_owner, run)
    assert ("看不清" in text, "不能全部对上" in text) == (False, True)


# -- what is declared beside what is registered ----------------------------------------------------------------------

ON_FILE = Registration(
    uscc=uscc_of(1), tax_number=uscc_of(1), name="红星示例机械厂", legal_name="林红星", region="350102", industry="34",
    nature="enterprise", kind="", capital="", registered_on=None, address="", scope="", status="",
    as_of=timezone.localdate(),
)  # fmt: skip


def registered_run(person: Person) -> Run:
    run = verified(person, 1)
    return keep_registered(run=run, registered=ON_FILE, by=person.actor, at=timezone.now())


def profiled(person: Person, **declared: str) -> None:
    run = registered_run(person)
    answer = inside(person).post(
        "/enterprises/new/profile", PROFILE | {"uscc": uscc_of(1), "run": str(run.pk)} | declared
    )
    assert answer.status_code == 302


def test_step_two_says_what_is_registered_at_each_field(red_star_owner: Person) -> None:
    page = inside(red_star_owner).get(f"/enterprises/new/profile?run={registered_run(red_star_owner).pk}")
    text = page.content.decode()
    for words in ("登记值：红星示例机械厂", "登记值：福州市鼓楼区", "登记值：通用设备制造业", "登记值：企业"):
        assert words in text, words


@pytest.mark.parametrize(
    ("region", "address", "offered"),
    [
        ("350102", "", "350102"),
        ("350100", "福建省福州市晋安区福新路 1 号", "350111"),  # the code says the city only
        ("350182", "", "350112"),  # 长乐市 is 长乐区 since 2017
        ("350100", "某路 1 号", ""),
    ],
)
def test_the_county_is_offered_also_where_the_registered_code_is_of_former_times(
    red_star_owner: Person, region: str, address: str, offered: str
) -> None:
    run = verified(red_star_owner, 1)
    told = replace(ON_FILE, region=region, address=address, industry="通用设备制造业")
    keep_registered(run=run, registered=told, by=red_star_owner.actor, at=timezone.now())
    page = inside(red_star_owner).get(f"/enterprises/new/profile?run={run.pk}").content.decode()
    chosen = set(re.findall(r'<option value="(\w+)" selected', page))
    assert chosen >= {"34"} | ({offered} if offered else set())
    assert len(chosen & {code for _, counties in regions.choices() for code, _ in counties}) == bool(offered)


def test_what_was_declared_otherwise_stands_beside_what_is_registered(red_star_owner: Person) -> None:
    """Seen red: the page promised it, and nothing showed it."""
    profiled(red_star_owner, name="红星示例机械二厂", region="350111", industry="56")
    page = inside(red_star_owner, uscc=uscc_of(1)).get("/my").content.decode()
    for words in ("登记值：红星示例机械厂", "登记值：福州市鼓楼区", "登记值：通用设备制造业"):
        assert words in page, words
    line = Line.objects.get(action="enterprise.profiled")
    assert line.detail["differs"] == ["industry", "name", "region"]


def test_the_bank_reads_both(red_star: Firm, river_bank_officer: Person) -> None:
    given(red_star, at=timezone.now())
    Enterprise.objects.update(registered={"name": "红星示例农机厂", "region": "350102", "industry": "34"})
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    number = market.applied(red_star, at=timezone.now()).number
    page = inside(river_bank_officer).get(f"/bank/applications/{number}").content.decode()
    assert ("登记值：红星示例农机厂" in page, "登记值：福州市鼓楼区" in page) == (True, True)
    assert "登记值：通用设备制造业" not in page  # the section that was declared holds it


def test_a_section_is_no_other_than_the_division_below_it(red_star_owner: Person) -> None:
    profiled(red_star_owner, name="红星示例机械厂", region="350102", industry="C")
    page = inside(red_star_owner, uscc=uscc_of(1)).get("/my").content.decode()
    assert "登记值" not in page


def test_a_division_can_be_chosen_and_the_registered_one_stands_there_already(red_star_owner: Person) -> None:
    """Seen red: sections only."""
    run = registered_run(red_star_owner)
    page = inside(red_star_owner).get(f"/enterprises/new/profile?run={run.pk}").content.decode()
    assert ('<optgroup label="制造业">' in page, '<option value="34" selected>' in page) == (True, True)
    profiled(red_star_owner, industry="34")
    assert Enterprise.objects.get().industry_code == "34"
