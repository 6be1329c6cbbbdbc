"""How a cell is read: SQL from cleaned text to a typed value, and the reason where it cannot be read.

Nothing is silently repaired: what is not plainly a value of its kind is NULL here and a reason in quarantine.
"""

from datetime import date

from jinfuyun.data.departments.contract import Column, Kind
from jinfuyun.data.lake.engine import listed, quoted

MISSING_WORDS = ("", "N/A", "n/a", "NULL", "null", "-", "--", "—", "/")
BLANKS = " \t\u3000\u00a0"
FIRST_DAY, LAST_DAY = "1900-01-01", "2099-12-31"
TEXT_LENGTH_MAX = 20_000
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

DAYS = (Kind.DATE, Kind.PERIOD, Kind.YEAR)

CELL = r'"(?:[^"]|"")*"|[^,"]*'
WELL_FORMED = f"(?:{CELL})(?:,(?:{CELL}))*"

NOT_A_VALUE = {
    Kind.TEXT: "过长",
    Kind.CODE: "不是编号（只能有数字、字母和 _ . / -）",
    Kind.USCC: "不是 18 位统一社会信用代码",
    Kind.DATE: "不是有效日期",
    Kind.PERIOD: "不是有效日期或月份",
    Kind.YEAR: "不是有效年度",
    Kind.MONEY: "不是金额（元，最多两位小数）",
    Kind.WAN: "不是金额（万元，最多六位小数）",
    Kind.COUNT: "不是整数",
    Kind.QUANTITY: "不是数量（最多三位小数）",
    Kind.CHOICE: "不在允许的取值之内",
    Kind.MOMENT: "不是有效时间",
}


def split(line: str) -> str:
    """A record's cells as a list; NULL where the quotes are not well formed. A break inside quotes becomes a blank."""
    quotes = f"replace({line}, chr(30), ' ')"
    unquoted = "CASE WHEN cell[1] = '\"' THEN replace(substr(cell, 2, length(cell) - 2), '\"\"', '\"') ELSE cell END"
    return (
        f"CASE WHEN strpos({line}, '\"') = 0 THEN string_split({line}, ',')"
        f" WHEN regexp_full_match({quotes}, {quoted(WELL_FORMED)})"
        f" THEN list_transform(regexp_extract_all(',' || {quotes}, {quoted(f',({CELL})')}, 1),"
        f" lambda cell: {unquoted}) END"
    )


def cleaned(cell: str) -> str:
    """The words of a cell without blanks around them; NULL when it says nothing."""
    words = f"trim({cell}, {quoted(BLANKS)})"
    return f"CASE WHEN {words} IN ({listed(MISSING_WORDS)}) THEN NULL ELSE {words} END"


def typed(column: Column, text: str) -> str:
    """The value of the cleaned `text`, NULL where it is none."""
    return {
        Kind.TEXT: f"CASE WHEN length({text}) <= {TEXT_LENGTH_MAX} THEN {text} END",
        Kind.CODE: f"CASE WHEN regexp_full_match({text}, '[0-9A-Za-z_][0-9A-Za-z_./-]{{0,63}}') THEN upper({text}) END",
        Kind.USCC: _uscc(text),
        Kind.DATE: _date(text),
        Kind.PERIOD: _period(text),
        Kind.YEAR: _year(text),
        Kind.MONEY: _money(text),
        Kind.WAN: _wan(text),
        Kind.COUNT: f"CASE WHEN regexp_full_match({text}, '-?[0-9]{{1,15}}') THEN TRY_CAST({text} AS BIGINT) END",
        Kind.QUANTITY: _quantity(text),
        Kind.CHOICE: _choice(column, text),
        Kind.MOMENT: _moment(text),
    }[column.kind]


def trouble(column: Column, place: int, *, today: date) -> str:
    """SQL for `rule<TAB>reason` of what is wrong with the cell, or NULL; t_<name> is its text, <name> its value."""
    name, text = column.name, f"t_{column.name}"
    cases = []

    def when(condition: str, what: str, reason: str) -> None:
        words = f"{name}_{what}\t第 {place} 列“{column.label}”{reason}"
        cases.append(f"WHEN {condition} THEN {quoted(words)}")

    # Most cells are plainly right, and a value of any kind but text is so by its shape: ask no more of them.
    last = LAST_DAY if column.ahead else str(today)
    if column.kind in DAYS:
        cases.append(f"WHEN {name} BETWEEN DATE '{FIRST_DAY}' AND DATE '{last}' THEN NULL")
    elif column.kind is not Kind.TEXT:
        cases.append(f"WHEN {name} IS NOT NULL THEN NULL")
    if column.needed:
        when(f"{text} IS NULL", "missing", "没有填写")
    else:
        cases.append(f"WHEN {text} IS NULL THEN NULL")
    when(f"regexp_matches({text}, '^[=+@]|^-[^0-9.]')", "formula", "以公式符号开头")
    if column.kind not in (Kind.TEXT, Kind.CHOICE):
        when(f"regexp_matches({text}, '[０-９Ａ-Ｚａ-ｚ．，－／：]')", "full_width", "含有全角字符，请改为半角")
    if column.kind is Kind.USCC:
        when(f"regexp_full_match(upper({text}), '{_USCC_SHAPE}') AND {name} IS NULL", "check_digit", "校验码不对")
    when(f"{name} IS NULL", "unreadable", NOT_A_VALUE[column.kind])
    if column.kind in DAYS:
        when(f"{name} > DATE '{last}'", "future", "晚于 2099 年" if column.ahead else "在将来")
        when(f"{name} < DATE '{FIRST_DAY}'", "too_early", "早于 1900 年")
    return f"CASE {' '.join(cases)} END"


