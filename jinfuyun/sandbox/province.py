"""The pretend province on disk: the files departments would deliver, and who everybody is. Same seed, same bytes."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from jinfuyun.kit import industries, regions, uscc
from jinfuyun.sandbox import names
from jinfuyun.sandbox.population import STORIES, Enterprise, people_of
from jinfuyun.sandbox.trade import OUTSIDERS, Business, Invoices, business_of

MONTHS = 24
INVOICE_FEEDS = ("sales_invoices", "purchase_invoices")
FEEDS = ("registration", "taxpayers", *INVOICE_FEEDS, "electricity")
PEOPLE = "people.json"
YUAN_PER_KWH = 0.68


@dataclass(frozen=True, slots=True)
class Summary:
    """Rows written, by feed."""

    enterprises: int
    rows: dict[str, int]


def generate(*, enterprises: int, seed: int, until: date, out: Path, months: int = MONTHS) -> Summary:
    """Write `months` whole months up to the one before `until` of so many enterprises into the folder `out`.

    `<feed>.csv` is what a department delivers (header as in its feed.py), `<feed>.parquet` the same rows for the
    pretend departments to look up, `people.json` the five elements and everything else about each enterprise.
    """
    random = np.random.default_rng(seed)
    everybody = people_of(random, enterprises, until)
    business = business_of(random, everybody, _months_before(until, months))
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true")
        _register(engine, everybody, business)
        rows = {feed: _write(engine, feed, out) for feed in FEEDS}
    _write_people(everybody, business, out)
    return Summary(enterprises=enterprises, rows=rows)


def people(folder: Path) -> list[dict[str, Any]]:
    """What `people.json` in `folder` says of each enterprise."""
    known: list[dict[str, Any]] = json.loads((folder / PEOPLE).read_text(encoding="utf-8"))
    return known


def _months_before(until: date, count: int) -> tuple[date, ...]:
    last = until.year * 12 + until.month - 2
    return tuple(date(m // 12, m % 12 + 1, 1) for m in range(last - count + 1, last + 1))


def _register(engine: duckdb.DuckDBPyConnection, everybody: list[Enterprise], business: Business) -> None:
    """Give the engine the tables `party`, `enterprise`, `sales`, `outside` and `power`."""
    outsiders = [names.uscc_of(uscc.Nature.ENTERPRISE, "440300", 900_000 + n) for n in range(OUTSIDERS)]
    numbers = [e.tax_number for e in everybody] + outsiders
    engine.register("party", pa.table({"id": np.arange(len(numbers)), "tax_number": numbers}))
    engine.register("enterprise", _enterprise_table(everybody))
    engine.register("sales", _invoice_table(business, business.sales))
    engine.register("outside", _invoice_table(business, business.outside_purchases))
    at, month = np.nonzero(business.kwh)
    first_days = np.array(business.months, dtype="datetime64[D]")
    engine.register("power", pa.table({"id": at, "month": first_days[month], "kwh": business.kwh[at, month]}))


def _enterprise_table(everybody: list[Enterprise]) -> pa.Table:
    return pa.table(
        {
            "id": np.arange(len(everybody)),
            "uscc": [e.uscc for e in everybody],
            "tax_number": [e.tax_number for e in everybody],
            "name": [e.name for e in everybody],
            "registered_on": [e.registered_on for e in everybody],
            "kind": [e.kind for e in everybody],
            "capital": [e.capital for e in everybody],
            "scope": [e.scope for e in everybody],
            "region": [regions.full_name(e.region) for e in everybody],
            "address": [e.address for e in everybody],
            "legal_name": [e.legal_name for e in everybody],
            "industry": [industries.name_of(e.industry) for e in everybody],
            "nature": [uscc.NATURE_LABELS[e.nature] for e in everybody],
            "status": [e.status for e in everybody],
            "account": [e.electricity.account for e in everybody],
        }
    )


def _invoice_table(business: Business, lines: Invoices) -> pa.Table:
    issued_on = np.array(business.months, dtype="datetime64[D]")[lines.month] + (lines.day - 1)
    return pa.table(
        {
            "seller": lines.seller,
            "buyer": lines.buyer,
            "issued_on": issued_on,
            "number": lines.number,
            "net_fen": lines.net_fen,
            "tax_fen": lines.tax_fen,
            "void": lines.void,
        }
    )


_INVOICE = """
    i.number::VARCHAR AS "发票号码", i.issued_on AS "开票日期", {other}.tax_number AS "{other_label}",
    (i.net_fen / 100)::DECIMAL(18,2) AS "金额", (i.tax_fen / 100)::DECIMAL(18,2) AS "税额",
    ((i.net_fen + i.tax_fen) / 100)::DECIMAL(18,2) AS "价税合计",
    CASE WHEN i.void THEN '作废发票' ELSE '有效发票' END AS "发票状态"
