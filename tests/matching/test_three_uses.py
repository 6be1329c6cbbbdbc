"""One condition, three uses: judged for one, run as SQL over many, said in words. Random, seeded."""

import random

import duckdb
import pytest

from jinfuyun.data.door import INDICATORS
from jinfuyun.kit.conditions import (
    ATTRIBUTES,
    CHOICES,
    OPERATORS,
    SUBJECTS,
    Condition,
    Verdict,
    all_sql,
    find,
    judge,
    said,
    sql,
    value_text,
    why_not,
)
from jinfuyun.kit.conditions import (
    INDICATORS as ASKED,
)
from jinfuyun.matching.rules import findings_of

DICE = random.Random(20261127)
ENTERPRISES = 400
CONDITIONS = 300
UNIT_OF = {"万元": "fen", "万美元": "usd_cents", "%": "bp", "月": "months", "人": "people"}


def number(name):
    """Small numbers round the limits more often than not, and every fifth unknown."""
    if DICE.random() < 0.2:
        return None
    return DICE.choice([0, DICE.randrange(-50, 50), DICE.randrange(0, 20_000), DICE.randrange(0, 10**9)])


def words(name):
    if DICE.random() < 0.2:
        return None
    known = list(ATTRIBUTES[name].words)
    if ATTRIBUTES[name].several:
        return frozenset(DICE.sample(known, DICE.randrange(0, len(known))))
    return DICE.choice(known)


def enterprise():
    return {name: number(name) for name in ASKED} | {name: words(name) for name in ATTRIBUTES}


def condition():
    if DICE.random() < 0.6:
        value = DICE.choice([0, DICE.randrange(0, 60), DICE.randrange(0, 1_000)])
        return Condition(DICE.choice(list(SUBJECTS)), DICE.choice(list(OPERATORS)), value)
    name = DICE.choice(list(ATTRIBUTES))
    known = list(ATTRIBUTES[name].words)
    return Condition(name, DICE.choice(list(CHOICES)), tuple(DICE.sample(known, DICE.randrange(1, min(len(known), 9)))))


@pytest.fixture(scope="module")
def many():
    """The enterprises, and the same as a table of the lake's engine."""
    firms = [enterprise() for _ in range(ENTERPRISES)]
    kinds = dict.fromkeys(ASKED, "BIGINT") | {
        name: "VARCHAR[]" if one.several else "VARCHAR" for name, one in ATTRIBUTES.items()
    }
    lake = duckdb.connect()
    lake.execute(f"CREATE TABLE firm (number INTEGER, {', '.join(f'{n} {k}' for n, k in kinds.items())})")
    rows = [
        [place, *(sorted(v) if isinstance(v := firm[name], frozenset) else v for name in kinds)]
        for place, firm in enumerate(firms)
    ]
    lake.executemany(f"INSERT INTO firm VALUES ({', '.join('?' * (len(kinds) + 1))})", rows)
    return firms, lake


VERDICT = {True: Verdict.MET, False: Verdict.MISSED, None: Verdict.UNKNOWN}


def test_judged_and_run_as_sql_agree(many):
    firms, lake = many
    seen = set()
    for _ in range(CONDITIONS):
        one = condition()
        assert why_not(one) == ""
        told = [VERDICT[row[0]] for row in lake.execute(f"SELECT {sql(one)} FROM firm ORDER BY number").fetchall()]
        judged = [judge(one, firm).verdict for firm in firms]
        assert told == judged, one
        seen |= set(judged)
    assert seen == set(Verdict)


def test_several_together_agree_too(many):
    firms, lake = many
    for size in (0, 1, 2, 3, 4, 5) * 10:
        several = [condition() for _ in range(size)]
        rows = lake.execute(f"SELECT {all_sql(several)} FROM firm ORDER BY number").fetchall()
        assert [VERDICT[row[0]] for row in rows] == [findings_of(several, firm)[0] for firm in firms]


def test_the_words_say_the_same_limit_that_is_judged(many):
    """What is found is said in the unit of the limit: whoever reads both numbers comes to the same verdict."""
    firms, _ = many
    compared = 0
    for _ in range(CONDITIONS):
        one = condition()
        if not isinstance(one.value, int):
            assert all(ATTRIBUTES[one.subject].words[word] in said(one) for word in one.value)
            continue
        limit = said(one).removeprefix(SUBJECTS[one.subject].label + OPERATORS[one.operator])
        least, _, unit = limit.strip().partition(" ")
        for firm in firms[:40]:
            finding = judge(one, firm)
            if finding.found is None:
                assert (finding.verdict, finding.found_text()) == (Verdict.UNKNOWN, "无数据")
                assert finding.advice()
                continue
            shown, _, same_unit = finding.found_text().partition(" ")
            assert same_unit == unit
            here, bound = float(shown.replace(",", "")), float(least.replace(",", ""))
            if abs(here - bound) < 0.01:  # as near as two digits show
                continue
            met = {">=": here > bound, "<=": here < bound, "=": False}[one.operator]
            assert finding.verdict is (Verdict.MET if met else Verdict.MISSED)
            assert met or abs(finding.off_by - abs(here - bound)) < 0.01
            compared += 1
    assert compared > 1_000


def test_every_subject_is_an_indicator_of_the_platform_in_its_unit():
    for name, subject in SUBJECTS.items():
        for indicator in subject.indicators:
            assert indicator in INDICATORS, name
            category, unit = INDICATORS[indicator]
            assert len(subject.indicators) > 1 or category == subject.category
            if len(subject.indicators) == 1:
                assert unit == UNIT_OF.get(subject.unit, "count"), name
    assert [name for name, one in SUBJECTS.items() if not one.indicators] == [
        "research_staff_share",
        "fixed_place_months",
    ]


def test_missing_is_never_missed():
    for name in SUBJECTS:
        assert judge(Condition(name, ">=", 1), {}).verdict is Verdict.UNKNOWN
    for name in ATTRIBUTES:
        assert judge(Condition(name, "in", tuple(ATTRIBUTES[name].words)), {}).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"enforcement_open_fen": 0}, "0 %"),
        ({"enforcement_open_fen": 5_00, "sales_r12": 100_00}, "5 %"),
        ({"enforcement_open_fen": 5_00}, "无数据"),
        ({"kwh_yoy": -2_000}, "无数据"),
    ],
)
def test_a_share_of_two_indicators(values, shown):
    assert value_text("enforced_to_sales", find("enforced_to_sales", values)) == shown


def test_a_fall_is_a_change_turned_round():
    finding = judge(Condition("electricity_drop_r12", "<=", 20), {"kwh_yoy": -3_050})
    assert (finding.verdict, finding.found_text(), finding.off_by) == (Verdict.MISSED, "30.5 %", 10.5)
    assert "须减少 10.5 %" in finding.advice()