_USCC_SHAPE = f"[{USCC_LETTERS}]{{2}}[0-9]{{6}}[{USCC_LETTERS}]{{10}}"


def _uscc(text: str) -> str:
    """GB 32100: the last character checks the seventeen before it (weights 3^i mod 31)."""
    code = f"upper({text})"
    value = f"strpos('{USCC_LETTERS}', substr({code}, {{}}, 1)) - 1"
    total = " + ".join(f"({value.format(place)}) * {weight}" for place, weight in enumerate(USCC_WEIGHTS, 1))
    right = f"(31 - ({total}) % 31) % 31 = {value.format(18)}"
    return f"CASE WHEN regexp_full_match({code}, '{_USCC_SHAPE}') AND {right} THEN {code} END"


def _iso(text: str) -> str:
    """2019/7/5, 2019.7.5, 2019年7月5日, 20190705 and a midnight behind them, all with dashes."""
    bare = f"regexp_replace({text}, '[ T]00:00(:00)?$', '')"
    dashed = f"replace(regexp_replace({bare}, '[/.年月]', '-', 'g'), '日', '')"
    return f"regexp_replace({dashed}, '^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})$', '\\1-\\2-\\3')"


_DASHED = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"


def _date(text: str) -> str:
    """The two usual ways first: the others take four expressions to read."""
    usual = f"replace({text}, '/', '-')"
    return (
        f"CASE WHEN regexp_full_match({usual}, '{_DASHED}') THEN TRY_CAST({usual} AS DATE)"
        f" WHEN regexp_full_match({_iso(text)}, '{_DASHED}') THEN TRY_CAST({_iso(text)} AS DATE) END"
    )


def _period(text: str) -> str:
    month = f"rtrim(regexp_replace({_iso(text)}, '^([0-9]{{4}})([0-9]{{2}})$', '\\1-\\2'), '-')"
    whole = f"last_day(TRY_CAST({month} || '-01' AS DATE))"
    return f"CASE WHEN regexp_full_match({month}, '[0-9]{{4}}-[0-9]{{1,2}}') THEN {whole} ELSE {_date(text)} END"


def _year(text: str) -> str:
    year = f"regexp_extract({text}, '^([0-9]{{4}})(年|年度)?$', 1)"
    return f"TRY_CAST({year} || '-12-31' AS DATE)"


_NUMBER = "-?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})"


def _money(text: str) -> str:
    fen = f"CAST(TRY_CAST(replace({text}, ',', '') AS DECIMAL(18,2)) * 100 AS BIGINT)"
    return f"CASE WHEN regexp_full_match({text}, '{_NUMBER}(\\.[0-9]{{1,2}})?') THEN {fen} END"


def _wan(text: str) -> str:
    fen = f"CAST(TRY_CAST(replace({text}, ',', '') AS DECIMAL(24,6)) * 1000000 AS BIGINT)"
    shape = "-?([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\\.[0-9]{1,6})?"
    return f"CASE WHEN regexp_full_match({text}, '{shape}') THEN {fen} END"


def _quantity(text: str) -> str:
    number = f"TRY_CAST(replace({text}, ',', '') AS DECIMAL(18,3))"
    return f"CASE WHEN regexp_full_match({text}, '{_NUMBER}(\\.[0-9]{{1,3}})?') THEN {number} END"


def _choice(column: Column, text: str) -> str:
    cases = " ".join(f"WHEN {quoted(words)} THEN {quoted(kept)}" for words, kept in column.choices)
    return f"CASE {text} {cases} END"


def _moment(text: str) -> str:
    iso = f"replace(replace({text}, '/', '-'), 'T', ' ')"
    shape = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?"
    return f"CASE WHEN regexp_full_match({iso}, '{shape}') THEN TRY_CAST({iso} || '+08:00' AS TIMESTAMPTZ) END"
