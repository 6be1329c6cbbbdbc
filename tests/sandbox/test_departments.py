"""The pretend departments' own manners: who may ask, what a phone shows, what can be loaded beside the province."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from jinfuyun.data.departments import signing
from jinfuyun.sandbox import province
from jinfuyun.sandbox.departments.registers import Registers
from tests.sandbox.service import KEYS, departments

PATHS = ("/tax/verify", "/tax/grade", "/xiamen/tax/verify", "/market/registration", "/electricity/check",
         "/water/check", "/gas/check", "/feeds/registration")  # fmt: skip


def signed(path, body, *, key, at):
    timestamp = str(int(at.timestamp()))
    return {
        signing.REQUEST_ID: "r1",
        signing.TIMESTAMP: timestamp,
        signing.SIGNATURE: signing.sign(key, "POST", path, timestamp, body),
    }


@pytest.mark.parametrize("path", PATHS)
def test_an_unsigned_or_wrongly_signed_question_is_refused(service, path):
    body = json.dumps({"number": "x"}).encode()
    wrong = signed(path, body, key=b"another key", at=datetime.now(UTC))
    assert service.post(path, body)[0] == 401
    assert service.post(path, body, wrong)[0] == 401


def test_a_signature_holds_for_its_path_and_body_only(service):
    body = json.dumps({"number": "x"}).encode()
    headers = signed("/market/registration", body, key=KEYS["market"], at=datetime.now(UTC))
    assert service.post("/market/registration", body, headers)[0] == 200
    assert service.post("/market/registration", body + b" ", headers)[0] == 401
    assert service.post("/feeds/registration", body, headers)[0] == 401


def test_an_old_question_is_refused(province_folder, tmp_path):
    body = json.dumps({"number": "x"}).encode()
    now = datetime.now(UTC)
    with departments(province_folder, tmp_path, max_age=300) as fresh_only:

        def status(at):
            headers = signed("/market/registration", body, key=KEYS["market"], at=at)
            return fresh_only.post("/market/registration", body, headers)[0]

        assert status(now) == 200
        assert status(now - timedelta(hours=1)) == 401
        assert status(now + timedelta(hours=1)) == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"number": 5}'])
def test_a_signed_question_of_the_wrong_shape_is_a_bad_request(service, body):
    headers = signed("/market/registration", body, key=KEYS["market"], at=datetime.now(UTC))
    assert service.post("/market/registration", body, headers)[0] == 400


def test_feeds_asked_for_at_the_same_moment_do_not_meet(province_folder, tmp_path):
    """Seen red with one name for the rows of every question."""
    registers = Registers(province_folder, tmp_path / "state")
    numbers = [one["uscc"] for one in province.people(province_folder)]

    def asked(feed: str, nth: int) -> tuple[str, str, int]:
        into = tmp_path / f"{feed}-{nth}.csv"
        rows = registers.write_feed(feed, numbers, into)
        return feed, into.read_text().splitlines()[0], rows

    feeds = ("registration", "sales_invoices", "tax_declarations", "electricity")
    alone = [asked(feed, 0) for feed in feeds]
    with ThreadPoolExecutor(len(feeds)) as hands:
        together = list(hands.map(asked, feeds * 15, range(15 * len(feeds))))
    assert together == alone * 15


def test_a_phone_shows_its_messages_newest_first_with_their_codes(service):
    service.post("/sms", {"to": "16499999991", "text": "验证码 123456，5分钟内有效。"})
    service.post("/sms", {"to": "16499999991", "text": "您的申请 20260310001 已受理。"})
    shown = service.get("/phones/16499999991")
    assert [(message["code"], message["text"][:3]) for message in shown] == [("", "您的申"), ("123456", "验证码")]
    assert service.get("/phones/16499999992") == []


def test_the_same_message_handed_over_twice_arrives_once(service):
    for _ in range(2):
        service.post("/sms", {"to": "16499999994", "text": "您的授权书已签署。"}, {signing.REQUEST_ID: "m1"})
    assert len(service.get("/phones/16499999994")) == 1


@pytest.mark.parametrize("fault", ["down", "drip", "malformed", "wrong_enterprise"])
def test_a_gateway_in_trouble_takes_nothing_over(service, fault):
    service.fault("sms", fault)
    try:
        assert service.post("/sms", {"to": "16499999995", "text": "x"})[0] == 503
    finally:
        service.fault("sms", "off")
    assert service.get("/phones/16499999995") == []


def test_messages_and_loaded_people_are_still_there_after_a_restart(province_folder, tmp_path):
    newcomer = {
        "uscc": "91350100600037341L",
        "tax_number": "350100600037341",
        "name": "福州松月鹬试验有限公司",
        "legal_name": "陈明",
        "id_type": "passport",
        "id_number": "XF9999999",
        "phone": "16499999993",
    }
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"enterprises": [newcomer]}), encoding="utf-8")
    body = json.dumps({"number": newcomer["uscc"]}).encode()
    headers = signed("/market/registration", body, key=KEYS["market"], at=datetime.now(UTC))
    for start in (1, 2):
        with departments(province_folder, tmp_path / "state") as running:
            if start == 1:
                assert running.post("/people", {"file": str(file)}) == (200, {"enterprises": 1})
                running.post("/sms", {"to": "16499999993", "text": "验证码 654321"})
            assert running.post("/market/registration", body, headers)[1]["registration"]["name"] == newcomer["name"]
            assert [message["code"] for message in running.get("/phones/16499999993")] == ["654321"]


def test_a_file_of_people_that_lacks_an_element_loads_nobody(service, tmp_path):
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"enterprises": [{"uscc": "91350100600037341L"}]}), encoding="utf-8")
    assert service.post("/people", {"file": str(file)})[0] == 400
    assert service.post("/people", {"file": str(tmp_path / "absent.json")})[0] == 400


def test_only_known_faults_of_known_departments_can_be_switched(service):
    assert service.post("/faults", {"department": "tax", "mode": "explode"})[0] == 400
    assert service.post("/faults", {"department": "navy", "mode": "down"})[0] == 400
    assert set(service.get("/faults").values()) == {"off"}
