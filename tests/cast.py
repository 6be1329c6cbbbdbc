"""The people of the tests. Each is made when a test asks for it, with rights, password and authenticator.

    def test_it(red_star_owner, river_bank_officer): ...

Names, numbers and houses are inventions. Times: the week of Monday 2 March 2026, Fujian time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pyotp
import pytest

from jinfuyun.kit.actor import PLATFORM_HOUSE, Actor, House, HouseKind, Role, institution_house, platform
from jinfuyun.kit.grant import Category

MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3, 4))

PASSWORD = "山高水长 2026 年春"  # of enterprises' people: eight characters are enough
STAFF_PASSWORD = "溪水向东流 long enough 山"
OTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

RIVER_BANK, HILL_BANK = "RIVER", "HILL"
FUZHOU = "350100"


@dataclass(frozen=True)
class Person:
    """`actor` acts as this person; `account` is the phone for enterprises' people."""

    user_id: str
    actor: Actor
    account: str
    phone: str
    password: str

    def otp(self, at: datetime) -> str:
        """What the authenticator shows at that time."""
        return pyotp.TOTP(OTP_SECRET).at(at)


@cache
def hashed(password: str) -> str:
    """One hash for everybody with this password: a test need not wait 24 ms for each."""
    from jinfuyun.accounts.actions import hash_password

    return hash_password(password)


def enterprise_person(phone: str, name: str = "") -> Person:
    """A person with an account, who holds no enterprise yet."""
    from jinfuyun.accounts import actions, queries

    user_id = actions.open_account(
        phone=phone, name=name, password_hash=hashed(PASSWORD), by=platform("test"), at=MONDAY
    )
    return Person(str(user_id), queries.actor(queries.user(user_id)), phone, phone, PASSWORD)


def staff_person(kind: str, account: str, phone: str, name: str, house: House, *roles: Role) -> Person:
    """A person with a seat in a house."""
    from jinfuyun.accounts import actions, queries
    from jinfuyun.accounts.rules import Kind

    user_id = actions.seat(
        kind=Kind(kind), account=account, phone=phone, name=name, roles=frozenset(roles), house=house,
        password_hash=hashed(STAFF_PASSWORD), totp_secret=OTP_SECRET, by=platform("test"), at=MONDAY,
    )  # fmt: skip
    return Person(str(user_id), queries.actor(queries.user(user_id)), account, phone, STAFF_PASSWORD)


# -- enterprises' people ---------------------------------------------------------------------------------------------


@pytest.fixture
def red_star_owner() -> Person:
    """Legal representative of 红星 (Red Star)."""
    return enterprise_person("13800000001", "林红星")


@pytest.fixture
def bookkeeper() -> Person:
    """Serves several enterprises by mandate and never signs."""
    return enterprise_person("13800000002", "陈算盘")


@pytest.fixture
def runner() -> Person:
    """Runs errands for an enterprise by a mandate for one act."""
    return enterprise_person("13800000004", "郑跑腿")


@pytest.fixture
def stranger() -> Person:
    """Another enterprise's owner."""
    return enterprise_person("13800000003", "黄路人")


# -- River Bank, Hill Bank -------------------------------------------------------------------------------------------


@pytest.fixture
def river_bank_admin() -> Person:
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.admin", "13900000001", "江管事", house, Role.INSTITUTION_ADMIN)


@pytest.fixture
def river_bank_product_manager() -> Person:
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.product", "13900000002", "江产品", house, Role.PRODUCT_MANAGER)


@pytest.fixture
def river_bank_officer() -> Person:
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.officer", "13900000003", "江经理", house, Role.OFFICER)


@pytest.fixture
def river_bank_second_officer() -> Person:
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.officer2", "13900000004", "江副理", house, Role.OFFICER)


@pytest.fixture
def river_bank_approver() -> Person:
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.approver", "13900000005", "江审批", house, Role.APPROVER)


@pytest.fixture
def river_bank_second_approver() -> Person:
    house = institution_house(RIVER_BANK)
    return staff_person("institution", "river.approver2", "13900000006", "江复核", house, Role.APPROVER)


@pytest.fixture
def hill_bank_admin() -> Person:
    house = institution_house(HILL_BANK)
    return staff_person("institution", "hill.admin", "13900000011", "岭管事", house, Role.INSTITUTION_ADMIN)


