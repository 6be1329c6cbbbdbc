"""What a department promises to deliver: the words in which every `feed.py` is written. No SQL runs here."""

from dataclasses import dataclass
from enum import StrEnum

from jinfuyun.kit.grant import Category


class Kind(StrEnum):
    """How a cell is read. The reading itself (SQL and reasons) is `ingest/cells.py`."""

    TEXT = "text"  # any words → VARCHAR
    CODE = "code"  # a number that is a name: upper case, half width → VARCHAR
    USCC = "uscc"  # GB 32100 with its own check digit → VARCHAR
    DATE = "date"  # 2019-12-31, 2019/12/31, 20191231 → DATE
    PERIOD = "period"  # a date, or a month that stands for its last day → DATE
    YEAR = "year"  # 2019 or 2019年度, which stands for its last day → DATE
    MONEY = "money"  # yuan, at most two decimals → BIGINT fen
    WAN = "wan"  # ten thousand yuan, at most six decimals → BIGINT fen
    COUNT = "count"  # a whole number → BIGINT
    QUANTITY = "quantity"  # at most three decimals → DECIMAL(18,3)
    CHOICE = "choice"  # one of the words in `choices` → VARCHAR
    MOMENT = "moment"  # 2019-12-31 23:59:59, Asia/Shanghai → TIMESTAMPTZ


SQL_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.USCC: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.PERIOD: "DATE",
    Kind.YEAR: "DATE",
    Kind.MONEY: "BIGINT",
    Kind.WAN: "BIGINT",
    Kind.COUNT: "BIGINT",
    Kind.QUANTITY: "DECIMAL(18,3)",
    Kind.CHOICE: "VARCHAR",
    Kind.MOMENT: "TIMESTAMPTZ",
}


class Access(StrEnum):
    """Public feeds are kept whole; of consented ones only rows of enterprises whose consent is in force."""

    PUBLIC = "public"
    CONSENTED = "consented"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str  # the header the department writes, and the word in every reason
    kind: Kind
    aliases: tuple[str, ...] = ()
    needed: bool = True  # the header must have it and every row must fill it
    choices: tuple[tuple[str, str], ...] = ()  # (what stands in the file, what we keep)
    empty: str | None = None  # kept instead of a missing value: key columns are never NULL
    ahead: bool = False  # a day to come is no mistake; 2099-12-31 stands for 长期

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.kind]

    @property
    def headers(self) -> frozenset[str]:
        return frozenset((self.name, self.label, *self.aliases))


@dataclass(frozen=True, slots=True)
class Derived:
    """A column computed from the others of its row."""

    name: str
    sql_type: str
    sql: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A row is kept only where `sql` IS TRUE; `reason` is what the department reads otherwise."""

    name: str
    sql: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wide:
    """A file may lie on its side: every header that matches `header` is a day, and its cell a row of its own.

    A cell that says nothing is no row. `day` and `value` name the columns that header and cell become.
    """

    header: str  # regular expression of the whole header
    day: str
    value: str


@dataclass(frozen=True, slots=True)
class Feed:
    name: str
    label: str
    department: str  # folder and account of the deliverer
    department_label: str
    access: Access
    category: Category | None  # None: keys only, nobody reads it
    legal_basis: str
    owner: str
    cadence: str
    lateness_days: int  # so many days after the last delivery the next one is late
    retention_months: int
    used_by: tuple[str, ...]
    columns: tuple[Column, ...]
    enterprise: str  # the column that names the enterprise
    key: tuple[str, ...]  # one row each in `current`; a later one supersedes
    dated_by: str  # the date that says how far a delivery reaches
    by_month: bool  # partitioned by the month of `dated_by`
    identifies: bool = False  # a register by which enterprises are known: asked about those it has not told of yet
    own: bool = False  # the platform's: no department is asked for it
    wide: Wide | None = None
    derived: tuple[Derived, ...] = ()
    rules: tuple[Rule, ...] = ()
    ignored: tuple[str, ...] = ()  # headers that may stand there and are not kept

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def consented(self) -> bool:
        return self.access is Access.CONSENTED

    @property
    def types(self) -> dict[str, str]:
        """Name and SQL type of everything the sender's row becomes, in order."""
        return {c.name: c.sql_type for c in self.columns} | {d.name: d.sql_type for d in self.derived}


# What several feeds say in the same words.
CONSENT = "企业授权（数据采集查询授权书）"
UPDATED_AT = Column("updated_at", "更新时间", Kind.MOMENT, needed=False)
USCC = Column("uscc", "统一社会信用代码", Kind.USCC)
CUSTOMER = Column("customer", "统一社会信用代码", Kind.CODE, aliases=("纳税人识别号", "纳税号"))
TAXPAYER = Column("taxpayer", "纳税人识别号", Kind.CODE, aliases=("纳税号", "企业代号", "统一社会信用代码"))
NAMES = (
    "序号",
    "企业名称",
    "单位名称",
    "纳税人名称",
    "用户名称",
    "户名",
)  # said beside the key; the registry's name counts

# Columns that the platform puts before the rows it gives back for correction; a corrected file may keep them.
CORRECTION = ("批次", "行号", "规则", "原因")

# A bad record ends: by its own term or because it was repaired. Ended and repaired ones leave reports and scores.
SEVERITY = (
    ("1", "minor"), ("轻微", "minor"), ("2", "ordinary"), ("一般", "ordinary"), ("3", "serious"), ("严重", "serious"),
)  # fmt: skip
BAD_RECORD = (
    Column("severity", "严重程度", Kind.CHOICE, aliases=("失信严重程度",), choices=SEVERITY),
    Column("ends_on", "公示截止期", Kind.DATE, aliases=("公示截止日期",), needed=False, ahead=True),
    Column("repaired_on", "信用修复日期", Kind.DATE, aliases=("修复日期",), needed=False),
)


def coded(*codes: tuple[str, str, str]) -> tuple[tuple[str, str], ...]:
    """Choices from (code, word, kept): the file may write either."""
    return tuple(pair for code, word, kept in codes for pair in ((code, kept), (word, kept)))
