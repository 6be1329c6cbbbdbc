"""Stages over feeds of another category, for ratios across sources. They count only under a consent to both."""

from jinfuyun.data.indicators.contract import Stage

SALES = ("sales_invoices",)


def invoiced(prefix: str) -> Stage:
    """What was sold in twelve months: sums `<prefix>_sold_fen` and `<prefix>_sold_rows`."""
    return Stage(
        f"{prefix}_sold",
        "SELECT id, net_fen FROM sales_invoices_row WHERE state = 'valid' AND ago < 12",
        sums=((f"{prefix}_sold_fen", "sum(net_fen)"), (f"{prefix}_sold_rows", "count(*)")),
    )