@pytest.fixture
def hill_bank_officer() -> Person:
    house = institution_house(HILL_BANK)
    return staff_person("institution", "hill.officer", "13900000013", "岭经理", house, Role.OFFICER)


# -- authorities and the platform ------------------------------------------------------------------------------------


@pytest.fixture
def fuzhou_regulator() -> Person:
    house = House(HouseKind.REGION, FUZHOU)
    return staff_person("regulator", "fuzhou.regulator", "13700000001", "榕监管", house, Role.REGULATOR)


@pytest.fixture
def operator() -> Person:
    return staff_person("operator", "operator.one", "13600000001", "云运营", PLATFORM_HOUSE, Role.OPERATOR)


@pytest.fixture
def second_operator() -> Person:
    return staff_person("operator", "operator.two", "13600000002", "云复核", PLATFORM_HOUSE, Role.OPERATOR)


# -- enterprises -----------------------------------------------------------------------------------------------------

TODAY = MONDAY.date()


@dataclass(frozen=True)
class Firm:
    """An enterprise with its owner; `owner` acts for it."""

    uscc: str
    name: str
    legal_phone: str
    owner: Actor


def uscc_of(number: int) -> str:
    """A code with a right check digit that no registry issued (the organisation part begins with MA9YY)."""
    from jinfuyun.kit.uscc import check_digit

    first = f"91350111MA9YY{number:04d}"
    return first + check_digit(first)


def id_number_of(number: int) -> str:
    from jinfuyun.kit.identity import citizen_check_digit

    first = f"35011119800101{number:03d}"
    return first + citizen_check_digit(first)


def id_number_of_person(person: Person) -> str:
    """Each person of the cast has one, whatever he is the legal representative of."""
    return id_number_of(int(person.phone[-3:]))


def enterprise_of(
    person: Person,
    *,
    number: int,
    name: str,
    legal_name: str,
    at: datetime = MONDAY,
    uscc: str = "",
    nature: str = "enterprise",
) -> Firm:
    """Through the wizard's own actions, with the tax department's yes written down."""
    from dataclasses import asdict

    from jinfuyun.data.door import Verdict
    from jinfuyun.enterprises import actions, queries
    from jinfuyun.enterprises.actions.authenticate import write_verdict
    from jinfuyun.enterprises.rules import Elements, ProfileForm

    uscc = uscc or uscc_of(number)
    elements = Elements(uscc, legal_name, "resident", id_number_of_person(person), person.phone)
    run = actions.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=at)
    run = write_verdict(run=run, elements=elements, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=at)
    profile = ProfileForm(uscc, name, "350111", "C", nature, legal_name, legal_name, person.phone)
    actions.submit_profile(run=run, profile=profile, by=person.actor, at=at)
    owner = queries.actor_for(user_id=person.actor.id, phone=person.phone, uscc=uscc, label=person.actor.label, at=at)
    return Firm(uscc, name, person.phone, owner)


@pytest.fixture
def red_star(red_star_owner: Person) -> Firm:
    """An enterprise that has passed authentication and signed nothing yet."""
    return enterprise_of(red_star_owner, number=1, name="红星示例机械厂", legal_name="林红星")


@pytest.fixture
def blue_sea(stranger: Person) -> Firm:
    return enterprise_of(stranger, number=2, name="蓝海示例茶业社", legal_name="黄路人")


def given(
    enterprise: Firm,
    *,
    at: datetime = MONDAY,
    end: date | None = None,
    utilities: tuple[str, ...] = (),
    start: date | None = None,
    chosen: tuple[Category, ...] = (),
    personal_notice: bool = False,
) -> object:
    """A consent in force, signed by the owner; `utilities`: categories whose account the supplier confirmed."""
    from jinfuyun.consents import actions
    from jinfuyun.consents.rules import TermKind, Terms, day

    terms = Terms(
        term_kind=TermKind.FIXED if end else TermKind.UNTIL_SETTLEMENT, start=start or day(at), end=end, utilities=(),
        chosen=chosen, personal_notice=personal_notice, recommend=False, agree=True,
    )  # fmt: skip
    checked = [{"category": one, "supplier": "示例", "account": "10001", "verdict": "matches"} for one in utilities]
    consent = actions.prepare(uscc=enterprise.uscc, terms=terms, utilities=checked, by=enterprise.owner, at=at)
    return actions.put_in_force(consent=consent, evidence={"method": "test"}, by=enterprise.owner, at=at)
