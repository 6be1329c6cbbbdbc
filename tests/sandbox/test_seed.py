"""A new sandbox is filled as the platform's own actions would have filled it."""

import json
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import check_password

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.applications.models import Application
from jinfuyun.audit.models import Line
from jinfuyun.consents import letter
from jinfuyun.consents import queries as consents
from jinfuyun.consents.models import Authorised, Consent
from jinfuyun.coordination.models import Declaration, Step, Visit, Zone
from jinfuyun.demands.models import Demand
from jinfuyun.demands.rules import State as DemandState
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.enterprises.models import Enterprise, Holding
from jinfuyun.evaluation.queries import results
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import Role
from jinfuyun.products.models import Product
from jinfuyun.sandbox import province, seed, staff
from jinfuyun.sandbox.coordination import STORIES as COORDINATED
from jinfuyun.sandbox.demands import STORIES
from jinfuyun.storage import files
from jinfuyun.supervision.models import Target
from jinfuyun.supervision.queries import months

AT = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def state(tmp_path, province_folder):
    (tmp_path / "province").symlink_to(province_folder)
    return tmp_path


def fill(state, delivered):
    def deliver(feed, file, covers_until):
        assert file.exists()
        delivered.append(feed)

    seed.fill(state=state, send_lists=lambda: None, deliver=deliver, at=AT)


@pytest.mark.deep
@pytest.mark.django_db
def test_everything_is_there_once_however_often_it_is_filled(state):
    delivered = []
    for _ in range(2):
        fill(state, delivered)
    assert Institution.objects.filter(state="active").count() == 40
    assert 280 <= Product.objects.filter(state="listed").count() <= 320
    assert 36 <= Enterprise.objects.count() == Holding.objects.count() == Consent.objects.count() <= 38
    assert delivered == list(province.delivered(state / "province"))
    nights: list[int] = []
    made = [seed.finish(state=state, night=lambda: nights.append(1), at=AT) for _ in range(2)]
    assert (made, nights) == ([Consent.objects.count(), 0], [1])
    _letters_stand()
    _authorised_as_signed()
    _book_has_a_line_for_each()


@pytest.mark.deep
@pytest.mark.django_db
def test_applications_and_demands_stand_in_many_states_and_each_has_its_steps(state):
    fill(state, [])
    _demands_stand_in_every_state_as_their_stories_say()
    _the_mechanism_has_something_to_show()
    _months_gone_by_are_closed_and_count_again_as_they_stand()
    _two_quarters_are_evaluated_and_one_appeal_waits()
    made = Application.objects.all()
    assert made
    for application in made:
        moves = list(application.moves.order_by("id"))
        assert [move.target for move in moves][-1] == application.state
        assert [move.at for move in moves] == sorted(move.at for move in moves)
        assert all(move.at <= AT for move in moves)
        assert Consent.objects.get(number=application.consent_number).enterprise_id == application.uscc


def _the_mechanism_has_something_to_show():
    """As many of the stories as there are enterprises of Fuzhou, from the first on."""
    stand = Counter(Declaration.objects.values_list("state", flat=True))
    assert stand and stand == Counter(str(ends_as) for ends_as, *_ in COORDINATED[: sum(stand.values())])
    assert {Step.objects.filter(at__gt=AT).count(), Visit.objects.filter(done_on__gt=AT.date()).count()} == {0}
    assert (Zone.objects.filter(state="published").count(), Target.objects.count()) == (2, 4)


def _months_gone_by_are_closed_and_count_again_as_they_stand():
    closed = months.months()
    assert len(closed) == seed.CLOSED_MONTHS
    assert months.recount(closed[0], at=AT).differing == ()
    assert any(cell.value for (name, _, _), cell in months.standing(closed)[closed[0]].items() if name == "applied")


def _two_quarters_are_evaluated_and_one_appeal_waits():
    assert [one.period for one in results.rounds()] == ["2025-Q4", "2025-Q3"]
    assert results.public_periods() == ["2025-Q4"] and len(results.standing("2025-Q4")) == 26
    assert [one.answered_at for one in results.appeals(staff.regulators()[0])] == [None]


def _demands_stand_in_every_state_as_their_stories_say():
    stand = Counter(Demand.objects.values_list("state", flat=True))
    assert stand == Counter(str(ends_as) for ends_as, _, _ in STORIES)
    assert set(stand) == set(DemandState)
    assert Demand.objects.filter(escalated_at__isnull=False, state=DemandState.ASSIGNED).count() == 1
    for demand in Demand.objects.all():
        steps = list(demand.steps.all())
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert all(step.at <= AT for step in steps)


def _letters_stand():
    for consent in Consent.objects.all():
        assert consents.in_force(consent.enterprise_id, AT) == consent
        assert letter.text_hash(consents.letter_of(consent)) == consent.text_sha256
        assert files.get(consent.pdf_file).startswith(b"%PDF")


def _authorised_as_signed():
    for consent in Consent.objects.all():
        rows = Authorised.objects.filter(uscc=consent.enterprise_id)
        assert {row.category for row in rows} == set(consent.categories)
        assert {row.pdf_sha256 for row in rows} == {consent.pdf_sha256}


def _book_has_a_line_for_each():
    count = Consent.objects.count()
    for action in ("enterprise.profiled", "consent.signed", "consent.letter_kept"):
        assert Line.objects.filter(action=action).count() == count


@pytest.mark.deep
@pytest.mark.django_db
def test_a_start_that_was_broken_off_is_gone_on_with(state):
    def broken(feed, file, covers_until):
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        seed.fill(state=state, send_lists=lambda: None, deliver=broken, at=AT)
    counts = (User.objects.count(), Consent.objects.count(), Line.objects.count())
    delivered = []
    fill(state, delivered)
    assert delivered == list(province.delivered(state / "province"))
    assert (User.objects.count(), Consent.objects.count(), Line.objects.count()) == counts


@pytest.mark.deep
@pytest.mark.django_db
def test_the_logins_shown_are_of_every_role_and_open_a_door(state):
    fill(state, [])
    logins = json.loads((state / "logins.json").read_text())
    roles = {login["role"] for login in logins}
    assert roles == set(Role) - {Role.PLATFORM, Role.ENTERPRISE_OWNER, Role.ENTERPRISE_CLERK}
    assert sum(login["role"] == Role.OPERATOR for login in logins) == 2
    for login in logins:
        if login["role"] == Role.ENTERPRISE_USER:
            user = accounts.by_phone(login["account"])
            assert enterprises.of_user(user.id, phone=user.phone, at=AT)
        else:
            user = User.objects.get(account=login["account"])
            assert user.roles == [login["role"]]
            assert user.totp_secret == login["otp_secret"]
        assert check_password(login["password"], user.password)
