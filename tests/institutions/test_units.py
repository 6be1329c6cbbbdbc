"""Branches: what is routed where, and who sees it.

Seen red, each alone: `within` always empty, `nearest` without the staffed ones, the region of the branch above not
compared, a branch's administrator let into the tree, a report page that does not ask for the application.
"""

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.utils import timezone

from jinfuyun.accounts import actions as people
from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import Invitation, User
from jinfuyun.applications import actions as applications
from jinfuyun.applications import queries as applications_read
from jinfuyun.applications.actions.moving import tell_institution
from jinfuyun.institutions import actions, queries
from jinfuyun.institutions.rules import Level, UnitDraft
from jinfuyun.kit.actor import Role, institution_house
from jinfuyun.kit.errors import NotAllowed, NotFound
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.notifications.models import Notice
from jinfuyun.notifications.rules import Template
from jinfuyun.reports.models import Report
from tests import market
from tests.cast import MONDAY, TUESDAY, Person, given, staff_person
from tests.market import RIVER, applied
from tests.web.inside import inside

FUZHOU, JINAN, GULOU, QUANZHOU = "350100", "350111", "350102", "350500"  # Red Star is in 晋安区


def unit(admin: Person, name: str, regions: tuple[str, ...], parent: UUID | None = None) -> UUID:
    level = Level.BRANCH if parent is None else Level.SUBBRANCH
    return actions.add_unit(draft=UnitDraft(name, level, parent, regions), by=admin.actor, at=MONDAY).pk


def person_at(unit_id: UUID | None, account: str, role: Role = Role.OFFICER) -> Person:
    """Somebody of River Bank who works in that unit."""
    number = 100 + User.objects.count()
    made = staff_person("institution", account, f"13900000{number}", "江分行", institution_house("RIVER"), role)
    User.objects.filter(pk=made.user_id).update(unit_id=unit_id)
    actor = accounts.actor(accounts.user(made.user_id))
    return Person(made.user_id, actor, made.account, made.phone, made.password)


@pytest.fixture
def river(db):
    return market.institution(RIVER)


@pytest.fixture
def tree(river, river_bank_admin) -> dict[str, UUID]:
    fuzhou = unit(river_bank_admin, "福州分行", (FUZHOU,))
    return {
        "福州": fuzhou, "晋安": unit(river_bank_admin, "晋安支行", (JINAN,), fuzhou),
        "鼓楼": unit(river_bank_admin, "鼓楼支行", (GULOU,), fuzhou),
        "泉州": unit(river_bank_admin, "泉州分行", (QUANZHOU,)),
    }  # fmt: skip


@pytest.fixture
def asked(red_star):
    """Red Star may apply for River Bank's product."""
    market.product(code="RIVER001", of=market.institution(RIVER))
    given(red_star)
    return red_star


def numbers(person: Person) -> list[str]:
    return [one.number for one in applications_read.visible(person.actor)]


def test_without_branches_the_head_office_has_it_as_ever(river, asked, river_bank_officer):
    made = applied(asked)
    assert made.unit is None and numbers(river_bank_officer) == [made.number]


def test_an_application_goes_to_the_deepest_unit_that_serves_the_county_and_has_people(river, tree, asked):
    assert queries.nearest(river, JINAN) is None  # nobody works at a branch yet
    person_at(tree["福州"], "river.fz")
    assert queries.nearest(river, JINAN).name == "福州分行"
    person_at(tree["晋安"], "river.ja")
    person_at(tree["鼓楼"], "river.gl")
    assert queries.nearest(river, JINAN).name == "晋安支行"
    assert queries.nearest(river, "350121").name == "福州分行"  # no sub-branch serves 闽侯县
    assert queries.nearest(river, "350200") is None
    assert applied(asked).unit.name == "晋安支行"


