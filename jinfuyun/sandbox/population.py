"""Who lives in the pretend province: enterprises and the people behind them, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from jinfuyun.kit import regions
from jinfuyun.kit.identity import IdType
from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox import names

T = TypeVar("T")

# Shares of enterprises by city, rounded from a sample of the public register.
CITY_SHARES = (
    ("350200", 0.28),
    ("350500", 0.20),
    ("350100", 0.20),
    ("350600", 0.08),
    ("350400", 0.06),
    ("350700", 0.06),
    ("350900", 0.05),
    ("350800", 0.04),
    ("350300", 0.02),
    ("350128", 0.01),
)
NATURE_SHARES = ((Nature.ENTERPRISE, 0.78), (Nature.INDIVIDUAL, 0.18), (Nature.COOPERATIVE, 0.04))


@dataclass(frozen=True, slots=True)
class Trade:
    """What an enterprise of this division calls itself and does, its VAT, its hunger for power, and its year."""

    division: str
    share: float
    word: str
    scope: str
    vat_percent: int
    kwh_per_10k_yuan: int
    season: tuple[float, ...]  # January to December, mean about 1


_FLAT = (1.0, 0.75, 1.0, 1.0, 1.0, 1.02, 1.02, 1.02, 1.05, 1.02, 1.06, 1.1)
_TEA = (0.6, 0.5, 0.9, 2.1, 2.0, 1.0, 0.7, 0.7, 1.1, 1.3, 0.7, 0.5)
_RETAIL = (1.5, 1.1, 0.8, 0.85, 0.95, 1.0, 0.95, 0.95, 1.05, 1.1, 1.15, 1.2)
_BUILDING = (0.7, 0.4, 0.9, 1.1, 1.15, 1.1, 1.0, 1.0, 1.1, 1.1, 1.15, 1.4)
_CLOTHES = (0.9, 0.5, 1.1, 1.0, 0.9, 0.85, 0.85, 1.05, 1.25, 1.3, 1.25, 1.05)

TRADES = (
    Trade("01", 0.04, "农业", "茶叶、果蔬种植与销售", 9, 60, _TEA),
    Trade("13", 0.05, "食品", "水产品、农副食品加工与销售", 13, 300, _RETAIL),
    Trade("15", 0.04, "茶业", "茶叶加工、销售", 13, 220, _TEA),
    Trade("18", 0.06, "服饰", "服装、服饰制造与销售", 13, 260, _CLOTHES),
    Trade("19", 0.06, "鞋业", "鞋、箱包制造与销售", 13, 300, _CLOTHES),
    Trade("26", 0.02, "化工", "涂料、助剂制造（不含危险化学品）", 13, 700, _FLAT),
    Trade("30", 0.04, "建材", "石材、陶瓷、水泥制品制造", 13, 900, _BUILDING),
    Trade("33", 0.04, "五金", "五金制品、模具加工", 13, 500, _FLAT),
    Trade("35", 0.03, "机械", "专用设备制造与维修", 13, 380, _FLAT),
    Trade("39", 0.05, "电子", "电子元件及组件制造", 13, 420, _FLAT),
    Trade("47", 0.06, "建设", "房屋建筑工程施工", 9, 40, _BUILDING),
    Trade("50", 0.03, "装饰", "室内外装饰装修工程", 9, 30, _BUILDING),
    Trade("51", 0.16, "贸易", "日用百货、建材、机电产品批发", 13, 15, _FLAT),
    Trade("52", 0.12, "商贸", "食品、日用品零售", 13, 45, _RETAIL),
    Trade("54", 0.04, "物流", "道路普通货物运输", 9, 25, _FLAT),
    Trade("62", 0.05, "餐饮", "餐饮服务", 6, 160, _RETAIL),
    Trade("65", 0.06, "软件", "软件开发、信息系统集成服务", 6, 30, _FLAT),
    Trade("72", 0.03, "商务", "企业管理咨询、会议及展览服务", 6, 20, _FLAT),
    Trade("80", 0.02, "生活", "居民日常生活服务", 6, 70, _RETAIL),
)


@dataclass(frozen=True, slots=True)
class Size:
    """Sales of a month in yuan (median), and invoices written in it."""

    name: str
    share: float
    sales_yuan: int
    invoices: float
    capital_10k: tuple[int, ...]


SIZES = (
    Size("micro", 0.66, 60_000, 3, (10, 30, 50, 100)),
    Size("small", 0.27, 400_000, 8, (100, 200, 500)),
    Size("medium", 0.07, 3_000_000, 20, (1_000, 2_000, 5_000)),
)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to an enterprise in these years; every department sees its side of it."""

    name: str
    share: float
    growth: tuple[float, float]  # a year, mean and spread
    grades: str  # taxpayer's grades it may have
    stops_before_end: tuple[int, int] = (0, 0)  # months without business at the end, from … to
    arrears_months: float = 0.0  # tax owed, in months of sales × 3 %
    penalties: int = 0
    status: str = "存续"


STORIES = (
    Story("steady", 0.55, (0.04, 0.10), "ABBM"),
    Story("growing", 0.20, (0.35, 0.15), "AABM"),
    Story("shrinking", 0.12, (-0.30, 0.10), "BBMC"),
    Story("in arrears", 0.05, (-0.15, 0.15), "CD", arrears_months=4.0),
    Story("penalised", 0.04, (-0.05, 0.15), "BC", penalties=2, status="存续（列入经营异常名录）"),
    Story("stopped", 0.04, (-0.35, 0.10), "CD", stops_before_end=(3, 10), arrears_months=1.0),
)


