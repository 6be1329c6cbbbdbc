import csv
import hashlib
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.kit import identity, industries, regions, uscc
from jinfuyun.kit.identity import IdType
from jinfuyun.sandbox import names, province
from tests.sandbox.service import UNTIL, small_province


def rows(folder, feed):
    with (folder / f"{feed}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def bytes_of(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.*")}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path, province_folder):
    again = small_province(tmp_path / "again")
    assert bytes_of(again) == bytes_of(province_folder)
    province.generate(enterprises=120, seed=8, until=UNTIL, out=tmp_path / "other")
    assert bytes_of(tmp_path / "other") != bytes_of(province_folder)


def test_every_enterprise_is_valid_and_invented(province_folder):
    people = province.people(province_folder)
    assert len(people) == 120
    assert len({one["uscc"] for one in people}) == len({one["tax_number"] for one in people}) == 120
    for one in people:
        assert uscc.is_uscc(one["uscc"])
        assert uscc.is_tax_number(one["tax_number"])
        assert uscc.nature_of(one["uscc"]) == one["nature"]
        assert identity.is_id(IdType(one["id_type"]), one["id_number"])
        assert identity.normalise_phone(one["phone"]) == one["phone"]
        assert regions.is_choosable(one["region"])
        assert industries.find_division(one["industry"])
        assert names.is_invented(one["name"])
        assert date.fromisoformat(one["registered_on"]) < UNTIL


def test_some_file_under_an_old_taxpayer_number_and_some_people_have_several_enterprises(province_folder):
    people = province.people(province_folder)
    assert any(one["tax_number"] != one["uscc"] for one in people)
    assert len({one["phone"] for one in people}) < len(people)


@pytest.mark.parametrize("feed", province.FEEDS)
def test_each_file_has_the_headers_its_department_promised(province_folder, feed):
    header = set((province_folder / f"{feed}.csv").read_text(encoding="utf-8").partition("\n")[0].split(","))
    for column in FEEDS[feed].columns:
        assert not column.needed or column.label in header
        header.discard(column.label)
    assert header == set()


def test_what_one_sells_the_other_buys_under_the_same_number(province_folder):
    key = ("发票代码", "发票号码", "开票日期", "金额", "税额", "价税合计", "发票状态")
    ours = {one["tax_number"] for one in province.people(province_folder)}
    sold = {
        (row["纳税人识别号"], row["购方纳税人识别号"], *(row[name] for name in key))
        for row in rows(province_folder, "sales_invoices")
        if row["购方纳税人识别号"] in ours
    }
    bought = {
        (row["销方纳税人识别号"], row["纳税人识别号"], *(row[name] for name in key))
        for row in rows(province_folder, "purchase_invoices")
        if row["销方纳税人识别号"] in ours
    }
    assert sold == bought
    assert len(sold) > 100


def test_invoices_add_up_are_numbered_once_and_some_are_void_or_red(province_folder):
    sold = rows(province_folder, "sales_invoices")
    assert len({(row["发票代码"], row["发票号码"]) for row in sold}) == len(sold)
    assert all(Decimal(row["金额"]) + Decimal(row["税额"]) == Decimal(row["价税合计"]) for row in sold)
    assert {row["发票状态"] for row in sold} == {"有效发票", "作废发票"}
    assert any(Decimal(row["金额"]) < 0 for row in sold)


def test_most_buy_less_than_they_sell(province_folder):
    """Seen red with customers chosen at random: the small bought ten times what they sold."""
    spent, sold = defaultdict(Decimal), defaultdict(Decimal)
    for books, feed in ((spent, "purchase_invoices"), (sold, "sales_invoices")):
        for row in rows(province_folder, feed):
            books[row["纳税人识别号"]] += Decimal(row["金额"])
    more = [one for one in sold if spent[one] > sold[one]]
    assert len(more) < len(sold) / 3


