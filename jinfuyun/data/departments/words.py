"""A feed's contract in words and examples, as its department reads it."""

from dataclasses import dataclass
from typing import Any

from jinfuyun.data.departments.contract import Column, Feed, Kind

# How each kind is written, and a cell that would be accepted.
KINDS: dict[Kind, tuple[str, str]] = {
    Kind.TEXT: ("文字", "示例"),
    Kind.CODE: ("编号（数字、字母和 _ . / -）", "350100-0001"),
    Kind.USCC: ("统一社会信用代码", "91350100MA9YY00002"),
    Kind.DATE: ("日期", "2026-01-31"),
    Kind.PERIOD: ("日期或月份", "2026-01"),
    Kind.YEAR: ("年度", "2025"),
    Kind.MONEY: ("金额（元，最多两位小数）", "12345.60"),
    Kind.WAN: ("金额（万元，最多六位小数）", "100.5"),
    Kind.COUNT: ("整数", "12"),
    Kind.QUANTITY: ("数量（最多三位小数）", "1234.5"),
    Kind.CHOICE: ("下列取值之一", ""),
    Kind.MOMENT: ("时间", "2026-01-31 09:30:00"),
}
FEN_PER_YUAN = 100

# What ingest/cells.py and load.py find wrong with any cell or row, by the end of the rule's name.
WHATS = {
    "missing": "没有填写",
    "formula": "以公式符号开头",
    "full_width": "含有全角字符",
    "check_digit": "校验码不对",
    "unreadable": "读不出来",
    "future": "在将来",
    "too_early": "早于 1900 年",
    "quotes_broken": "引号使用不规范",
    "column_count": "列数不对",
    "control_character": "含有不可见的控制字符",
}


@dataclass(frozen=True, slots=True)
class ContractColumn:
    name: str
    label: str
    aliases: tuple[str, ...]  # other headers that are understood
    kind: str
    needed: bool
    example: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """What a department promised of one feed."""

    feed: str
    label: str
    department: str
    consented: bool
    legal_basis: str
    owner: str
    cadence: str
    lateness_days: int
    columns: tuple[ContractColumn, ...]
    ignored: tuple[str, ...]
    rules: dict[str, str]  # the feed's own rules, by name

    def rule_words(self, rule: str) -> str:
        """A rule's name in words."""
        if rule in self.rules:
            return self.rules[rule]
        column = next((one for one in self.columns if rule.startswith(f"{one.name}_")), None)
        what = rule.removeprefix(f"{column.name}_") if column else rule
        return f"“{column.label}”{WHATS.get(what, what)}" if column else WHATS.get(what, what)


def described(feed: Feed) -> Contract:
    return Contract(
        feed=feed.name, label=feed.label, department=feed.department, consented=feed.consented,
        legal_basis=feed.legal_basis, owner=feed.owner, cadence=feed.cadence, lateness_days=feed.lateness_days,
        columns=tuple(_column(column) for column in feed.columns), ignored=feed.ignored,
        rules={rule.name: rule.reason for rule in feed.rules},
    )  # fmt: skip


def _column(column: Column) -> ContractColumn:
    words, example = KINDS[column.kind]
    choices = tuple(word for word, _ in column.choices)
    return ContractColumn(
        column.name, column.label, column.aliases, words, column.needed, choices[0] if choices else example, choices
    )


def shown(column: Column, value: Any) -> str:
    """A value as it was read, in the words of the file's own kind; "" for none."""
    if value is None:
        return ""
    if column.kind in (Kind.MONEY, Kind.WAN):
        sign, fen = "-" if value < 0 else "", abs(int(value))
        return f"{sign}{fen // FEN_PER_YUAN:,}.{fen % FEN_PER_YUAN:02} 元"
    if column.kind is Kind.CHOICE:
        return max((word for word, kept in column.choices if kept == value), key=len, default=str(value))
    return str(value)
