"""A file sent by page: nothing is taken in before its sender says so, once, and nothing of it stays behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from jinfuyun.config import places
from jinfuyun.data import door
from jinfuyun.deliveries import actions, queries, tasks
from jinfuyun.deliveries.models import Upload
from jinfuyun.deliveries.rules import UPLOAD_BYTES_MAX, UPLOAD_LIFE, seconds_left, short_name
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import NotAllowed, NotFound, TooLate
from tests.cast import MONDAY, TUESDAY
from tests.data.codes import A, B
from tests.web.inside import inside

BODY = f"纳税人识别号,统一社会信用代码\nT1,{A}\nT2,{B[:-1]}\n".encode()


def sealed_files() -> list[str]:
    return sorted(path.name for path in places.FILES.rglob("*") if path.is_file())


def sent(person, content: bytes = BODY, feed: str = "taxpayers") -> Upload:
    return actions.upload(feed=feed, file_name="对照.csv", content=content, by=person.actor, at=MONDAY)


def previewed(person, content: bytes = BODY) -> Upload:
    upload = sent(person, content)
    tasks.preview_upload(upload_id=str(upload.pk), at=MONDAY)
    upload.refresh_from_db()
    return upload


def test_a_file_is_previewed_confirmed_and_taken_in_and_its_bytes_are_gone(lake, tax_bureau):
    """Seen red with the destruction left out."""
    before = sealed_files()
    upload = previewed(tax_bureau)
    assert upload.state == "previewed" and door.deliveries(department="tax") == []
    assert queries.preview_of(upload)["counts"] == {
        "accepted": 1, "superseded": 0, "quarantined": 1, "unauthorised": 0,
    }  # fmt: skip
    assert len(sealed_files()) == len(before) + 2
    actions.confirm(upload=upload, by=tax_bureau.actor, at=MONDAY)
    tasks.take_in_upload(upload_id=str(upload.pk), at=MONDAY)
    upload.refresh_from_db()
    (delivery,) = door.deliveries(department="tax")
    assert (upload.state, upload.delivery, delivery.file_name) == ("done", delivery.number, "对照.csv")
    assert (delivery.accepted, delivery.quarantined) == (1, 1)
    assert sealed_files() == before


def test_what_lies_on_disk_before_is_sealed(lake, tax_bureau):
    upload = sent(tax_bureau)
    content = next(path for path in places.FILES.rglob(upload.file)).read_bytes()
    assert A.encode() not in content and "纳税".encode() not in content


def test_a_hundred_clicks_are_one_delivery(lake, tax_bureau):
    """Seen red with the state not among the conditions of the update."""
    upload = previewed(tax_bureau)

    def click(_: int) -> bool:
        try:
            actions.confirm(upload=upload, by=tax_bureau.actor, at=MONDAY)
        except TooLate:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(10) as hands:
        assert sum(hands.map(click, range(100))) == 1
    for _ in range(2):
        tasks.take_in_upload(upload_id=str(upload.pk), at=MONDAY)
    assert len(door.deliveries(department="tax")) == 1


def test_a_worker_that_dies_after_the_delivery_takes_the_same_one_up_again(lake, tax_bureau, monkeypatch):
    upload = previewed(tax_bureau)
    actions.confirm(upload=upload, by=tax_bureau.actor, at=MONDAY)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "finish_upload", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tasks.take_in_upload(upload_id=str(upload.pk), at=MONDAY)
    tasks.take_in_upload(upload_id=str(upload.pk), at=TUESDAY)
    upload.refresh_from_db()
    (delivery,) = door.deliveries(department="tax")
    assert (upload.state, upload.delivery) == ("done", delivery.number)


def test_a_file_that_cannot_be_read_is_refused_with_the_reason_and_destroyed(lake, tax_bureau):
    before = sealed_files()
    upload = previewed(tax_bureau, "表头,不对\n1,2\n".encode())
    assert upload.state == "refused" and "不是“纳税人识别号对照”应有的列" in upload.reason
    assert sealed_files() == before and door.deliveries(department="tax") == []


def test_a_header_alone_is_previewed_as_no_rows_and_taken_in(lake, tax_bureau):
    header = "纳税人识别号,征收项目,税款所属期起,税款所属期止,缴款期限,欠税余额,滞纳金余额\n".encode()
    said = {"feed": "tax_arrears", "file_name": "欠税.csv", "content": header, "by": tax_bureau.actor, "at": MONDAY}
    silent = actions.upload(**said)
    tasks.preview_upload(upload_id=str(silent.pk), at=MONDAY)
    silent.refresh_from_db()
    assert (silent.state, "请写明数据完整到哪一天" in silent.reason) == ("refused", True)
    upload = actions.upload(covers_until=MONDAY.date(), **said)
    tasks.preview_upload(upload_id=str(upload.pk), at=MONDAY)
    page = inside(tax_bureau).get(f"/department/uploads/{upload.pk}").content.decode()
    assert "文件只有表头，0 行" in page and str(MONDAY.date()) in page and "前几行" not in page
    upload.refresh_from_db()
    actions.confirm(upload=upload, by=tax_bureau.actor, at=MONDAY)
    tasks.take_in_upload(upload_id=str(upload.pk), at=MONDAY)
    (delivery,) = door.deliveries(department="tax")
    assert (delivery.state, delivery.delivered) == ("loaded", 0)


def test_what_is_discarded_or_forgotten_is_destroyed(lake, tax_bureau):
    before = sealed_files()
    mine, old = previewed(tax_bureau), previewed(tax_bureau)
    actions.discard(upload=mine, by=tax_bureau.actor, at=MONDAY)
    with pytest.raises(TooLate):
        actions.confirm(upload=mine, by=tax_bureau.actor, at=MONDAY)
    tasks.tend(at=MONDAY + UPLOAD_LIFE)
    old.refresh_from_db()
    assert old.state == "previewed"
    tasks.tend(at=MONDAY + UPLOAD_LIFE + timedelta(seconds=1))
    old.refresh_from_db()
    assert old.state == "discarded" and sealed_files() == before
    tasks.preview_upload(upload_id=str(old.pk), at=TUESDAY)  # too late to be of use
    tasks.take_in_upload(upload_id=str(old.pk), at=TUESDAY)
    assert door.deliveries(department="tax") == []


def test_empty_and_too_large_files_are_not_received(lake, tax_bureau):
    for content in (b"", bytes(UPLOAD_BYTES_MAX + 1)):
        with pytest.raises(actions.BadUpload):
            sent(tax_bureau, content)
    assert Upload.objects.count() == 0


def test_only_the_department_s_own_people_send_its_feeds(lake, tax_bureau, operator):
    with pytest.raises(NotFound):
        sent(tax_bureau, feed="registration")
    with pytest.raises(NotFound):
        sent(operator)
    upload = previewed(tax_bureau)
    with pytest.raises(NotAllowed):
        actions.confirm(upload=upload, by=operator.actor, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.finish_upload(upload=upload, delivery="x", by=tax_bureau.actor, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.keep_preview(upload=upload, preview=b"{}", by=operator.actor, at=MONDAY)
    actions.discard(upload=upload, by=tax_bureau.actor, at=MONDAY)
    assert platform("x").id == "job:x"


def test_names_and_times_are_told_soberly():
    assert short_name("C:\\数据\\a.csv") == "a.csv" and short_name("../../x\0.csv") == "x.csv"
    assert len(short_name("长" * 300 + ".csv")) == 80 and short_name("长" * 300 + ".csv").endswith(".csv")
    assert short_name("") == "文件"
    assert (seconds_left(0.25, 10.0), seconds_left(0.01, 10.0), seconds_left(0.5, 0.5)) == (30, None, None)


def test_what_the_sender_says_of_its_reach_goes_with_the_file_but_not_into_days_to_come(lake, tax_bureau):
    with pytest.raises(actions.BadUpload, match="不能晚于今天"):
        actions.upload(
            feed="taxpayers",
            file_name="a.csv",
            content=BODY,
            covers_until=TUESDAY.date(),
            by=tax_bureau.actor,
            at=MONDAY,
        )
    upload = actions.upload(
        feed="taxpayers", file_name="a.csv", content=BODY, covers_until=MONDAY.date(), by=tax_bureau.actor, at=MONDAY
    )
    tasks.preview_upload(upload_id=str(upload.pk), at=MONDAY)
    upload.refresh_from_db()
    actions.confirm(upload=upload, by=tax_bureau.actor, at=MONDAY)
    tasks.take_in_upload(upload_id=str(upload.pk), at=MONDAY)
    assert door.deliveries(department="tax")[0].covers_until == MONDAY.date()
