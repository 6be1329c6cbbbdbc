"""A department reads what became of its own rows, and of nobody else's: out of a real lake."""

import pytest

from jinfuyun.deliveries import queries
from jinfuyun.deliveries.rules import NAMED_ROWS, OUTCOMES, by_reason
from jinfuyun.kit.errors import NotFound


def test_a_department_sees_its_own_deliveries_only(delivered, tax_bureau, operator):
    """Seen red with the department left out of the look-up by number."""
    registration, *of_tax = delivered
    assert {each.number for each in queries.mine(tax_bureau.actor)} == {each.number for each in of_tax}
    for number, who in ((registration.number, tax_bureau), (of_tax[0].number, operator), ("nothing", tax_bureau)):
        with pytest.raises(NotFound):
            queries.held_rows(number, visible_to=who.actor)


def test_every_row_has_one_outcome(delivered, tax_bureau):
    taxpayers, sales, refused = (
        queries.held_rows(each.number, visible_to=tax_bureau.actor)[0] for each in delivered[1:]
    )
    assert (taxpayers.delivered, taxpayers.accepted, taxpayers.quarantined) == (5, 2, 3)
    assert (sales.delivered, sales.unauthorised) == (2, 2)
    assert (refused.state, refused.delivered) == ("refused", 0)
    for each in (taxpayers, sales, refused):
        assert sum(getattr(each, name) for name, _, _ in OUTCOMES) == each.delivered


def test_quarantined_rows_are_told_by_reason_with_their_numbers(delivered, tax_bureau):
    _, rows = queries.held_rows(delivered[1].number, visible_to=tax_bureau.actor)
    troubles = by_reason((row.row_number, row.reason) for row in rows)
    assert [(one.rows, one.first_rows) for one in troubles] == [(2, (4, 6)), (1, (5,))]
    assert "18 位" in troubles[0].reason
    assert queries.held_rows(delivered[2].number, visible_to=tax_bureau.actor)[1] == []


def test_the_commonest_reason_stands_first_and_names_only_the_first_rows():
    rows = [(1, "甲"), *((number, "乙") for number in range(2, 30))]
    first, second = by_reason(rows)
    assert (first.reason, first.rows, len(first.first_rows)) == ("乙", 28, NAMED_ROWS)
    assert (second.reason, second.first_rows) == ("甲", (1,))
