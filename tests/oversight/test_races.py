"""Two regulators end one note in the same moment: one step, one loser who is told."""

from jinfuyun.kit.errors import TooLate
from jinfuyun.oversight import actions, queries
from jinfuyun.oversight.models import Note
from tests import market
from tests.at_once import all_at_once
from tests.cast import Firm, Person, given
from tests.oversight.conftest import LATER, regulator


def test_one_of_two_closers_wins(committed_db: None, red_star: Firm, river_bank_officer: Person) -> None:
    given(red_star)
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    late, people = market.applied(red_star), (regulator("350100", 1), regulator("350100", 2))
    sent = actions.send_note(
        about="application", number=late.number, text="请尽快受理。", days=3, by=people[0].actor, at=LATER
    )
    actions.answer_note(note=sent, text="已经受理。", by=river_bank_officer.actor, at=LATER)

    def close(n: int) -> None:
        actions.close_note(note=Note.objects.get(pk=sent.pk), by=people[n].actor, at=LATER)

    assert all_at_once(close, TooLate, 2) == 1
    assert [step.act for step in queries.steps(sent)] == ["send", "answer", "close"]
