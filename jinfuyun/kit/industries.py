"""国民经济行业分类 (GB/T 4754-2017): the 20 sections and 97 divisions, as the standard names them.

The finer levels are loaded by an operator from a file; a form needs no more than these.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Division:
    """大类: two digits, below the section 门类 with this letter."""

    code: str
    name: str
    section: str


SECTIONS = (
    ("A", "农、林、牧、渔业"),
    ("B", "采矿业"),
    ("C", "制造业"),
    ("D", "电力、热力、燃气及水生产和供应业"),
    ("E", "建筑业"),
    ("F", "批发和零售业"),
    ("G", "交通运输、仓储和邮政业"),
    ("H", "住宿和餐饮业"),
    ("I", "信息传输、软件和信息技术服务业"),
    ("J", "金融业"),
    ("K", "房地产业"),
    ("L", "租赁和商务服务业"),
    ("M", "科学研究和技术服务业"),
    ("N", "水利、环境和公共设施管理业"),
    ("O", "居民服务、修理和其他服务业"),
    ("P", "教育"),
    ("Q", "卫生和社会工作"),
    ("R", "文化、体育和娱乐业"),
    ("S", "公共管理、社会保障和社会组织"),
    ("T", "国际组织"),
)

DIVISIONS = (
    Division("01", "农业", "A"),
    Division("02", "林业", "A"),
    Division("03", "畜牧业", "A"),
    Division("04", "渔业", "A"),
    Division("05", "农、林、牧、渔专业及辅助性活动", "A"),
    Division("06", "煤炭开采和洗选业", "B"),
    Division("07", "石油和天然气开采业", "B"),
    Division("08", "黑色金属矿采选业", "B"),
    Division("09", "有色金属矿采选业", "B"),
    Division("10", "非金属矿采选业", "B"),
    Division("11", "开采专业及辅助性活动", "B"),
    Division("12", "其他采矿业", "B"),
    Division("13", "农副食品加工业", "C"),
    Division("14", "食品制造业", "C"),
    Division("15", "酒、饮料和精制茶制造业", "C"),
    Division("16", "烟草制品业", "C"),
    Division("17", "纺织业", "C"),
    Division("18", "纺织服装、服饰业", "C"),
    Division("19", "皮革、毛皮、羽毛及其制品和制鞋业", "C"),
    Division("20", "木材加工和木、竹、藤、棕、草制品业", "C"),
    Division("21", "家具制造业", "C"),
    Division("22", "造纸和纸制品业", "C"),
    Division("23", "印刷和记录媒介复制业", "C"),
    Division("24", "文教、工美、体育和娱乐用品制造业", "C"),
    Division("25", "石油、煤炭及其他燃料加工业", "C"),
    Division("26", "化学原料和化学制品制造业", "C"),
    Division("27", "医药制造业", "C"),
    Division("28", "化学纤维制造业", "C"),
    Division("29", "橡胶和塑料制品业", "C"),
    Division("30", "非金属矿物制品业", "C"),
    Division("31", "黑色金属冶炼和压延加工业", "C"),
    Division("32", "有色金属冶炼和压延加工业", "C"),
    Division("33", "金属制品业", "C"),
    Division("34", "通用设备制造业", "C"),
    Division("35", "专用设备制造业", "C"),
    Division("36", "汽车制造业", "C"),
    Division("37", "铁路、船舶、航空航天和其他运输设备制造业", "C"),
    Division("38", "电气机械和器材制造业", "C"),
    Division("39", "计算机、通信和其他电子设备制造业", "C"),
    Division("40", "仪器仪表制造业", "C"),
    Division("41", "其他制造业", "C"),
    Division("42", "废弃资源综合利用业", "C"),
    Division("43", "金属制品、机械和设备修理业", "C"),
    Division("44", "电力、热力生产和供应业", "D"),
    Division("45", "燃气生产和供应业", "D"),
    Division("46", "水的生产和供应业", "D"),
    Division("47", "房屋建筑业", "E"),
    Division("48", "土木工程建筑业", "E"),
    Division("49", "建筑安装业", "E"),
    Division("50", "建筑装饰、装修和其他建筑业", "E"),
    Division("51", "批发业", "F"),
    Division("52", "零售业", "F"),
    Division("53", "铁路运输业", "G"),
    Division("54", "道路运输业", "G"),
    Division("55", "水上运输业", "G"),
    Division("56", "航空运输业", "G"),
    Division("57", "管道运输业", "G"),
    Division("58", "多式联运和运输代理业", "G"),
    Division("59", "装卸搬运和仓储业", "G"),
    Division("60", "邮政业", "G"),
    Division("61", "住宿业", "H"),
    Division("62", "餐饮业", "H"),
    Division("63", "电信、广播电视和卫星传输服务", "I"),
    Division("64", "互联网和相关服务", "I"),
    Division("65", "软件和信息技术服务业", "I"),
    Division("66", "货币金融服务", "J"),
    Division("67", "资本市场服务", "J"),
    Division("68", "保险业", "J"),
    Division("69", "其他金融业", "J"),
    Division("70", "房地产业", "K"),
    Division("71", "租赁业", "L"),
    Division("72", "商务服务业", "L"),
    Division("73", "研究和试验发展", "M"),
    Division("74", "专业技术服务业", "M"),
    Division("75", "科技推广和应用服务业", "M"),
    Division("76", "水利管理业", "N"),
    Division("77", "生态保护和环境治理业", "N"),
    Division("78", "公共设施管理业", "N"),
    Division("79", "土地管理业", "N"),
    Division("80", "居民服务业", "O"),
    Division("81", "机动车、电子产品和日用产品修理业", "O"),
    Division("82", "其他服务业", "O"),
    Division("83", "教育", "P"),
    Division("84", "卫生", "Q"),
    Division("85", "社会工作", "Q"),
    Division("86", "新闻和出版业", "R"),
    Division("87", "广播、电视、电影和录音制作业", "R"),
    Division("88", "文化艺术业", "R"),
    Division("89", "体育", "R"),
    Division("90", "娱乐业", "R"),
    Division("91", "中国共产党机关", "S"),
    Division("92", "国家机构", "S"),
    Division("93", "人民政协、民主党派", "S"),
    Division("94", "社会保障", "S"),
    Division("95", "群众团体、社会团体和其他成员组织", "S"),
    Division("96", "基层群众自治组织及其他组织", "S"),
    Division("97", "国际组织", "T"),
)

# What divisions of GB/T 4754-2011 were called, where they are called otherwise now. Its 58 (装卸搬运和运输代理业) was
# divided and means no one division today.
_FORMERLY = {
    "农、林、牧、渔服务业": "05",
    "开采辅助活动": "11",
    "仓储业": "59",
    "新闻和出版业": "86",
    "广播、电视、电影和影视录音制作业": "87",
    "基层群众自治组织": "96",
}
# From here on the divisions of 2011 have moved by one: 土地管理业 came in as 79.
_MOVED_FROM_2011, _DIVIDED_2011 = 79, "58"
_CODE = re.compile(r"[A-T]?(\d{2})\d{0,2}")

_SECTION_NAME = dict(SECTIONS)
_DIVISION = {division.code: division for division in DIVISIONS}
_NUMBER = {division.name: division.code for division in DIVISIONS}


def is_section(code: str) -> bool:
    return code in _SECTION_NAME


def find_division(code: str) -> Division | None:
    return _DIVISION.get(code)


def division_of(words: str, *, edition: int = 2017) -> Division | None:
    """The division of today that a registry means by a code (27, 2710, C2710) or by a name, also a former one.

    `edition`: the year of the standard (2011 or 2017) that a bare code is of. None where it means no one division.
    """
    if not (code := _CODE.fullmatch(words.strip().upper())):
        return _DIVISION.get(_FORMERLY.get(words.strip()) or _NUMBER.get(words.strip(), ""))
    number = code.group(1)
    if edition == 2011 and number == _DIVIDED_2011:
        return None
    moved = edition == 2011 and int(number) >= _MOVED_FROM_2011
    return _DIVISION.get(f"{int(number) + moved:02d}")


def name_of(code: str) -> str:
    """The name of a section (C) or division (27); an unknown code stands for itself."""
    division = _DIVISION.get(code)
    return division.name if division else _SECTION_NAME.get(code, code)


def section_of(division_code: str) -> str | None:
    """The section's letter of a division, or of a finer code that begins with it, or of its name."""
    division = division_of(division_code)
    return division.section if division else None


def choices() -> list[tuple[str, str]]:
    """For a form: the sections, letter and name."""
    return list(SECTIONS)


def grouped_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a form: each section's name with itself and its divisions below; the division is optional."""
    return [
        (name, [(letter, f"{name}（不细分）"), *((d.code, d.name) for d in DIVISIONS if d.section == letter)])
        for letter, name in SECTIONS
    ]
