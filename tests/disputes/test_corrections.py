"""A corrected figure: whoever read the wrong one is told, and his report says so; it is not changed."""

from datetime import datetime
from typing import Any

import pytest

from jinfuyun.audit.models import Line
from jinfuyun.consents.models import Consent
from jinfuyun.disputes import actions, queries
from jinfuyun.disputes.models import Dispute
from jinfuyun.notifications.models import Notice
from jinfuyun.reports.models import Report
from tests.cast import HILL_BANK, RIVER_BANK, TUESDAY, WEDNESDAY, Firm, Person
from tests.disputes.stage import CORRECTION, report_of
from tests.reports.sample import INVOICES, REGISTRATION

LONG_BEFORE = datetime.fromisoformat("2020-02-01T10:00:00+08:00")  # the disputed delivery came on the 20th
CORRECTED = INVOICES | {
    "deliveries": [*INVOICES["deliveries"], INVOICES["deliveries"][0] | {"number": CORRECTION}]
}  # fmt: skip


@pytest.fixture
def theirs(consent: Consent, red_star: Firm) -> dict[str, Report]:
    """What the banks read of Red Star."""

    def made(number: int, **rest: Any) -> Report:
        options = {"bank": RIVER_BANK, "because": "RZ1", "at": TUESDAY} | rest
        return report_of(red_star, number=f"BG2026030310000{number}", consent_number=consent.number, **options)

    return {
        "river": made(1),
        "hill": made(2, bank=HILL_BANK),
        "before": made(3, at=LONG_BEFORE),
        "without": made(4, bodies=(REGISTRATION,)),
        "right already": made(5, bodies=(REGISTRATION, CORRECTED)),
    }


def corrected(dispute: Dispute, tax_bureau: Person) -> None:
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    actions.resolve(
        dispute=dispute, answer="已更正，请见新批次。", outcome="corrected", correction=CORRECTION, by=tax_bureau.actor,
        at=WEDNESDAY,
    )  # fmt: skip


def test_each_bank_whose_report_holds_the_wrong_figure_is_told_and_no_other(
    ledger: None, theirs: dict[str, Report], dispute: Dispute, tax_bureau: Person, river_bank_officer: Person,
    hill_bank_officer: Person, river_bank_product_manager: Person, red_star: Firm,
) -> None:  # fmt: skip
    corrected(dispute, tax_bureau)
    for person, report in ((river_bank_officer, theirs["river"]), (hill_bank_officer, theirs["hill"])):
        [notice] = Notice.objects.filter(user_id=person.user_id)
        for words in (report.number, red_star.name, "开票销售 R12", "税务局", "请重新查询"):
            assert words in notice.text
    assert not Notice.objects.filter(user_id=river_bank_product_manager.user_id).exists()
    assert Notice.objects.filter(user_id=red_star.owner.id, template="dispute_answered").count() == 1
    told = {line.detail["report"] for line in Line.objects.filter(action="dispute.reader_told")}
    assert told == {theirs["river"].number, theirs["hill"].number}


def test_the_old_report_says_so_and_the_new_one_does_not(
    ledger: None, theirs: dict[str, Report], dispute: Dispute, tax_bureau: Person
) -> None:
    before = theirs["river"].content_sha256
    corrected(dispute, tax_bureau)
    found = queries.overtaken([one.number for one in theirs.values()])
    assert {number: [one.label for one in of] for number, of in found.items()} == {
        theirs["river"].number: ["开票销售 R12"], theirs["hill"].number: ["开票销售 R12"],
    }  # fmt: skip
    theirs["river"].refresh_from_db()
    assert theirs["river"].content_sha256 == before


def test_an_explanation_tells_no_bank(
    theirs: dict[str, Report], dispute: Dispute, tax_bureau: Person, river_bank_officer: Person
) -> None:
    actions.take(dispute=dispute, by=tax_bureau.actor, at=TUESDAY)
    actions.resolve(
        dispute=dispute, answer="口径不含免税销售。", outcome="explained", correction=CORRECTION, by=tax_bureau.actor,
        at=WEDNESDAY,
    )  # fmt: skip
    assert not Notice.objects.filter(user_id=river_bank_officer.user_id).exists()
    assert queries.overtaken([theirs["river"].number]) == {} and dispute.correction == ""