def test_people_see_their_own_units_work_and_what_is_below(tree, asked, river_bank_officer):
    below, above, beside, far = (
        person_at(tree[one], f"river.{n}") for n, one in enumerate(("晋安", "福州", "鼓楼", "泉州"))
    )
    made = applied(asked)
    assert all(numbers(one) == [made.number] for one in (below, above, river_bank_officer))
    assert numbers(beside) == numbers(far) == []
    with pytest.raises(NotFound):
        applications_read.application(made.number, visible_to=far.actor)


def test_what_somebody_handles_goes_with_him_to_another_unit(tree, asked, river_bank_admin):
    his, other = person_at(tree["晋安"], "river.ja"), person_at(tree["晋安"], "river.jb")
    made = applied(asked)
    applications.accept(application=made, caller_name="江分行", caller_phone="95588", by=his.actor, at=MONDAY)
    actions.place_person(user_id=UUID(his.user_id), unit_id=tree["泉州"], by=river_bank_admin.actor, at=TUESDAY)
    moved = accounts.actor(accounts.user(his.user_id))
    assert moved.unit == str(tree["泉州"])
    assert [one.number for one in applications_read.visible(moved)] == [made.number] == numbers(other)


def test_messages_go_to_who_sees_the_application(tree, asked, river_bank_officer):
    below, far = person_at(tree["晋安"], "river.ja"), person_at(tree["泉州"], "river.qz")
    made = applied(asked)
    tell_institution(application=made, roles=frozenset({Role.OFFICER}), template=Template.APPLICATION_LATE, at=MONDAY)
    told = {str(one) for one in Notice.objects.values_list("user_id", flat=True)}
    assert told == {below.user_id, river_bank_officer.user_id} and far.user_id not in told


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (UnitDraft("福州分行", Level.BRANCH, None, ("350200",)), "name"),
        (UnitDraft("厦门分行", Level.BRANCH, None, ()), "regions"),
        (UnitDraft("厦门分行", Level.BRANCH, None, ("110000",)), "regions"),
    ],
)
def test_a_unit_that_is_not_in_order_is_refused(tree, river_bank_admin, draft, field):
    with pytest.raises(NotInOrder) as refusal:
        actions.add_unit(draft=draft, by=river_bank_admin.actor, at=MONDAY)
    assert [one.field for one in refusal.value.reasons] == [field]


def test_a_sub_branch_serves_no_more_than_its_branch(tree, river_bank_admin):
    with pytest.raises(NotInOrder) as refusal:
        unit(river_bank_admin, "南安支行", ("350583",), tree["福州"])
    assert "不在上级分行的服务区域内：泉州市南安市" in str(refusal.value.reasons)
    with pytest.raises(NotInOrder):  # nor may the branch withdraw from what its sub-branch serves
        narrower = UnitDraft("福州分行", Level.BRANCH, None, (GULOU,))
        actions.revise_unit(unit_id=tree["福州"], draft=narrower, by=river_bank_admin.actor, at=MONDAY)


def test_only_the_head_office_keeps_the_tree_and_nobody_elses(tree, river_bank_admin, hill_bank_admin):
    branch_admin = person_at(tree["福州"], "river.fzadmin", Role.INSTITUTION_ADMIN)
    with pytest.raises(NotAllowed):
        unit(branch_admin, "仓山支行", ("350104",), tree["福州"])
    market.institution(market.HILL)
    with pytest.raises(NotFound):
        actions.close_unit(unit_id=tree["晋安"], by=hill_bank_admin.actor, at=MONDAY)
    assert [one.name for one in queries.units(branch_admin.actor)] == ["福州分行", "晋安支行", "鼓楼支行"]


