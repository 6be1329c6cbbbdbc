"""Entries by file: ten thousand rows of which 37 are wrong, the corrected ones alone, the same file twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from jinfuyun.audit.models import Line as BookLine
from jinfuyun.kit.errors import NotAllowed
from jinfuyun.loans import actions, queries
from jinfuyun.loans.checks import HEADING, REASON, read
from jinfuyun.loans.models import Loan, LoanEvent, LoanUpload
from jinfuyun.loans.rules import State
from jinfuyun.storage.sheets import SheetRefused, sheet
from tests.cast import FRIDAY
from tests.loans.steps import DRAWN_ON, on
from tests.market import WAN

AT = on(DRAWN_ON + timedelta(days=60))
DAY = (DRAWN_ON + timedelta(days=10)).isoformat()


def repaid(reference: str, loan: Loan, yuan: str = "100.00", *, day: str = DAY, balance: str = "") -> tuple[str, ...]:
    return (reference, "还款", loan.number, day, yuan, "1.00", balance, "", "", "")


def sent(rows: list[tuple[str, ...]], officer, *, at=AT, heading=HEADING) -> LoanUpload:
    made = actions.upload(file_name="借据账.xlsx", content=sheet(heading, rows), by=officer, at=at)
    actions.take_in(upload_id=made.pk, at=at)
    made.refresh_from_db()
    return made


def counts(upload: LoanUpload) -> tuple[int, int, int, int]:
    return upload.row_count, upload.loaded_count, upload.repeated_count, upload.wrong_count


def many(loan: Loan, count: int) -> list[Loan]:
    """As many loans like it under the same line; the line is larger than it was."""
    loans = [replace_number(loan, number) for number in range(count)]
    return Loan.objects.bulk_create(loans)


def replace_number(loan: Loan, number: int) -> Loan:
    columns = {field.attname: getattr(loan, field.attname) for field in Loan._meta.concrete_fields}
    return Loan(**columns | {"id": uuid4(), "number": f"JJ20260306{number:08d}"})


@pytest.mark.deep
@pytest.mark.timeout(300)
def test_of_ten_thousand_rows_37_are_wrong_and_come_back_alone(loan, officer):
    loans = many(loan, 500)
    rows = [repaid(f"L{number:05d}", loans[number % 500]) for number in range(10_000)]
    for number in range(0, 37 * 270, 270):
        rows[number] = repaid(f"L{number:05d}", loans[number % 500], "999999999.00")
    first = sent(rows, officer)
    assert counts(first) == (10_000, 9_963, 0, 37)
    assert [line[0] for line in first.wrong] == [number + 2 for number in range(0, 37 * 270, 270)]
    assert all("不能大于贷款余额" in line[2] for line in first.wrong)
    back = read(queries.wrong_rows(first))
    assert len(back) == 37
    corrected = [(*row.cells[:4], "100.00", *row.cells[5:]) for row in back]
    assert counts(sent(corrected, officer)) == (37, 37, 0, 0)
    assert LoanEvent.objects.filter(act="repay").count() == 10_000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM loan JOIN (SELECT loan_id, sum(principal_fen) AS paid FROM loan_event"
            " WHERE act = 'repay' GROUP BY loan_id) AS book ON book.loan_id = loan.id"
            " WHERE principal_paid_fen = paid AND balance_fen = amount_fen - paid"
        )
        assert cursor.fetchone() == (500,)
    assert BookLine.objects.filter(action="loan.repay").count() == 10_000


def test_the_same_file_twice_is_one(loan, officer):
    rows = [repaid("L1", loan), repaid("L2", loan, balance="499800.00"), repaid("L2", loan, balance="499800.00")]
    assert counts(sent(rows, officer)) == (3, 2, 1, 0)
    assert counts(sent(rows, officer)) == (3, 0, 3, 0)
    loan.refresh_from_db()
    assert (loan.balance_fen, loan.events.count()) == (50 * WAN - 20_000, 3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({1: "收款"}, "业务"),
        ({0: ""}, "流水号"),
        ({2: ""}, "请填写借据号"),
        ({2: "JJ0"}, "没有这个借据号"),
        ({3: "三月六日"}, "应为日期"),
        ({3: "2026-03-01"}, "日期不能早于"),
        ({4: "1.001"}, "最多两位小数"),
        ({4: "=1+1"}, "应为金额"),
        ({4: ""}, "应为金额"),
        ({6: "1.00"}, "还款后余额应为"),
        ({1: "放款"}, "年化利率"),
    ],
)
def test_each_wrong_cell_is_named(loan, officer, change, reason):
    cells = list(repaid("L1", loan))
    for place, value in change.items():
        cells[place] = value
    found = sent([tuple(cells)], officer)
    assert counts(found) == (1, 0, 0, 1)
    assert reason in found.wrong[0][2]
    assert loan.events.count() == 1


def test_money_is_drawn_and_settled_by_file_within_the_line(loan, officer):
    draw = ("D1", "放款", loan.line.number, DAY, "200000", "", "", "3.9", "2026-09-06", "采购原材料、备货")
    above = ("D2", *draw[1:4], "100000.01", *draw[5:])
    settle = ("S1", "结清", loan.number, DAY, "500000", "1000", "", "", "", "")
    after = ("D3", *draw[1:4], "600000", *draw[5:])
    found = sent([draw, above, settle, after], officer)
    assert counts(found) == (4, 3, 0, 1)
    assert "可用额度 10 万元" in found.wrong[0][2]
    loan.refresh_from_db()
    assert (loan.state, queries.room(loan.line).left_fen) == (State.SETTLED, 0)
    assert {one.state for one in Loan.objects.exclude(pk=loan.pk)} == {State.REPAYING}


def test_another_banks_loan_does_not_exist(loan, hill_bank_officer):
    from tests import market

    market.institution(replace(market.LANLUWAN, code="HILL"))
    found = sent([repaid("L1", loan)], hill_bank_officer.actor)
    assert "没有这个借据号" in found.wrong[0][2]


def test_a_number_that_stands_for_something_else_is_refused(loan, officer):
    sent([repaid("L1", loan)], officer)
    found = sent([repaid("L1", loan, "200.00")], officer)
    assert "已登记过另一笔" in found.wrong[0][2]


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00", b"", b"PK\x03\x04 and no more", b"PK\x03\x04" + bytes(6 << 20)], ids=str
)  # fmt: skip
def test_what_is_no_sheet_is_refused(loan, officer, content):
    try:
        made = actions.upload(file_name="借据账.xlsx", content=content, by=officer, at=AT)
    except SheetRefused:
        return
    actions.take_in(upload_id=made.pk, at=AT)
    made.refresh_from_db()
    assert (made.state, made.file) == ("refused", "")


def test_columns_are_found_by_their_names_and_lacking_ones_named(loan, officer):
    turned = tuple(reversed((*HEADING, REASON)))
    row = tuple(reversed((*repaid("L1", loan), "此前的原因")))
    assert counts(sent([row], officer, heading=turned)) == (1, 1, 0, 0)
    assert "日期" in sent([("x",)], officer, heading=("流水号", "业务", "借据号或授信编号", "本金（元）")).reason


def test_who_may_not_keep_loans_sends_no_sheet(loan, river_bank_product_manager, red_star):
    for person in (river_bank_product_manager.actor, red_star.owner):
        with pytest.raises(NotAllowed):
            actions.upload(file_name="x.xlsx", content=b"PK\x03\x04", by=person, at=FRIDAY)
