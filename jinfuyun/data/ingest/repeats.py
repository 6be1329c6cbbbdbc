"""Rows that said what stood already. Nothing changes by them, but should the delivery that said it first be withdrawn,
they are what stands. Kept as long as a delivery may be withdrawn, no longer."""

from datetime import datetime, timedelta

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.engine import Engine, quoted
from jinfuyun.data.lake.serving import SHANGHAI
from jinfuyun.data.lake.tables import Lake

WITHDRAWAL_DAYS = 90  # so long a delivery may be withdrawn; whoever finds a mistake later sends a correction


def note(engine: Engine, lake: Lake, feed: Feed, *, number: str) -> dict[str, int]:
    """After a load, from the engine's table `decided`: each row that is no news, once; the version that holds them."""
    said = "FROM decided WHERE outcome IN ('accepted', 'superseded') AND NOT is_news"
    if not engine.row(f"SELECT count(*) {said}")[0]:
        return {}
    table = shelves.repeated(feed)
    columns = ", ".join(name for name in table.columns if name != "delivery")
    once = f"row_number() OVER (PARTITION BY {', '.join(feed.key)}, content ORDER BY row_number DESC) = 1"
    return {
        table.name: lake.append(
            engine, table, f"SELECT {columns}, {quoted(number)} AS delivery {said} QUALIFY {once}"
        )
    }  # fmt: skip


def too_old(at: datetime) -> str:
    """SQL for what need not be kept any more: a delivery's number begins with its day."""
    first = at.astimezone(SHANGHAI) - timedelta(days=WITHDRAWAL_DAYS)
    return f"delivery < '{first:%Y%m%d}'"
