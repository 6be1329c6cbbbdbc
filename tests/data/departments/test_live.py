"""Asking the departments over real HTTP, in fair weather and in foul."""

import csv
import json
import socket
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from jinfuyun.data.departments import call, signing
from jinfuyun.data.departments.answers import Authorised, FiveElements, Verdict
from jinfuyun.data.departments.call import Departments
from jinfuyun.data.departments.electricity import live as electricity
from jinfuyun.data.departments.feeds import fetch_feed
from jinfuyun.data.departments.gas import live as gas
from jinfuyun.data.departments.market import live as market
from jinfuyun.data.departments.tax import live as tax
from jinfuyun.data.departments.water import live as water
from jinfuyun.kit import regions
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.identity import IdType
from tests.sandbox.service import KEYS

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
FAULTS = ("down", "slow", "drip", "wrong_enterprise", "malformed")
# The slow answer comes after five seconds and the dripping one after ten: whoever waits for them gets a verdict.
IMPATIENT_SECONDS = 0.4


def five(entry):
    return FiveElements(
        entry["tax_number"], entry["legal_name"], IdType(entry["id_type"]), entry["id_number"], entry["phone"]
    )


def authorised(entry):
    return Authorised(entry["uscc"], entry["tax_number"], "SQ1", "ab" * 32, date(2026, 3, 1), None)


def somebody(service, **wanted):
    """The first enterprise for which everything wanted holds."""
    return next(e for e in service.people if all(test(e) for test in wanted.values()))


def owner_of(service, kind):
    return somebody(service, has=lambda e: e[kind], here=lambda e: not regions.is_xiamen(e["region"]))


def ask_tax(service, line):
    return tax.verify(line, five(owner_of(service, "water")), at=AT)


def ask_xiamen(service, line):
    return tax.verify(line, five(somebody(service, x=lambda e: e["uscc"][2:6] == "3502")), at=AT)


def ask_grade(service, line):
    return tax.grade(line, authorised(owner_of(service, "water")), at=AT).grade


def ask_market(service, line):
    return market.registration(line, owner_of(service, "water")["tax_number"], at=AT).name


def asker_of_utility(kind, module):
    def ask(service, line):
        entry = owner_of(service, kind)
        return module.check(line, **entry[kind], uscc=entry["uscc"], at=AT)

    return ask


CONNECTORS = {
    "tax": (ask_tax, "tax"),
    "tax_xiamen": (ask_xiamen, "tax_xiamen"),
    "grade": (ask_grade, "tax"),
    "market": (ask_market, "market"),
    "electricity": (asker_of_utility("electricity", electricity), "electricity"),
    "water": (asker_of_utility("water", water), "water"),
    "gas": (asker_of_utility("gas", gas), "gas"),
}


def verdict_of(ask, service, line):
    try:
        return ask(service, line)
    except Unreachable:
        return Verdict.UNREACHABLE


def test_a_page_never_waits_two_seconds():
    assert call.SECONDS < 2


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("connector", CONNECTORS)
def test_whatever_a_department_does_wrong_is_unreachable_and_it_recovers(service, line, connector, fault):
    ask, department = CONNECTORS[connector]
    impatient = Departments(service.url, KEYS, seconds=IMPATIENT_SECONDS)
    service.fault(department, fault)
    assert verdict_of(ask, service, impatient) is Verdict.UNREACHABLE
    impatient.close()
    service.fault(department, "off")
    assert verdict_of(ask, service, line) not in (Verdict.UNREACHABLE, Verdict.UNKNOWN, None)


def test_the_right_five_elements_match_and_any_wrong_one_differs(service, line):
    entry = owner_of(service, "water")
    right = five(entry)
    assert tax.verify(line, right, at=AT) is Verdict.MATCHES
    for wrong in (
        replace(right, legal_name=right.legal_name + "甲"),
        replace(right, id_type=IdType.HK_MACAO_RESIDENCE),
        replace(right, id_number="350100199001010000"),
        replace(right, phone="16477777777"),
    ):
        assert tax.verify(line, wrong, at=AT) is Verdict.DIFFERS
    stranger = replace(right, tax_number="91350100600037341L")
    assert tax.verify(line, stranger, at=AT) is Verdict.UNKNOWN


