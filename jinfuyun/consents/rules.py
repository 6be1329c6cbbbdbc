"""What a consent may say and how it may change. No database.

Days are whole days in Asia/Shanghai; a fixed term includes its last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.kit.period import months_after
from jinfuyun.kit.regions import CITIES
from jinfuyun.kit.uscc import Nature

SHANGHAI = ZoneInfo("Asia/Shanghai")
START_DAYS_AHEAD_MAX = 30
TERM_YEARS_MAX = 5
SIGN_CODE_MINUTES = 15
SIGN_LINK_HOURS = 24
ACCOUNT_MAX = 30

# What every letter covers: the manual's five kinds, and registers that are public in full anyway. Others are chosen;
# utilities come with an account that their supplier confirmed.
BASIC_CATEGORIES = (
    Category.REGISTRATION,
    Category.TAX,
    Category.INVOICES,
    Category.SOCIAL_INSURANCE,
    Category.HOUSING_FUND,
    Category.PUBLIC_CREDIT,
    Category.JUDICIAL,
    Category.INTELLECTUAL_PROPERTY,
    Category.PROCUREMENT,
)
CHOSEN_CATEGORIES = (
    Category.CUSTOMS,
    Category.STATEMENTS,
    Category.CASH_FLOW,
    Category.PROPERTY,
    Category.PLATFORM,
)
# What an institution may be named for, as the letter says.
INSTITUTION_PURPOSES = (Purpose.PRE_LOAN, Purpose.POST_LOAN, Purpose.GUARANTEE)
OWN_PURPOSES = (Purpose.OWN_VIEW, Purpose.MATCHING)


class State(TextChoices):
    PENDING = "pending", "待签署"
    ACTIVE = "active", "生效"
    PAUSED = "paused", "暂停"
    REVOKED = "revoked", "撤销"
    EXPIRED = "expired", "到期"
    SETTLED = "settled", "结清终止"
    SUPERSEDED = "superseded", "被替换"


MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.ACTIVE, State.SUPERSEDED, State.REVOKED}),
    State.ACTIVE: frozenset({State.PAUSED, State.REVOKED, State.EXPIRED, State.SETTLED, State.SUPERSEDED}),
    State.PAUSED: frozenset({State.ACTIVE, State.REVOKED, State.EXPIRED, State.SETTLED, State.SUPERSEDED}),
    State.REVOKED: frozenset(),
    State.EXPIRED: frozenset(),
    State.SETTLED: frozenset(),
    State.SUPERSEDED: frozenset(),
}
LIVING = (State.ACTIVE, State.PAUSED)


def may_come_from(state: State) -> tuple[State, ...]:
    """The states that may become `state`."""
    return tuple(before for before, following in MOVES.items() if state in following)


class TermKind(TextChoices):
    UNTIL_SETTLEMENT = "until_settlement", "至贷款业务办理完毕并结清之日止"
    FIXED = "fixed", "起止日期"


@dataclass(frozen=True, slots=True)
class UtilityEntry:
    """One account as typed. `supplier` is a name of the list that the form offers."""

    category: Category
    supplier: str
    account: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Step 3 as typed."""

    term_kind: str
    start: date | None
    end: date | None
    utilities: tuple[UtilityEntry, ...]
    chosen: tuple[Category, ...]  # of CHOSEN_CATEGORIES
    personal_notice: bool
    recommend: bool
    agree: bool


def default_terms(today: date) -> Terms:
    """What is preselected when the page opens."""
    return Terms(TermKind.UNTIL_SETTLEMENT, today, None, (), (), personal_notice=False, recommend=False, agree=True)


def day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def last_day_max(start: date) -> date:
    """The latest end of a fixed term. From 29 February it is 28 February, the last day of the fifth year's month."""
    return months_after(start, 12 * TERM_YEARS_MAX)


# What is known of an enterprise of one person is known of the person: only with a separate yes (special notice, 四).
PERSONAL_CATEGORIES = frozenset({Category.TAX, Category.STATEMENTS, Category.PROPERTY})


def categories_of(terms: Terms, nature: str, confirmed: Iterable[str]) -> list[Category]:
    """What the letter covers. `confirmed`: utilities whose supplier said that the account is this enterprise's."""
    personal = nature == Nature.INDIVIDUAL and not terms.personal_notice
    wanted = (*BASIC_CATEGORIES, *(each for each in CHOSEN_CATEGORIES if each in terms.chosen))
    covered = [each for each in wanted if not (personal and each in PERSONAL_CATEGORIES)]
    return covered + [Category(each) for each in confirmed]


def why_not_terms(terms: Terms, *, today: date) -> dict[str, str]:
    """For each field that cannot stand, one sentence."""
    wrong: dict[str, str] = {}
    if terms.term_kind not in TermKind:
        wrong["term_kind"] = "请选择授权期限。"
    if terms.start is None:
        wrong["start"] = "请填写起始日期。"
    elif not today <= terms.start <= today + timedelta(days=START_DAYS_AHEAD_MAX):
        wrong["start"] = f"起始日期须在今天起{START_DAYS_AHEAD_MAX}天内。"
    elif terms.term_kind == TermKind.FIXED:
        if terms.end is None:
            wrong["end"] = "请填写截止日期。"
        elif terms.end < terms.start:
            wrong["end"] = "截止日期不能早于起始日期。"
        elif terms.end > last_day_max(terms.start):
            wrong["end"] = f"授权期限最长{TERM_YEARS_MAX}年。"
    for entry in terms.utilities:
        if len(entry.account) > ACCOUNT_MAX or not entry.account.isascii() or not entry.account.isalnum():
            wrong[f"{entry.category}_account"] = "户号只能由数字和字母组成。"
        elif not entry.supplier:
            wrong[f"{entry.category}_supplier"] = "请选择供应单位。"
    if not terms.agree:
        wrong["agree"] = "请勾选同意《数据采集查询授权书》。"
    return wrong


# Whom one may name as supplier: one company for electricity, one of each city for water and gas.
SUPPLIERS: dict[Category, tuple[str, ...]] = {
    Category.ELECTRICITY: ("国网福建电力（沙箱）",),
    Category.WATER: tuple(f"{city.name}自来水（沙箱）" for city in CITIES),
    Category.GAS: tuple(f"{city.name}燃气（沙箱）" for city in CITIES),
}
