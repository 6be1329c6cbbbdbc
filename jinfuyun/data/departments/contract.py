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
    MONEY = "money"  # yuan, at most two decimals → BIGINT fen
    QUANTITY = "quantity"  # at most three decimals → DECIMAL(18,3)
    CHOICE = "choice"  # one of the words in `choices` → VARCHAR
    MOMENT = "moment"  # 2019-12-31 23:59:59, Asia/Shanghai → TIMESTAMPTZ


SQL_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.USCC: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.PERIOD: "DATE",
    Kind.MONEY: "BIGINT",
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
    retention_months: int
    columns: tuple[Column, ...]
    enterprise: str  # the column that names the enterprise
    key: tuple[str, ...]  # one row each in `current`; a later one supersedes
    dated_by: str  # the date that says how far a delivery reaches
    by_month: bool  # partitioned by the month of `dated_by`
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