def test_a_number_that_does_not_show_xiamen_is_still_found_there(service, line):
    entry = somebody(service, x=lambda e: regions.is_xiamen(e["region"]))
    assert tax.bureaus(entry["uscc"])[0] == tax.XIAMEN
    assert tax.bureaus("91350102XF00000059")[0] == tax.PROVINCE
    old = five(entry)
    service.fault("tax", "down")  # the other bureau is not even asked
    assert tax.verify(line, old, at=AT) is Verdict.MATCHES


def test_when_the_second_bureau_is_down_an_unknown_number_stays_undecided(service, line):
    service.fault("tax_xiamen", "down")
    elements = replace(five(owner_of(service, "water")), tax_number="91350100600037341L")
    assert tax.verify(line, elements, at=AT) is Verdict.UNREACHABLE


def test_an_account_is_its_owners_with_its_supplier_only(service, line):
    entry = owner_of(service, "water")
    other = somebody(service, other=lambda e: e["uscc"] != entry["uscc"])
    assert water.check(line, **entry["water"], uscc=other["uscc"], at=AT) is Verdict.DIFFERS
    account = entry["water"]["account"]
    assert water.check(line, supplier="别家水务", account=account, uscc=entry["uscc"], at=AT) is Verdict.UNKNOWN
    power = entry["electricity"]["account"]
    assert electricity.check(line, supplier="", account=power, uscc=entry["uscc"], at=AT) is Verdict.MATCHES


def test_market_regulation_knows_taxpayer_numbers_and_codes_and_says_so_when_it_does_not(service, line):
    entry = somebody(service, old=lambda e: e["tax_number"] != e["uscc"])
    by_tax, by_code = (market.registration(line, entry[key], at=AT) for key in ("tax_number", "uscc"))
    assert by_tax == by_code
    assert (by_tax.uscc, by_tax.region, by_tax.industry) == (entry["uscc"], entry["region"], entry["industry"])
    assert market.registration(line, "91350100600037341L", at=AT) is None


def test_after_five_failures_nobody_asks_until_the_breaker_lets_one_pass(service, line):
    service.fault("gas", "down")
    ask = asker_of_utility("gas", gas)
    assert [ask(service, line) for _ in range(call.FAILURES_MAX)] == [Verdict.UNREACHABLE] * call.FAILURES_MAX
    service.fault("gas", "off")
    assert ask(service, line) is Verdict.UNREACHABLE  # healthy again, but not asked yet
    assert asker_of_utility("water", water)(service, line) is Verdict.MATCHES  # each department has its own breaker
    line._breakers["gas"].reset_timeout = 0  # the ten seconds are over
    assert ask(service, line) is Verdict.MATCHES
    assert ask(service, line) is Verdict.MATCHES


class Liar(BaseHTTPRequestHandler):
    """A department that answers rightly in everything but what `twist` changes of the signature."""

    key, method, body_signed = KEYS["gas"], signing.ANSWER, True

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = question | {"request_id": self.headers[signing.REQUEST_ID], "verdict": "matches"}
        body = json.dumps(said).encode()
        signed = body if self.body_signed else b""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(signing.TIMESTAMP, "1")
        self.send_header(signing.SIGNATURE, signing.sign(self.key, self.method, self.path, "1", signed))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