"""
# An invoice code is unique to its seller and year, so that code and number together are unique in the province.
_CODE = """'35' || lpad(seller.id::VARCHAR, 8, '0') || (year(i.issued_on) % 100)::VARCHAR AS "发票代码" """

# Every SELECT is ordered by a whole key: the same rows in the same order, however many threads ran.
SELECTS = {
    "registration": """
        SELECT name AS "企业名称", uscc AS "统一社会信用代码", registered_on AS "注册日期", kind AS "企业类型",
            capital AS "注册资金", scope AS "经营范围", region AS "地区", address AS "注册地址",
            legal_name AS "法定代表人", industry AS "行业", nature AS "主体性质", status AS "登记状态"
        FROM enterprise ORDER BY id""",
    "taxpayers": """
        SELECT tax_number AS "纳税人识别号", uscc AS "统一社会信用代码", registered_on AS "税务登记日期"
        FROM enterprise ORDER BY id""",
    "sales_invoices": f"""
        SELECT seller.tax_number AS "纳税人识别号", {_CODE},
            {_INVOICE.format(other="buyer", other_label="购方纳税人识别号")}
        FROM sales i JOIN party seller ON seller.id = i.seller JOIN party buyer ON buyer.id = i.buyer
        ORDER BY seller.id, i.issued_on, i.number""",
    "purchase_invoices": f"""
        SELECT buyer.tax_number AS "纳税人识别号", {_CODE},
            {_INVOICE.format(other="seller", other_label="销方纳税人识别号")}
        FROM (FROM sales WHERE buyer < (SELECT count(*) FROM enterprise) UNION ALL FROM outside) i
        JOIN party seller ON seller.id = i.seller JOIN party buyer ON buyer.id = i.buyer
        ORDER BY buyer.id, i.issued_on, seller.id, i.number""",
    "electricity": f"""
        SELECT e.uscc AS "统一社会信用代码", e.account AS "户号", strftime(p.month, '%Y-%m') AS "用电日期",
            p.kwh::BIGINT AS "用电量", (p.kwh * {YUAN_PER_KWH})::DECIMAL(18,2) AS "电费"
        FROM power p JOIN enterprise e USING (id) ORDER BY e.id, p.month""",
}


def _write(engine: duckdb.DuckDBPyConnection, feed: str, out: Path) -> int:
    """Both files of a feed; how many rows they have."""
    engine.execute(f"CREATE OR REPLACE TEMP TABLE rows AS {SELECTS[feed]}")
    engine.execute(f"COPY rows TO '{out / feed}.csv' (HEADER)")
    engine.execute(f"COPY rows TO '{out / feed}.parquet'")
    count = engine.execute("SELECT count(*) FROM rows").fetchone()
    assert count is not None
    return int(count[0])


def _write_people(everybody: list[Enterprise], business: Business, out: Path) -> None:
    last_year = business.sales_yuan[:, -12:].sum(axis=1)
    year = business.months[-1].year - 1
    told = [
        asdict(e)
        | {
            "grade_year": year,
            "arrears_fen": int(_arrears_months(e) * sold / 12 * 0.03) * 100,
            "sales_last_year_yuan": int(sold),
        }
        for e, sold in zip(everybody, last_year, strict=True)
    ]
    (out / PEOPLE).write_text(json.dumps(told, ensure_ascii=False, default=date.isoformat, indent=0), encoding="utf-8")


def _arrears_months(enterprise: Enterprise) -> float:
    return next(story.arrears_months for story in STORIES if story.name == enterprise.story)
