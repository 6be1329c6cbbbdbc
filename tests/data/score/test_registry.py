"""Which card marks which facts."""

from datetime import UTC, datetime

from jinfuyun.data.facts import Facts, score
from jinfuyun.data.score.registry import CARDS
from jinfuyun.kit.grant import Category


def facts_at(at: datetime) -> Facts:
    conduct = {"facts": [{"name": "dishonest_debtor", "value": 1}, {"name": "enforcement_open", "value": None}]}
    return Facts(uscc="", at=at, chapters={Category.JUDICIAL: conduct, Category.TAX: {"facts": None}})


def test_facts_are_marked_by_name_from_every_category_and_nothing_else_is_known() -> None:
    found = score(facts_at(datetime(2026, 11, 1, tzinfo=UTC)))
    assert found is not None
    assert found.card is CARDS[-1]
    assert [each.characteristic.indicator for each in found.marks if each.known] == ["dishonest_debtor"]
    assert found.score is None  # too little is known
    assert found.coverage == 1 / len(found.marks)


def test_before_the_first_card_there_is_no_score() -> None:
    assert score(facts_at(datetime(2019, 12, 31, 15, 59, tzinfo=UTC))) is None
    assert score(facts_at(datetime(2019, 12, 31, 16, 0, tzinfo=UTC))) is not None  # the year begins in Shanghai
