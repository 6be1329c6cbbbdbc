"""Rows that said what stood already. Nothing changes by them, but should the delivery that said it first be withdrawn,
they are what stands. Kept as long as a delivery may be withdrawn, no longer."""

from datetime import datetime, timedelta

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.ledger import SHANGHAI
from jinfuyun.data.lake.tables import Lake

WITHDRAWAL_DAYS = 90  # so long a delivery may be withdrawn; whoever finds a mistake later sends a correction


def note(engine: Engine, lake: Lake, feed: Feed) -> dict[str, int]:
    """After a load, from the engine's view `repeated`; the version that holds them."""
    if not engine.row("SELECT count(*) FROM pair WHERE NOT wins AND content = standing")[0]:
        return {}
    table = shelves.repeated(feed)
    return lake.append(engine, table, f"SELECT {', '.join(table.columns)} FROM repeated")


def too_old(at: datetime) -> str:
    """SQL for what need not be kept any more: a delivery's number begins with its day."""
    first = at.astimezone(SHANGHAI) - timedelta(days=WITHDRAWAL_DAYS)
    return f"s.delivery < '{first:%Y%m%d}'"