def test_two_whole_years_up_to_the_last_full_month_and_nothing_before_the_founding(province_folder):
    founded = {one["tax_number"]: one["registered_on"] for one in province.people(province_folder)}
    sold = rows(province_folder, "sales_invoices")
    months = sorted({row["开票日期"][:7] for row in sold})
    assert (months[0], months[-1], len(months)) == ("2024-03", "2026-02", 24)
    assert all(row["开票日期"] >= founded[row["纳税人识别号"]] for row in sold)
    used = rows(province_folder, "electricity")
    assert sorted({row["用电日期"] for row in used}) == months


def test_a_stopped_enterprise_writes_no_invoices_and_uses_hardly_any_power(province_folder):
    stopped = [one for one in province.people(province_folder) if one["story"] == "stopped"]
    assert stopped
    last = defaultdict(str)
    for row in rows(province_folder, "sales_invoices"):
        last[row["纳税人识别号"]] = max(last[row["纳税人识别号"]], row["开票日期"])
    assert all(last[one["tax_number"]] < "2025-12" for one in stopped)


def test_arrears_penalties_and_grades_belong_to_one_story(province_folder):
    for one in province.people(province_folder):
        assert (one["penalties"] > 0) == ("经营异常" in one["status"])
        if one["story"] == "in arrears":
            assert one["grade"] in "CD"
        if one["story"] in ("steady", "growing"):
            assert one["arrears_fen"] == 0


def by_enterprise(folder, feed, key):
    found = defaultdict(list)
    for row in rows(folder, feed):
        found[row[key]].append(row)
    return found


def test_a_feed_written_alone_has_the_same_rows(tmp_path, province_folder):
    province.generate(enterprises=120, seed=7, until=UNTIL, out=tmp_path, feeds=("tax_payments",))
    alone = bytes_of(tmp_path)
    assert set(alone) == {"tax_payments.csv", "tax_payments.parquet", "people.json", "truth.json", "truth.parquet",
                          "province.json"}  # fmt: skip
    together = bytes_of(province_folder)
    assert all(alone[name] == together[name] for name in ("tax_payments.csv", "tax_payments.parquet", "people.json"))


def test_every_feed_of_a_department_is_written_and_no_other():
    assert set(province.FEEDS) == {name for name, feed in FEEDS.items() if not feed.own}


def test_declared_sales_follow_the_invoices_up_to_three_per_cent(province_folder):
    sold = defaultdict(Decimal)
    for row in rows(province_folder, "sales_invoices"):
        if row["发票状态"] == "有效发票":
            sold[row["纳税人识别号"], row["开票日期"][:7]] += Decimal(row["金额"])
    compared = 0
    for row in rows(province_folder, "tax_declarations"):
        first, last = row["税款所属期起"], row["税款所属期止"]
        if row["征收项目"] != "增值税" or not row["应税销售额"]:
            continue
        months = [f"{first[:4]}-{month:02d}" for month in range(int(first[5:7]), int(last[5:7]) + 1)]
        invoiced = sum((max(sold[row["纳税人识别号"], month], 0) for month in months), Decimal(0))
        assert invoiced <= Decimal(row["应税销售额"]) + 1 <= invoiced * Decimal("1.03") + 2
        compared += invoiced > 0
    assert compared > 100


def test_what_is_owed_is_declared_and_not_paid_and_told_of_the_enterprise(province_folder):
    told = {one["tax_number"]: one["arrears_fen"] for one in province.people(province_folder)}
    owed = defaultdict(Decimal)
    paid = {
        (row["纳税人识别号"], row["征收项目"], row["税款所属期止"]) for row in rows(province_folder, "tax_payments")
    }
    for row in rows(province_folder, "tax_arrears"):
        key = (row["纳税人识别号"], row["征收项目"], row["税款所属期止"])
        assert (key in paid) == bool(row["清缴日期"])
        owed[key[0]] += Decimal(row["欠税余额"])
    assert {number: fen for number, fen in told.items() if fen} == {
        number: int(yuan * 100) for number, yuan in owed.items() if yuan
    }
    assert any(told.values())


