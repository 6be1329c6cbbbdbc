"""Invented names. Nobody real is met: no registry knows a trade name of this pattern, no person has these numbers.

A trade name is two words and a bird, 松月鹬; a test holds the pattern against a sample of real registrations.
ID numbers begin with the code of a whole city, which is never given to a person. Organisation codes begin with XF,
phones with 164: neither has been handed out.
"""

import functools
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jinfuyun.kit import uscc
from jinfuyun.kit.identity import IdType

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
NOTHING: Texts = np.array(None, dtype=object)

FIRST = "松竹兰溪云岚星月晴霁禾稻榕樟桐棠枫栀杉荔海潮汀屿帆浪沙砂川岭峰崖石玉金银铜铁陶瓷"
SECOND = "月露霜雪风雨泉涧谷坡岩砚墨笔琴棋画诗歌舞灯烛桥亭台楼阁轩舟车鹿鹤雁燕蝶蜂蚕蚁"
BIRDS = "鹬鹇鹗鹛鸫鸲鹕鹈"
INVENTED = re.compile(f"[{FIRST}][{SECOND}][{BIRDS}]")

SURNAMES = "陈林黄张吴李郑王刘苏蔡杨许谢曾叶邱庄洪郭"
GIVEN = "建国志明秀英丽华文斌海燕晓东雅婷伟杰思远嘉欣宏达雪梅永康瑞云泽宇佳怡"
STREETS = ("榕荫路", "海潮路", "鹤山街", "清溪大道", "古樟巷", "石桥路", "望江路", "茶亭街", "晨曦路", "渔灯路")

PHONE_PREFIX = "164"
ORGANISATION_PREFIX = "XF"
# Numbers of organisations: enterprises from 0, their branches, and trade partners beyond the province.
BRANCHES_FROM, OUTSIDERS_FROM = 10_000_000, 29_700_000
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# How the first enterprises' people are documented; everybody after them carries a resident's card.
OTHER_DOCUMENTS = (
    (IdType.HK_MACAO_PERMIT, "H9{:07d}"),
    (IdType.TAIWAN_PERMIT, "9{:07d}"),
    (IdType.PASSPORT, "XF{:07d}"),
    (IdType.FOREIGN_RESIDENCE, "XXX900000{:06d}"),
)


@dataclass(frozen=True, slots=True)
class Persons:
    """So many people, one place in every array."""

    name: Texts
    id_type: Texts
    id_number: Texts
    phone: Texts


def is_invented(name: str) -> bool:
    """Does the name of an enterprise hold one of our trade names?"""
    return INVENTED.search(name) is not None


def picked(words: Sequence[object], index: Ints) -> Texts:
    """The words at these places."""
    return np.array(list(words), dtype=object)[index]


def drawn(random: np.random.Generator, words: Sequence[object], count: int) -> Texts:
    return picked(words, random.integers(0, len(words), count))


def joined(*parts: Texts | str) -> Texts:
    """Element by element; a text stands for itself everywhere."""
    whole: Any = functools.reduce(operator.add, parts, "")
    return np.asarray(whole, dtype=object)


def digits(numbers: Ints, pattern: str) -> Texts:
    """Each number written as `pattern` says, as in str.format."""
    return np.array([pattern.format(number) for number in numbers.tolist()], dtype=object)


def trade_names(seed: int, numbers: Ints) -> Texts:
    """The trade name of each of these enterprises of the province with this seed; all differ."""
    everything = len(FIRST) * len(SECOND) * len(BIRDS)
    laps, place = np.divmod(numbers, everything)
    rest, first = np.divmod(np.random.default_rng(seed).permutation(everything)[place], len(FIRST))
    bird, second = np.divmod(rest, len(SECOND))
    # More enterprises than words: the later ones are branches of the pattern, told apart by a number.
    lap = np.where(laps > 0, digits(laps + 1, "{}号"), "").astype(object)
    return joined(picked(FIRST, first), picked(SECOND, second), picked(BIRDS, bird), lap)


def uscc_of(heads: Texts, regions: Texts, numbers: Ints) -> Texts:
    """18 characters: two of the nature, six of the region, nine of the organisation, one that checks the others."""
    body = joined(heads, regions, organisation_codes(numbers))
    total = _characters(body, uscc.ALPHABET, 17) @ np.array([pow(3, place, 31) for place in range(17)])
    return joined(body, picked(uscc.ALPHABET, (31 - total % 31) % 31))


def head_of(nature: uscc.Nature) -> str:
    return {uscc.Nature.INDIVIDUAL: "92", uscc.Nature.COOPERATIVE: "93"}.get(nature, "91")


def organisation_codes(numbers: Ints) -> Texts:
    """Nine characters with the inner check digit of GB 11714; numbers below 31³ × 1000."""
    high, low = np.divmod(numbers, 1000)
    letters = [picked(uscc.ALPHABET, high // 31**place % 31) for place in (2, 1, 0)]
    body = joined(ORGANISATION_PREFIX, *letters, digits(low, "{:03d}"))
    total = _characters(body, _ORGANISATION_ALPHABET, 8) @ np.array(_ORGANISATION_WEIGHTS)
    return joined(body, picked("0123456789X0", 11 - total % 11))


def registration_numbers(regions: Texts, numbers: Ints) -> Texts:
    """The 15 digits that a registry gave before 2015: region, running number, check digit (ISO 7064 MOD 11,10)."""
    body = joined(regions, digits(numbers % 100_000_000, "{:08d}"))
    left = np.full(len(body), 10)
    for digit in _characters(body, "0123456789", 14).T:
        left = (left + digit) % 10
        left = np.where(left == 0, 10, left) * 2 % 11
    return joined(body, digits((11 - left) % 10, "{}"))


def person_names(random: np.random.Generator, count: int) -> Texts:
    second = np.where(random.random(count) < 0.5, drawn(random, GIVEN, count), "").astype(object)
    return joined(drawn(random, SURNAMES, count), drawn(random, GIVEN, count), second)


def persons(random: np.random.Generator, cities: Texts, numbers: Ints) -> Persons:
    """Inhabitants of `cities` (their codes), the `numbers`-th of the province."""
    count = len(numbers)
    born = np.datetime64("1960-01-01") + random.integers(0, 40 * 365, count)
    birthday = np.array([day.replace("-", "") for day in np.datetime_as_string(born).tolist()], dtype=object)
    body = joined(cities, birthday, digits(random.integers(1, 999, count), "{:03d}"))
    total = _characters(body, "0123456789", 17) @ np.array(_CITIZEN_WEIGHTS)
    documents = joined(body, picked("10X98765432", total % 11))
    kinds = np.full(count, IdType.RESIDENT, dtype=object)
    # Every fiftieth has another document, each kind in turn.
    for place in np.flatnonzero(numbers % 50 == 49).tolist():
        number = int(numbers[place])
        kinds[place], pattern = OTHER_DOCUMENTS[number // 50 % len(OTHER_DOCUMENTS)]
        documents[place] = pattern.format(number % 1_000_000)
    return Persons(person_names(random, count), kinds, documents, joined(PHONE_PREFIX, digits(numbers, "{:08d}")))


def _characters(texts: Texts, alphabet: str, length: int) -> Ints:
    """Each character's place in the alphabet: a row a text, all of this length."""
    places = np.zeros(128, dtype=np.int64)
    places[[ord(letter) for letter in alphabet]] = np.arange(len(alphabet))
    return places[texts.astype(f"U{length}").view(np.uint32).reshape(-1, length)]
