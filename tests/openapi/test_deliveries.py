"""A department's program pushes a file over real HTTP, breaks off, goes on; nothing counts twice."""

import json
import random
import secrets
import time
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.audit.models import Line
from jinfuyun.config import jobs, keys, places
from jinfuyun.data import door
from jinfuyun.kit import signed_request
from jinfuyun.kit.actor import platform
from jinfuyun.kit.jobs import Job
from jinfuyun.pushes import actions
from jinfuyun.pushes.models import Part, Push, UsedRequest
from jinfuyun.pushes.rules import PART_BYTES
from jinfuyun.sandbox.push import NotTaken, Pusher
from tests.data.codes import A, B, uscc

HEADER = "统一社会信用代码,企业名称,注册日期,经营范围\n"


@pytest.fixture
def three_parts(tmp_path: Path) -> Path:
    """A register of a little over two parts; its words do not shrink and are nowhere else."""
    path, chance = tmp_path / "登记.csv", random.Random(5)
    with path.open("w") as out:
        out.write(HEADER)
        for number in range(1200):
            code = uscc(f"91350100MA2{number:06d}")
            out.write(f"{code},绝密{number}厂,2015-01-01,{chance.randbytes(1900).hex()}\n")
    assert 2 * PART_BYTES < path.stat().st_size < 3 * PART_BYTES
    return path


def small(tmp_path: Path, name: str = "small.csv", rows: str = f"{A},甲厂,2015-01-01,\n{B},乙厂,2015-02-30,\n") -> Path:
    path = tmp_path / name
    path.write_text(HEADER + rows)
    return path


def refused(status: int, code: str):
    return pytest.raises(NotTaken, match=f"{status} {code}")


def test_a_push_that_breaks_off_goes_on_where_it_was(pusher: Pusher, three_parts: Path, work, monkeypatch):
    push = pusher.begin("registration", three_parts)
    assert (push["state"], push["part_count"], push["parts"]) == ("open", 3, [])
    pusher.put(push, three_parts, 2)
    pusher.put(push, three_parts, 2)  # its answer was lost
    with refused(409, "conflict"):
        pusher.complete(push)
    sent, really = [], pusher.put
    monkeypatch.setattr(pusher, "put", lambda push, path, number: (sent.append(number), really(push, path, number)))
    whole = pusher.push("registration", three_parts)  # a new run of the program, with the same file
    assert (whole["id"], whole["state"], sent) == (push["id"], "waiting", [1, 3])
    assert work() == 1
    told = pusher.result(push)
    assert (told["state"], told["share"], told["stage"]) == ("done", 1.0, "完成")
    assert told["result"]["delivered"] == told["result"]["accepted"] == 1200
    assert pusher.push("registration", three_parts)["result"] == told["result"]
    assert work() == 0
    [delivery] = door.deliveries()
    assert (delivery.number, delivery.file_name) == (told["result"]["number"], "登记.csv")
    booked = Line.objects.filter(subject=push["id"]).order_by("id").values_list("action", flat=True)
    assert list(booked) == ["push.begun", "push.completed", "push.taken_in"]


def test_parts_are_sealed_where_they_lie_and_gone_afterwards(pusher: Pusher, three_parts: Path, work):
    before = {path for path in places.FILES.rglob("*") if path.is_file()}
    push = pusher.push("registration", three_parts)
    kept = {path for path in places.FILES.rglob("*") if path.is_file()} - before
    assert len(kept) == 3
    assert not [path for path in kept if "绝密".encode() in path.read_bytes()]
    work()
    assert pusher.standing(push["id"])["state"] == "done"
    assert not [path for path in kept if path.exists()]
    assert Part.objects.count() == 0


def test_progress_is_seen_while_it_is_taken_in(pusher: Pusher, tmp_path: Path, work, monkeypatch):
    push = pusher.push("registration", small(tmp_path))
    seen, really = [], actions._show

    def show(*arguments):
        really(*arguments)
        told = pusher.standing(push["id"])
        seen.append((told["state"], told["stage"], told["share"]))

    monkeypatch.setattr(actions, "_show", show)
    work()
    assert [stage for stage, _ in groupby(stage for _, stage, _ in seen)] == ["接收", "检查", "更新文件", "完成"]
    assert {state for state, _, _ in seen} == {"waiting"}
    assert [share for _, _, share in seen] == sorted(share for _, _, share in seen)


def test_rows_and_reasons_come_back(pusher: Pusher, tmp_path: Path, work):
    push = pusher.push("registration", small(tmp_path), manifest={"rows": 2, "covers_until": "2020-01-31"})
    work()
    result = pusher.standing(push["id"])["result"]
    assert (result["state"], result["accepted"], result["quarantined"]) == ("partly_loaded", 1, 1)
    assert door.deliveries()[0].covers_until == date(2020, 1, 31)


