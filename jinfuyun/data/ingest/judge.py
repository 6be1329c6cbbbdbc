"""A piece of a file, row by row: what it says, whose it is, and everything that is wrong with it.

Two ways lead to one table. Nearly all rows are plain: no quotes, no blanks around a cell, every cell of its kind; one
pattern over the line knows them. Whatever is not plainly right goes the exact way, where every cell is cleaned and
every reason is said. A plain row is one in which the exact way finds nothing wrong and the same values; a test holds
the two together.

`judged` has: row_number, uscc, the feed's columns, version, outcome (good | quarantined | unauthorised), rule, reason,
named, permitted, line (of quarantined rows) and told_day (of every row that could be read).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from jinfuyun.data.departments.contract import Column, Feed, Kind
from jinfuyun.data.ingest import cells
from jinfuyun.data.ingest.cells import DAYS, FIRST_DAY, LAST_DAY, MISSING_WORDS, TEXT_LENGTH_MAX
from jinfuyun.data.lake.engine import Engine, listed, quoted

TAB = "\t"  # between a rule's name and its reason while both travel as one word
NO_CONSENT = "no_consent"
UNKNOWN_ENTERPRISE = "unknown_enterprise"
UNKNOWN_KEY = "unknown_key"
# What named an enterprise before the USCC: registration number (13, 15), organisation code (9), taxpayer number (15,
# 17, 20). Eighteen characters are a USCC or a mistake in one.
OLD_KEY = "[0-9]{13}|[0-9]{6}[0-9A-Z]{9}|[0-9A-Z]{8}[0-9X]|[0-9]{15}[0-9A-Z]{2}|[0-9]{17}[0-9X][0-9A-Z]{2}"
CONTROLS = r"[\x01-\x08\x0b\x0c\x0e-\x1d\x1f\x7f]"


@dataclass(frozen=True, slots=True)
class Form:
    """What a file looks like: feed column → place of its cell from 1, cells a row, and the day it came."""

    feed: Feed
    places: Mapping[str, int]
    width: int
    today: date
    version: str  # SQL literal for rows that do not say their own


def judge(engine: Engine, form: Form, *, source: str) -> None:
    """`source` (row_number, line, unfit) → `judged`. `unfit`: `rule<TAB>reason` of a line that is no row, else NULL."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE plainly AS {_plainly(form, source)}")
    parts = ["SELECT * FROM plainly WHERE outcome <> 'unclear'"]
    if engine.row("SELECT count(*) FROM plainly WHERE outcome = 'unclear'")[0]:
        if by_old_keys(form.feed):  # once a delivery, and only where some row needs the long look
            engine.run("CREATE TEMP TABLE IF NOT EXISTS known AS SELECT key, uscc FROM known_keys")
        engine.run(f"CREATE OR REPLACE TEMP TABLE exactly AS {_exactly(form)}")
        parts.append("SELECT * FROM exactly")
    engine.run(f"CREATE OR REPLACE TEMP VIEW judged AS {' UNION ALL BY NAME '.join(parts)}")


def by_old_keys(feed: Feed) -> bool:
    """Whether a row may name its enterprise by an older key than the USCC: in public feeds that do not say what it is.

    Consented feeds have always named it by any key, in a column of its own.
    """
    return feed.enterprise == "uscc" and not (feed.consented or feed.identifies)


def as_key(text: str) -> str:
    """SQL for how a key is written: organisation codes come with a dash as often as without."""
    return f"upper(replace({text}, '-', ''))"


def _plainly(form: Form, source: str) -> str:
    """Rows that are right at first sight; all others are `unclear` and keep nothing but their line."""
    feed = form.feed
    here = [column for column in feed.columns if column.name in form.places]
    texts = "".join(f", nullif(x[{form.places[c.name]}], '') AS t_{c.name}" for c in here)
    values = ", ".join(
        f"({_value(column, form, _PLAIN.get(column.kind, cells.typed))})::{column.sql_type} AS {column.name}"
        for column in feed.columns
    )
    derived = "".join(f", ({d.sql})::{d.sql_type} AS {d.name}" for d in feed.derived)
    sure = ["fits", *(_sure(column, form) for column in here), *(f"({rule.sql})" for rule in feed.rules)]
    whose = "uscc, permitted" if feed.consented else "true AS permitted"
    join = "LEFT JOIN known ON known.key = valued.named" if feed.consented else ""
    kept = [name for name in feed.types if name != "uscc"]
    return f"""
        WITH cut AS (SELECT row_number, line, unfit, string_split(line, ',') AS x,
            unfit IS NULL AND regexp_full_match(line, {quoted(_shape(form))}) AS fits FROM {source} WHERE line <> ''),
        texts AS (SELECT row_number, line, unfit, fits {texts} FROM cut),
        typed AS (SELECT *, {values} FROM texts),
        more AS (SELECT * {derived} FROM typed),
        valued AS (SELECT *, ({" AND ".join(sure)}) IS TRUE AS plain, {feed.enterprise} AS named FROM more),
        owned AS (SELECT valued.*, {whose} FROM valued {join})
        SELECT row_number, uscc, {", ".join(kept)},
            coalesce(updated_at, {form.version}) AS version,
            CASE WHEN NOT plain THEN 'unclear' WHEN permitted THEN 'good' ELSE 'unauthorised' END AS outcome,
            NULL::VARCHAR AS rule, CASE WHEN plain AND permitted IS NOT TRUE THEN {_not_kept("uscc")} END AS reason,
            CASE WHEN plain AND permitted IS NOT TRUE THEN named END AS named, permitted,
            CASE WHEN NOT plain THEN line END AS line, unfit, CASE WHEN plain THEN {feed.dated_by} END AS told_day
        FROM owned"""


