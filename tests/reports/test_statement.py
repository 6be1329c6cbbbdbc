"""企业声明: what an enterprise says of itself, in every report made afterwards."""

import pytest
from django.db import DatabaseError, transaction

from jinfuyun.audit.models import Line
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.reports import actions, queries
from jinfuyun.reports.chapters.shown import Report
from jinfuyun.reports.models import Statement
from tests.cast import MONDAY, RIVER_BANK, TUESDAY, WEDNESDAY, Firm, Person

SAID = "二月停产检修，当月开票下降，三月起已恢复。"
BANK = Reader(ReaderKind.INSTITUTION, RIVER_BANK)


def state(firm: Firm, text: str, *, by: Actor | None = None, at=MONDAY) -> None:
    actions.write_statement(uscc=firm.uscc, text=text, by=by or firm.owner, at=at)


def told_to(firm: Firm, officer: Person) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """What the bank's report of now has under 企业声明."""
    number = actions.open_report(
        uscc=firm.uscc, reader=BANK, reader_name="江岸示例银行", purpose=Purpose.PRE_LOAN, because="A1",
        by=officer.actor, at=TUESDAY,
    )  # fmt: skip
    return kept_in(number, officer)


def kept_in(number: str, officer: Person) -> tuple[str, tuple[tuple[str, ...], ...]]:
    data = queries.content(queries.report(number, visible_to_actor=officer.actor))
    (table,) = (table for each in Report(data).chapters for table in each.tables if table.title == "企业声明")
    return table.told, table.rows


def test_the_bank_reads_it_as_it_was_written(applied: Firm, river_bank_officer: Person) -> None:
    assert told_to(applied, river_bank_officer) == ("企业没有提交声明", ())
    state(applied, f"  {SAID} ")
    told, rows = told_to(applied, river_bank_officer)
    assert told == "企业自述，平台未核实"
    assert [row[1] for row in rows] == [SAID]
    assert Line.objects.filter(uscc=applied.uscc, action="report.statement").count() == 1


def test_what_is_written_anew_or_taken_back_changes_no_report_of_before(
    applied: Firm, river_bank_officer: Person
) -> None:
    state(applied, SAID)
    number = actions.open_report(
        uscc=applied.uscc, reader=BANK, reader_name="江岸示例银行", purpose=Purpose.PRE_LOAN, because="A1",
        by=river_bank_officer.actor, at=TUESDAY,
    )  # fmt: skip
    state(applied, SAID + "订单充足。", at=TUESDAY)
    assert told_to(applied, river_bank_officer)[1][0][1] == SAID + "订单充足。"
    state(applied, "", at=WEDNESDAY)
    assert told_to(applied, river_bank_officer)[1] == ()
    assert queries.statement(applied.uscc) is None
    assert kept_in(number, river_bank_officer)[1][0][1] == SAID


@pytest.mark.parametrize("text", ["太短", "长" * 301])
def test_its_length_has_limits(applied: Firm, text: str) -> None:
    with pytest.raises(NotInOrder) as refusal:
        state(applied, text)
    assert [reason.field for reason in refusal.value.reasons] == ["statement"]
    assert not Statement.objects.exists()


def test_nobody_but_the_legal_representative_writes_it(applied: Firm, river_bank_officer: Person) -> None:
    clerk = Actor(
        id="c", label="经办人", roles=frozenset({Role.ENTERPRISE_CLERK}), house=applied.owner.house,
        acts=frozenset({"follow", "apply"}),
    )  # fmt: skip
    for other in (clerk, river_bank_officer.actor):
        with pytest.raises(NotAllowed):
            state(applied, SAID, by=other)


def test_what_was_written_cannot_be_changed(applied: Firm) -> None:
    state(applied, SAID)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Statement.objects.update(written_by="别人")
