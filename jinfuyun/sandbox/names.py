"""Invented names. Nobody real is met: no registry knows a trade name of this pattern, no person has these numbers.

A trade name is two words and a bird, 松月鹬; a test holds the pattern against a sample of real registrations.
ID numbers begin with the code of a whole city, which is never given to a person. Organisation codes begin with XF,
phones with 164: neither has been handed out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jinfuyun.kit import identity, uscc
from jinfuyun.kit.identity import IdType

FIRST = "松竹兰溪云岚星月晴霁禾稻榕樟桐棠枫栀杉荔海潮汀屿帆浪沙砂川岭峰崖石玉金银铜铁陶瓷"
SECOND = "月露霜雪风雨泉涧谷坡岩砚墨笔琴棋画诗歌舞灯烛桥亭台楼阁轩舟车鹿鹤雁燕蝶蜂蚕蚁"
BIRDS = "鹬鹇鹗鹛鸫鸲鹕鹈"
INVENTED = re.compile(f"[{FIRST}][{SECOND}][{BIRDS}]")

SURNAMES = "陈林黄张吴李郑王刘苏蔡杨许谢曾叶邱庄洪郭"
GIVEN = "建国志明秀英丽华文斌海燕晓东雅婷伟杰思远嘉欣宏达雪梅永康瑞云泽宇佳怡"
STREETS = ("榕荫路", "海潮路", "鹤山街", "清溪大道", "古樟巷", "石桥路", "望江路", "茶亭街", "晨曦路", "渔灯路")

PHONE_PREFIX = "164"
ORGANISATION_PREFIX = "XF"
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# How the first enterprises' people are documented; everybody after them carries a resident's card.
OTHER_DOCUMENTS = (
    (IdType.HK_MACAO_PERMIT, "H9{:07d}"),
    (IdType.TAIWAN_PERMIT, "9{:07d}"),
    (IdType.PASSPORT, "XF{:07d}"),
    (IdType.FOREIGN_RESIDENCE, "XXX900000{:06d}"),
)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    id_type: IdType
    id_number: str
    phone: str


def is_invented(name: str) -> bool:
    """Does the name of an enterprise hold one of our trade names?"""
    return INVENTED.search(name) is not None


def trade_names(random: np.random.Generator, count: int) -> Iterator[str]:
    """`count` different trade names."""
    everything = len(FIRST) * len(SECOND) * len(BIRDS)
    for number in random.permutation(max(everything, count))[:count]:
        lap, rest = divmod(int(number), everything)
        rest, first = divmod(rest, len(FIRST))
        bird, second = divmod(rest, len(SECOND))
        # More enterprises than words: the later ones are branches of the pattern, told apart by a number.
        yield FIRST[first] + SECOND[second] + BIRDS[bird] + (f"{lap + 1}号" if lap else "")


def organisation_code(number: int) -> str:
    """Nine characters with the inner check digit of GB 11714."""
    body = f"{ORGANISATION_PREFIX}{number:06d}"
    total = sum(_ORGANISATION_ALPHABET.index(c) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def uscc_of(nature: uscc.Nature, region: str, number: int) -> str:
    head = {uscc.Nature.INDIVIDUAL: "92", uscc.Nature.COOPERATIVE: "93"}.get(nature, "91")
    body = head + region + organisation_code(number)
    return body + uscc.check_digit(body)


def person(random: np.random.Generator, city: str, number: int) -> Person:
    """An inhabitant of `city` (its code), the `number`-th of the province."""
    given = random.choice(list(GIVEN), size=int(random.integers(1, 3)))
    name = str(random.choice(list(SURNAMES))) + "".join(given)
    phone = f"{PHONE_PREFIX}{number:08d}"
    # Every fiftieth has another document, each kind in turn.
    kind, rest = divmod(number, 50)
    if rest == 49:
        id_type, pattern = OTHER_DOCUMENTS[kind % len(OTHER_DOCUMENTS)]
        return Person(name, id_type, pattern.format(number), phone)
    born = np.datetime64("1960-01-01") + int(random.integers(0, 40 * 365))
    body = f"{city}{str(born).replace('-', '')}{int(random.integers(1, 999)):03d}"
    return Person(name, IdType.RESIDENT, body + identity.citizen_check_digit(body), phone)
