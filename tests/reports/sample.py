"""Documents as the data plane hands them out, and a report made of them. Every name and figure is invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

from jinfuyun.consents.letter import Operator
from jinfuyun.kit.grant import Category, Purpose
from jinfuyun.reports.content import ConsentLines, Missing, ReportData, Why, chapter

FRIDAY = datetime(2020, 5, 22, 3, 4, 5, tzinfo=UTC)
MONTHS = tuple(f"{2018 + i // 12}-{i % 12 + 1:02d}" for i in range(1, 25))  # 2018-02 … 2020-01


def delivered(number: str, feed: str, rows: int) -> dict[str, Any]:
    received_at = "2020-02-20T09:12:00+08:00"
    return {"number": number, "feed": feed, "rows": rows, "received_at": received_at, "sha256": "9f2c41d0" * 8}


def fact(name: str, label: str, unit: str, value: float | str | None) -> dict[str, Any]:
    span = "2019-02 至 2020-01"
    origin = {"period": span, "as_of": "2020-01", "deliveries": ["20200220-000031"], "rows": 120, "months_covered": 12}
    return {"name": name, "label": label, "unit": unit, "value": value} | origin


REGISTRATION: dict[str, Any] = {
    "category": "registration",
    "department": "市场监督管理局",
    "cut_off": None,
    "received_at": "2020-02-19T22:00:00+08:00",
    "deliveries": [delivered("20200219-000012", "registration", 20_000)],
    "facts": [],
    "series": {},
    "record": {
        "name": "福州云杉沙箱机械有限公司",
        "uscc": "91350100MA2XXXXX0K",
        "legal_representative": "林沐远",
        "kind": "有限责任公司",
        "status": "存续",
        "registered_on": "2015-03-12",
        "capital": "500(万元人民币)",
        "region": "福州市晋安区",
        "industry": "通用设备制造业",
        "nature": None,
        "address": "福建省福州市晋安区某某路 18 号",
        "scope": "通用设备制造；机械零件、零部件加工；货物进出口",
    },
}
INVOICES: dict[str, Any] = {
    "category": "invoices",
    "department": "税务局",
    "cut_off": "2020-01",
    "received_at": "2020-02-20T09:12:00+08:00",
    "deliveries": [
        delivered("20200220-000031", "sales_invoices", 12_034),
        delivered("20200220-000032", "purchase_invoices", 8_120),
    ],
    "facts": [
        fact("sales_r12", "开票销售 R12", "fen", 2_345_678_901),
        fact("growth", "同比 R12", "bp", -820),
        fact("kept", "客户留存", "bp", None),
    ],
    "series": {
        "by_month": [
            {"month": month, "sales_fen": 100_000_000 + i * 3_000_000, "purchases_fen": 60_000_000 + i * 1_000_000}
            for i, month in enumerate(MONTHS)
        ]
    },
}
ELECTRICITY: dict[str, Any] = {
    "category": "electricity",
    "department": "供电公司",
    "cut_off": "2020-01",
    "received_at": "2020-02-20T10:00:00+08:00",
    "deliveries": [delivered("20200220-000040", "electricity", 730)],
    "facts": [fact("kwh_r12", "用电量 R12", "kwh", 182_345.5)],
    "series": {"by_month": [{"month": month, "kwh": 12_000 + i * 400} for i, month in enumerate(MONTHS)]},
}
REPORT = ReportData(
    number="BG20200522000045",
    made_at=FRIDAY,
    enterprise="福州云杉沙箱机械有限公司",
    uscc="91350100MA2XXXXX0K",
    reader="闽岭银行福州分行",
    opened_by="王小川",
    own_copy=False,
    purpose=Purpose.PRE_LOAN,
    consent=ConsentLines(
        number="SQ20200519000123",
        template_version="2026.1",
        signed_at=FRIDAY - timedelta(days=3),
        term="自2020年5月19日起至贷款业务办理完毕并结清之日止",
        categories=(Category.REGISTRATION, Category.INVOICES, Category.ELECTRICITY),
        pdf_sha256="ab12cd34" * 8,
    ),
    chapters=(chapter(REGISTRATION), chapter(INVOICES), chapter(ELECTRICITY)),
    operator=Operator("闽海征信服务有限公司", "福州市鼓楼区", "0591-0000-0000", "闽征备 0001"),
    verify_url="https://www.example.org/verify/BG20200522000045",
    missing=(Missing(Category.WATER, Why.NOT_VERIFIED), Missing(Category.CUSTOMS, Why.NOT_AUTHORISED)),
)
