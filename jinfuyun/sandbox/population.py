"""Who lives in the pretend province: enterprises and the people behind them, the same for the same seed.

The tables of shares, trades, sizes and stories stand here; `people_of` throws the dice for a block of enterprises at
once, and everything about them is an array with one place an enterprise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from jinfuyun.kit import regions
from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox import names
from jinfuyun.sandbox.names import NOTHING, Ints, Persons, Texts, digits, drawn, joined, picked

Days = npt.NDArray[np.datetime64]

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
    sales_per_head_yuan: int  # in a year
    export_share: float = 0.0  # of the enterprises that are no micro ones
    takes_codes_share: float = 0.0  # how many are paid through collection codes


_FLAT = (1.0, 0.75, 1.0, 1.0, 1.0, 1.02, 1.02, 1.02, 1.05, 1.02, 1.06, 1.1)
_TEA = (0.6, 0.5, 0.9, 2.1, 2.0, 1.0, 0.7, 0.7, 1.1, 1.3, 0.7, 0.5)
_RETAIL = (1.5, 1.1, 0.8, 0.85, 0.95, 1.0, 0.95, 0.95, 1.05, 1.1, 1.15, 1.2)
_BUILDING = (0.7, 0.4, 0.9, 1.1, 1.15, 1.1, 1.0, 1.0, 1.1, 1.1, 1.15, 1.4)
_CLOTHES = (0.9, 0.5, 1.1, 1.0, 0.9, 0.85, 0.85, 1.05, 1.25, 1.3, 1.25, 1.05)

TRADES = (
    Trade("01", 0.04, "农业", "茶叶、果蔬种植与销售", 9, 60, _TEA, 250_000),
    Trade("13", 0.05, "食品", "水产品、农副食品加工与销售", 13, 300, _RETAIL, 500_000, export_share=0.25),
    Trade("15", 0.04, "茶业", "茶叶加工、销售", 13, 220, _TEA, 450_000, export_share=0.2),
    Trade("18", 0.06, "服饰", "服装、服饰制造与销售", 13, 260, _CLOTHES, 380_000, export_share=0.35),
    Trade("19", 0.06, "鞋业", "鞋、箱包制造与销售", 13, 300, _CLOTHES, 400_000, export_share=0.4),
    Trade("26", 0.02, "化工", "涂料、助剂制造（不含危险化学品）", 13, 700, _FLAT, 900_000, export_share=0.1),
    Trade("30", 0.04, "建材", "石材、陶瓷、水泥制品制造", 13, 900, _BUILDING, 600_000, export_share=0.25),
    Trade("33", 0.04, "五金", "五金制品、模具加工", 13, 500, _FLAT, 550_000, export_share=0.25),
    Trade("35", 0.03, "机械", "专用设备制造与维修", 13, 380, _FLAT, 600_000, export_share=0.2),
    Trade("39", 0.05, "电子", "电子元件及组件制造", 13, 420, _FLAT, 650_000, export_share=0.3),
    Trade("47", 0.06, "建设", "房屋建筑工程施工", 9, 40, _BUILDING, 500_000),
    Trade("50", 0.03, "装饰", "室内外装饰装修工程", 9, 30, _BUILDING, 450_000),
    Trade("51", 0.16, "贸易", "日用百货、建材、机电产品批发", 13, 15, _FLAT, 1_600_000, export_share=0.15),
    Trade("52", 0.12, "商贸", "食品、日用品零售", 13, 45, _RETAIL, 700_000, takes_codes_share=0.3),
    Trade("54", 0.04, "物流", "道路普通货物运输", 9, 25, _FLAT, 520_000),
    Trade("62", 0.05, "餐饮", "餐饮服务", 6, 160, _RETAIL, 260_000, takes_codes_share=0.4),
    Trade("65", 0.06, "软件", "软件开发、信息系统集成服务", 6, 30, _FLAT, 420_000),
    Trade("72", 0.03, "商务", "企业管理咨询、会议及展览服务", 6, 20, _FLAT, 400_000),
    Trade("80", 0.02, "生活", "居民日常生活服务", 6, 70, _RETAIL, 240_000, takes_codes_share=0.3),
)


@dataclass(frozen=True, slots=True)
class Size:
    """Sales of a month in yuan (median), and invoices written in it."""

    name: str
    share: float
    sales_yuan: int
    invoices: float
    capital_10k: tuple[int, ...]
    idle_kwh: int  # a month, whatever is sold


SIZES = (
    Size("micro", 0.66, 60_000, 3, (10, 30, 50, 100), 80),
    Size("small", 0.27, 400_000, 8, (100, 200, 500), 300),
    Size("medium", 0.07, 3_000_000, 20, (1_000, 2_000, 5_000), 1_500),
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
class People:
    """A block of enterprises. `trade`, `size`, `story` and `nature` are places in TRADES, SIZES, STORIES, NATURES."""

    number: Ints  # in the province
    uscc: Texts
    tax_number: Texts
    registration_number: Texts  # of those founded before 2015; None
    name: Texts
    short_name: Texts
    owner: Persons
    region: Texts
    city: Texts
    trade: Ints
    size: Ints
    story: Ints
    nature: Ints
    capital_10k: Ints
    registered_on: Days
    address: Texts
    grade: Texts
    water_supplier: Texts  # None: no account
    water_account: Texts
    gas_supplier: Texts
    gas_account: Texts
    electricity_account: Texts

    def __len__(self) -> int:
        return len(self.number)

    def is_story(self, name: str) -> npt.NDArray[np.bool_]:
        return self.story == next(place for place, story in enumerate(STORIES) if story.name == name)

    def is_nature(self, nature: Nature) -> npt.NDArray[np.bool_]:
        return self.nature == NATURES.index(nature)


NATURES = tuple(nature for nature, _ in NATURE_SHARES)
KINDS = {
    Nature.ENTERPRISE: "有限责任公司(自然人投资或控股)",
    Nature.INDIVIDUAL: "个体工商户",
    Nature.COOPERATIVE: "农民专业合作社",
}
ELECTRICITY_SUPPLIER = "国网福建电力（沙箱）"
CODE_REFORM = np.datetime64("2015-10-01")  # before it a registry gave numbers of its own
_ENDINGS = {Nature.ENTERPRISE: "有限公司", Nature.INDIVIDUAL: "店", Nature.COOPERATIVE: "专业合作社"}


def people_of(random: np.random.Generator, numbers: Ints, until: date, *, seed: int) -> People:
    """The enterprises with these numbers as they stand on `until`; `seed` is the whole province's."""
    count = len(numbers)
    city = picked([code for code, _ in CITY_SHARES], thrown(random, CITY_SHARES, count))
    nature = thrown(random, NATURE_SHARES, count)
    trade = thrown(random, [(each, each.share) for each in TRADES], count)
    size = np.where(nature == 0, thrown(random, [(each, each.share) for each in SIZES], count), 0)
    story = thrown(random, [(each, each.share) for each in STORIES], count)
    # Half are younger than six years; the youngest is three months old.
    days = (np.clip(random.exponential(8.0, count), 0.25, 38.0) * 365.25).astype(np.int64)
    registered_on = np.datetime64(until, "D") - days
    county = _counties(random, city)
    owner = _owners(random, city, numbers)
    # Some codes carry the city instead of the county, as in the real register.
    written = np.where(random.random(count) > 0.2, county, _in_codes(city)).astype(object)
    code = names.uscc_of(picked([names.head_of(each) for each in NATURES], nature), written, numbers)
    # One in twenty still files under the number from before 2015.
    old = joined(county, names.organisation_codes(numbers))
    tax_number = np.where(random.random(count) < 0.05, old, code).astype(object)
    short, name = _called(city, county, nature, trade, names.trade_names(seed, numbers))
    water_supplier, water_account = _account(
        random, 0.8, city, "自来水（沙箱）", digits(numbers * 3 + 100_000, "W{:07d}")
    )
    gas_supplier, gas_account = _account(random, 0.4, city, "燃气（沙箱）", digits(numbers * 3 + 200_000, "G{:07d}"))
    return People(
        number=numbers,
        uscc=code,
        tax_number=tax_number,
        registration_number=np.where(
            registered_on < CODE_REFORM, names.registration_numbers(county, numbers), NOTHING
        ).astype(object),
        name=name,
        short_name=short,
        owner=owner,
        region=county,
        city=city,
        trade=trade,
        size=size,
        story=story,
        nature=nature,
        capital_10k=_one_of_each(random, [each.capital_10k for each in SIZES], size),
        registered_on=registered_on,
        address=_addresses(random, county),
        grade=_one_of_each(random, [each.grades for each in STORIES], story),
        water_supplier=water_supplier,
        water_account=water_account,
        gas_supplier=gas_supplier,
        gas_account=gas_account,
        electricity_account=digits(35_0000_0000 + numbers * 7, "{}"),
    )


