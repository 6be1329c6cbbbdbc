"""Reports with figures in them, and a dispute brought to where a test begins. Invented names and figures."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import psycopg

from jinfuyun.config import database
from jinfuyun.disputes import actions
from jinfuyun.disputes.models import Dispute
from jinfuyun.kit.actor import House, HouseKind, Role
from jinfuyun.kit.grant import Purpose
from jinfuyun.reports.content import ScoreLines, chapter
from jinfuyun.reports.models import Report
from jinfuyun.storage import files
from tests.cast import MONDAY, RIVER_BANK, Firm, Person, staff_person
from tests.reports.sample import ELECTRICITY, INVOICES, REGISTRATION
from tests.reports.sample import REPORT as SAMPLE

SALES = ("invoices", "sales_r12")
DISPUTED_DELIVERY, CORRECTION, OTHERS = "20200220-000031", "20260303-000001", "20260303-000002"
SAID = {"reason": "少计了两家门店的开票，详见电子税务局。", "right": "应为 2,900 万元"}
BODIES = (REGISTRATION, INVOICES, ELECTRICITY)


def report_of(
    firm: Firm, *, number: str, consent_number: str, bank: str = "", because: str = "", at: datetime = MONDAY,
    bodies: tuple[Mapping[str, Any], ...] = BODIES, opened_by: str = "江**（river.officer）",
    score: ScoreLines | None = None,
) -> Report:  # fmt: skip
    """A frozen report as open_report keeps it: the enterprise's own, or one of the bank with that code."""
    purpose = Purpose.PRE_LOAN if bank else Purpose.OWN_VIEW
    data = replace(
        SAMPLE, number=number, enterprise=firm.name, uscc=firm.uscc, own_copy=not bank, purpose=purpose, made_at=at,
        chapters=tuple(chapter(body) for body in bodies), reader="闽江银行" if bank else firm.name, missing=(),
        score=score,
    )  # fmt: skip
    content = data.to_json()
    return Report.objects.create(
        number=number, enterprise_id=firm.uscc, consent_number=consent_number,
        reader_kind="institution" if bank else "enterprise", reader_code=bank or firm.uscc, reader_name=data.reader,
        opened_by=opened_by if bank else firm.owner.label, purpose=purpose, because=because, made_at=at,
        content_file=files.put(content), content_sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def raised(
    report: Report, firm: Firm, *, figure: tuple[str, str] = SALES, computed: bool = False, at: datetime = MONDAY
) -> Dispute:
    return actions.raise_dispute(
        report=report, category=figure[0], key=figure[1], computed=computed, **SAID, by=firm.owner, at=at
    )


def department_person(code: str, number: int) -> Person:
    house = House(HouseKind.DEPARTMENT, code)
    return staff_person("department", f"department.{code}", f"1370000001{number}", "数据员", house, Role.DEPARTMENT)


@contextmanager
def in_the_ledger() -> Iterator[None]:
    """Deliveries that the door can see while the test runs: two of the tax bureau, one of the power company."""
    rows = (
        (DISPUTED_DELIVERY, "sales_invoices", "tax"), (CORRECTION, "sales_invoices", "tax"),
        (OTHERS, "electricity", "electricity"),
    )  # fmt: skip
    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as server:
        for number, feed, department in rows:
            server.execute(
                "INSERT INTO serving.delivery (number, feed, department, sha256, received_at, state)"
                " VALUES (%s, %s, %s, %s, %s, 'loaded')",
                [number, feed, department, "0" * 64, MONDAY],
            )
        try:
            yield
        finally:
            server.execute("DELETE FROM serving.delivery WHERE number = ANY(%s)", [[row[0] for row in rows]])


RIVER = {"bank": RIVER_BANK, "because": "RZ1"}
