"""The list of authorised enterprises leaves the platform: as a file for a person of the department."""

from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.data import door
from jinfuyun.deliveries import queries
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.export import csv_text
from jinfuyun.kit.grant import CATEGORY_LABELS
from jinfuyun.kit.permissions import Permission, require

HEADING = ("授权书编号", "签名文件 SHA-256", "数据类别", "起始日期", "截止日期", "统一社会信用代码", "纳税人识别号")


@transaction.atomic
def take_authorised(*, by: Actor, at: datetime) -> str:
    """Everybody whose consent in force covers a category of the actor's department, as CSV; booked."""
    department = queries.department_of(by)
    require(Permission.DELIVERY_MAKE, by=by, over=queries.department_house(department))
    found = door.authorised(department, at=at)
    audit.record("authorised.taken", subject=f"department:{department}", by=by, at=at, count=len(found))
    rows = [
        (one.consent_number, one.pdf_sha256, CATEGORY_LABELS[one.category], one.start, one.end or "",
         one.uscc, one.tax_number)
        for one in found
    ]  # fmt: skip
    return csv_text(HEADING, rows)
