"""An enterprise with data and a bank that may read them."""

import psycopg
import pytest
from psycopg.types.json import Jsonb

from jinfuyun.config import database
from jinfuyun.consents import actions as consents
from tests.cast import MONDAY, RIVER_BANK, Firm, given
from tests.reports.sample import INVOICES, REGISTRATION


@pytest.fixture
def applied(committed_db: None, red_star: Firm) -> Firm:
    """Red Star signed, its data came, and it applied at River Bank."""
    given(red_star)
    with psycopg.connect(database.dsn("jinfuyun_data"), autocommit=True) as data:
        for body in (REGISTRATION, INVOICES):
            row = [red_star.uscc, body["category"], Jsonb(body)]
            data.execute("INSERT INTO serving.document VALUES (%s, %s, 1, %s)", row)
    bank = {"institution_code": RIVER_BANK, "institution_name": "江岸示例银行", "because": "A1"}
    consents.name_institution(uscc=red_star.uscc, by=red_star.owner, at=MONDAY, **bank)
    return red_star
