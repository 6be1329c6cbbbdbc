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
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.[cj]s*")}


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
    header = set(rows(province_folder, feed)[0])
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