def test_the_same_heads_stand_at_all_three_counters(province_folder):
    insured = {
        (row["统一社会信用代码"], row["费款所属期"]): row["缴费人数"]
        for row in rows(province_folder, "social_insurance")
        if row["险种类型"] == "企业职工基本养老保险"
    }
    for row in rows(province_folder, "housing_fund"):
        assert insured[row["统一社会信用代码"], row["汇缴年月"]] == row["缴存人数"]
    reports = rows(province_folder, "annual_reports")
    reported = {(row["统一社会信用代码"], f"{row['年报年度']}-12"): row["从业人数"] for row in reports}
    both = set(insured) & set(reported)
    assert len(both) > 50
    assert all(insured[key] == reported[key] for key in both)


def test_who_stopped_declares_insures_and_is_paid_nothing_more(province_folder):
    stopped = {one["uscc"]: one["tax_number"] for one in province.people(province_folder) if one["story"] == "stopped"}
    for feed, key, day in (
        ("tax_declarations", "纳税人识别号", "税款所属期起"),
        ("profit_statements", "纳税人识别号", "所属期止"),
        ("social_insurance", "统一社会信用代码", "费款所属期"),
        ("customs_declarations", "统一社会信用代码", "申报日期"),
        ("collections", "统一社会信用代码", "交易日期"),
    ):
        days = [row[day] for row in rows(province_folder, feed) if row[key] in {*stopped, *stopped.values()}]
        assert all(each < "2026-01" for each in days), feed


def test_balances_balance_and_say_what_the_annual_report_says(province_folder):
    sheets = rows(province_folder, "balance_sheets")
    assert all(Decimal(row["资产总计"]) == Decimal(row["负债合计"]) + Decimal(row["所有者权益合计"]) for row in sheets)
    codes = {one["tax_number"]: one["uscc"] for one in province.people(province_folder)}
    filed = {
        (codes[row["纳税人识别号"]], row["所属期止"][:4]): Decimal(row["资产总计"])
        for row in sheets
        if row["所属期止"][5:7] == "12"
    }
    reported = {
        (row["统一社会信用代码"], row["年报年度"]): Decimal(row["资产总额（万元）"]) * 10_000
        for row in rows(province_folder, "annual_reports")
        if row["资产总额（万元）"]
    }
    both = set(filed) & set(reported)
    assert len(both) > 50
    assert all(filed[key] == reported[key] for key in both)


def test_the_penalised_stand_in_the_penalties_and_on_the_list(province_folder):
    penalties = by_enterprise(province_folder, "penalties", "统一社会信用代码")
    listed = {row["统一社会信用代码"] for row in rows(province_folder, "abnormal_list") if not row["移出日期"]}
    for one in province.people(province_folder):
        assert len(penalties[one["uscc"]]) == one["penalties"]
        assert (one["uscc"] in listed) == (one["penalties"] > 0)


def test_many_blocks_make_one_province(tmp_path, monkeypatch):
    monkeypatch.setattr("jinfuyun.sandbox.block.ENTERPRISES", 40)
    province.generate(enterprises=100, seed=7, until=UNTIL, out=tmp_path, months=12)
    people = province.people(tmp_path)
    assert len({one["uscc"] for one in people}) == len({one["name"] for one in people}) == 100
    for feed, keys in (
        ("sales_invoices", ("发票代码", "发票号码")),
        ("purchase_invoices", ("发票代码", "发票号码")),
        ("tax_payments", ("电子税票号码",)),
        ("intellectual_property", ("申请号",)),
        ("mortgages", ("不动产单元号",)),
    ):
        found = [tuple(row[key] for key in keys) for row in rows(tmp_path, feed)]
        assert len(set(found)) == len(found) > 0, feed
    assert len(rows(tmp_path, "registration")) == 100