@pytest.mark.parametrize(
    ("manifest", "reason"), [({"rows": 3}, "行数清单 3，文件 2"), ({"rows": 2, "sum": {"x": 1}}, "“x”不是")]
)
def test_a_file_that_is_otherwise_than_said_is_refused_whole(pusher: Pusher, tmp_path: Path, work, manifest, reason):
    push = pusher.push("registration", small(tmp_path), manifest=manifest)
    work()
    told = pusher.standing(push["id"])
    assert (told["state"], reason in told["result"]["reason"]) == ("refused", True)
    assert door.release_number() == 0


def test_other_bytes_than_were_announced_are_refused(pusher: Pusher, tmp_path: Path, work):
    path = small(tmp_path)
    push = pusher.begin("registration", path)
    path.write_bytes(path.read_bytes().replace("甲".encode(), "申".encode()))
    pusher.put(push, path, 1)
    pusher.complete(push)
    work()
    assert "SHA-256" in pusher.standing(push["id"])["result"]["reason"]


def test_killed_while_it_is_taken_in_it_counts_once(pusher: Pusher, tmp_path: Path, work, monkeypatch):
    push = pusher.push("registration", small(tmp_path))

    class PowerCut(BaseException):
        pass

    def cut(*arguments, **rest):
        raise PowerCut

    for name in ("_settle", "_forget_parts"):
        with monkeypatch.context() as patched, pytest.raises(PowerCut):
            patched.setattr(actions, name, cut)
            actions.take_in(push_id=push["id"], by=platform("test"), at=timezone.now())
    actions.take_in(push_id=push["id"], by=platform("test"), at=timezone.now())
    assert len(door.deliveries()) == 1
    assert (Part.objects.count(), pusher.standing(push["id"])["result"]["delivered"]) == (0, 2)


# --- the same again, and another's ---------------------------------------------------------------------------------


def wanted(**changed: object) -> bytes:
    asked = {"feed": "registration", "name": "x.csv", "size": 5, "sha256": "0" * 64} | changed
    return json.dumps(asked).encode()


def test_a_key_is_for_one_request(pusher: Pusher):
    first = pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001")
    again = pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001")
    assert first == again
    with refused(422, "key_reused"):
        pusher.ask("POST", "/api/v1/deliveries", wanted(size=6), idempotency_key="key-0001")
    assert Push.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"size": 0}, "key-0001", "refused"),
        ({"size": 1 << 50}, "key-0001", "refused"),
        ({"sha256": "x"}, "key-0001", "refused"),
        ({"name": "../x"}, "key-0001", "refused"),
        ({}, "", "refused"),
        ({"state": "done"}, "key-0001", "malformed"),
        ({"size": "many"}, "key-0001", "malformed"),
    ],
)
def test_what_cannot_be_is_not_begun(pusher: Pusher, changed, key, code):
    with refused(422, code):
        pusher.ask("POST", "/api/v1/deliveries", wanted(**changed), idempotency_key=key)
    assert Push.objects.count() == 0


def test_json_that_is_none_is_named(pusher: Pusher):
    with refused(400, "bad_request"):
        pusher.ask("POST", "/api/v1/deliveries", b"{", idempotency_key="key-0001")


@pytest.mark.parametrize("feed", ["taxpayers", "no_such_feed"])
def test_a_department_pushes_its_own_feeds_only(pusher: Pusher, feed):
    with refused(404, "not_found"):
        pusher.ask("POST", "/api/v1/deliveries", wanted(feed=feed), idempotency_key="key-0001")


def test_another_department_s_push_does_not_exist(pusher: Pusher, site: str, tmp_path: Path):
    path = small(tmp_path)
    push = pusher.begin("registration", path)
    tax = Pusher(site, "tax", keys.department_keys()["tax"])
    for act in (lambda: tax.standing(push["id"]), lambda: tax.put(push, path, 1), lambda: tax.complete(push)):
        with refused(404, "not_found"):
            act()
    tax.close()


@pytest.mark.parametrize(
    ("number", "content", "status"),
    [(1, b"1234", 422), (1, b"123456", 422), (0, b"1", 422), (2, b"1", 422), (1, b"x" * (PART_BYTES + 1), 413)],
)
def test_a_part_has_its_size_and_its_number(pusher: Pusher, number, content, status):
    push = pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001")
    with pytest.raises(NotTaken) as trouble:
        pusher.ask("PUT", f"/api/v1/deliveries/{push['id']}/parts/{number}", content)
    assert trouble.value.status == status
    assert Part.objects.count() == 0


