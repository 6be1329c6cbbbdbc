"""A process that delivers files one after the other, to be killed on the way: delivering.py DSN LAKE FILE…"""

import sys
from pathlib import Path

from jinfuyun.config import keys
from jinfuyun.data import pipeline
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake.tables import Lake
from tests.data.conftest import AT


def main(dsn: str, lake: str, *files: str) -> None:
    plane = pipeline.Plane(lake=Lake(Path(lake)), data_dsn=dsn, ring=keys.field_keys())
    for file in files:
        pipeline.deliver(plane, FEEDS["sales_invoices"], Path(file), at=AT)


if __name__ == "__main__":
    main(*sys.argv[1:])
