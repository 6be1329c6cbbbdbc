"""Documents on their way into the database: no word changes, no lot is lost, nothing stays at work."""

import threading
from contextlib import closing

import pytest

from jinfuyun.data import nightly, serve
from jinfuyun.data.lake import serving
from tests.data import test_invoices
from tests.data.codes import A, B
from tests.data.conftest import AT
from tests.data.test_invoices import sold
from tests.data.test_registration import HEADER
from tests.documents import stored


@pytest.mark.parametrize("name", ["甲\\乙厂", "\\.", "\\N", '甲"乙"厂', "甲\\t乙\\n厂", "𠮷祥\u2028厂", "{}'$$"])
def test_words_are_stored_as_they_were_told(deliver, authorise, name):
    authorise(A, category="registration")
    quoted = name.replace('"', '""')
    assert deliver("registration", f'{HEADER}{A},"{quoted}",2015-01-01,,,,,\n').accepted == 1
    assert stored(category="registration")[A]["record"]["name"] == name


def test_documents_of_many_lots_all_stand(plane, deliver, authorise, monkeypatch):
    monkeypatch.setattr(serving, "ROWS_AT_ONCE", 1)
    for category in ("registration", "invoices"):
        authorise(A, B, category=category)
    deliver("registration", f"{HEADER}{A},甲,2015-01-01,,,,,\n{B},乙,2015-01-01,,,,,\n")
    deliver("sales_invoices", test_invoices.HEADER + "".join(sold(each, 1, "2019/12/15", "100") for each in (A, B)))
    everything = stored()
    assert everything.keys() == {f"{uscc}:{category}" for uscc in (A, B) for category in ("registration", "invoices")}
    assert nightly.nightly(plane, everything=True, at=AT) == 4
    assert stored() == everything


def test_what_is_made_ahead_comes_in_order_and_its_errors_come_too():
    def batches():
        yield "tax", 1
        yield "gas", 2
        raise ZeroDivisionError

    seen = []
    with pytest.raises(ZeroDivisionError), closing(serve._ahead(batches())) as made:
        seen.extend(iter(made.__next__, None))
    assert seen == [("tax", 1), ("gas", 2)]


def test_whoever_stops_waits_for_the_one_being_made():
    begun, finished = threading.Event(), threading.Event()

    def batches():
        yield "tax", 1
        begun.set()
        threading.Event().wait(0.3)
        finished.set()
        yield "gas", 2

    with pytest.raises(ConnectionError), closing(serve._ahead(batches())) as made:
        next(made)
        begun.wait()
        raise ConnectionError
    assert finished.is_set()
