"""双公示 and the courts: licences, penalties, judgments and what follows from them."""

import numpy as np

from jinfuyun.sandbox.block import Block
from jinfuyun.sandbox.feeds.rows import (
    DAY,
    city_names,
    code,
    in_the_last_years,
    numbered,
    of_the_year,
    on_a_day,
    some,
    years_later,
)
from jinfuyun.sandbox.names import Ints, Texts, joined, picked
from jinfuyun.sandbox.population import STORIES, TRADES, Days
from jinfuyun.sandbox.sheet import Coded, Rows, known, only, same
from jinfuyun.sandbox.trade import Floats

# What an enterprise of some divisions needs before it may begin.
_LICENCES = {
    "13": "食品生产许可证", "15": "食品生产许可证", "26": "排污许可证", "30": "排污许可证", "47": "安全生产许可证",
    "50": "建筑业企业资质证书", "52": "食品经营许可证", "54": "道路运输经营许可证", "62": "食品经营许可证",
    "80": "公共场所卫生许可证",
}  # fmt: skip


def licences(block: Block) -> Rows:
    random, people = block.dice("licences"), block.people
    needed = np.isin([trade.division for trade in TRADES], list(_LICENCES))[people.trade]
    who = some(random, np.where(needed, 0.9, 0.08))
    day = in_the_last_years(block, random, who)
    ends = years_later(day, 5)
    words = [_LICENCES.get(trade.division, "城镇污水排入排水管网许可证") for trade in TRADES]
    return {
        "uscc": code(block, who),
        "document_number": of_the_year(day, "闽许可", numbered(block, who, "{number:08d}{nth}")),
        "document": same("准予行政许可决定书", who.size),
        "licence_kind": known(("ordinary", "approval"), random.integers(0, 2, who.size)),
        "licence": Coded(people.trade[who], words),
        "decided_on": day,
        "valid_from": day,
        "valid_until": ends,
        "authority": joined(city_names(block, who), "行政审批局"),
        "state": known(("in_force", "ended"), (ends < block.until).astype(np.int8)),
    }


_VIOLATIONS = (("未按规定公示企业信息", "市场监督管理局"), ("超标排放污染物", "生态环境局"),
               ("未落实安全生产责任", "应急管理局"), ("发布虚假广告", "市场监督管理局"))  # fmt: skip


def penalties(block: Block) -> Rows:
    """As many as the story says, of the last three years."""
    random, people = block.dice("penalties"), block.people
    who = np.repeat(block.numbers(), np.array([story.penalties for story in STORIES])[people.story])
    day = on_a_day(random, np.maximum(people.registered_on[who], block.until - 1000 * DAY), block.until - DAY)
    kind = random.integers(0, len(_VIOLATIONS), who.size)
    offices = picked([office for _, office in _VIOLATIONS], kind)
    fined = random.random(who.size) < 0.7
    return {
        "uscc": code(block, who),
        "document_number": of_the_year(day, "闽罚", numbered(block, who, "{number:08d}{nth}")),
        "violation": Coded(kind, [violation for violation, _ in _VIOLATIONS]),
        "penalty": known(("warning", "fine"), fined.astype(np.int8)),
        "fine_fen": only(random.integers(2, 200, who.size) * 100_000, fined),
        "decided_on": day,
        "valid_until": years_later(day, 3),
        "authority": joined(city_names(block, who), offices),
        "severity": known(("minor", "ordinary", "serious"), random.choice(3, who.size, p=(0.5, 0.4, 0.1))),
        "ends_on": years_later(day, 3),
    }


# How likely a story ends in court as a defendant in these five years.
_SUED = {"steady": 0.03, "growing": 0.04, "shrinking": 0.08, "in arrears": 0.4, "penalised": 0.2, "stopped": 0.5}


def _sued(block: Block) -> tuple[Ints, np.random.Generator]:
    """The defendants, and the dice as they lie after them: the same for judgments, enforcement and the list."""
    random = block.dice("sued")
    chance: Floats = np.array([_SUED[story.name] for story in STORIES])[block.people.story]
    return some(random, chance), random


