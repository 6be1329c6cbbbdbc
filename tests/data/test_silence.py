"""A department that answered for an enterprise and told nothing: that is known to be nothing, by that delivery."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from jinfuyun.data import door, pipeline, withdrawal
from jinfuyun.data.ingest.manifests import Manifest
from jinfuyun.data.lake import serving
from jinfuyun.kit.errors import Unreachable
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import document, fact

ARREARS = "纳税人识别号,征收项目,税款所属期起,税款所属期止,缴款期限,欠税余额,滞纳金余额\n"
OWED = f"{A},增值税,2019-10-01,2019-12-31,2020-01-15,500,1\n"
FEBRUARY, MARCH = date(2020, 2, 29), date(2020, 3, 31)
IN_APRIL = AT + timedelta(days=31)


@pytest.fixture(autouse=True)
def consented(deliver: Callable, authorise: Callable) -> None:
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\n{A},{A}\n{B},{B}\n")
    authorise(A, category="tax", number="SQ1")
    authorise(B, category="tax", number="SQ2")


@pytest.fixture
def listed(plane: pipeline.Plane) -> Callable[..., None]:
    """The tax department confirmed a list of these consents."""

    def noted(*numbers: str) -> None:
        with serving.writing(plane.data_dsn) as book:
            book.note_list("tax_arrears", numbers, at=AT)

    return noted


def owed(uscc: str) -> object:
    return document(uscc, "tax") and fact(uscc, "tax_arrears", "tax")["value"]


def test_who_was_on_the_list_owes_nothing_and_the_figure_names_the_delivery(deliver, listed):
    listed("SQ1", "SQ2")
    number = deliver("tax_arrears", ARREARS + OWED, covers_until=FEBRUARY).number
    nothing = fact(B, "tax_arrears", "tax")
    assert (nothing["value"], nothing["deliveries"], nothing["rows"], nothing["as_of"]) == (0, [number], 0, "2020-02")
    [shown] = [one for one in document(B, "tax")["lists"] if one["feed"] == "tax_arrears"]
    assert (shown["count"], shown["rows"], shown["as_of"]) == (0, [], str(FEBRUARY))
    assert fact(B, "tax_abnormal", "tax")["value"] is None, "of violations nobody said anything"
    assert owed(A) == 50_000


def test_whose_row_could_not_be_kept_is_not_known_to_owe_nothing(deliver, listed):
    listed("SQ1", "SQ2")
    held = deliver("tax_arrears", ARREARS + OWED.replace(",500,", ",五百,"), covers_until=FEBRUARY)
    assert (held.quarantined, owed(A), owed(B)) == (1, None, 0)


def test_who_was_not_on_the_list_stays_unknown(deliver, listed):
    listed("SQ1")
    deliver("tax_arrears", ARREARS + OWED, covers_until=FEBRUARY)
    assert (owed(A), owed(B)) == (50_000, None)


def test_a_file_that_does_not_say_how_far_it_reaches_may_be_a_part_and_answers_for_nobody(deliver, listed):
    listed("SQ1", "SQ2")
    deliver("tax_arrears", ARREARS + OWED)
    assert (owed(A), owed(B)) == (50_000, None)


def test_a_month_later_the_same_silence_is_a_delivery_of_its_own_and_once_a_month_is_enough(deliver, listed, look):
    listed("SQ1", "SQ2")
    first = deliver("tax_arrears", ARREARS, covers_until=FEBRUARY)
    again = deliver("tax_arrears", ARREARS, covers_until=FEBRUARY)
    second = deliver("tax_arrears", ARREARS, covers_until=MARCH, at=IN_APRIL)
    assert first.number == again.number != second.number
    found = fact(B, "tax_arrears", "tax")
    assert (found["value"], found["deliveries"], found["as_of"]) == (0, [second.number], "2020-03")
    deliver("tax_arrears", ARREARS + OWED, covers_until=MARCH, at=IN_APRIL)
    silent = [row for row in look("coverage", "uscc, delivery, row_count") if row[0] == B and row[2] == 0]
    assert [row[1] for row in silent] == [first.number, second.number]


def test_taken_back_it_is_unknown_again(deliver, listed, plane):
    listed("SQ1", "SQ2")
    number = deliver("tax_arrears", ARREARS + OWED, covers_until=FEBRUARY).number
    withdrawal.withdraw(plane, number, because="发错", at=AT)
    assert (owed(A), owed(B)) == (None, None)


def test_a_manifest_says_how_far_the_file_reaches_but_never_into_days_to_come(deliver, listed, tmp_path):
    listed("SQ1", "SQ2")

    def sent(until: date):
        sha256 = hashlib.sha256((ARREARS + OWED).encode()).hexdigest()
        return deliver("tax_arrears", ARREARS + OWED, manifest=Manifest(sha256=sha256, rows=1, covers_until=until))

    refused = sent(MARCH)
    assert (refused.state, refused.reason) == ("refused", "清单里的截至日期 2020-03-31 晚于今天。")
    assert sent(FEBRUARY).state == "loaded"
    assert owed(B) == 0


def test_a_list_counts_once_the_department_confirmed_it(opened, deliver):
    for name in ("tax", "tax_xiamen"):
        opened.fault(name, "down")
    with pytest.raises(Unreachable):
        door.send_authorised("tax_arrears", at=AT)
    for name in ("tax", "tax_xiamen"):
        opened.fault(name, "off")
    deliver("tax_arrears", ARREARS + OWED, covers_until=date(2020, 1, 31))
    assert owed(B) is None
    assert door.send_authorised("tax_arrears", at=AT) == 2
    deliver("tax_arrears", ARREARS + OWED, covers_until=FEBRUARY)
    assert owed(B) == 0
