"""What a delivery's rows were like: figures of many, never of one."""

import pytest

from jinfuyun.data.ingest import profile as profiles
from tests.data.codes import LETTERS, uscc
from tests.data.test_invoices import HEADER, sold


def enterprises(count: int) -> list[str]:
    return [uscc(f"91350100MA2XY{place // 31:03}{LETTERS[place % 31]}") for place in range(count)]


def sent(deliver, authorise, count: int, each: int):
    codes = enterprises(count)
    pairs = "".join(f"T{n},{c}\n" for n, c in enumerate(codes))
    assert deliver("taxpayers", "纳税人识别号,统一社会信用代码\n" + pairs).accepted == count
    authorise(*codes)
    rows = [
        sold(f"T{n}", place * count + n, "2019/12/30", str(place + 1), "作废" if place == 0 else "有效")
        for n in range(count) for place in range(each)
    ]  # fmt: skip
    wrong = sold("T0", 9999, "x", "1") * 3 + sold("T0", 9998, "x", "y")
    return deliver("sales_invoices", HEADER + "".join(rows) + wrong)


def test_shares_choices_and_deciles_are_of_the_rows_that_were_kept(deliver, authorise):
    told = sent(deliver, authorise, 12, 10).profile
    assert told["rows"] == 120
    assert told["rules"] == {"gross_fen_unreadable": 1, "issued_on_unreadable": 4, "net_fen_unreadable": 1}
    assert told["null_bp"]["invoice_code"] == told["null_bp"]["updated_at"] == 10_000
    assert told["null_bp"]["invoice_number"] == 0
    assert told["choices"] == {"state": {"valid": 108, "void": 12}}
    assert told["deciles"]["net_fen"] == pytest.approx([190, 280, 370, 460, 550, 640, 730, 820, 910], abs=15)


def test_nothing_but_counts_is_told_of_few_rows_or_few_enterprises(deliver, authorise):
    """Seen red without the least number of enterprises."""
    told = sent(deliver, authorise, profiles.ENTERPRISES_MIN - 1, 20).profile
    assert told["rows"] == 180 and set(told) == {"rows", "rules"}


def test_rows_that_nobody_authorised_are_in_no_figure(deliver, authorise):
    """Seen red with every row of the file looked at."""
    codes = enterprises(24)
    pairs = "".join(f"T{n},{c}\n" for n, c in enumerate(codes))
    deliver("taxpayers", "纳税人识别号,统一社会信用代码\n" + pairs)
    authorise(*codes[:12])
    rows = [sold(f"T{n % 24}", n, "2019/12/30", "5" if n % 24 < 12 else "777") for n in range(480)]
    told = deliver("sales_invoices", HEADER + "".join(rows)).profile
    assert told["rows"] == 240 and set(told["deciles"]["net_fen"]) == {500.0}
