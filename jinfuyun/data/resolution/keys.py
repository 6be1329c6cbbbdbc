"""Which keys speak of the same enterprise: USCC, taxpayer number, old registration number → one USCC."""

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake.tables import Lake


def known(lake: Lake) -> str:
    """SQL for `key, uscc`, one row a key. The stronger wins: the code itself, the tax file, the old number."""
    registration = lake.scan(shelves.current(FEEDS["registration"]))
    taxpayers = lake.scan(shelves.current(FEEDS["taxpayers"]))
    return f"""SELECT key, arg_min(uscc, strength) AS uscc FROM (
        SELECT uscc AS key, uscc, 1 AS strength FROM {registration}
        UNION ALL SELECT uscc, uscc, 1 FROM {taxpayers}
        UNION ALL SELECT tax_number, uscc, 2 FROM {taxpayers}
        UNION ALL SELECT registration_number, uscc, 3 FROM {registration} WHERE registration_number IS NOT NULL
    ) GROUP BY key"""
