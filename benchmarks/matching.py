"""One enterprise against 5,000 products with every reason, beside the same comparisons without any; and a million
enterprises against 500 products in the lake's engine, beside the same predicates written by hand.

ENTERPRISES=N (1,000,000).
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import django
import duckdb
import numpy as np

from benchmarks.crowd import offered
from benchmarks.figures import tell
from benchmarks.stage import MS

PRODUCTS, PRODUCTS_IN_SQL = 5_000, 500
MATCH_MS_MAX, TIMES_BY_HAND_MAX = 30.0, 2.0
TURNS = 15
AT_ONCE = 50  # products of one statement
TODAY = date(2026, 3, 10)
FIRM: dict[str, Any] = {
    "age_months": 40, "sales_r12": 600_000_000, "declared_sales_r12": 610_000_000, "tax_paid_r12": 9_000_000,
    "tax_arrears": 0, "missed_declarations_r24": 0, "active_months_r12": 11, "void_and_red_share_r12": 300,
    "top5_customers_share_r12": 6_500, "electricity_months": 30, "kwh_yoy": -400, "insured_people": 14,
    "dishonest_debtor": 0, "serious_violation": 0, "tax_abnormal": 0, "enforcement_open_fen": 0, "region": "350102",
    "industry": "C13", "size": "small", "borrower": frozenset({"company", "small_owner"}), "tax_grade": "B",
    "titles": frozenset({"high_tech"}),
}  # fmt: skip
# What somebody would write who knows the columns: expression, and how much of the column is one of the limit.
BY_HAND = {
    "months_in_business": ("age_months", 1), "invoiced_sales_r12": ("sales_r12", 1_000_000),
    "declared_sales_r12": ("declared_sales_r12", 1_000_000), "tax_paid_r12": ("tax_paid_r12", 1_000_000),
    "tax_arrears": ("tax_arrears", 1_000_000), "missed_declarations_r24": ("missed_declarations_r24", 1),
    "active_months_r12": ("active_months_r12", 1), "voided_share_r12": ("void_and_red_share_r12", 100),
    "top5_customers_share": ("top5_customers_share_r12", 100), "electricity_months": ("electricity_months", 1),
    "electricity_drop_r12": ("-kwh_yoy", 100), "insured_people": ("insured_people", 1),
    "debt_ratio": ("debt_ratio", 100), "export_r12": ("export_r12", 1_000_000),
    "government_orders_r24": ("government_orders_r24", 1), "patents": ("patents", 1),
    "research_staff_share": ("NULL::BIGINT", 1), "fixed_place_months": ("NULL::BIGINT", 1),
    "dishonest_debtor": ("dishonest_debtor", 1), "serious_violation": ("serious_violation", 1),
    "tax_abnormal": ("tax_abnormal", 1), "enforced_to_sales": (
        "if(enforcement_open_fen = 0, 0, enforcement_open_fen * 10000 // if(sales_r12 < 1, 1, sales_r12))", 100
    ),
}  # fmt: skip


def run() -> None:
    django.setup()
    from jinfuyun.products import queries
    from jinfuyun.products.rules import admission

    barred = queries.barred(TODAY)
    for what, own in (("", False), (", no condition shared", True)):
        asked = []
        for number, (_, terms) in enumerate(offered(PRODUCTS)):
            asked.append((f"P{number:04d}", admission(_its_own(terms, number) if own else terms, barred)))
        _one_enterprise(what, asked)
    several = [admission(terms, barred) for _, terms in offered(PRODUCTS_IN_SQL)]
    _many_enterprises(int(os.environ.get("ENTERPRISES") or 1_000_000), several)


def _its_own(terms: Any, number: int) -> Any:
    moved = [replace(one, value=one.value + number) if isinstance(one.value, int) else one for one in terms.conditions]
    return replace(terms, conditions=tuple(moved), age_months_min=1 + number)


def _one_enterprise(what: str, asked: list[tuple[str, tuple[Any, ...]]]) -> None:
    from jinfuyun.kit.conditions import SUBJECTS
    from jinfuyun.matching.rules import Catalogue, match

    catalogue = Catalogue.of(asked)
    shown = ", ".join(
        f"firm.get({SUBJECTS[one.subject].indicators[0]!r}, 0) >= {one.value * SUBJECTS[one.subject].scale}"
        for _, conditions in asked for one in conditions
        if isinstance(one.value, int) and SUBJECTS[one.subject].indicators
    )  # fmt: skip
    bare = eval(f"lambda firm: ({shown},)")
    tell(
        f"one enterprise against {len(asked):,} products with reasons ({len(catalogue.conditions):,} conditions){what}",
        _cpu_ms(lambda: match(catalogue, FIRM)), "ms", limit=_cpu_ms(lambda: bare(FIRM)), reach=MATCH_MS_MAX,
    )  # fmt: skip


def _cpu_ms(act: Callable[[], object]) -> float:
    """Of the middle one of some turns; nothing is remembered from one to the next."""
    took = []
    for _ in range(TURNS):
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * MS)
    return float(np.median(took))


def _many_enterprises(count: int, several: list[tuple[Any, ...]]) -> None:
    from jinfuyun.kit.conditions import all_sql

    lake = duckdb.connect()
    _fill(lake, count)
    found = {}
    for who, predicates in (("ours", [all_sql(each) for each in several]), ("hand", [*map(_by_hand, several)])):
        begun = time.process_time()
        fits: list[int] = []
        for first in range(0, len(predicates), AT_ONCE):
            columns = ", ".join(f"count(*) FILTER (WHERE {one})" for one in predicates[first : first + AT_ONCE])
            fits += lake.execute(f"SELECT {columns} FROM firm").fetchone() or ()
        found[who] = (time.process_time() - begun, fits)
    if found["ours"][1] != found["hand"][1]:
        raise RuntimeError("the two predicates do not find the same enterprises")
    ours, by_hand = found["ours"][0], found["hand"][0]
    tell(
        f"{count:,} enterprises against {len(several)} products in SQL, CPU", ours, "s", limit=by_hand,
        reach=TIMES_BY_HAND_MAX * by_hand,
    )  # fmt: skip


def _by_hand(conditions: Iterable[Any]) -> str:
    parts = []
    for one in conditions:
        if isinstance(one.value, int):
            column, scale = BY_HAND[one.subject]
            parts.append(f"{column} {one.operator} {one.value * scale}")
        elif one.subject in ("borrower", "titles"):
            parts.append(f"list_has_any({one.subject}, {list(one.value)})")
        else:
            parts.append(f"{one.subject} {one.operator.upper()} ({', '.join(map(repr, one.value))})")
    return " AND ".join(parts)


def _fill(lake: duckdb.DuckDBPyConnection, count: int) -> None:
    """Enterprises of whom every tenth figure is unknown."""
    from jinfuyun.kit.conditions import ATTRIBUTES, INDICATORS

    columns = []
    for name in INDICATORS:
        most = 2_000_000_000 if FIRM.get(name, 0) > 10_000 else 20_000 if "share" in name else 60
        drawn = "(random() < 0.02)" if FIRM.get(name) == 0 else f"(random() * {most})"
        columns.append(f"CASE WHEN random() < 0.9 THEN {drawn}::BIGINT END AS {name}")
    for name, one in ATTRIBUTES.items():
        words = f"{sorted(one.words)}[1 + (random() * {len(one.words) - 1})::INTEGER]"
        columns.append(f"CASE WHEN random() < 0.9 THEN {f'[{words}]' if one.several else words} END AS {name}")
    lake.execute("SELECT setseed(0.42)")
    lake.execute(f"CREATE TABLE firm AS SELECT {', '.join(columns)} FROM range({count})")
