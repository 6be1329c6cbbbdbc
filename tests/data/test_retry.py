"""Rows that name their enterprise by a key nobody knows wait, come in once it is known, and go back when it is not."""

import psycopg
import pytest

from jinfuyun.config import database
from jinfuyun.data import retry, withdrawal
from tests.data.codes import A, B, C, uscc
from tests.data.conftest import AT

HEADER = "统一社会信用代码,企业名称,分支机构统一社会信用代码,分支机构名称,成立日期,更新时间\n"
REGISTERED = "统一社会信用代码,企业名称,注册日期,注册号\n"
BRANCH_1, BRANCH_2, BRANCH_3 = (uscc(f"91350100MA3XYW00{digit}") for digit in "123")
OLD = "350100100012345"


def branches(*rows: tuple[str, str, str]) -> str:
    return HEADER + "".join(
        f"{key},红星机械厂,{branch},{name},2015-01-01,2020-01-05 08:00:00\n" for key, branch, name in rows
    )


def registered(key: str, number: str) -> str:
    return f"{REGISTERED}{key},红星机械厂,2015-01-01,{number}\n"


@pytest.fixture
def join(plane):
    """What a person's decision writes; None parts."""

    def decide(key: str, code: str | None) -> None:
        with psycopg.connect(database.dsn("jinfuyun_app")) as app:
            if code:
                app.execute("INSERT INTO serving.joined_key VALUES (%s, %s)", [key, code])
            else:
                app.execute("DELETE FROM serving.joined_key WHERE key = %s", [key])

    return decide


def counts(delivery) -> tuple[int, int, int, int]:
    return delivery.delivered, delivery.accepted, delivery.superseded, delivery.quarantined


def standing(look) -> list[tuple[object, ...]]:
    return look("branches.current", "uscc, branch_uscc, branch")


def test_a_row_with_an_old_key_waits_and_comes_in_when_the_register_learns_it(plane, deliver, look):
    first = deliver("branches", branches((OLD, BRANCH_1, "一店"), (A, BRANCH_2, "二店"), ("什么", BRANCH_3, "三店")))
    assert counts(first) == (3, 1, 0, 2)
    assert look("quarantine", "row_number, rule, named") == [(2, "unknown_key", OLD), (4, "uscc_unreadable", None)]
    assert retry.settle(plane, at=AT) == retry.Settled([], [], [])

    deliver("registration", registered(B, OLD))
    (taken,) = retry.settle(plane, at=AT).taken_in
    assert (taken.origin, *counts(taken)) == ("retry", 1, 1, 0, 0)
    assert standing(look) == sorted([(B, BRANCH_1, "一店"), (A, BRANCH_2, "二店")])
    assert look("corrected", "delivery, row_number, corrected_by, outcome") == [
        (first.number, 2, taken.number, "accepted")
    ]
    assert retry.settle(plane, at=AT) == retry.Settled([], [], []), "nothing comes in twice"


@pytest.mark.parametrize("key", [OLD, A[8:17], f"{A[8:16]}-{A[16]}", "350100999888777"])
def test_a_key_of_an_earlier_version_is_known_at_once(deliver, look, key):
    deliver("registration", registered(A, OLD))
    deliver("registration", registered(A, "350100200000001"))
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\n350100999888777,{A}\n")
    assert counts(deliver("branches", branches((key, BRANCH_1, "一店")))) == (1, 1, 0, 0)
    assert standing(look) == [(A, BRANCH_1, "一店")]


def test_a_key_of_two_enterprises_is_nobodys(deliver, look):
    deliver("registration", f"{REGISTERED}{A},甲,2015-01-01,{OLD}\n{B},乙,2015-01-01,{OLD}\n")
    assert counts(deliver("branches", branches((OLD, BRANCH_1, "一店")))) == (1, 0, 0, 1)


def test_what_waited_is_no_newer_for_having_waited(plane, deliver, look):
    header, later = "统一社会信用代码,姓名,职务,登记日期\n", AT.replace(day=3)
    deliver("officers", f"{header}{OLD},林一,经理,2015-01-01\n")
    deliver("officers", f"{header}{A},林一,经理,2018-01-01\n", at=later)
    deliver("registration", registered(A, OLD), at=later)
    (taken,) = retry.settle(plane, at=later.replace(day=4)).taken_in
    assert counts(taken) == (1, 0, 1, 0)
    assert look("officers.current", "uscc, recorded_on::varchar") == [(A, "2018-01-01")]
    assert look("officers.history", "uscc, recorded_on::varchar") == [(A, "2015-01-01")]


def test_a_row_that_its_department_sent_again_with_the_code_waits_no_more(plane, deliver, look):
    deliver("branches", branches((OLD, BRANCH_1, "一店")))
    deliver("branches", branches((A, BRANCH_1, "一店")))
    deliver("registration", registered(A, OLD))
    assert retry.settle(plane, at=AT).taken_in == []
    assert standing(look) == [(A, BRANCH_1, "一店")]