def test_a_unit_with_people_or_sub_branches_is_not_closed(tree, river_bank_admin):
    at_it = person_at(tree["晋安"], "river.ja")
    for one in ("晋安", "福州"):
        with pytest.raises(actions.UnitInUse):
            actions.close_unit(unit_id=tree[one], by=river_bank_admin.actor, at=MONDAY)
    people.disable(user_id=at_it.user_id, because="离岗", by=river_bank_admin.actor, at=MONDAY)
    actions.invite_colleague(
        account="jinan.new", phone="13900000302", name="江晋安", roles=frozenset({Role.OFFICER}), unit_id=tree["晋安"],
        again=False, by=river_bank_admin.actor, at=MONDAY,
    )  # fmt: skip
    with pytest.raises(actions.UnitInUse, match="邀请"):
        actions.close_unit(unit_id=tree["晋安"], by=river_bank_admin.actor, at=MONDAY)
    people.withdraw_invitation(invitation_id=Invitation.objects.get().pk, by=river_bank_admin.actor, at=MONDAY)
    actions.close_unit(unit_id=tree["晋安"], by=river_bank_admin.actor, at=TUESDAY)
    assert "晋安支行" not in [one.name for one in queries.units(river_bank_admin.actor)]


def test_a_branch_gives_work_to_its_own_people_only(tree, asked):
    admin = person_at(tree["福州"], "river.fzadmin", Role.INSTITUTION_ADMIN)
    his, far = person_at(tree["晋安"], "river.ja"), person_at(tree["泉州"], "river.qz")
    made = applied(asked)
    assert [one.account_id for one in applications_read.handlers(admin.actor, MONDAY.date())] == [his.user_id]
    with pytest.raises(NotInOrder):
        applications.reassign(application=made, to=far.user_id, why="", by=admin.actor, at=MONDAY)
    applications.reassign(application=made, to=his.user_id, why="", by=admin.actor, at=MONDAY)


def test_a_branch_invites_into_itself_and_takes_no_seat_of_others(tree, river_bank_admin):
    admin = person_at(tree["福州"], "river.fzadmin", Role.INSTITUTION_ADMIN)

    def invite(account: str, unit_id: UUID | None, again: bool = False) -> None:
        actions.invite_colleague(
            account=account, phone="13900000888", name="江新人", roles=frozenset({Role.OFFICER}), unit_id=unit_id,
            again=again, by=admin.actor, at=MONDAY,
        )  # fmt: skip

    for elsewhere in (None, tree["泉州"]):
        with pytest.raises(NotAllowed):
            invite("river.new", elsewhere)
    with pytest.raises(people.AccountTaken):
        invite(river_bank_admin.account, tree["福州"], again=True)
    assert accounts.is_open(accounts.user(river_bank_admin.user_id))
    invite("river.new", tree["晋安"])
    assert [one.unit_id for one in Invitation.objects.all()] == [tree["晋安"]]


def test_a_branch_sees_and_withdraws_the_invitations_of_its_own_people_only(tree, river_bank_admin):
    """Seen red: a branch's page named the seats of the whole house, and took them back."""
    seat = {"roles": frozenset({Role.OFFICER}), "again": False, "by": river_bank_admin.actor, "at": timezone.now()}
    actions.invite_colleague(account="head.new", phone="13900000301", name="江总部", unit_id=None, **seat)
    actions.invite_colleague(account="jinan.new", phone="13900000302", name="江晋安", unit_id=tree["晋安"], **seat)
    desk = inside(person_at(tree["福州"], "fuzhou.admin", Role.INSTITUTION_ADMIN))
    page = desk.get("/bank/staff").content.decode()
    assert "jinan.new" in page and "head.new" not in page
    ids = dict(Invitation.objects.values_list("account", "id"))
    assert desk.post(f"/bank/invitations/{ids['head.new']}/withdraw").status_code == 404
    assert desk.post(f"/bank/invitations/{ids['jinan.new']}/withdraw").status_code == 302


def test_a_report_is_read_by_who_sees_its_application(tree, asked, monkeypatch):
    his, far = person_at(tree["晋安"], "river.ja"), person_at(tree["泉州"], "river.qz")
    made = applied(asked)
    report = Report(number="BG1", because=made.number)
    monkeypatch.setattr("jinfuyun.web.bank.reports.queries.report", lambda number, visible_to_actor: report)
    monkeypatch.setattr("jinfuyun.web.reports.page", lambda request, actor, number: HttpResponse("ok"))
    assert inside(his).get("/bank/reports/BG1").status_code == 200
    assert inside(far).get("/bank/reports/BG1").status_code == 404
