"""How many would fit: the same verdicts as for one, of those whose consent is in force, and nothing of any of them.

Seen red: consents not looked at, and a shift too small to move a round number.
"""

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

import duckdb
import psycopg
import pytest

from jinfuyun.accounts.rules import RATES, Limit
from jinfuyun.audit.models import Line
from jinfuyun.config import database
from jinfuyun.data import population
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit import industries
from jinfuyun.kit.conditions import Condition, Verdict, judge, overall
from jinfuyun.kit.errors import NotAllowed, TooMany
from jinfuyun.matching import actions, queries
from jinfuyun.matching.rules import Person, size_of, size_sql, values_of
from jinfuyun.products import queries as products
from jinfuyun.products.rules import admission
from tests import market
from tests.cast import MONDAY, RIVER_BANK, TODAY, uscc_of

SIZES = queries.sizes(TODAY)
FIRMS = 80
CATEGORIES = {
    "registration": ("age_months",),
    "tax": ("tax_paid_r12", "tax_arrears", "tax_grade", "tax_abnormal", "declared_sales_r12"),
    "invoices": ("sales_r12",), "social_insurance": ("insured_people",), "public_credit": ("serious_violation",),
    "judicial": ("dishonest_debtor", "enforcement_open_fen"), "intellectual_property": (),
}  # fmt: skip
SIZED = replace(market.TAX_LOAN, conditions=(Condition("size", "in", ("micro", "small")),), borrowers=("company",))
TITLED = replace(market.FACTORY_LOAN, titles=("high_tech", "specialised"), regions=("350100",), industries=("C",))


