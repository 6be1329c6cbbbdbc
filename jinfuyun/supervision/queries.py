"""Every published figure: one table of definitions, from which the queries, the words on pages and the tests come."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum

from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Kind
from jinfuyun.applications.models import Application
from jinfuyun.consents.models import Consent
from jinfuyun.consents.queries import covering
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.consents.rules import day
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.kit.grant import ReaderKind
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.regions import Region
from jinfuyun.loans.models import Loan
from jinfuyun.loans.rules import State as LoanState
from jinfuyun.products.queries import on_the_market
from jinfuyun.reports.models import Report
from jinfuyun.supervision.rules import Group, Moment, Share, Unit, Values, add_up, is_small, with_shares


@dataclass(frozen=True, slots=True)
class Source:
    """The rows figures are counted from at a moment, and the field that says which region a row belongs to."""

    rows: Callable[[datetime], QuerySet[Any]]
    region: str  # "" where a row belongs to no region
    place: str  # the same in words


ACCOUNTS = Source(lambda at: User.objects.filter(kind=Kind.ENTERPRISE, closed_at=None), "", "不分地区")
ENTERPRISES = Source(lambda at: Enterprise.objects.all(), "region_code", "企业所属地区")
CONSENTS = Source(
    lambda at: Consent.objects.filter(covering(day(at)), state=ConsentState.ACTIVE),
    "enterprise__region_code", "企业所属地区",
)  # fmt: skip
INSTITUTIONS = Source(
    lambda at: Institution.objects.filter(state=InstitutionState.ACTIVE), "region_code", "机构总部所在地"
)
PRODUCTS = Source(lambda at: on_the_market(), "institution__region_code", "机构总部所在地")
APPLICATIONS = Source(lambda at: Application.objects.all(), "region_code", "提交申请时企业的所属地区")
LOANS = Source(
    lambda at: Loan.objects.exclude(state=LoanState.REVERSED), "line__region_code", "提交申请时企业的所属地区"
)
READINGS = Source(
    lambda at: Report.objects.filter(reader_kind=ReaderKind.INSTITUTION), "enterprise__region_code", "企业所属地区"
)

APPROVED = Q(offer_amount_fen__isnull=False)
DISPUTED = Q(answer="disputed")
CONFIRMED = Q(answer="confirmed")
FUNDED = ~DISPUTED
FIRST = FUNDED & Q(is_first_loan=True)
UNSECURED = FUNDED & Q(is_unsecured=True)


def _rows(which: Q | None = None) -> Aggregate:
    return Count("pk", filter=which)


def _fen(field: str, which: Q | None = None) -> Aggregate:
    return Sum(field, filter=which, default=0)


class Indicator(NamedTuple):
    """One figure: what it is called, what is counted over what, and the very expression that counts it."""

    name: str
    label: str
    unit: Unit
    group: Group
    source: Source
    moment: Moment
    numerator: str
    counted: Aggregate | Share
    denominator: str = ""
    behind: str = ""  # the count of enterprises' rows behind it: public only where that is no small cell


INDICATORS = (
    Indicator(
        "registered", "注册用户数", Unit.ACCOUNT, Group.ENTERPRISES, ACCOUNTS, Moment.NOW,
        "已注册、未注销的企业用户账号；一个账号可以办理多家企业，认证前不知道所属地区", _rows(), behind="registered",
    ),
    Indicator(
        "authenticated", "认证企业数", Unit.ENTERPRISE, Group.ENTERPRISES, ENTERPRISES, Moment.NOW,
        "通过税务五要素认证或人工核验的企业和个体工商户", _rows(), behind="authenticated",
    ),
    Indicator(
        "consented", "授权企业数", Unit.ENTERPRISE, Group.ENTERPRISES, CONSENTS, Moment.NOW,
        "授权书生效且在授权期限内的企业；暂停、撤销、到期的不计", _rows(), behind="consented",
    ),
    Indicator(
        "consented_share", "授权率", Unit.BP, Group.ENTERPRISES, CONSENTS, Moment.NOW,
        "授权企业数", Share("consented", "authenticated"), "认证企业数", behind="consented",
    ),
    Indicator(
        "institutions", "入驻机构数", Unit.INSTITUTION, Group.MARKET, INSTITUTIONS, Moment.NOW,
        "经两人复核入驻的金融机构；暂停、退出的不计", _rows(),
    ),
    Indicator(
        "products", "上架产品数", Unit.PRODUCT, Group.MARKET, PRODUCTS, Moment.NOW,
        "已上架、机构未被暂停的融资产品", _rows(),
    ),
    Indicator(
        "applied", "申请笔数", Unit.APPLICATION, Group.APPLICATIONS, APPLICATIONS, Moment.EVER,
        "企业提交的融资申请，含后来撤回和未通过的", _rows(), behind="applied",
    ),
    Indicator(
        "applied_fen", "申请金额", Unit.FEN, Group.APPLICATIONS, APPLICATIONS, Moment.EVER,
        "上述申请中企业申请的金额合计", _fen("amount_fen"), behind="applied",
    ),
    Indicator(
        "approved", "审批通过笔数", Unit.APPLICATION, Group.APPLICATIONS, APPLICATIONS, Moment.EVER,
        "机构已批复方案的申请，含企业随后放弃或撤回的", _rows(APPROVED), behind="approved",
    ),
    Indicator(
        "approved_fen", "审批通过金额", Unit.FEN, Group.APPLICATIONS, APPLICATIONS, Moment.EVER,
        "上述批复方案的金额合计", _fen("offer_amount_fen", APPROVED), behind="approved",
    ),
    Indicator(
        "readings", "报告查询量", Unit.READING, Group.READINGS, READINGS, Moment.EVER,
        "金融机构凭授权查询信用报告的次数；企业查询自己的不计", _rows(), behind="readings",
    ),
    Indicator(
        "readings_unasked", "无申请查询量", Unit.READING, Group.READINGS, READINGS, Moment.EVER,
        "其中没有对应融资申请的次数", _rows(Q(because="")), behind="readings_unasked",
    ),
    Indicator(
        "funded", "放款笔数", Unit.APPLICATION, Group.LOANS, LOANS, Moment.EVER,
        "机构报告的每笔放款，含额度内再次放款；冲正的和企业提出异议的不计，后者另列", _rows(FUNDED), behind="funded",
    ),
    Indicator(
        "funded_fen", "放款金额", Unit.FEN, Group.LOANS, LOANS, Moment.EVER,
        "上述放款的金额合计", _fen("amount_fen", FUNDED), behind="funded",
    ),
    Indicator(
        "confirmed", "企业已确认放款笔数", Unit.APPLICATION, Group.LOANS, LOANS, Moment.EVER,
        "放款金额和利率经企业确认的放款", _rows(CONFIRMED), behind="confirmed",
    ),
    Indicator(
        "confirmed_share", "企业确认率", Unit.BP, Group.LOANS, LOANS, Moment.EVER,
        "企业已确认放款笔数", Share("confirmed", "funded"), "放款笔数", behind="confirmed",
    ),
    Indicator(
        "disputed", "有异议放款笔数", Unit.APPLICATION, Group.LOANS, LOANS, Moment.EVER,
        "机构已报告、企业对金额或利率提出异议的放款", _rows(DISPUTED), behind="disputed",
    ),
    Indicator(
        "first", "首贷户数", Unit.ENTERPRISE, Group.KINDS, LOANS, Moment.EVER,
        "机构报告为首贷的放款涉及的企业；首贷指放款前在人民银行征信系统没有贷款记录",
        Count("uscc", filter=FIRST, distinct=True), behind="first",
    ),
    Indicator(
        "first_fen", "首贷金额", Unit.FEN, Group.KINDS, LOANS, Moment.EVER,
        "机构报告为首贷的放款金额合计", _fen("amount_fen", FIRST), behind="first",
    ),
    Indicator(
        "first_share", "首贷占比", Unit.BP, Group.KINDS, LOANS, Moment.EVER,
        "首贷金额", Share("first_fen", "funded_fen"), "放款金额", behind="first",
    ),
    Indicator(
        "unsecured", "信用贷笔数", Unit.APPLICATION, Group.KINDS, LOANS, Moment.EVER,
        "授信的担保方式为信用（没有任何担保）的放款", _rows(UNSECURED), behind="unsecured",
    ),
    Indicator(
        "unsecured_fen", "信用贷金额", Unit.FEN, Group.KINDS, LOANS, Moment.EVER,
        "上述信用贷的放款金额合计", _fen("amount_fen", UNSECURED), behind="unsecured",
    ),
    Indicator(
        "unsecured_share", "信用贷占比", Unit.BP, Group.KINDS, LOANS, Moment.EVER,
        "信用贷金额", Share("unsecured_fen", "funded_fen"), "放款金额", behind="unsecured",
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in INDICATORS}
SHARES = {one.name: one.counted for one in INDICATORS if isinstance(one.counted, Share)}
ELSEWHERE = Region("", "其他地区", "")
NOWHERE = "nowhere"  # values that belong to no region


@dataclass(frozen=True, slots=True)
class Overview:
    """What a regulator sees: the province's totals and the cities inside the mandate."""

    at: datetime
    scope: Region
    with_xiamen: bool
    total: Values
    cities: tuple[tuple[Region, Values], ...]


