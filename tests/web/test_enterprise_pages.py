"""The enterprise's pages in a real browser, at both widths: what stands there, and nothing wrong with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jinfuyun.consents import actions as consents
from jinfuyun.consents import tasks
from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.actions.authenticate import write_verdict
from jinfuyun.enterprises.rules import Elements
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions as reports
from tests.browser import axe, overflow, shoot
from tests.cast import RIVER_BANK, Firm, Person, enterprise_of, enterprise_person, given, id_number_of, uscc_of
from tests.documents import plant
from tests.reports.sample import ELECTRICITY, INVOICES, REGISTRATION
from tests.signing_in import sign_in

pytestmark = pytest.mark.browser


def in_a_thread(work: Callable[[], None]) -> None:
    """Signing runs a loop of its own, and Playwright's already runs in this thread."""

    def whole() -> None:
        work()
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(whole).result()


@pytest.fixture
def settled(committed_db: None, river_bank_officer: Person) -> tuple[Person, Firm, dict[str, str]]:
    """An owner with one enterprise that signed, one that is half-way, and reports of both readers."""
    now = timezone.now() - timedelta(minutes=5)
    person = enterprise_person("13800000001", "林红星")
    firm = enterprise_of(person, number=1, name="红星示例机械厂", legal_name="林红星", at=now)
    consent = given(firm, at=now, utilities=("electricity",))
    in_a_thread(lambda: tasks.render_letter(consent_id=str(consent.pk), at=now))
    plant(firm.uscc, REGISTRATION, INVOICES, ELECTRICITY)
    own = reports.open_report(
        uscc=firm.uscc, reader=Reader(ReaderKind.ENTERPRISE, firm.uscc), reader_name=firm.name,
        purpose=Purpose.OWN_VIEW, because="", by=firm.owner, at=now,
    )  # fmt: skip
    bank = {"institution_code": RIVER_BANK, "institution_name": "江岸示例银行", "because": "SQ1"}
    consents.name_institution(uscc=firm.uscc, by=firm.owner, at=now, **bank)
    reports.open_report(
        uscc=firm.uscc, reader=Reader(ReaderKind.INSTITUTION, RIVER_BANK), reader_name="江岸示例银行",
        purpose=Purpose.PRE_LOAN, because="SQ1", by=river_bank_officer.actor, at=now,
    )  # fmt: skip
    typed = Elements(uscc_of(2), "林红星", "resident", id_number_of(1), person.phone)
    typed_fields = {field: getattr(typed, field) for field in Elements.__dataclass_fields__}
    run = actions.keep_draft(run=None, typed=typed_fields, by=person.actor, at=now)
    differs = write_verdict(run=run, elements=typed, verdict=Verdict.DIFFERS, registered=None, by=person.actor, at=now)
    run = actions.keep_draft(run=None, typed=typed_fields, by=person.actor, at=now)
    verified = write_verdict(run=run, elements=typed, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=now)
    return person, firm, {"report": own, "consent": consent.number, "differs": differs.pk, "verified": verified.pk}


PATHS = {
    "chooser": "/enterprises",
    "elements": "/enterprises/new/elements",
    "elements-differs": "/enterprises/new/elements?run={differs}",
    "profile": "/enterprises/new/profile?run={verified}",
    "manual": "/enterprises/new/manual?run={differs}",
    "my": "/my",
    "access": "/my/access",
    "mandates": "/my/mandates",
    "consents": "/my/consents",
    "consent-new": "/my/consents/new",
    "consent": "/my/consents/{consent}",
    "revoke": "/my/consents/{consent}/revoke",
    "report-list": "/my/report",
    "report": "/my/reports/{report}",
    "verify": "/verify",
    "verify-letter": "/verify/{consent}",
    "verify-report": "/verify/{report}",
    "verify-none": "/verify/BG0",
}


def look(page, site, settled) -> None:
    person, firm, names = settled
    sign_in(page, site, person, uscc=firm.uscc)
    problems = {}
    for name, path in PATHS.items():
        page.goto(site + path.format(**names))
        shoot(page, f"enterprise-{name}")
        found = axe(page) + ([f"{overflow(page)} px too wide"] if overflow(page) else [])
        if found:
            problems[name] = found
    assert problems == {}


@pytest.mark.deep
def test_every_page_of_the_enterprise_at_desk_width(site, settled, page):
    look(page, site, settled)


def test_every_page_of_the_enterprise_on_a_phone(site, settled, phone):
    look(phone, site, settled)