@dataclass(frozen=True, slots=True)
class Account:
    supplier: str
    account: str


@dataclass(frozen=True, slots=True)
class Enterprise:
    uscc: str
    tax_number: str
    name: str
    legal_name: str
    id_type: IdType
    id_number: str
    phone: str
    region: str
    industry: str
    nature: Nature
    kind: str
    capital: str
    registered_on: date
    address: str
    scope: str
    status: str
    size: str
    story: str
    grade: str
    penalties: int
    electricity: Account
    water: Account | None
    gas: Account | None


def people_of(random: np.random.Generator, count: int, until: date) -> list[Enterprise]:
    """`count` enterprises as they stand on `until`."""
    draw = _Draw(random, count, until)
    return [draw.enterprise(number, trade_name) for number, trade_name in enumerate(names.trade_names(random, count))]


class _Draw:
    """The dice for all enterprises, thrown at once, and the people met so far."""

    def __init__(self, random: np.random.Generator, count: int, until: date) -> None:
        self.random, self.until = random, until
        self.cities = _throw(random, CITY_SHARES, count)
        self.natures = _throw(random, NATURE_SHARES, count)
        self.trades = _throw(random, [(trade, trade.share) for trade in TRADES], count)
        self.sizes = _throw(random, [(size, size.share) for size in SIZES], count)
        self.stories = _throw(random, [(story, story.share) for story in STORIES], count)
        # Half are younger than six years; the youngest is three months old.
        self.ages = np.clip(random.exponential(8.0, count), 0.25, 38.0)
        self.person: names.Person | None = None

    def enterprise(self, number: int, trade_name: str) -> Enterprise:
        random = self.random
        city, nature, trade = self.cities[number], self.natures[number], self.trades[number]
        size = SIZES[0] if nature is not Nature.ENTERPRISE else self.sizes[number]
        story = self.stories[number]
        county = str(random.choice([c.code for c in regions.COUNTIES_IN_FORMS if c.city == city]))
        # Every twelfth enterprise has the owner of the one before: one person with several houses.
        if self.person is None or number % 12:
            self.person = names.person(random, _code_of_city(city), number)
        owner = self.person
        # Some codes carry the city instead of the county, as in the real register.
        code = names.uscc_of(nature, county if random.random() > 0.2 else _code_of_city(city), number)
        # One in twenty still files under the number from before 2015.
        tax_number = county + code[8:17] if random.random() < 0.05 else code
        street = names.STREETS[int(random.integers(len(names.STREETS)))]
        capital = size.capital_10k[int(random.integers(len(size.capital_10k)))]
        return Enterprise(
            uscc=code,
            tax_number=tax_number,
            name=_name(nature, city, county, trade_name, trade.word),
            legal_name=owner.name,
            id_type=owner.id_type,
            id_number=owner.id_number,
            phone=owner.phone,
            region=county,
            industry=trade.division,
            nature=nature,
            kind=_KINDS[nature],
            capital=f"{capital}万人民币",
            registered_on=self.until - timedelta(days=int(self.ages[number] * 365.25)),
            address=f"福建省{regions.full_name(county)}{street}{int(random.integers(1, 400))}号",
            scope=trade.scope,
            status=story.status,
            size=size.name,
            story=story.name,
            grade=str(random.choice(list(story.grades))),
            penalties=story.penalties,
            electricity=Account("国网福建电力（沙箱）", f"{35_0000_0000 + number * 7}"),
            water=_account(random, 0.8, f"{regions.full_name(city)}自来水（沙箱）", f"W{number * 3 + 100_000:07d}"),
            gas=_account(random, 0.4, f"{regions.full_name(city)}燃气（沙箱）", f"G{number * 3 + 200_000:07d}"),
        )


_KINDS = {
    Nature.ENTERPRISE: "有限责任公司(自然人投资或控股)",
    Nature.INDIVIDUAL: "个体工商户",
    Nature.COOPERATIVE: "农民专业合作社",
}


def _code_of_city(city: str) -> str:
    return "350100" if city == regions.PINGTAN else city


def _account(random: np.random.Generator, chance: float, supplier: str, account: str) -> Account | None:
    return Account(supplier, account) if random.random() < chance else None


def _name(nature: Nature, city: str, county: str, trade_name: str, word: str) -> str:
    if nature is Nature.INDIVIDUAL:
        return f"{_short(county)}{trade_name}{word}店"
    if nature is Nature.COOPERATIVE:
        return f"{_short(county)}{trade_name}{word}专业合作社"
    return f"{_short(city)}{trade_name}{word}有限公司"


def _short(code: str) -> str:
    region = regions.find(code)
    assert region is not None, "every enterprise lies in a region of the table"
    return region.name.removesuffix("市")


def _throw(random: np.random.Generator, shares: Sequence[tuple[T, float]], count: int) -> list[T]:
    """`count` draws from a table of values and their shares."""
    odds = np.array([share for _, share in shares])
    return [shares[index][0] for index in random.choice(len(shares), size=count, p=odds / odds.sum())]
