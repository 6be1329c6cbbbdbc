"""One document per enterprise and category: facts with their origins, months, the record as it stands."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

import pyarrow as pa

from jinfuyun.data.departments.answers import Grade
from jinfuyun.data.indicators.contract import Indicator, Source
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.kit.grant import Category
from jinfuyun.kit.period import month_of

SERIES_MONTHS_MAX = 36


def documents(engine: Engine, source: Source, *, ledger: pa.Table) -> Iterator[tuple[str, str, str]]:
    """(uscc, category, JSON) of everything measured. Missing is null, never zero."""
    engine.offer("ledger", ledger)
    engine.run(
        "CREATE OR REPLACE TEMP TABLE origin AS SELECT uscc, max(received_at) AS received_at,"
        " list({'number': number, 'feed': feed, 'rows': row_count, 'received_at': received_at, 'sha256': sha256}"
        " ORDER BY number) AS deliveries, list(number ORDER BY number) AS numbers FROM"
        " (SELECT uscc, delivery AS number, count(*) AS row_count FROM source_row GROUP BY ALL)"
        " JOIN ledger USING (number)"
        " GROUP BY uscc"
    )
    facts = ", ".join(_fact(indicator) for indicator in source.indicators)
    joins = "LEFT JOIN origin USING (uscc)"
    series = record = "NULL"
    if source.series:
        shown = ", ".join(f"'{name}': {name}" for name in ("month", *source.series))
        joins += (
            f" LEFT JOIN (SELECT uscc, list({{{shown}}} ORDER BY ago DESC) AS by_month FROM by_month"
            f" WHERE ago < {SERIES_MONTHS_MAX} GROUP BY uscc) USING (uscc)"
        )
        series = "{'by_month': coalesce(by_month, [])}"
    if source.record:
        shown = ", ".join(f"'{name}': {name}" for name in source.record)
        joins += f" LEFT JOIN (SELECT uscc, {{{shown}}} AS record FROM source_row) USING (uscc)"
        record = "record"
    rows = engine.stream(
        f"""SELECT uscc, to_json({{
            'category': {quoted(source.category)},
            'department': {quoted(source.department_label)},
            'cut_off': strftime(month, '%Y-%m'),
            'received_at': received_at,
            'months_covered': reach,
            'deliveries': coalesce(deliveries, []),
            'facts': [{facts}],
            'series': {series},
            'record': {record}
        }})::VARCHAR AS body FROM measured {joins}"""
    )
    for batch in rows:
        for uscc, body in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield uscc, source.category.value, body
    engine.withdraw("ledger")


def grade_document(grade: Grade | None, *, at: datetime) -> str:
    """The tax chapter as the bureau answered at `at`; a taxpayer without a grade has null, not the lowest one."""
    fact: dict[str, object] = {
        "name": "tax_grade",
        "label": "纳税信用等级",
        "unit": "grade",
        "value": grade.grade if grade else None,
        "period": f"{grade.year} 年度" if grade else "",
        "as_of": month_of(at.date()),
        "deliveries": [],
        "rows": 1 if grade else 0,
        "definition": "向税务部门实时查询",
    }
    body = {
        "category": Category.TAX.value,
        "department": "税务局",
        "cut_off": month_of(at.date()),
        "received_at": at.isoformat(timespec="seconds"),
        "deliveries": [],
        "facts": [fact],
        "series": None,
        "record": None,
    }
    return json.dumps(body, ensure_ascii=False)


def _fact(indicator: Indicator) -> str:
    first = f"strftime(month - INTERVAL {max(indicator.months - 1, 0)} MONTH, '%Y-%m')"
    period = f"{first} || ' 至 ' || strftime(month, '%Y-%m')" if indicator.months else "strftime(month, '%Y-%m')"
    parts: Mapping[str, str] = {
        "name": quoted(indicator.name),
        "label": quoted(indicator.label),
        "unit": quoted(indicator.unit),
        "value": f"to_json({indicator.name})",
        "period": period,
        "as_of": "strftime(month, '%Y-%m')",
        "months_covered": f"least(reach, {indicator.months})" if indicator.months else "NULL::BIGINT",
        "deliveries": "coalesce(numbers, [])",
        "rows": f"{indicator.name}_rows",
        "definition": quoted(indicator.definition),
    }
    return "{" + ", ".join(f"'{name}': {sql}" for name, sql in parts.items()) + "}"