# One look at the whole line: cells of these shapes need no cleaning, and say what they say at the first reading.
_ANYTHING = r'[^,"\x00-\x1f\x7f]*'
_SHAPES = {
    Kind.CODE: "[A-Z]{0,4}[0-9][0-9A-Z_./-]*",
    Kind.DATE: "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}",
    Kind.MONEY: r"-?[0-9]+(?:\.[0-9]{1,2})?",
    Kind.QUANTITY: r"-?[0-9]+(?:\.[0-9]{1,3})?",
    Kind.COUNT: "-?[0-9]+",
}
_PLAIN: Mapping[Kind, Callable[[Column, str], str]] = {
    Kind.CODE: lambda column, text: text,
    Kind.DATE: lambda column, text: f"TRY_CAST(replace({text}, '/', '-') AS DATE)",
    Kind.MONEY: lambda column, text: f"CAST(TRY_CAST({text} AS DECIMAL(18,2)) * 100 AS BIGINT)",
    Kind.QUANTITY: lambda column, text: f"TRY_CAST({text} AS DECIMAL(18,3))",
    Kind.COUNT: lambda column, text: f"TRY_CAST({text} AS BIGINT)",
}
_LENGTHS = {Kind.CODE: 64, Kind.MONEY: 13, Kind.QUANTITY: 13, Kind.COUNT: 15}


def _shape(form: Form) -> str:
    """The pattern of a whole plain line."""
    kinds = {form.places[column.name]: column.kind for column in form.feed.columns if column.name in form.places}
    found = [_SHAPES.get(kinds[place]) if place in kinds else None for place in range(1, form.width + 1)]
    return ",".join(f"(?:{shape})?" if shape else _ANYTHING for shape in found)


def _value(column: Column, form: Form, typed: Callable[[Column, str], str] = cells.typed) -> str:
    """The value of a cell, or of one that the file does not have."""
    if column.name not in form.places:
        return "NULL" if column.empty is None else quoted(column.empty)
    value = typed(column, f"t_{column.name}")
    if column.empty is None:
        return value  # a missing cell of a key has a value; an unreadable one has not
    return f"CASE WHEN t_{column.name} IS NULL THEN {quoted(column.empty)} ELSE {value} END"


def _sure(column: Column, form: Form) -> str:
    """SQL that is true only where the exact way would find nothing wrong with the cell, and the same value."""
    name, text = column.name, f"t_{column.name}"
    if column.kind in DAYS:
        right = f"{name} BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY if column.ahead else form.today}'"
    elif column.kind is Kind.TEXT:
        right = (
            f"{text} = trim({text}, {quoted(cells.BLANKS)}) AND left({text}, 1) NOT IN ('=', '+', '@', '-')"
            f" AND {text} NOT IN ({listed(MISSING_WORDS)}) AND strlen({text}) <= {TEXT_LENGTH_MAX}"
        )
    else:
        right = f"{name} IS NOT NULL"
    if column.kind in _LENGTHS:
        right += f" AND strlen({text}) <= {_LENGTHS[column.kind]}"
    return f"({right})" if column.needed else f"({text} IS NULL OR ({right}))"