@pytest.mark.parametrize(
    ("twist", "verdict"),
    [
        ({}, Verdict.MATCHES),
        ({"key": b"not theirs"}, Verdict.UNREACHABLE),
        ({"method": "POST"}, Verdict.UNREACHABLE),  # our own question's kind of signature
        ({"body_signed": False}, Verdict.UNREACHABLE),
    ],
)
def test_only_an_answer_with_the_departments_own_signature_counts(twist, verdict):
    with HTTPServer(("127.0.0.1", 0), type("Twisted", (Liar,), twist)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        line = Departments(f"http://127.0.0.1:{server.server_address[1]}", KEYS)
        assert gas.check(line, supplier="s", account="1", uscc="2", at=AT) is verdict
        line.close()
        server.shutdown()
        thread.join()


def test_nobody_listening_is_unreachable():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # held, but nobody listens
        line = Departments(f"http://127.0.0.1:{closed.getsockname()[1]}", KEYS)
        assert electricity.check(line, supplier="", account="1", uscc="2", at=AT) is Verdict.UNREACHABLE
        line.close()


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"])
def test_a_peer_that_speaks_nonsense_or_hangs_up_is_unreachable(said):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(65_536)
                    peer.sendall(said)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        line = Departments(f"http://127.0.0.1:{server.getsockname()[1]}", KEYS, seconds=IMPATIENT_SECONDS)
        assert gas.check(line, supplier="s", account="1", uscc="2", at=AT) is Verdict.UNREACHABLE
        line.close()
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_no_repr_shows_a_person(service):
    elements = five(service.people[0])
    shown = repr(elements)
    for part in (elements.legal_name, elements.id_number, elements.phone):
        assert part not in shown


def rows(file):
    with file:
        file.seek(0)
        return list(csv.DictReader(file.read().decode().splitlines()))


def test_a_feed_holds_the_rows_of_the_authorised_only(service, line, tmp_path):
    entry = somebody(service, trades=lambda e: e["story"] == "steady" and e["registered_on"] < "2024-01-01")
    file = fetch_feed(line, "tax", "sales_invoices", [authorised(entry)], at=AT, into=tmp_path)
    assert list(tmp_path.iterdir()) == []  # nothing that a killed process would leave behind
    assert {row["纳税人识别号"] for row in rows(file)} == {entry["tax_number"]}
    nobody = fetch_feed(line, "electricity", "electricity", [], at=AT, into=tmp_path)
    assert rows(nobody) == []
    everybody = fetch_feed(line, "market", "registration", [], at=AT, into=tmp_path)
    assert len(rows(everybody)) == len(service.people)


@pytest.mark.parametrize("fault", ["down", "malformed"])
def test_a_broken_file_is_unreachable_and_leaves_nothing_behind(service, line, tmp_path, fault):
    service.fault("tax", fault)
    with pytest.raises(Unreachable):
        fetch_feed(line, "tax", "sales_invoices", [authorised(service.people[0])], at=AT, into=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_rows_under_other_headers_can_be_loaded_beside_the_province(service, line, tmp_path):
    newcomer = {
        "uscc": "91350211MA2XY00001"[:17] + "X",
        "tax_number": "350211600037999",
        "name": "厦门松月鹬试验有限公司",
        "legal_name": "陈明",
        "id_type": "passport",
        "id_number": "XF8888888",
        "phone": "16488888888",
        "region": "350211",
        "keys": ["E1"],
    }
    sold = tmp_path / "sold.csv"
    sold.write_text(
        "企业代号,发票号码,开票日期,购方单位代号,金额,税额,价税合计,发票状态\n"
        "E1,1,2019/12/30,B1,100.0,13.0,113.0,有效发票\nE2,2,2019/12/30,B1,100.0,13.0,113.0,有效发票\n",
        encoding="utf-8",
    )
    told = tmp_path / "people.json"
    told.write_text(json.dumps({"enterprises": [newcomer], "feeds": {"sales_invoices": [str(sold)]}}))
    assert service.post("/people", {"file": str(told)}) == (200, {"enterprises": 1})
    assert tax.verify(line, five(newcomer), at=AT) is Verdict.MATCHES
    file = fetch_feed(line, "tax", "sales_invoices", [authorised(newcomer)], at=AT, into=tmp_path)
    (row,) = rows(file)
    assert [row[name] for name in ("纳税人识别号", "发票号码", "购方纳税人识别号")] == ["E1", "1", "B1"]
