"""Two people must look, at the same content. Seen red with each of the five comparisons left out."""

from jinfuyun.kit.four_eyes import Person, Seen, digest, why_not_approve

LIN, LIN_AGAIN, CHEN = Person("1", b"lin"), Person("2", b"lin"), Person("3", b"chen")
CONTENT = digest({"name": "闽岭银行", "rate": 385})
SAME = Seen(CONTENT, CONTENT, CONTENT)


def test_a_second_person_who_saw_the_same_content_may_approve():
    assert why_not_approve(proposer=LIN, reviewer=CHEN, seen=SAME) == []


def test_nobody_approves_his_own():
    assert "不能复核自己" in why_not_approve(proposer=LIN, reviewer=LIN, seen=SAME)[0]


def test_a_second_account_of_the_same_person_is_the_same_person():
    assert "同一人" in why_not_approve(proposer=LIN, reviewer=LIN_AGAIN, seen=SAME)[0]


def test_two_accounts_without_a_phone_are_not_taken_for_one_person():
    assert why_not_approve(proposer=Person("1", b""), reviewer=Person("2", b""), seen=SAME) == []


def test_content_changed_after_submission_is_refused():
    other = digest({"name": "闽岭银行", "rate": 390})
    assert "被改动" in why_not_approve(proposer=LIN, reviewer=CHEN, seen=Seen(CONTENT, other, other))[0]


def test_a_reviewer_with_an_old_page_looks_again():
    old = digest({"name": "闽岭银行", "rate": 380})
    assert "刷新" in why_not_approve(proposer=LIN, reviewer=CHEN, seen=Seen(CONTENT, old, CONTENT))[0]


def test_every_reason_is_given():
    other = digest({"name": "闽岭银行", "rate": 390})
    assert len(why_not_approve(proposer=LIN, reviewer=LIN, seen=Seen(CONTENT, other, other))) == 2


def test_the_digest_does_not_depend_on_the_order_of_the_fields():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})