def test_a_part_that_is_there_is_not_replaced_and_after_completion_none_is_taken(pusher: Pusher, tmp_path: Path):
    push = pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001")
    address = f"/api/v1/deliveries/{push['id']}"
    pusher.ask("PUT", f"{address}/parts/1", b"12345")
    with refused(409, "conflict"):
        pusher.ask("PUT", f"{address}/parts/1", b"54321")
    pusher.complete(push)
    with refused(409, "conflict"):
        pusher.ask("PUT", f"{address}/parts/1", b"12345")


# --- signatures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {signed_request.SIGNATURE: "0" * 64},
        {signed_request.SIGNATURE: ""},
        {signed_request.DEPARTMENT: "tax"},
        {signed_request.DEPARTMENT: "nobody"},
    ],
)
def test_who_cannot_sign_is_nobody(pusher: Pusher, headers):
    if signed_request.SIGNATURE not in headers:  # signed with the market department's key all the same
        key = keys.department_keys()["market"]
        told = {signed_request.TIMESTAMP: str(int(time.time())), signed_request.REQUEST_ID: secrets.token_hex(16)}
        path = f"/api/v1/deliveries/{Push().pk}"
        headers = headers | told | {signed_request.SIGNATURE: signed_request.signature(key, "GET", path, told, b"")}
    with refused(401, "not_signed"):
        pusher.ask("GET", f"/api/v1/deliveries/{Push().pk}", **headers)


@pytest.mark.parametrize("seconds", [-400, 400])
def test_an_old_or_early_signature_counts_nothing(site: str, lake: Path, seconds):
    program = Pusher(site, "market", keys.department_keys()["market"], clock=lambda: time.time() + seconds)
    with refused(401, "not_signed"):
        program.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001")
    program.close()


def test_a_request_counts_once(pusher: Pusher):
    once = {signed_request.REQUEST_ID: secrets.token_hex(16)}
    pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001", **once)
    with refused(409, "replayed"):
        pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001", **once)


@pytest.mark.parametrize("part", ["method", "path", "body", "key", "id", "time"])
def test_the_signature_covers_everything_that_counts(part):
    told = {signed_request.TIMESTAMP: "1", signed_request.REQUEST_ID: "a" * 16, signed_request.IDEMPOTENCY_KEY: "k"}
    given = signed_request.signature(b"key", "POST", "/x", told, b"body")
    other = dict(told)
    name = {"key": signed_request.IDEMPOTENCY_KEY, "id": signed_request.REQUEST_ID, "time": signed_request.TIMESTAMP}
    if part in name:
        other[name[part]] += "1"
    method, path = "PUT" if part == "method" else "POST", "/y" if part == "path" else "/x"
    body = b"ydob" if part == "body" else b"body"
    headers = {signed_request.SIGNATURE: given}
    assert signed_request.is_signed(b"key", "POST", "/x", told | headers, b"body")
    assert not signed_request.is_signed(b"key", method, path, other | headers, body)


# --- what is left over ---------------------------------------------------------------------------------------------


def test_what_is_never_completed_ends_and_its_bytes_go(pusher: Pusher, three_parts: Path):
    push = pusher.begin("registration", three_parts)
    pusher.put(push, three_parts, 1)
    [reference] = Part.objects.values_list("reference", flat=True)
    jobs.run(Job.TEND_PUSHES, at=timezone.now() + timedelta(days=6))
    assert Part.objects.count() == 1
    jobs.run(Job.TEND_PUSHES, at=timezone.now() + timedelta(days=8))
    assert pusher.standing(push["id"])["state"] == "expired"
    assert not list(places.FILES.rglob(reference))
    with refused(409, "conflict"):
        pusher.put(push, three_parts, 2)


def test_a_push_whose_job_gave_up_is_begun_anew_at_night(pusher: Pusher, tmp_path: Path, work):
    push = pusher.push("registration", small(tmp_path))
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert work() == 0
    jobs.run(Job.TEND_PUSHES, at=timezone.now())
    jobs.run(Job.TEND_PUSHES, at=timezone.now())
    assert work() == 1
    assert pusher.standing(push["id"])["state"] == "done"


def test_used_ids_are_forgotten_when_their_time_is_over(pusher: Pusher):
    pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0001")
    jobs.run(Job.TEND_PUSHES, at=timezone.now() + timedelta(minutes=9))
    assert UsedRequest.objects.count() == 1
    jobs.run(Job.TEND_PUSHES, at=timezone.now() + timedelta(minutes=11))
    assert UsedRequest.objects.count() == 0


def test_no_department_keeps_more_unfinished_files_than_it_may(pusher: Pusher):
    for number in range(20):
        pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key=f"key-{number:04d}")
    with refused(422, "refused"):
        pusher.ask("POST", "/api/v1/deliveries", wanted(), idempotency_key="key-0020")
    assert Push.objects.count() == 20
