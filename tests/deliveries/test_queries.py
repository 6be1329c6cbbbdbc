"""A department reads what became of its own rows, and of nobody else's: out of a real lake."""

import pytest

from jinfuyun.deliveries import queries
from jinfuyun.deliveries.rules import OUTCOMES, masked
from jinfuyun.kit.errors import NotFound


def test_a_department_sees_its_own_deliveries_only(delivered, tax_bureau, operator):
    """Seen red with the department left out of the look-up by number."""
    registration, *of_tax = delivered
    assert {each.number for each in queries.mine(tax_bureau.actor)} == {each.number for each in of_tax}
    for number, who in ((registration.number, tax_bureau), (of_tax[0].number, operator), ("nothing", tax_bureau)):
        with pytest.raises(NotFound):
            queries.story(number, visible_to=who.actor)


def test_every_row_has_one_outcome(delivered, tax_bureau):
    taxpayers, sales, refused = (queries.delivery(each.number, visible_to=tax_bureau.actor) for each in delivered[1:])
    assert (taxpayers.delivered, taxpayers.accepted, taxpayers.quarantined) == (5, 2, 3)
    assert (sales.delivered, sales.unauthorised) == (2, 2)
    assert (refused.state, refused.delivered) == ("refused", 0)
    for each in (taxpayers, sales, refused):
        assert sum(getattr(each, name) for name, _, _ in OUTCOMES) == each.delivered


def test_a_story_tells_every_rule_with_examples_and_how_many_rows_wait(delivered, tax_bureau):
    story = queries.story(delivered[1].number, visible_to=tax_bureau.actor)
    assert [(one.rule, one.row_count) for one in story.rules] == [("uscc_unreadable", 2), ("uscc_formula", 1)]
    assert [row.row_number for row in story.rows] == [4, 5, 6] and story.waiting == 3
    sales = queries.story(delivered[2].number, visible_to=tax_bureau.actor)
    assert [(one.reason, one.row_count) for one in sales.left_out] == [("no_consent", 2)]
    assert (sales.rules, sales.rows, sales.waiting) == ([], [], 0)


def test_numbers_of_people_are_hidden_and_codes_of_enterprises_are_not():
    """Seen red with every 18 digits taken for a person's."""
    from jinfuyun.kit.uscc import check_digit
    from tests.cast import id_number_of

    person, code = id_number_of(7), next(
        first + digit for place in range(1000)
        if (digit := check_digit(first := f"91350111{place:09d}")).isdigit()
    )  # fmt: skip
    shown = masked(f"{person},{code},13800000001,编号20200301138000000019")
    assert person not in shown and code in shown and "13800000001," not in shown
    assert shown.endswith("编号20200301138000000019")
