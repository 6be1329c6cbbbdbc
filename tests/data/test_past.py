"""What an enterprise was called and known by before."""

from datetime import date

from jinfuyun.data.lake import engine
from jinfuyun.data.resolution import past
from tests.data.codes import A, B

HEADER = "统一社会信用代码,企业名称,注册日期,注册号,地区,注册地址,更新时间\n"


def changes(plane, code: str) -> list[past.Change]:
    with engine.opened(plane.lake.work) as sql:
        return past.changes(sql, plane.lake, code)


def row(name: str, number: str, region: str, day: str, code: str = A) -> str:
    return f"{HEADER}{code},{name},2010-01-01,{number},{region},某路 1 号,{day} 08:00:00\n"


def test_two_versions_say_what_changed_and_when_we_were_told(plane, deliver):
    deliver("registration", row("旧名", "350100100000001", "福州", "2015-05-05"))
    second = deliver("registration", row("新名", "350100100000001", "厦门", "2016-06-06"))
    deliver("registration", row("别家", "", "福州", "2016-06-06", B))
    assert changes(plane, A) == [
        past.Change("name", "旧名", "新名", date(2016, 6, 6), True, second.number),
        past.Change("region", "福州", "厦门", date(2016, 6, 6), True, second.number),
    ]
    assert changes(plane, B) == []


def test_a_version_that_came_too_late_stands_where_it_belongs(plane, deliver):
    deliver("registration", row("丙", "", "福州", "2017-01-01"))
    deliver("registration", row("甲", "", "福州", "2015-01-01"))
    deliver("registration", row("乙", "", "福州", "2016-01-01"))
    assert [(each.was, each.became) for each in changes(plane, A)] == [("乙", "丙"), ("甲", "乙")]


def test_the_register_of_changes_knows_the_day_and_is_not_told_twice(plane, deliver):
    deliver("registration", row("旧名", "", "福州", "2015-05-05"))
    deliver("registration", row("新名", "", "福州", "2016-06-06"))
    told = deliver(
        "registration_changes",
        f"统一社会信用代码,变更事项,变更前内容,变更后内容,变更日期\n{A},名称变更,旧名,新名,2016-05-20\n",
    )
    assert changes(plane, A) == [past.Change("name", "旧名", "新名", date(2016, 5, 20), False, told.number)]


def test_the_old_taxpayer_number_is_a_former_code(plane, deliver):
    words = f"纳税人识别号,统一社会信用代码,税务登记日期\n350100999888777,{A},2011-01-01\n{A},{A},2016-01-01\n"
    told = deliver("taxpayers", words)
    assert changes(plane, A) == [past.Change("tax_number", "350100999888777", A, date(2011, 1, 1), False, told.number)]
