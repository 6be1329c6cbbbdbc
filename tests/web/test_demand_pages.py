"""Demands on the pages of each side, without a browser: what is typed comes back, what is late is said, what waits.

Seen red: with the draft kept only when the form is whole; with the claim's refusal as a missing page.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from jinfuyun.demands import actions, tasks
from jinfuyun.demands.models import Demand, Party
from jinfuyun.demands.rules import State
from jinfuyun.kit.calendar import local_day
from tests.cast import given
from tests.demands.stage import WANTED, bank, claimed, officer_of, posted, proposed
from tests.market import WAN, applied
from tests.web.inside import inside


@pytest.fixture
def wanted():
    return replace(WANTED, open_until=local_day(timezone.now()) + timedelta(days=20))


@pytest.fixture
def owner(db, red_star, red_star_owner):
    return inside(red_star_owner, uscc=red_star.uscc)


@pytest.fixture
def officer(db, river_bank_officer):
    bank("RIVER", 3)
    return inside(river_bank_officer)


def typed(firm, **changes):
    until = local_day(timezone.now()) + timedelta(days=20)
    return {
        "acting_for": firm.uscc, "draft": str(uuid4()), "amount_fen": "100", "term_months": "12", "purpose": "stock",
        "securities": ["unsecured"], "loan_kind": "further", "anonymous": "on", "open_until": f"{until}", **changes,
    }  # fmt: skip


def test_what_can_be_read_is_kept_while_the_rest_is_wrong(owner, red_star):
    form = typed(red_star, term_months="一年", amount_fen="88.5")
    assert owner.post("/my/demands/new", form | {"save": "1"}, headers={"X-Autosave": "1"}).status_code == 204
    draft = Demand.objects.get()
    assert (draft.amount_fen, draft.term_months, draft.state) == (88_500_000, None, State.DRAFT)
    page = owner.get(f"/my/demands/new?draft={draft.number}").content.decode()
    assert 'value="88.50"' in page
    assert str(draft.pk) in page
    assert owner.get(f"/my/demands/{draft.number}").headers["Location"] == f"/my/demands/new?draft={draft.number}"


def test_the_same_page_sent_twice_is_one_demand(owner, red_star):
    form = typed(red_star)
    places = {owner.post("/my/demands/new", form).headers["Location"] for _ in range(2)}
    assert places == {f"/my/demands/{Demand.objects.get().number}"}


def test_every_reason_stands_at_its_field(owner, red_star):
    answer = owner.post("/my/demands/new", typed(red_star, purpose="other", rate_max_bp="30"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "用途说明：请用一句话说明用途。" in page
    assert "利率上限应大于 0" in page
    assert Demand.objects.get().state == State.DRAFT


def test_the_last_application_is_not_typed_again(owner, red_star):
    bank("RIVER", 3)
    given(red_star)
    applied(red_star)
    page = owner.get("/my/demands/new").content.decode()
    assert 'name="amount_fen" value="100"' in page
    assert '<option value="stock" selected' in page


def test_the_sixth_claim_is_told_so_and_stays_on_the_market(officer, red_star, wanted):
    demand = posted(red_star, wanted, at=timezone.now())
    for number in range(5):
        claimed(demand, bank(f"BANK{number}", 30 + number).code, at=timezone.now())
    answer = officer.post(f"/bank/demands/{demand.number}/claim", follow=True)
    assert answer.redirect_chain[-1][0] == "/bank/demands"
    assert "名额已满" in answer.content.decode()


def test_the_market_is_filtered_and_nonsense_filters_nothing(officer, red_star, wanted):
    for wan in (50, 500):
        posted(red_star, replace(wanted, amount_fen=wan * WAN), at=timezone.now())

    def count(query: str) -> int:
        return officer.get(f"/bank/demands?{query}").content.decode().count("XQ2")

    everything = count("")
    assert count("amount_min_fen=100") * 2 == everything
    assert count("city=350100&purpose=stock&security=guarantee&loan_kind=further") == everything
    for nothing in ("city=350200", "purpose=wages", "security=pledge", "loan_kind=first", "amount_max_fen=10"):
        assert count(nothing) == 0, nothing
    assert count("amount_min_fen=x&city=nowhere&tray=none&page=z") == everything


def test_no_bank_page_names_who_is_anonymous(officer, red_star, red_star_owner, wanted):
    demand = posted(red_star, wanted, at=timezone.now())
    pages = [officer.get("/bank/demands"), officer.get(f"/bank/demands/{demand.number}")]
    officer.post(f"/bank/demands/{demand.number}/claim")
    pages += [officer.get(f"/bank/demands/{demand.number}"), officer.get("/bank/demands?tray=todo")]
    for page in pages:
        words = page.content.decode()
        assert page.status_code == 200
        assert not {one for one in (red_star.name, red_star.uscc, red_star_owner.phone) if one in words}


def test_a_sealed_proposal_shows_no_figure_and_the_list_says_that_it_waits(owner, red_star, wanted):
    given(red_star)
    bank("RIVER", 3)
    demand = posted(red_star, wanted, at=timezone.now())
    until = local_day(timezone.now()) + timedelta(days=9)
    proposed(demand, "RIVER", at=timezone.now(), rate_bp=387, valid_till=until)
    path = f"/my/demands/{demand.number}"
    for page in (owner.get(path), owner.get(f"{path}/compare")):
        assert "3.87%" not in page.content.decode()
    assert "1 份未打开" in owner.get("/my/demands").content.decode()
    assert "有新的意向方案" in owner.get("/todo").content.decode()
    owner.post(f"{path}/look", {"acting_for": red_star.uscc, "institution": "RIVER"})
    assert "3.87%" in owner.get(path).content.decode()
    assert "有新的意向方案" not in owner.get("/todo").content.decode()


def test_choosing_without_a_consent_leads_to_the_consents(owner, red_star, wanted):
    bank("RIVER", 3)
    demand = posted(red_star, wanted, at=timezone.now())
    proposed(demand, "RIVER", at=timezone.now(), valid_till=local_day(timezone.now()) + timedelta(days=9))
    actions.look(demand=demand, institution_code="RIVER", by=red_star.owner, at=timezone.now())
    answer = owner.post(
        f"/my/demands/{demand.number}/choose", {"acting_for": red_star.uscc, "institution": "RIVER"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/my/consents"
    assert "请先签署或恢复授权" in answer.content.decode()


def test_ending_it_unmet_wants_a_reason_that_the_institutions_at_it_read(owner, officer, red_star, wanted):
    demand = posted(red_star, wanted, at=timezone.now())
    officer.post(f"/bank/demands/{demand.number}/claim")
    path, who = f"/my/demands/{demand.number}/decline", {"acting_for": red_star.uscc}
    assert owner.post(path, who | {"reason": ""}).status_code == 422
    assert owner.post(path, who | {"reason": "rate", "text": "长" * 201}).status_code == 422
    said = who | {"reason": "rate", "text": "高于\0现有贷款"}
    assert "利率或费用偏高" in owner.post(path, said, follow=True).content.decode()
    assert "利率或费用偏高（方案条件）：高于现有贷款" in officer.get(f"/bank/demands/{demand.number}").content.decode()


def test_an_assignment_is_on_the_desk_with_its_reasons_and_is_handed_back(officer, red_star, wanted):
    demand = posted(red_star, wanted, at=timezone.now() - timedelta(days=20))
    tasks.tend(at=timezone.now())
    assert "派单待答复" in officer.get("/bank/").content.decode()
    path = f"/bank/demands/{demand.number}"
    assert "与企业同城 +15" in officer.get(path).content.decode()
    assert officer.post(f"{path}/hand_back", {"reason": ""}).status_code == 422
    assert "没有适合的产品" in officer.post(f"{path}/hand_back", {"reason": "no_product"}, follow=True).content.decode()
    assert Party.objects.get().left_because == "no_product"


def test_the_regulators_look_stands_in_the_enterprises_book(owner, red_star, fuzhou_regulator, wanted):
    demand = posted(red_star, wanted, at=timezone.now() - timedelta(days=20))
    tasks.tend(at=timezone.now())
    regulator = inside(fuzhou_regulator)
    page = regulator.get("/regulator/demands").content.decode()
    assert demand.number in page
    assert red_star.name not in page
    assert regulator.get(f"/regulator/demands/{demand.number}/call-back").status_code == 405
    shown = regulator.post(f"/regulator/demands/{demand.number}/call-back").content.decode()
    assert red_star.name in shown
    assert red_star.legal_phone in shown
    assert "管理部门为督办查看企业名称和电话" in owner.get("/my/access").content.decode()


def test_every_step_has_words_in_the_book(owner, red_star, wanted):
    bank("RIVER", 3)
    demand = posted(red_star, wanted, at=timezone.now())
    claimed(demand, "RIVER", at=timezone.now())
    actions.disclose(demand=demand, institution_code="RIVER", by=red_star.owner, at=timezone.now())
    actions.hand_back(party=Party.objects.get(), reason="terms", by=officer_of("RIVER"), at=timezone.now())
    assert "demand." not in owner.get("/my/access").content.decode()