def public(names: Iterable[str], *, at: datetime) -> list[tuple[Indicator, int | None]]:
    """The province's totals for everybody; a figure with a small cell behind it is None."""
    wanted = [BY_NAME[name] for name in names]
    needed = {one.name for one in wanted} | {one.behind for one in wanted if one.behind}
    shares = [SHARES[name] for name in needed & SHARES.keys()]
    needed |= {name for share in shares for name in (share.part, share.whole)}
    total = with_shares(add_up(_measured(needed, at=at).values()), SHARES)
    return [(one, None if one.behind and is_small(total[one.behind]) else total[one.name]) for one in wanted]


def overview(*, visible_to: Actor, with_xiamen: bool, at: datetime) -> Overview:
    """A city's regulator sees its city and the province's totals, the province's every city."""
    require(Permission.STATISTICS_READ, by=visible_to, over=visible_to.house)
    scope = _scope(visible_to)
    unknown = dict.fromkeys(BY_NAME)
    measured = _measured(BY_NAME.keys(), at=at)
    # What belongs to no region cannot be told apart, so without Xiamen it is unknown.
    left_out = set() if with_xiamen else {regions.XIAMEN, NOWHERE}
    total = add_up(values for code, values in measured.items() if code not in left_out)
    cities = [
        (city, with_shares({**unknown, **measured[city.code]}, SHARES))
        for city in (*regions.CITIES, ELSEWHERE)
        if scope == city or (scope == regions.PROVINCE and city.code not in left_out)
    ]
    shown = tuple((city, values) for city, values in cities if city is not ELSEWHERE or any(values.values()))
    return Overview(at, scope, with_xiamen, with_shares({**unknown, **total}, SHARES), shown)


