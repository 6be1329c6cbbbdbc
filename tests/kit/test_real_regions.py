"""20,000 real registrations: in which county each is, by its address, else by its code; every one is accounted for.

The data lies beside the repository, never in it.
"""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from jinfuyun.kit import regions

REGISTRATIONS = Path(__file__).parents[3] / "shared" / "data" / "registry" / "fujian_20000.csv.gz"

pytestmark = pytest.mark.skipif(not REGISTRATIONS.exists(), reason="skipped: no real data")


def way(row: dict[str, str]) -> str:
    address, code, city = row["注册地址"], row["统一社会信用代码"][2:8], row["地区"]
    found = regions.county_of(address=address, code=code, city=city)
    if found is None:
        return "no county"
    return "address" if regions.in_address(address, city=city) else "code"


def test_every_registration_is_accounted_for():
    with gzip.open(REGISTRATIONS, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert Counter(way(row) for row in rows) == {"address": 17_077, "code": 1_547, "no county": 1_376}
    withdrawn = [row for row in rows if regions.withdrawn(row["统一社会信用代码"][2:8])]
    assert (len(withdrawn), [row for row in withdrawn if way(row) == "no county"]) == (1_073, [])
