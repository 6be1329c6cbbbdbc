"""The real registrations and invoices through everything: delivered, bound, consented, pulled, decided.

The 123 enterprises of the invoices are bound to codes of the registry's sample and given invented names, people and
five elements. The data lies beside the repository; nothing of it is shot or kept.
"""

import csv
import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from jinfuyun.config import places
from jinfuyun.consents import actions as consents
from jinfuyun.consents.rules import TermKind, Terms, day
from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions as enterprises
from jinfuyun.enterprises import queries
from jinfuyun.enterprises.actions.authenticate import write_verdict
from jinfuyun.enterprises.rules import Elements, ProfileForm
from jinfuyun.kit import regions, uscc
from tests import market
from tests.cast import Person, enterprise_person, id_number_of
from tests.journeys.steps import Town, authenticate, log_in_staff, press, sign
from tests.signing_in import sign_in

DATA = Path(__file__).parents[3] / "shared" / "data"
REGISTRATIONS = DATA / "registry" / "fujian_20000.csv.gz"
SALES = DATA / "invoices" / "invoices_123_output.csv.gz"
PURCHASES = DATA / "invoices" / "invoices_123_input.csv.gz"
BOUND = 123
THE_ONE = 0  # E1 goes through the browser, the others sign by themselves

pytestmark = [
    pytest.mark.browser,
    pytest.mark.deep,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not DATA.exists(), reason="skipped: no real data"),
]
Entry = dict[str, Any]


@pytest.fixture
def lake() -> Iterator[Path]:
    """Where the command looks for it too."""
    yield places.LAKE
    shutil.rmtree(places.LAKE, ignore_errors=True)


@pytest.fixture
def everybody() -> list[Entry]:
    """E1 … E123, each with the code of a real registration and invented people."""
    with gzip.open(REGISTRATIONS, "rt", encoding="utf-8", newline="") as file:
        codes = [row["统一社会信用代码"] for row in csv.DictReader(file)]
    chosen = list(dict.fromkeys(code for code in codes if uscc.is_uscc(code)))[:BOUND]
    return [
        {
            "uscc": code, "tax_number": code, "name": f"沙箱示例企业{number:03d}", "legal_name": "沙示例",
            "id_type": "resident", "id_number": id_number_of(number), "phone": f"1640001{number:04d}",
            "region": "350203" if regions.is_xiamen(code[2:8]) else "350102", "keys": [f"E{number}"],
        }
        for number, code in enumerate(chosen, 1)
    ]  # fmt: skip


def deliver(feed: str, path: Path) -> tuple[int, int, int, int, int]:
    """By the command, as an operator does: delivered, accepted, superseded, quarantined, unauthorised."""
    command = [sys.executable, "-m", "jinfuyun.config.cli", "deliver", feed, str(path), "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=places.ROOT)
    one = json.loads(ran.stdout)["deliveries"][0]
    return (one["delivered"], one["accepted"], one["superseded"], one["quarantined"], one["unauthorised"])


def signs(entry: Entry) -> None:
    """Authentication and consent of one enterprise, by its own person, without the browser."""
    at, person = timezone.now(), enterprise_person(entry["phone"])
    elements = Elements(
        entry["tax_number"], entry["legal_name"], entry["id_type"], entry["id_number"], entry["phone"]
    )  # fmt: skip
    run = enterprises.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=at)
    run = write_verdict(run=run, elements=elements, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=at)
    profile = ProfileForm(
        entry["uscc"], entry["name"], entry["region"], "F", uscc.nature_of(entry["uscc"]), entry["legal_name"],
        entry["legal_name"], entry["phone"],
    )  # fmt: skip
    enterprises.submit_profile(run=run, profile=profile, by=person.actor, at=at)
    owner = queries.actor_for(user_id=person.user_id, phone=person.phone, uscc=entry["uscc"], label="", at=at)
    terms = Terms(
        term_kind=TermKind.UNTIL_SETTLEMENT, start=day(at), end=None, utilities=(), chosen=(),
        personal_notice=False, recommend=False, agree=True,
    )  # fmt: skip
    letter = consents.prepare(uscc=entry["uscc"], terms=terms, utilities=[], by=owner, at=at)
    consents.put_in_force(consent=letter, evidence={"method": "test"}, by=owner, at=at)


def sold_in_twelve_months(taxpayer: str) -> int:
    """Fen from 2019-02 to 2020-01, straight from the raw file: valid blue and red invoices, each once."""
    (fen,) = duckdb.execute(
        """SELECT CAST(sum(CAST(金额 AS DECIMAL(18, 2))) * 100 AS BIGINT)
        FROM (SELECT DISTINCT * FROM read_csv(?, all_varchar = true))
        WHERE 企业代号 = ? AND trim(发票状态) = '有效发票'
            AND strptime(开票日期, '%Y/%m/%d') BETWEEN DATE '2019-02-01' AND DATE '2020-01-31'""",
        [str(SALES), taxpayer],
    ).fetchall()[0]
    return int(fen)


