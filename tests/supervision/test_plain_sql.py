"""Every figure of a month equals what an independent statement counts from the same rows."""

from fractions import Fraction
from math import floor

import pytest
from django.db import connection

from jinfuyun.kit import regions
from jinfuyun.supervision.queries import BY_NAME, MONTHLY, month_span
from jinfuyun.supervision.queries.counting import counted, total_of, values_of
from tests.supervision import random_rows
from tests.supervision.plain_sql import COUNTS, DIRECT, RATIOS

WHERE = (("2026-02", "35%", False), ("2026-03", "35%", False), ("2026-03", "3502%", True), ("2026-04", "35%", False))
WITHOUT_A_PLACE = {"registered"}  # test_figures counts it


@pytest.fixture
def business(db, red_star_owner):
    random_rows.make(red_star_owner)


def answer(statement, **bounds):
    with connection.cursor() as cursor:
        cursor.execute(statement, bounds)
        value = cursor.fetchone()[0]
    return None if value is None else int(value)


def plain(name, **bounds):
    if name not in RATIOS:
        return answer(COUNTS.get(name) or DIRECT[name], **bounds)
    part, whole, scale = RATIOS[name]
    below = answer(whole, **bounds)
    return floor(Fraction(answer(part, **bounds) * scale, below) + Fraction(1, 2)) if below else None


def test_every_monthly_figure_has_its_independent_statement():
    assert {*COUNTS, *RATIOS, *DIRECT} == {one.name for one in MONTHLY} - WITHOUT_A_PLACE
    assert len(COUNTS) + len(RATIOS) + len(DIRECT) == len({*COUNTS, *RATIOS, *DIRECT})


def test_every_figure_of_every_month_equals_its_independent_statement(business):
    seen = dict.fromkeys((*COUNTS, *RATIOS, *DIRECT), 0)
    for month, place, is_xiamen in WHERE:
        span = month_span(month)
        found = counted(BY_NAME, span)
        values = values_of(found[regions.XIAMEN] if is_xiamen else total_of(found, with_xiamen=True))
        for name in seen:
            expected = plain(name, a=span.since, b=span.until, p=place)
            assert values[name] == expected, (month, place, name)
            seen[name] += bool(expected)
    assert [name for name, times in seen.items() if not times] == [], "a figure that is never anything proves nothing"