def _owners(random: np.random.Generator, city: Texts, numbers: Ints) -> Persons:
    """Every twelfth enterprise has the owner of the one before: one person with several houses."""
    place = np.arange(len(numbers))
    owned_by = np.where((place % 12 == 0) & (place > 0), place - 1, place)
    everybody = names.persons(random, _in_codes(city), numbers)
    return Persons(*(getattr(everybody, each)[owned_by] for each in Persons.__dataclass_fields__))


def thrown(random: np.random.Generator, shares: Sequence[tuple[object, float]], count: int) -> Ints:
    """`count` places in a table of values and their shares."""
    odds = np.array([share for _, share in shares])
    return random.choice(len(shares), size=count, p=odds / odds.sum())


def _counties(random: np.random.Generator, cities: Texts) -> Texts:
    """A county of each city."""
    found = np.empty(len(cities), dtype=object)
    for code, _ in CITY_SHARES:
        there = np.flatnonzero(cities == code)
        found[there] = drawn(random, [each.code for each in regions.COUNTIES_IN_FORMS if each.city == code], len(there))
    return found


def _in_codes(cities: Texts) -> Texts:
    """Personal and enterprise codes know 平潭 as a county of 福州 only."""
    return np.where(cities == regions.PINGTAN, "350100", cities).astype(object)


