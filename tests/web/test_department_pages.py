"""A department sees what it delivered and which rows wait, out of a real lake; another's delivery does not exist."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page

from jinfuyun.data.door import Delivery
from jinfuyun.deliveries import actions, tasks
from jinfuyun.deliveries.rules import UPLOAD_BYTES_MAX
from jinfuyun.kit.actor import House, HouseKind, Role
from tests.browser import axe, overflow, shoot
from tests.cast import MONDAY, Person, staff_person
from tests.data.codes import A, B
from tests.deliveries.conftest import delivered, lake, tax_bureau
from tests.web.visits import Visitor

__all__ = ("delivered", "lake", "tax_bureau")


ARREARS = "纳税人识别号,征收项目,税款所属期起,税款所属期止,缴款期限,欠税余额,滞纳金余额\n"
# name → (feed, content, up to which day it tells everything)
SENT = {
    "rows": ("taxpayers", f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B[:-1]}\n", None),
    "nothing": ("tax_arrears", ARREARS, MONDAY.date()),
    "refused": ("tax_arrears", ARREARS, None),
}


def logged_in(person: Person) -> Visitor:
    visitor = Visitor()
    assert visitor.log_in(person, timezone.now()).headers["Location"] == "/department"
    return visitor


def test_a_department_sees_the_balance_of_each_file_and_the_rows_that_wait(
    delivered: list[Delivery], tax_bureau: Person
) -> None:
    _, taxpayers, sales, refused = delivered
    visitor = logged_in(tax_bureau)
    listing = visitor.get("/department").content.decode()
    assert taxpayers.number in listing and "还有 3 行待更正" in listing
    body = visitor.get(f"/department/deliveries/{taxpayers.number}").content.decode()
    for text in ("T4,=1", "uscc_unreadable", "18 位统一社会信用代码", "uscc_formula", "等待更正"):
        assert text in body
    assert "企业没有生效的授权书" in visitor.get(f"/department/deliveries/{sales.number}").content.decode()
    assert "不是“销项发票”应有的列" in visitor.get(f"/department/deliveries/{refused.number}").content.decode()


def test_the_list_is_of_all_feeds_or_of_one(delivered: list[Delivery], tax_bureau: Person) -> None:
    visitor, (other, *of_tax) = logged_in(tax_bureau), delivered

    def listed(query: str) -> list[str]:
        found = visitor.get(f"/department{query}").content.decode()
        return [one.number for one in delivered if one.number in found]

    of_sales = [one.number for one in of_tax if one.feed == "sales_invoices"]
    assert listed("?feed=sales_invoices") == of_sales and len(of_sales) == 2
    for query in ("", "?page=9", f"?feed={other.feed}", "?feed=nothing"):
        assert listed(query) == [one.number for one in of_tax], query


def test_the_same_as_json(delivered: list[Delivery], tax_bureau: Person) -> None:
    _, taxpayers, sales, _ = delivered
    visitor = logged_in(tax_bureau)
    told = json.loads(visitor.get(f"/department/deliveries/{taxpayers.number}.json").content)
    assert told["rows"] == {
        "delivered": 5, "accepted": 2, "superseded": 0, "quarantined": 3, "unauthorised": 0,
    }  # fmt: skip
    assert (told["waiting"], [(one["rule"], one["rows"]) for one in told["rules"]]) == (
        3, [("uscc_unreadable", 2), ("uscc_formula", 1)],
    )  # fmt: skip
    assert told["rules"][1]["examples"] == [{"row": 5, "words": "T4,=1"}]
    told = json.loads(visitor.get(f"/department/deliveries/{sales.number}.json").content)
    assert told["not_kept"] == [{"reason": "no_consent", "rows": 2, "enterprises": 2}]


def test_the_rows_that_wait_come_as_a_file(delivered: list[Delivery], tax_bureau: Person) -> None:
    visitor = logged_in(tax_bureau)
    page = f"/department/deliveries/{delivered[1].number}"
    token = visitor.get(page).content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    for kind, beginning in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        answer = visitor.post(f"{page}/quarantine", {"csrfmiddlewaretoken": token, "kind": kind})
        assert answer.status_code == 200 and answer.content.startswith(beginning)
        assert f".{kind}" in answer.headers["Content-Disposition"]
    assert visitor.post(f"{page}/quarantine", {"csrfmiddlewaretoken": token, "kind": "exe"}).status_code == 404
    empty = f"/department/deliveries/{delivered[2].number}/quarantine"
    assert visitor.post(empty, {"csrfmiddlewaretoken": token, "kind": "csv"}).status_code == 422


def test_another_department_s_delivery_does_not_exist(delivered: list[Delivery], tax_bureau: Person) -> None:
    """Seen red with `mine` asking for every department's."""
    number = delivered[1].number
    house = House(HouseKind.DEPARTMENT, "market")
    other = staff_person("department", "market.lin", "13500000002", "市数据", house, Role.DEPARTMENT)
    visitor = logged_in(other)
    assert number not in visitor.get("/department").content.decode()
    for path in (number, f"{number}.json", "no-such", "no-such.json"):
        assert visitor.get(f"/department/deliveries/{path}").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_pages_have_no_barrier(
    site: str, delivered: list[Delivery], tax_bureau: Person, kind: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(kind)
    session = logged_in(tax_bureau).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": site}])
    pages = [("department", "/department"), ("deliver", "/department/deliver?feed=tax_arrears")]
    for name, (feed, body, until) in SENT.items():
        upload = actions.upload(
            feed=feed, file_name=f"{name}.csv", content=body.encode(), covers_until=until, by=tax_bureau.actor,
            at=timezone.now(),
        )  # fmt: skip
        tasks.preview_upload(upload_id=str(upload.pk), at=timezone.now())
        pages.append((f"upload-{name}", f"/department/uploads/{upload.pk}"))
    pages += [(f"delivery-{each.state}-{each.feed}", f"/department/deliveries/{each.number}") for each in delivered[1:]]
    for name, path in pages:
        assert page.goto(site + path).ok, name
        shoot(page, name)
        assert axe(page) == []
        assert overflow(page) == 0


def test_a_file_is_sent_by_form_and_what_is_wrong_with_it_is_said(lake: None, tax_bureau: Person) -> None:
    visitor = logged_in(tax_bureau)
    page = "/department/deliver?feed=taxpayers"
    token = visitor.get(page).content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = visitor.post(page, {"csrfmiddlewaretoken": token})
    assert answer.status_code == 422 and "请选择一个文件" in answer.content.decode()
    too_large = SimpleUploadedFile("x.csv", bytes(UPLOAD_BYTES_MAX + 1))
    answer = visitor.post(page, {"csrfmiddlewaretoken": token, "file": too_large})
    assert answer.status_code == 422 and "文件超过 64 MB" in answer.content.decode()
    assert visitor.post(page, {"file": SimpleUploadedFile("x.csv", b"1")}).status_code == 403  # without its token
    assert visitor.get("/department/deliver?feed=registration").status_code == 404
    assert visitor.get("/department/templates/registration.csv").status_code == 404
    blank = visitor.get("/department/templates/taxpayers.csv").content.decode("utf-8-sig")
    assert blank.startswith("纳税人识别号,统一社会信用代码")
    answer = visitor.post(page, {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("x.csv", b"1")})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/department/uploads/")
    assert "正在检查，还没有入库" in visitor.get(answer.headers["Location"]).content.decode()