def _scope(actor: Actor) -> Region:
    """The province, or the city that the regulator's house is bound to."""
    code = actor.house.code if actor.house else ""
    scope = regions.PROVINCE if code == regions.PROVINCE_CODE else regions.city_of(code)
    if scope is None:
        raise NotAllowed("您的账号没有绑定福建省内的地区，请联系平台运营方。")
    return scope


def _measured(names: Iterable[str], *, at: datetime) -> dict[str, dict[str, int | None]]:
    """By city: one grouped query for each source that the names need. A city without rows has real zeros."""
    wanted = [BY_NAME[name] for name in names]
    counted = [one for one in wanted if isinstance(one.counted, Aggregate)]
    local = [one.name for one in counted if one.source.region]
    places = [*(city.code for city in regions.CITIES), ELSEWHERE.code]
    found: dict[str, dict[str, int | None]] = {place: dict.fromkeys(local, 0) for place in places}
    found[NOWHERE] = {}
    for source in {one.source: None for one in counted}:
        expressions = {f"of_{one.name}": one.counted for one in counted if one.source is source}
        rows = source.rows(at).order_by()
        if not source.region:
            found[NOWHERE] |= {name.removeprefix("of_"): value for name, value in rows.aggregate(**expressions).items()}
            continue
        for row in rows.values(place=F(source.region)).annotate(**expressions):
            city = regions.city_of(row.pop("place")) or ELSEWHERE
            for name, value in row.items():
                found[city.code][name.removeprefix("of_")] += value
    return found
