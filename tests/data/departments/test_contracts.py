"""What every feed must say of itself, and that a row in its own words is taken in."""

import re

import pytest

from jinfuyun.config.keys import DEPARTMENTS
from jinfuyun.data.departments.contract import BAD_RECORD, Feed, Kind
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.kit.grant import Category
from tests.data.codes import A

EVERY = pytest.mark.parametrize("feed", FEEDS.values(), ids=list(FEEDS))
# Public registers of what somebody did wrong, and the tax file's own.
BAD_RECORDS = ("abnormal_list", "penalties", "enforcements", "dishonest_debtors", "tax_violations")

# Columns that a row carries on its way through the load.
TAKEN = {
    "cells", "content", "delivery", "is_news", "line", "month", "named", "not_kept", "outcome", "permitted", "rank",
    "reason", "replaces", "row_number", "rule", "structure", "told", "troubles", "version",
}  # fmt: skip


@EVERY
def test_a_contract_says_who_owns_it_why_it_may_come_and_when_it_is_late(feed: Feed) -> None:
    assert all((feed.label, feed.department_label, feed.legal_basis, feed.owner, feed.cadence, feed.used_by))
    assert feed.lateness_days > 0
    assert feed.retention_months >= 36
    assert not re.search("第.*条", feed.legal_basis), "no article number until the official text was read"
    assert feed.own or feed.department in DEPARTMENTS


@EVERY
def test_key_and_day_are_never_empty(feed: Feed) -> None:
    names = {column.name for column in feed.columns}
    assert len(names) == len(feed.columns)
    for name in feed.key:
        if name != "uscc" or not feed.consented:
            column = feed.column(name)
            assert column.needed or column.empty is not None, name
    assert feed.column(feed.dated_by).kind in (Kind.DATE, Kind.PERIOD)
    assert not feed.column(feed.dated_by).ahead, "a delivery does not reach into the future"
    assert feed.column(feed.enterprise).needed


@EVERY
def test_no_column_takes_a_word_of_the_load(feed: Feed) -> None:
    words = {column.name for column in feed.columns} | {derived.name for derived in feed.derived}
    assert not (words - {"uscc"}) & TAKEN
    assert ("uscc" in words) == (not feed.consented), "of consented feeds the code is found, not delivered"


@EVERY
def test_no_two_columns_share_a_header_and_choices_lead_to_one_word(feed: Feed) -> None:
    headers = [header for column in feed.columns for header in column.headers]
    assert len(headers) == len(set(headers))
    assert not set(headers) & set(feed.ignored)
    for column in feed.columns:
        assert (column.kind is Kind.CHOICE) == bool(column.choices), column.name
        assert len(dict(column.choices)) == len(column.choices), column.name


def test_public_feeds_name_the_code_itself_and_consented_ones_any_key() -> None:
    for feed in FEEDS.values():
        assert (feed.column(feed.enterprise).kind is Kind.USCC) == (not feed.consented), feed.name
        assert feed.category or feed.identifies, feed.name


def test_every_category_has_a_feed() -> None:
    assert {feed.category for feed in FEEDS.values()} - {None} == set(Category)


def test_bad_records_say_how_bad_they_are_and_when_they_end() -> None:
    told = {feed.name for feed in FEEDS.values() if set(BAD_RECORD) <= set(feed.columns)}
    assert told == set(BAD_RECORDS)


def plausible(feed: Feed) -> dict[str, str]:
    """A row that only just says enough."""
    words = {
        Kind.TEXT: "甲", Kind.CODE: "A1", Kind.USCC: A, Kind.DATE: "2019-12-31", Kind.PERIOD: "2019-12",
        Kind.YEAR: "2018", Kind.MONEY: "0", Kind.WAN: "0", Kind.COUNT: "0", Kind.QUANTITY: "0",
        Kind.MOMENT: "2020-01-01 00:00:00",
    }  # fmt: skip
    row = {
        column.label: column.choices[0][0] if column.choices else words[column.kind]
        for column in feed.columns
        if column.needed
    }
    row[feed.column(feed.enterprise).label] = A
    return row | ({"所属期起": "2019-01-01"} if feed.name == "profit_statements" else {})


@EVERY
def test_the_least_that_a_contract_asks_is_taken_in(feed: Feed, deliver, authorise) -> None:
    deliver("registration", f"统一社会信用代码,企业名称,注册日期\n{A},甲,2015-01-01\n")
    if feed.category:
        authorise(A, category=feed.category)
    row = plausible(feed)
    delivery = deliver(feed.name, ",".join(row) + "\n" + ",".join(row.values()) + "\n")
    assert (delivery.delivered, delivery.accepted + delivery.superseded) == (1, 1)


def test_words_of_a_year_ten_thousands_and_whole_numbers_are_read(deliver, look) -> None:
    head = "统一社会信用代码,年报年度,报送日期,从业人数,资产总额（万元）\n"
    good = f'{A},2018年度,2019-06-01,12,"1,234.567891"\n'
    bad = f"{A},18,2019-06-01,1,1\n{A},2017,2018-06-01,1.5,1\n{A},2016,2017-06-01,1,1.2345678\n"
    delivery = deliver("annual_reports", head + good + bad)
    assert (delivery.accepted, delivery.quarantined) == (1, 3)
    assert look("annual_reports.current", "of_year::VARCHAR, heads, assets_fen") == [("2018-12-31", 12, 1234567891)]
    assert {row[0] for row in look("quarantine", "rule")} == {
        "of_year_unreadable", "heads_unreadable", "assets_fen_unreadable",
    }  # fmt: skip


def test_a_licence_may_end_in_the_future_and_a_penalty_may_not_be_decided_there(deliver) -> None:
    head = "行政相对人代码_1,行政许可决定文书号,许可类别,许可决定日期,有效期至,许可机关\n"
    delivery = deliver("licences", head + f"{A},甲1号,普通,2019-12-31,2099-12-31,甲局\n{A},甲2号,1,2020-12-31,,甲局\n")
    assert (delivery.accepted, delivery.quarantined) == (1, 1)
