"""Red Star with its own report, the tax bureau and the power company."""

from collections.abc import Iterator

import pytest

from jinfuyun.consents.models import Consent
from jinfuyun.disputes.models import Dispute
from jinfuyun.kit.grant import Category
from jinfuyun.reports.models import Report
from tests.cast import Firm, Person, given
from tests.disputes import stage


@pytest.fixture
def consent(db: None, red_star: Firm) -> Consent:
    return given(red_star, utilities=(Category.ELECTRICITY,))


@pytest.fixture
def own_report(consent: Consent, red_star: Firm) -> Report:
    return stage.report_of(red_star, number="BG20260302000001", consent_number=consent.number)


@pytest.fixture
def tax_bureau(db: None) -> Person:
    return stage.department_person("tax", 1)


@pytest.fixture
def power_company(db: None) -> Person:
    return stage.department_person("electricity", 2)


@pytest.fixture
def dispute(own_report: Report, red_star: Firm, tax_bureau: Person) -> Dispute:
    return stage.raised(own_report, red_star)


@pytest.fixture
def ledger(db: None) -> Iterator[None]:
    with stage.in_the_ledger():
        yield