def judgments(block: Block) -> Rows:
    """Lost by the defendants, and won by a few who went to court for their money."""
    sued, _ = _sued(block)
    random = block.dice("judgments")
    plaintiffs = some(random, np.full(block.count, 0.04))
    who = np.concatenate((sued, plaintiffs))
    sues = np.arange(who.size) >= sued.size
    day = np.concatenate((_judged_on(block, sued), in_the_last_years(block, random, plaintiffs)))
    causes = ("sale", "bank_loan", "private_loan", "labour", "guarantee")
    amounts = np.concatenate((_amounts(block, sued), random.integers(1, 400, plaintiffs.size) * 1_000_000))
    lost = np.where(random.random(who.size) < 0.7, 0, 1)
    return {
        "uscc": code(block, who),
        "case_number": _case(block, who, day, np.where(sues, "民初1", "民初0").astype(object)),
        "court": joined(city_names(block, who), "中级人民法院"),
        "side": known(("defendant", "plaintiff"), sues.astype(np.int8)),
        "cause": known(causes, np.where(sues, 0, random.integers(0, len(causes), who.size))),
        "decided_on": day,
        "amount_fen": amounts,
        "result": known(("lost", "partly", "won"), np.where(sues, 2, lost)),
    }


def _case(block: Block, who: Ints, day: Days, kind: Texts) -> Texts:
    """（2025）闽民初000000010号."""
    years = (day.astype("datetime64[Y]").astype(np.int64) + 1970).tolist()
    numbers = block.people.number[who].tolist()
    pairs = zip(years, kind.tolist(), numbers, strict=True)
    return np.array([f"（{year}）闽{word}{number:08d}号" for year, word, number in pairs], dtype=object)


def _judged_on(block: Block, who: Ints) -> Days:
    return in_the_last_years(block, block.dice("judged"), who)


def _amounts(block: Block, who: Ints) -> Ints:
    """What the defendants were to pay: one to six months of sales."""
    monthly = block.business.level_yuan[who]
    return np.maximum((monthly * block.dice("amounts").uniform(1, 6, who.size)).astype(np.int64), 1000) * 100


def enforcements(block: Block) -> Rows:
    """Half of the defendants did not pay by themselves."""
    sued, random = _sued(block)
    refuses = (random.random(sued.size) < 0.5) & (_judged_on(block, sued) + 90 * DAY < block.until)
    day = (_judged_on(block, sued) + 90 * DAY)[refuses]
    who, amount = sued[refuses], _amounts(block, sued)[refuses]
    bad = np.array([story.name in ("in arrears", "stopped") for story in STORIES])[block.people.story[who]]
    closed = ~bad & (day + 200 * DAY < block.until)
    return {
        "uscc": code(block, who),
        "case_number": _case(block, who, day, np.full(who.size, "执0", dtype=object)),
        "court": joined(city_names(block, who), "中级人民法院"),
        "filed_on": day,
        "amount_fen": amount,
        "unpaid_fen": np.where(closed, 0, amount * 3 // 4),
        "state": known(("open", "suspended", "closed"), np.where(closed, 2, np.where(bad, 1, 0))),
        "closed_on": only(day + 200 * DAY, closed),
        "severity": known(("ordinary", "serious"), bad.astype(np.int8)),
        "repaired_on": only(day + 200 * DAY, closed),
    }


def dishonest_debtors(block: Block) -> Rows:
    """Of those whose enforcement found nothing, the ones that could have paid."""
    found = enforcements(block)
    state, who = found["state"], found["uscc"]
    assert isinstance(state, Coded) and isinstance(who, Coded)
    random = block.dice("dishonest")
    day = found["filed_on"] + 60 * DAY  # type: ignore[operator]  # a column of days
    chosen = (state.index == 1) & (random.random(state.index.size) < 0.6) & (day < block.until)
    left = who.index[chosen]
    return {
        "uscc": code(block, left),
        "case_number": found["case_number"][chosen],  # type: ignore[index]  # a plain column
        "court": found["court"][chosen],  # type: ignore[index]  # a plain column
        "published_on": day[chosen],
        "performance": known(("none", "partly"), (random.random(left.size) < 0.4).astype(np.int8)),
        "conduct": same("有履行能力而拒不履行生效法律文书确定义务", left.size),
        "severity": same("serious", left.size),
        "ends_on": years_later(day[chosen], 2),
    }
