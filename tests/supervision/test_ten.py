"""Ten figures of two years of business, by month and city: as ten.sql counts them from the rows, to the fen."""

import csv
import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit import industries, period, regions
from jinfuyun.kit.calendar import SEEDED
from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox.bulk import loading, queries
from jinfuyun.supervision.queries.counting import Span, by_kind, month_span
from jinfuyun.supervision.queries.structure import DIMENSIONS
from tests.cast import MONDAY
from tests.sandbox.bulk import scene
from tests.supervision import ten

FIRST, LAST = "2024-03", "2026-02"
BOUNDS = {"first": period.first_day(FIRST), "last": period.first_day(LAST)}
REGISTRATIONS = Path(__file__).parents[3] / "shared" / "data" / "registry" / "fujian_20000.csv.gz"


def months(first=FIRST):
    found = [first]
    while found[-1] != LAST:
        found.append(period.shifted(found[-1], 1))
    return found


@pytest.mark.deep
def test_ten_figures_equal_the_independent_script_by_month_and_city(db):
    scene.open_market()
    scene.load(400)
    with connection.cursor() as cursor:
        again = ten.recomputed(cursor, **BOUNDS)
    figures = ten.counted(months())
    assert figures == again
    assert {name for name, *_ in again} == set(ten.STATEMENTS) and len(ten.STATEMENTS) == 10
    assert {"350000", "350200", "350128"} <= {city for *_, city in again} and len(again) > 1_400


# What an enterprise does, by its name and else by its scope; the register has no column for it.
DOES = (
    ("47", "建筑|建设|工程|装饰"), ("65", "软件|信息|网络|科技"), ("54", "运输|物流|货运"),
    ("62", "餐饮|酒店|宾馆|食堂"), ("01", "种植|养殖|茶|农|林|渔"), ("33", "制造|加工|生产|厂"),
    ("51", "贸易|批发|零售|销售|商"), ("72", "咨询|租赁|广告|管理"),
)  # fmt: skip


def division_of(row):
    for text in (row["企业名称"], row["经营范围"]):
        for division, words in DOES:
            if re.search(words, text):
                return division
    return "80"


def real_registrations():
    """Of those whose county is known; who owns them is not in the register, so their people are invented."""
    with gzip.open(REGISTRATIONS, "rt", encoding="utf-8", newline="") as file:
        rows = {row["统一社会信用代码"]: row for row in csv.DictReader(file)}
    for number, (code, row) in enumerate(rows.items()):
        county = regions.county_of(address=row["注册地址"], code=code[2:8], city=row["地区"])
        if county is None:
            continue
        nature = {"92": Nature.INDIVIDUAL, "93": Nature.COOPERATIVE}.get(code[:2], Nature.ENTERPRISE)
        yield {
            "uscc": code, "tax_number": code, "name": row["企业名称"][:120], "region": county.code,
            "industry": division_of(row), "nature": str(nature), "kind": row["企业类型"], "capital": row["注册资金"],
            "registered_on": row["注册日期"], "status": "存续", "legal_name": "林某", "id_type": "resident",
            "id_number": f"35000019800101{number:04d}", "phone": f"164{number:08d}",
            "water": None, "gas": None, "electricity": None,
        }  # fmt: skip


@pytest.mark.deep
@pytest.mark.timeout(600)
@pytest.mark.skipif(not REGISTRATIONS.exists(), reason="skipped: no real data")
def test_business_of_the_real_registrations_by_city_and_industry(db):
    scene.open_market()
    entries = list(real_registrations())[::2]  # all of them would take a minute
    loading.load([entries], seed=scene.SEED, months=scene.MONTHS, at=MONDAY)
    with connection.cursor() as cursor:
        assert queries.broken(cursor, at=MONDAY, notices=SEEDED) == {}
        again = ten.recomputed(cursor, **BOUNDS)
        lent = ten.by_industry(cursor, first=BOUNDS["first"], last=MONDAY.date())
    chosen = ("2024-12", "2025-06", LAST)
    assert ten.counted(chosen) == {key: value for key, value in again.items() if key[1] in chosen}
    span = Span(month_span(FIRST).since, MONDAY)
    found = by_kind(["funded_fen"], span, DIMENSIONS["industry"].kind, [])
    places = {(kind, city): of["funded_fen"] for kind, cities in found.items() for city, of in cities.items()}
    assert {key: fen for key, fen in places.items() if fen} == lent and len(lent) > 50
    by_section = Counter(industries.section_of(entry["industry"]) for entry in entries)
    kept = Counter(Enterprise.objects.values_list("industry_code", flat=True))
    assert kept == by_section and len(kept) == len({division for division, _ in DOES}) + 1