def test_real_input_through_everything_to_a_decision(
    town: Town, page: Page, everybody: list[Entry], tmp_path: Path, visitors: Callable[..., Page],
    river_bank_officer: Person, river_bank_approver: Person,
) -> None:  # fmt: skip
    taxpayers, people = tmp_path / "taxpayers.csv", tmp_path / "people.json"
    pairs = "".join(f"{one['keys'][0]},{one['uscc']}\n" for one in everybody)
    taxpayers.write_text("企业代号,统一社会信用代码\n" + pairs)
    feeds = {"sales_invoices": [str(SALES)], "purchase_invoices": [str(PURCHASES)], "taxpayers": [str(taxpayers)]}
    people.write_text(json.dumps({"enterprises": everybody, "feeds": feeds}))
    assert town.service.post("/people", {"file": str(people)}) == (200, {"enterprises": BOUND})

    registered = deliver("registration", REGISTRATIONS)
    assert registered == (20_000, 19_998, 0, 2, 0)
    assert deliver("taxpayers", taxpayers) == (BOUND, BOUND, 0, 0, 0)
    before = deliver("sales_invoices", SALES), deliver("purchase_invoices", PURCHASES)
    assert before == ((162_484, 0, 0, 0, 162_484), (210_947, 0, 0, 0, 210_947))
    assert registered[0] + sum(one[0] for one in before) == 393_431

    for entry in everybody[1:]:
        signs(entry)
    ProcrastinateJob.objects.all().delete()  # their data comes with the files below, not by 122 pulls
    boss = everybody[THE_ONE]
    sign_in(page, town.url, enterprise_person(boss["phone"]))
    authenticate(page, town, boss)
    page.wait_for_url("**/enterprises/new/profile?*")
    page.fill("[name=name]", boss["name"])
    page.select_option("[name=industry]", index=3)
    press(page, "提交信息")
    page.wait_for_url("**/enterprises/new/consent?*")
    sign(page)
    after = deliver("sales_invoices", SALES), deliver("purchase_invoices", PURCHASES)
    assert after == ((162_484, 158_048, 4_436, 0, 0), (210_947, 210_142, 803, 2, 0))
    town.work()

    the_report_says_what_the_raw_files_say(town, page, boss)
    it_comes_to_a_decision(town, page, visitors, river_bank_officer, river_bank_approver)


def the_report_says_what_the_raw_files_say(town: Town, page: Page, boss: Entry) -> None:
    page.goto(town.url + "/my/report")
    press(page, "制作并查看我的报告")
    page.wait_for_url("**/my/reports/*")
    invoices = page.locator("#invoices")
    expect(invoices).to_contain_text("数据截至：2020年1月")
    row = invoices.locator("#fact-sales_r12 summary")
    expect(row).to_contain_text("2019-02 至 2020-01")
    said = re.search(r"([\d,.]+) 万元", row.inner_text())
    assert said is not None
    assert said[1] == f"{sold_in_twelve_months(boss['keys'][0]) / 1_000_000:,.2f}"


def it_comes_to_a_decision(
    town: Town, page: Page, visitors: Callable[..., Page], officer_person: Person, approver_person: Person
) -> None:
    loan = market.product(code="RIVER001", of=market.institution(market.RIVER))
    page.goto(f"{town.url}/my/applications/new?product={loan.code}")
    page.fill("[name=amount]", "100")
    page.fill("[name=term]", "12")
    page.select_option("[name=purpose]", "stock")
    press(page, "提交申请")
    page.wait_for_url("**/my/applications/RZ*")
    number = page.url.rpartition("/")[2]
    officer, approver = visitors(), visitors()
    log_in_staff(officer, town, "institution", officer_person)
    officer.goto(f"{town.url}/bank/applications/{number}")
    officer.fill("[name=caller_phone]", "0591-87000001")
    press(officer, "受理")
    officer.fill("[name=note]", "已电话联系，约定周三下户")
    press(officer, "登记已对接")
    press(officer, "开始审批")
    press(officer, "查询信用报告")
    officer.wait_for_url("**/bank/reports/BG*")
    expect(officer.locator("#invoices")).to_be_visible()
    log_in_staff(approver, town, "institution", approver_person)
    approver.goto(f"{town.url}/bank/applications/{number}")
    approver.fill("[name=amount]", "100")
    approver.fill("[name=rate]", "3.9")
    press(approver, "审批通过")
    press(approver, "确认")
    expect(approver.get_by_text("已批复，等待企业确认")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="批复方案")).to_be_visible()
