"""The market regulator's registers: who is registered, who owns and runs it, and what became of it."""

from typing import Any

import numpy as np
import numpy.typing as npt

from jinfuyun.kit import industries, regions, uscc
from jinfuyun.kit.uscc import Nature
from jinfuyun.sandbox import accounts, names
from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import (
    DAY,
    city_names,
    code,
    in_the_last_years,
    nth,
    numbered,
    of_the_year,
    on_a_day,
    some,
    where,
    years_later,
)
from jinfuyun.sandbox.institutions import TABLE
from jinfuyun.sandbox.names import Ints, Texts, digits, drawn, joined, picked
from jinfuyun.sandbox.population import KINDS, NATURES, STORIES, TRADES, Days, named
from jinfuyun.sandbox.sheet import Coded, Rows, known, only, same

BANKS = tuple(name for _, name, *_ in TABLE)


def registration(block: Block) -> Rows:
    people, every = block.people, block.numbers()
    return {
        "uscc": people.uscc,
        "name": people.name,
        "registered_on": people.registered_on,
        "kind": Coded(people.nature, [KINDS[nature] for nature in NATURES]),
        "capital": digits(people.capital_10k, "{}万人民币"),
        "scope": Coded(people.trade, [trade.scope for trade in TRADES]),
        "region": named(people.region, regions.full_name),
        "address": people.address,
        "legal_representative": people.owner.name,
        "industry": Coded(people.trade, [industries.name_of(trade.division) for trade in TRADES]),
        "nature": Coded(people.nature, [uscc.NATURE_LABELS[nature] for nature in NATURES]),
        "status": Coded(people.story[every], [story.status for story in STORIES]),
        "registration_number": people.registration_number,
    }