def _exactly(form: Form) -> str:
    """Every cell cleaned, typed and asked what is wrong with it; then the rules, of rows that could be read."""
    feed, places = form.feed, form.places
    texts = [
        f"{cells.cleaned(f'cells[{places[c.name]}]') if c.name in places else 'NULL::VARCHAR'} AS t_{c.name}"
        for c in feed.columns
    ]
    values = [f"({_value(column, form)})::{column.sql_type} AS {column.name}" for column in feed.columns]
    if by_old_keys(feed):
        values = [f"coalesce({v[: -len(' AS uscc')]}, k.uscc) AS uscc" if v.endswith(" AS uscc") else v for v in values]
    derived = "".join(f", ({d.sql})::{d.sql_type} AS {d.name}" for d in feed.derived)
    found = [_trouble(column, form) for column in feed.columns if column.name in places]
    known = f"texts LEFT JOIN known k ON k.key = {as_key('t_uscc')}" if by_old_keys(feed) else "texts"
    rules = [
        f"CASE WHEN ({rule.sql}) IS NOT TRUE THEN {quoted(rule.name + TAB + rule.reason)} END" for rule in feed.rules
    ]
    whose, join, not_kept = "true AS permitted", "", "NULL"
    if feed.consented:
        whose, join = "uscc, permitted", "LEFT JOIN known ON known.key = upper(named)"
        not_kept = f"CASE WHEN named IS NOT NULL AND permitted IS NOT TRUE THEN {_not_kept('uscc')} END"
    kept = [name for name in feed.types if name != "uscc"]
    return f"""
        WITH split AS (SELECT row_number, line, unfit, {cells.split("line")} AS cells FROM plainly
            WHERE outcome = 'unclear' AND trim(line) <> ''),
        texts AS (SELECT row_number, line, {_structure(form)} AS structure, {", ".join(texts)} FROM split),
        typed AS (SELECT texts.*, {", ".join(values)} FROM {known}),
        checked AS (SELECT * {derived}, CASE WHEN structure IS NOT NULL THEN structure
            ELSE concat_ws(chr(10), {", ".join(found)}) END AS troubles FROM typed),
        told AS (SELECT *, t_{feed.enterprise} AS named, CASE WHEN troubles <> '' THEN troubles
            ELSE concat_ws(chr(10), {", ".join(rules or ["NULL"])}) END AS told FROM checked),
        owned AS (SELECT told.*, {whose} FROM told {join}),
        decided AS (SELECT *, {not_kept} AS not_kept, {_words("told", 1)} AS rules, {_words("told", 2)} AS reasons
            FROM owned)
        SELECT row_number, uscc, {", ".join(kept)}, coalesce(updated_at, {form.version}) AS version,
            CASE WHEN not_kept IS NOT NULL THEN 'unauthorised' WHEN told = '' THEN 'good' ELSE 'quarantined' END
                AS outcome,
            rules AS rule, coalesce(not_kept, reasons) AS reason, named, permitted,
            CASE WHEN not_kept IS NULL AND told <> '' THEN line END AS line,
            CASE WHEN told = '' THEN {feed.dated_by} END AS told_day
        FROM decided"""


def _trouble(column: Column, form: Form) -> str:
    """What is wrong with a cell. An older key that nobody knows is no mistake: the row waits for the register."""
    place = form.places[column.name]
    wrong = cells.trouble(column, place, today=form.today)
    if column.name != "uscc" or not by_old_keys(form.feed):
        return wrong
    words = f"{UNKNOWN_KEY}{TAB}第 {place} 列“{column.label}”是旧编号，还没有登记信息与它对应，登记到达后自动补收"
    waits = f"uscc IS NULL AND regexp_full_match({as_key('t_uscc')}, '{OLD_KEY}')"
    return f"CASE WHEN {waits} THEN {quoted(words)} ELSE {wrong} END"


def _not_kept(uscc: str) -> str:
    return f"CASE WHEN {uscc} IS NULL THEN '{UNKNOWN_ENTERPRISE}' ELSE '{NO_CONSENT}' END"


def _structure(form: Form) -> str:
    return (
        f"CASE WHEN unfit IS NOT NULL THEN unfit WHEN cells IS NULL OR len(cells) <> {form.width}"
        f" THEN {structure('cells', form.width)}"
        f" WHEN regexp_matches(line, '{CONTROLS}') THEN 'control_character{TAB}含有不可见的控制字符' END"
    )


def structure(cells_of_row: str, width: int) -> str:
    """SQL for what is wrong with a row that does not have `width` cells."""
    return (
        f"CASE WHEN {cells_of_row} IS NULL THEN 'quotes_broken{TAB}引号使用不规范'"
        f" ELSE 'column_count{TAB}应有 {width} 列，实有 ' || len({cells_of_row}) || ' 列' END"
    )


def _words(told: str, place: int) -> str:
    """Of all `rule<TAB>reason` lines the rules (1, with commas) or the reasons (2, with ；)."""
    between = "," if place == 1 else "；"
    parts = f"list_transform(string_split({told}, chr(10)), lambda each: split_part(each, chr(9), {place}))"
    return f"CASE WHEN {told} = '' THEN '' ELSE array_to_string({parts}, '{between}') END"
