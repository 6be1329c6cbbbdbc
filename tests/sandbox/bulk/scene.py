"""A small market that has been open for years, and the pretend province's business on it."""

from dataclasses import replace
from datetime import timedelta

from jinfuyun.products.models import Product
from jinfuyun.sandbox.bulk import loading
from tests import market
from tests.cast import MONDAY

MONTHS, SEED = 24, 7
BUILDING_LOAN = replace(
    market.TAX_LOAN, name="票链贷", securities=("guarantee", "mortgage"), term_max_months=36, tags=("tech", "green"),
    repayments=("equal_instalments", "equal_principal"),
)  # fmt: skip


def open_market() -> None:
    market.product()
    market.product(BUILDING_LOAN, code="MLYH002")
    market.product(market.FACTORY_LOAN, code="LLW001", of=market.institution(market.LANLUWAN))
    market.product(code="RIVER001", of=market.institution(market.RIVER))
    Product.objects.update(listed_at=MONDAY - timedelta(days=800))


def load(enterprises: int) -> dict[str, int]:
    founded_by = loading.begins(MONDAY, MONTHS).date()
    blocks = loading.invented(enterprises, seed=SEED, founded_by=founded_by)
    return loading.load(blocks, seed=SEED, months=MONTHS, at=MONDAY)