def _one_of_each(random: np.random.Generator, choices: Sequence[Sequence[object]], row: Ints) -> npt.NDArray[Any]:
    """One of the choices of each row's kind."""
    table = np.array([[options[place % len(options)] for place in range(60)] for options in choices])
    chosen = table[row, random.integers(0, 60, len(row))]
    return chosen.astype(object) if chosen.dtype.kind == "U" else chosen


def _addresses(random: np.random.Generator, counties: Texts) -> Texts:
    count = len(counties)
    houses = digits(random.integers(1, 400, count), "{}号")
    return joined("福建省", named(counties, regions.full_name), drawn(random, names.STREETS, count), houses)


def named(codes: Texts, name_of: Callable[[str], str]) -> Texts:
    """What `name_of` says of each code, asked once a code."""
    known, place = np.unique(codes.astype(np.str_), return_inverse=True)
    return picked([name_of(code) for code in known.tolist()], place)


def _called(city: Texts, county: Texts, nature: Ints, trade: Ints, trade_name: Texts) -> tuple[Texts, Texts]:
    """What people call it, and its whole name."""
    company = nature == NATURES.index(Nature.ENTERPRISE)
    place = np.where(company, named(city, _short), named(county, _short)).astype(object)
    short = joined(trade_name, picked([each.word for each in TRADES], trade))
    return short, joined(place, short, picked([_ENDINGS[each] for each in NATURES], nature))


def _short(code: str) -> str:
    region = regions.find(code)
    assert region is not None, "every enterprise lies in a region of the table"
    return region.name.removesuffix("市")


def _account(
    random: np.random.Generator, chance: float, cities: Texts, supplier: str, accounts: Texts
) -> tuple[Texts, Texts]:
    """Supplier and account number of those who have one."""
    has = random.random(len(cities)) < chance
    suppliers = joined(named(cities, regions.full_name), supplier)
    return np.where(has, suppliers, NOTHING), np.where(has, accounts, NOTHING)
