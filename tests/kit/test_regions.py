import re
from pathlib import Path

import stdnum.cn

from jinfuyun.kit import regions


def test_fujian_is_nine_cities_and_one_zone():
    assert [city.name for city in regions.CITIES] == [
        "福州市", "厦门市", "莆田市", "三明市", "泉州市", "漳州市", "南平市", "龙岩市", "宁德市", "平潭综合实验区",
    ]  # fmt: skip
    assert len(regions.COUNTIES) == 84


def test_pingtan_stands_beside_fuzhou():
    assert regions.full_name("350128") == "平潭综合实验区"
    assert regions.find("350128").name == "平潭县"
    assert regions.city_of("350128").name == "平潭综合实验区"
    fuzhou, pingtan = regions.choices()[0], regions.choices()[-1]
    assert ("350128", "平潭县") not in fuzhou[1]
    assert pingtan == ("平潭综合实验区", [("350128", "平潭县")])


def test_kinmen_is_on_the_map_but_not_in_forms():
    assert regions.find("350527").name == "金门县"
    offered = [code for _, counties in regions.choices() for code, _ in counties]
    assert "350527" not in offered
    assert not regions.is_choosable("350527")
    assert len(offered) == len(set(offered)) == 83
    assert all(regions.is_choosable(code) for code in offered)


def test_names_are_found_by_code_and_unknown_codes_stand_for_themselves():
    assert regions.full_name("350111") == "福州市晋安区"
    assert regions.full_name("350100") == "福州市"
    assert regions.full_name("350000") == "福建省"
    assert regions.full_name("110101") == "110101"
    assert regions.find("110101") is None


def test_a_withdrawn_county_still_has_its_city():
    assert regions.city_of("350182").name == "福州市"
    assert regions.city_of("360000") is None


def test_xiamen_is_told_apart():
    assert regions.is_xiamen("350203")
    assert not regions.is_xiamen("350503")


def test_the_county_is_read_from_an_address():
    def county(address, city=""):
        found = regions.in_address(address, city=city)
        return found.name if found else None

    assert county("福州市鼓楼区古田支路176号", "福州") == "鼓楼区"
    assert county("福建省龙海市石码镇锦港小区") == "龙海区"
    assert county("沙县区凤岗街道") == "沙县区"
    assert county("三明市梅列区乾龙新村305幢", "三明") == "三元区"
    assert county("平潭县潭城镇", "福州") == "平潭县"
    assert county("晋江陈埭溪边", "泉州") is None
    assert county("南安市洪濑镇", "南安") == "南安市"
    assert county("鼓楼区某路", "厦门") is None


def test_a_withdrawn_code_means_the_county_that_has_its_place_and_the_year_is_known():
    assert (regions.standing("350182").name, regions.withdrawn("350182").year) == ("长乐区", 2017)
    assert regions.standing("352225").name == "霞浦县"
    assert regions.standing("350402").name == "三元区"
    assert regions.standing("350321") is None, "莆田县 was split"
    assert regions.standing("350102").name == "鼓楼区" and regions.withdrawn("350102") is None
    assert regions.standing("350100") is None


def test_every_withdrawn_county_leads_to_one_of_today_in_the_right_city():

    told = (Path(stdnum.cn.__file__).parent / "loc.dat").read_text()
    for one in regions.WITHDRAWN:
        assert regions.find(one.code) is None, f"{one.code} is in use"
        assert not one.today or regions.find(one.today), one
        assert re.search(rf"^  {one.code[2:]} county=.*-{one.year}\]{one.name}", told, re.MULTILINE), one


def test_the_address_counts_before_the_code():
    assert regions.county_of(address="福州市鼓楼区某路", code="350402").name == "鼓楼区"
    assert regions.county_of(address="某路 1 号", code="350427").name == "沙县区"
    assert regions.county_of(address="某路 1 号", code="350100") is None
