"""Which keys speak of one enterprise: USCC, taxpayer number, old registration number, organisation code → USCC.

A key that speaks of two enterprises speaks of none. Former versions of a registration count as well as the one that
stands: papers go on naming an enterprise by the number it had.
"""

from collections.abc import Sequence

import pyarrow as pa

from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.ingest import shelves
from jinfuyun.data.lake import engine
from jinfuyun.data.lake.engine import listed
from jinfuyun.data.lake.tables import Lake

NONE_JOINED = pa.table({"key": pa.array([], pa.string()), "uscc": pa.array([], pa.string())})


def known(lake: Lake, *, joined: str = "") -> str:
    """SQL for `key, uscc`, one row a key. The stronger wins: the code itself, the tax file, the old number that stands,
    one of an earlier version, the organisation code (characters 9 to 17), and last what a person `joined` (a table)."""
    registration = lake.scan(shelves.current(FEEDS["registration"]))
    earlier = lake.scan(shelves.history(FEEDS["registration"]))
    taxpayers = lake.scan(shelves.current(FEEDS["taxpayers"]))
    ways = (
        f"SELECT uscc AS key, uscc, 1 AS strength FROM {registration}",
        f"SELECT uscc, uscc, 1 FROM {taxpayers}",
        f"SELECT tax_number, uscc, 2 FROM {taxpayers}",
        _of_one(f"SELECT registration_number AS key, uscc FROM {registration}", 3),
        _of_one(f"SELECT registration_number AS key, uscc FROM {earlier}", 4),
        _of_one(f"SELECT substr(uscc, 9, 9) AS key, uscc FROM {registration}", 5),
        *([f"SELECT key, uscc, 6 FROM {joined}"] if joined else []),
    )
    return f"SELECT key, arg_min(uscc, strength) AS uscc FROM ({' UNION ALL '.join(ways)}) GROUP BY key"


def tax_numbers(lake: Lake, usccs: Sequence[str]) -> dict[str, str]:
    """USCC → taxpayer number; the code itself where the tax file has no other."""
    with engine.opened(lake.work) as sql:
        taxpayers = lake.scan(shelves.current(FEEDS["taxpayers"]))
        wanted = f"SELECT uscc, min(tax_number) FROM {taxpayers} WHERE uscc IN ({listed(usccs)}) GROUP BY uscc"
        return {uscc: uscc for uscc in usccs} | dict(sql.rows(wanted))


def _of_one(pairs: str, strength: int) -> str:
    return (
        f"SELECT key, min(uscc), {strength} FROM ({pairs}) WHERE key IS NOT NULL"
        " GROUP BY key HAVING min(uscc) = max(uscc)"
    )
