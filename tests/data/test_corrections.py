"""Rows that were held back come again: by the delivery and row that the file names, or by their key."""

from jinfuyun.data import quarantine
from tests.data.codes import A, B
from tests.data.test_invoices import HEADER, sold

TAXPAYERS = "纳税人识别号,统一社会信用代码\n"
CORRECTED = "批次,行号,规则,原因," + TAXPAYERS


def fates(plane, delivery) -> list[tuple[int, str, str]]:
    return [(one.row_number, one.came_in, one.became) for one in quarantine.rows(plane, delivery.number, limit=10)]


def test_a_corrected_row_that_names_where_it_waited_no_longer_waits(deliver, plane):
    """Seen red without the look for the file's own two columns."""
    first = deliver("taxpayers", f"{TAXPAYERS}T1,{A}\nT2,{B[:-1]}\nT 3,{B}\n")
    assert quarantine.waiting(plane, [first.number]) == {first.number: 2}
    again = deliver("taxpayers", f"{CORRECTED}{first.number},3,x,原因不要紧,T2,{B}\n{first.number},4,x,y,T 3,{B}\n")
    assert (again.accepted, again.quarantined) == (1, 1)
    assert fates(plane, first) == [(3, again.number, "accepted"), (4, again.number, "quarantined")]
    assert quarantine.waiting(plane, [first.number, again.number]) == {again.number: 1}


def test_a_corrected_row_is_known_by_its_key_where_that_could_be_read(deliver, plane):
    first = deliver("taxpayers", f"{TAXPAYERS}T1,{A[:-1]}\nT 2,{B}\n")
    again = deliver("taxpayers", f"{TAXPAYERS}T1,{A}\nT2,{B}\n")
    assert fates(plane, first) == [(3, "", ""), (2, again.number, "accepted")]


def test_an_invoice_is_corrected_by_its_key(deliver, plane, authorise):
    deliver("taxpayers", f"{TAXPAYERS}T1,{A}\n")
    authorise(A)
    first = deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "10").replace("10,有效", "99,有效"))
    assert first.quarantined == 1
    again = deliver("sales_invoices", HEADER + sold("T1", 1, "2019/12/30", "10"))
    assert fates(plane, first) == [(2, again.number, "accepted")]


def test_a_row_corrected_once_stays_with_the_delivery_that_corrected_it(deliver, plane):
    first = deliver("taxpayers", f"{TAXPAYERS}T1,{A[:-1]}\n")
    again = deliver("taxpayers", f"{TAXPAYERS}T1,{A}\n")
    deliver("taxpayers", f"{TAXPAYERS}T1,{B}\n")
    assert fates(plane, first) == [(2, again.number, "accepted")]


def test_a_file_cannot_name_the_rows_of_another_feed(deliver, plane):
    """Seen red without the comparison of feeds."""
    first = deliver("taxpayers", f"{TAXPAYERS}T 1,{A}\n")
    header = f"批次,行号,{HEADER}"
    deliver("sales_invoices", f"{header}{first.number},2,{sold('', 1, '2019/12/30', '1')}")
    assert fates(plane, first) == [(2, "", "")]


def test_the_quarantine_is_told_by_rule_with_its_first_rows(deliver, plane):
    delivery = deliver("taxpayers", TAXPAYERS + f"T1,{A[:-1]}\n" * 5 + f"T 2,{A}\n" + f"T 3,{B[:-1]}\n")
    found = {each.rule: each for each in quarantine.by_rule(plane, delivery.number)}
    assert {rule: each.row_count for rule, each in found.items()} == {"uscc_unreadable": 6, "tax_number_unreadable": 2}
    assert [each.row_number for each in found["uscc_unreadable"].examples] == [2, 3, 4]
    assert "统一社会信用代码" in found["uscc_unreadable"].reason and "纳税人" in found["tax_number_unreadable"].reason
    assert found["tax_number_unreadable"].examples[0].raw == f"T 2,{A}"


def test_what_was_not_kept_is_told_by_reason_and_count_only(deliver, plane, authorise):
    deliver("taxpayers", f"{TAXPAYERS}T1,{A}\nT2,{B}\n")
    authorise(A)
    rows = [sold(who, place, "2019/12/30", "1") for place, who in enumerate(("T1", "T2", "T2", "T9"))]
    delivery = deliver("sales_invoices", HEADER + "".join(rows))
    found = [(one.reason, one.row_count, one.enterprise_count) for one in quarantine.left_out(plane, delivery.number)]
    assert found == [("no_consent", 2, 1), ("unknown_enterprise", 1, 1)]