def shareholders(block: Block) -> Rows:
    """One to three of each company; in one of twelve companies with several, the last is another company."""
    random, people = block.dice("shareholders"), block.people
    company = people.is_nature(Nature.ENTERPRISE)
    counts = 1 + (random.random(block.count) < 0.5) + (random.random(block.count) < 0.2)
    who = np.repeat(block.numbers(), np.where(company, counts, 0))
    place, of = nth(who), counts[who]
    first = random.integers(51, 91, block.count)[who]
    rest = np.where(of == 3, (100 - first) // 2, 100 - first)
    percent = np.where(of == 1, 100, np.where(place == 0, first, np.where(place == 2, 100 - first - rest, rest)))
    neighbour = (who + random.integers(1, 50, who.size)) % block.count
    owns = (random.random(block.count) < 1 / 12)[who] & (place == of - 1) & (place > 0) & (neighbour != who)
    subscribed = people.capital_10k[who] * 1_000_000 * percent // 100
    return {
        "uscc": code(block, who),
        "shareholder": np.where(owns, people.name[neighbour], _associates(block, random, who, place)).astype(object),
        "shareholder_kind": known(("person", "enterprise"), owns.astype(np.int8)),
        "shareholder_code": only(people.uscc[neighbour], owns),
        "subscribed_fen": subscribed,
        "paid_fen": subscribed // 100 * random.integers(0, 101, block.count)[who],
        "currency": same("CNY", who.size),
        "share_percent": percent,
        "due_on": years_later(people.registered_on[who], 5),
        "recorded_on": people.registered_on[who],
    }


def _associates(block: Block, random: np.random.Generator, who: Ints, place: Ints) -> Texts:
    """The owner for the first place, for the others people of other surnames: no two of one enterprise are alike."""
    owner = block.people.owner.name[who]
    surnames = {letter: index for index, letter in enumerate(names.SURNAMES)}
    own = np.array([surnames[name[0]] for name in owner.tolist()], dtype=np.int64)
    others = joined(picked(names.SURNAMES, (own + place) % len(surnames)), drawn(random, names.GIVEN, who.size))
    return np.where(place == 0, owner, others).astype(object)


_POSTS = {
    Nature.ENTERPRISE: ("executive_director", "manager", "supervisor"),
    Nature.INDIVIDUAL: ("operator",),
    Nature.COOPERATIVE: ("chair", "supervisor"),
}


def officers(block: Block) -> Rows:
    """The owner leads and manages; the supervisor is somebody else."""
    random, people = block.dice("officers"), block.people
    posts = sorted({post for each in _POSTS.values() for post in each})
    who = np.repeat(block.numbers(), np.array([len(_POSTS[nature]) for nature in NATURES])[people.nature])
    place = nth(who)
    table = np.array([[posts.index(_POSTS[nature][min(row, len(_POSTS[nature]) - 1)]) for row in range(3)]
                      for nature in NATURES])  # fmt: skip
    post = table[people.nature[who], place]
    other = (post == posts.index("supervisor")).astype(np.int64)
    return {
        "uscc": code(block, who),
        "person": _associates(block, random, who, other),
        "post": known(posts, post),
        "recorded_on": people.registered_on[who],
    }


_CHANGES = (
    ("address", "原住所", "现住所"), ("capital", "原注册资本", "现注册资本"), ("scope", "原经营范围", "现经营范围"),
    ("shareholders", "原股东", "现股东"), ("officers", "原主要人员", "现主要人员"),
    ("legal_representative", "原法定代表人", "现法定代表人"),
)  # fmt: skip


def registration_changes(block: Block) -> Rows:
    random, people = block.dice("changes"), block.people
    who = np.repeat(block.numbers(), random.poisson(0.6, block.count))
    item = random.integers(0, len(_CHANGES), who.size)
    after = picked([became for _, _, became in _CHANGES], item)
    represents = item == len(_CHANGES) - 1
    return {
        "uscc": code(block, who),
        "item": known([name for name, *_ in _CHANGES], item),
        "was": Coded(item, [was for _, was, _ in _CHANGES]),
        "became": np.where(represents, people.owner.name[who], after).astype(object),
        "changed_on": in_the_last_years(block, random, who),
        "sequence": nth(who) + 1,
    }


def branches(block: Block) -> Rows:
    random, people = block.dice("branches"), block.people
    larger = people.is_nature(Nature.ENTERPRISE) & (people.size > 0)
    who = some(random, where(larger, 0.08, 0.01), random.integers(1, 4, block.count))
    place = nth(who)
    county = picked([each.code for each in regions.COUNTIES_IN_FORMS],
                    random.integers(0, len(regions.COUNTIES_IN_FORMS), who.size))  # fmt: skip
    opened = in_the_last_years(block, random, who)
    closed = opened + 365 * DAY
    return {
        "uscc": code(block, who),
        "branch_uscc": names.uscc_of(
            np.full(who.size, "91", dtype=object), county, names.BRANCHES_FROM + people.number[who] * 3 + place
        ),
        "branch": joined(people.short_name[who], named(county, regions.full_name), "分公司"),
        "region": named(county, regions.full_name),
        "opened_on": opened,
        "closed_on": only(closed, (closed < block.until) & (random.random(who.size) < 0.15)),
    }


def equity_pledges(block: Block) -> Rows:
    random, people = block.dice("pledges"), block.people
    larger = people.is_nature(Nature.ENTERPRISE) & (people.size > 0)
    who = some(random, where(larger, 0.06, 0.005))
    day = in_the_last_years(block, random, who)
    ended = (random.random(who.size) < 0.4) & (day + 200 * DAY < block.until)
    return {
        "uscc": code(block, who),
        "pledge_number": numbered(block, who, "35{number:08d}{nth:03d}"),
        "pledgor": people.owner.name[who],
        "pledgee": drawn(random, BANKS, who.size),
        "pledged_fen": people.capital_10k[who] * 1_000_000 // 100 * random.integers(10, 100, who.size),
        "pledged_on": day,
        "state": known(("in_force", "ended"), ended.astype(np.int8)),
        "ended_on": only(day + 200 * DAY, ended),
    }


def annual_reports(block: Block) -> Rows:
    """Of the last three years, filed from January to June. The penalised did not file the last one."""
    random, people = block.dice("reports"), block.people
    this_year = block.until.astype("datetime64[Y]")
    parts = []
    for year in np.arange(this_year - 3, this_year):
        december = year.astype("datetime64[M]") + 11
        first = (year + 1).astype("datetime64[D]")
        filed = on_a_day(random, np.full(block.count, first), first + 180 * DAY)
        founded = people.registered_on <= december.astype("datetime64[D]") + 30 * DAY
        missed = people.is_story("penalised") & (year == this_year - 1)
        who = np.flatnonzero(founded & (filed < block.until) & ~missed)
        parts.append(_report(block, who, december, filed))
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    companies = people.is_nature(Nature.ENTERPRISE)[rows["who"]]
    money = {name: only(rows[name], companies) for name in rows if name.endswith("_fen")}
    return {"uscc": code(block, rows["who"]), "of_year": rows["of_year"], "filed_on": rows["filed_on"],
            "heads": rows["heads"], **money}  # fmt: skip


def _report(block: Block, who: Ints, december: np.datetime64, filed: Days) -> dict[str, npt.NDArray[Any]]:
    balance, profit = accounts.balance(block, december), accounts.profit(block, december)
    working = np.where(accounts.is_employer(block), accounts.heads(block, december), 1)
    return {
        "who": who,
        "of_year": np.full(who.size, december.astype("datetime64[Y]").astype(int) + 1970),
        "filed_on": filed[who],
        "heads": working[who],
        "assets_fen": balance.assets[who],
        "liabilities_fen": balance.liabilities[who],
        "equity_fen": balance.equity[who],
        "revenue_fen": profit.revenue[who],
        "profit_fen": profit.net[who],
        "tax_fen": profit.tax[who],
    }


def abnormal_list(block: Block) -> Rows:
    """The penalised stand on the list; of the others a few once stood there."""
    random, people = block.dice("abnormal"), block.people
    stands = people.is_story("penalised")
    who = some(random, where(stands, 1.0, 0.015))
    listed = on_a_day(random, np.maximum(people.registered_on[who], block.until - 700 * DAY), block.until - 30 * DAY)
    listed = np.maximum(listed, people.registered_on[who])
    removed = ~stands[who]
    day = np.minimum(listed + 60 * DAY, block.until - DAY)
    return {
        "uscc": code(block, who),
        "list_kind": same("abnormal", who.size),
        "record_number": of_the_year(listed, "闽市监异常", numbered(block, who, "{number:08d}{nth}")),
        "cause": known(("no_report", "no_disclosure", "not_found"), random.integers(0, 3, who.size)),
        "listed_on": listed,
        "removed_on": only(day, removed),
        "authority": joined(city_names(block, who), "市场监督管理局"),
        "severity": known(("minor", "ordinary"), stands[who].astype(np.int8)),
        "repaired_on": only(day, removed),
    }