def test_the_size_is_reckoned_in_sql_as_it_is_for_one():
    random, lake = Random(7), duckdb.connect()
    codes = [*(one.code for one in industries.DIVISIONS), "C", "", "99"]
    people, sales = (None, *range(0, 1200, 7)), (None, *(random.randrange(10**11) for _ in range(50)))
    rows = [(random.choice(codes), random.choice(people), random.choice(sales)) for _ in range(2_000)]
    lake.execute("CREATE TABLE firm (number INT, industry VARCHAR, insured_people BIGINT, declared_sales_r12 BIGINT)")
    lake.executemany("INSERT INTO firm VALUES (?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
    found = [size for (size,) in lake.execute(f"SELECT {size_sql(SIZES)} FROM firm ORDER BY number").fetchall()]
    expected = [size_of(*row, SIZES) for row in rows]
    assert found == expected
    assert len(set(expected)) == 5  # every size, and unknown


@pytest.fixture
def firms(committed_db):
    """Random enterprises with consents and documents; by USCC: who it is, its facts and titles."""
    random = Random(11)
    known = {}
    for number in range(FIRMS):
        facts = {
            "age_months": random.randrange(60), "tax_paid_r12": random.randrange(0, 30_000_000), "tax_abnormal": 0,
            "tax_arrears": random.choice((0, 0, 0, 5)), "tax_grade": random.choice("ABMCD"), "serious_violation": 0,
            "declared_sales_r12": random.randrange(10**10), "sales_r12": random.randrange(10**10),
            "insured_people": random.randrange(60), "dishonest_debtor": 0, "enforcement_open_fen": 0,
        }  # fmt: skip
        for name in random.sample(sorted(facts), 1):
            facts[name] = random.choice((facts[name], None))
        person = Person(random.choice(("350102", "350203")), random.choice(("27", "51", "67")), number % 5 == 0)
        known[uscc_of(100 + number)] = (person, facts, random.choice((None, [], ["high_tech"])))
    stored(known)
    return known


def stored(known) -> None:
    """Past the wall, as the owner's and the data role's own writing leaves them."""
    Enterprise.objects.bulk_create(
        Enterprise(
            uscc=uscc, tax_number=uscc, name="示例", region_code=person.region_code, industry_code=person.industry_code,
            nature="individual" if person.is_individual else "enterprise", authenticated_at=MONDAY,
            **dict.fromkeys(("legal_name", "legal_id_number", "legal_phone", "contact_name", "contact_phone"), "某"),
        )
        for uscc, (person, *_) in known.items()
    )  # fmt: skip
    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as book, book.cursor() as c:
        heads = [
            (f"mark-{category}", json.dumps({"facts": [{"name": one} for one in names], "lists": [
                {"feed": "qualifications"}] if category == "intellectual_property" else []}))
            for category, names in CATEGORIES.items()
        ]  # fmt: skip
        c.executemany("INSERT INTO serving.head VALUES (%s, %s)", heads)
        pairs = [(uscc, category) for uscc in known for category in CATEGORIES]
        c.executemany("INSERT INTO serving.authorised VALUES (%s, %s, 'S', '', '2026-01-01', NULL)", pairs)
        c.executemany(
            "INSERT INTO serving.document VALUES (%s, %s, 1, %s)",
            [(uscc, category, body(category, *known[uscc][1:])) for uscc, category in pairs],
        )


def body(category, facts, titles) -> str:
    rows = None if titles is None else [len(titles), [[one, "c", "2025-01-01", None, "d"] for one in titles]]
    lists = [rows] if category == "intellectual_property" else []
    values = [facts[name] for name in CATEGORIES[category]]
    return json.dumps({"head": f"mark-{category}", "values": values, "lists": lists})


def counted(manager, terms):
    return actions.count_fitting(institution_code=RIVER_BANK, terms=terms, by=manager.actor, at=MONDAY)


def truth(known, terms) -> list[int]:
    """How many are met, unknown, and all: each judged alone."""
    asked = admission(terms, products.barred(TODAY))
    titles = {None: None, "high_tech": "high_tech"}
    verdicts = [
        overall(judge(one, values_of(person, facts, held and [titles[each] for each in held], SIZES)) for one in asked)
        for person, facts, held in known.values()
    ]
    return [verdicts.count(Verdict.MET), verdicts.count(Verdict.UNKNOWN), len(verdicts)]


@pytest.mark.parametrize("terms", [market.TAX_LOAN, SIZED, TITLED, replace(market.FACTORY_LOAN, conditions=())])
def test_the_count_is_what_each_alone_would_be_told(firms, river_bank_product_manager, monkeypatch, terms):
    monkeypatch.setattr(population, "_rough", lambda number, *_: number)
    told = counted(river_bank_product_manager, terms)
    assert [told.fitting, told.unknown, told.asked] == truth(firms, terms)
    assert told.fitting


def test_what_leaves_is_rough_says_nothing_of_few_and_follows_the_people_not_the_words(
    firms, river_bank_product_manager
):
    ask = replace(market.FACTORY_LOAN, age_months_min=0)
    told = counted(river_bank_product_manager, ask)
    met, _, everybody = truth(firms, ask)
    assert told.fitting % 10 == 0
    assert abs(told.fitting - met) <= 15
    assert abs(told.asked - everybody) <= 15
    in_other_words = replace(ask, conditions=(Condition("region", "in", ("350102", "350203"), "同样的人"),))
    assert truth(firms, in_other_words)[0] == met
    assert counted(river_bank_product_manager, in_other_words) == told
    few = replace(ask, conditions=(Condition("tax_paid_r12", ">=", 27, "很少的人"),))
    assert 0 < truth(firms, few)[0] < 10
    assert counted(river_bank_product_manager, few).fitting is None
    assert {population._rough(200, mark, b"key") for mark in range(50)} == {190, 200, 210}


def test_whose_consent_ended_is_not_counted(firms, river_bank_product_manager, monkeypatch):
    monkeypatch.setattr(population, "_rough", lambda number, *_: number)
    gone = sorted(firms)[:30]
    with psycopg.connect(database.dsn("jinfuyun_app"), autocommit=True) as app:
        app.execute("DELETE FROM serving.authorised WHERE uscc = ANY(%s)", [gone[:15]])
        app.execute("UPDATE serving.authorised SET end_on = '2026-03-01' WHERE uscc = ANY(%s)", [gone[15:]])
    left = {uscc: one for uscc, one in firms.items() if uscc not in gone}
    told = counted(river_bank_product_manager, market.FACTORY_LOAN)
    assert [told.fitting, told.unknown, told.asked] == truth(left, market.FACTORY_LOAN)


def test_each_count_is_booked_and_limited_and_only_for_who_writes_products(
    committed_db, river_bank_product_manager, river_bank_officer, hill_bank_admin
):
    for person in (river_bank_officer, hill_bank_admin):
        with pytest.raises(NotAllowed):
            counted(person, market.TAX_LOAN)
    most = RATES[Limit.FITTING_COUNT][0].most
    for _ in range(most):
        actions.reserve(limit=Limit.FITTING_COUNT, key=river_bank_product_manager.actor.id, at=MONDAY)
    with pytest.raises(TooMany):
        counted(river_bank_product_manager, market.TAX_LOAN)
    told = actions.count_fitting(
        institution_code=RIVER_BANK, terms=market.TAX_LOAN, by=river_bank_product_manager.actor,
        at=MONDAY + timedelta(hours=2),
    )  # fmt: skip
    assert (told.fitting, told.unknown, told.asked) == (None, None, None)
    [line] = Line.objects.filter(action="product.counted")
    assert line.detail["conditions"] == ["近 12 个月入库税额不低于 1 万元", "没有欠税"]