def test_a_join_brings_just_its_rows_in_and_parting_takes_just_them_out(plane, deliver, look, join):
    other = "350100100054321"
    deliver("registration", registered(A, ""))
    first = deliver("branches", branches((OLD, BRANCH_1, "一店"), (other, BRANCH_2, "二店"), (OLD, BRANCH_3, "三店")))
    assert [row[0] for row in retry.waiting(plane, limit=10)] == [OLD, other]
    join(OLD, A)
    join(other, A)
    assert [counts(each) for each in retry.settle(plane, at=AT).taken_in] == [(2, 2, 0, 0), (1, 1, 0, 0)]
    assert len(standing(look)) == 3

    join(OLD, None)
    settled = retry.settle(plane, at=AT)
    assert (len(settled.put_back), settled.taken_in) == (1, [])
    assert standing(look) == [(A, BRANCH_2, "二店")]
    assert [(row[0], row[4]) for row in retry.waiting(plane, limit=10)] == [(OLD, 2)]
    assert look("corrected", "delivery, row_number") == [(first.number, 3)]

    join(OLD, A)
    assert [counts(each) for each in retry.settle(plane, at=AT).taken_in] == [(2, 2, 0, 0)], (
        "joined again it comes again"
    )


def test_what_gave_way_to_a_joined_row_stands_again_after_parting(plane, deliver, look, join):
    deliver("registration", registered(A, ""))
    deliver("branches", branches((A, BRANCH_1, "旧名")))
    late = branches((OLD, BRANCH_1, "新名")).replace("2020-01-05", "2020-02-05")
    deliver("branches", late)
    join(OLD, A)
    retry.settle(plane, at=AT)
    assert standing(look) == [(A, BRANCH_1, "新名")]
    join(OLD, None)
    retry.settle(plane, at=AT)
    assert standing(look) == [(A, BRANCH_1, "旧名")]


def test_the_register_counts_more_than_a_person(plane, deliver, look, join):
    deliver("branches", branches((OLD, BRANCH_1, "一店")))
    join(OLD, A)
    retry.settle(plane, at=AT)
    assert standing(look) == [(A, BRANCH_1, "一店")]
    deliver("registration", registered(B, OLD))
    settled = retry.settle(plane, at=AT)
    assert (len(settled.put_back), len(settled.taken_in)) == (1, 1)
    assert standing(look) == [(B, BRANCH_1, "一店")]


def test_withdrawing_the_delivery_takes_what_came_in_later_with_it(plane, deliver, look):
    first = deliver("branches", branches((OLD, BRANCH_1, "一店"), (A, BRANCH_2, "二店")))
    deliver("registration", registered(B, OLD))
    (taken,) = retry.settle(plane, at=AT).taken_in
    assert "随原批次撤回" in withdrawal.why_not(taken, at=AT)
    withdrawal.withdraw(plane, first.number, because="送错了", at=AT)
    assert standing(look) == []
    assert retry.settle(plane, at=AT) == retry.Settled([], [], [])


def test_a_row_that_breaks_a_rule_is_held_back_again_under_its_new_number(plane, deliver, look):
    header = "统一社会信用代码,股东名称,股东类型,认缴出资额,登记日期\n"
    deliver("shareholders", f"{header}{OLD},林一,自然人,-5,2015-01-01\n")
    assert look("quarantine", "rule") == [("unknown_key",)]
    deliver("registration", registered(A, OLD))
    (taken,) = retry.settle(plane, at=AT).taken_in
    assert counts(taken) == (1, 0, 0, 1)
    assert look("corrected", "outcome") == [("quarantined",)]
    assert retry.settle(plane, at=AT) == retry.Settled([], [], [])


def test_a_consented_feed_is_asked_again_when_the_register_learns_a_key(plane, deliver, authorise, look):
    header = "纳税人识别号,发票代码,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态\n"
    words = f"{header}350100999888777,1,2,2019-05-05,X1,100.00,3.00,103.00,有效发票\n"
    authorise(A)
    assert deliver("sales_invoices", words).unauthorised == 1
    assert retry.settle(plane, at=AT).ask == []
    deliver("taxpayers", f"纳税人识别号,统一社会信用代码\n350100999888777,{A}\n")
    assert retry.settle(plane, at=AT).ask == [A]
    assert deliver("sales_invoices", words, asked=[A]).accepted == 1
    assert retry.settle(plane, at=AT).ask == [], "asked once it is enough"


def test_a_join_opens_nothing_that_needs_a_consent(plane, deliver, authorise, join):
    header = "纳税人识别号,发票代码,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态\n"
    authorise(C)
    join("350100999888777", C)
    words = f"{header}350100999888777,1,2,2019-05-05,X1,100.00,3.00,103.00,有效发票\n"
    assert deliver("sales_invoices", words).unauthorised == 1
    assert retry.settle(plane, at=AT).ask == []
