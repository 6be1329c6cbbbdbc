"""Counted by institution the figures add up to what is counted by place; the rows behind one add up to it."""

import pytest

from jinfuyun.applications.models import Application
from jinfuyun.evaluation.queries.schemes import INDICATORS, SAMPLES
from jinfuyun.loans.models import Loan
from jinfuyun.supervision.queries import month_span
from jinfuyun.supervision.queries.counting import by_institution, counted, needs, rows_behind, total_of
from jinfuyun.supervision.queries.table import BASE
from tests import market
from tests.supervision import random_rows

MARCH = month_span("2026-03")
COUNTED = sorted({*SAMPLES, *(part for name in INDICATORS for part in needs(name))})
OF_ENTERPRISES = {"borrowers", "first"}  # an enterprise may borrow from two
BOTH = ("LLW", "MLYH")


@pytest.fixture
def two_institutions(db, red_star_owner):
    random_rows.make(red_star_owner)
    other = market.institution(market.LANLUWAN)
    Application.objects.filter(product__code="MLYH002").update(institution=other)
    Loan.objects.filter(line__application__institution=other).update(institution=other)


def summed(count):
    return sorted(count) if isinstance(count, list) else count


def test_institutions_add_up_to_the_province(two_institutions):
    found, total = by_institution(COUNTED, MARCH, BOTH), total_of(counted(COUNTED, MARCH), with_xiamen=True)
    assert set(found) == {*BOTH, "nowhere"} and not found["nowhere"]
    for name in COUNTED:
        own, other = (found[code][name] for code in BOTH)
        if name in OF_ENTERPRISES:
            assert max(own, other) <= total[name] <= own + other, name
        else:
            assert summed(own + other) == summed(total[name]), name
    assert all(found[code]["intakes"] and found[code]["funded_fen"] for code in BOTH)


def test_the_rows_behind_each_figure_add_up_to_it(two_institutions):
    found = by_institution(COUNTED, MARCH, BOTH)
    seen = 0
    for name in sorted(INDICATORS):
        for _, rows in rows_behind(name, MARCH, code="LLW"):
            for part in rows[0].adds if rows else ():
                adds = [row.adds[part] for row in rows]
                total = [each for add in adds for each in add] if isinstance(adds[0], list) else sum(adds)
                if part in OF_ENTERPRISES:
                    assert total >= found["LLW"][part], part
                else:
                    assert summed(total) == summed(found["LLW"][part]), part
                seen += 1
    assert seen > len(BASE) // 2 and all(
        row.number for _, rows in rows_behind("owed", MARCH, code="LLW") for row in rows
    )
