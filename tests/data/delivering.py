"""A process that delivers files, a night after each, to be killed on the way: delivering.py DSN LAKE FILE…"""

import sys
from datetime import timedelta
from pathlib import Path

from jinfuyun.config import keys
from jinfuyun.data import nightly, pipeline
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake.tables import Lake
from tests.data.conftest import AT


def main(dsn: str, lake: str, *files: str) -> None:
    plane = pipeline.Plane(lake=Lake(Path(lake)), data_dsn=dsn, ring=keys.field_keys())
    for days, file in enumerate(files):
        pipeline.deliver(plane, FEEDS["sales_invoices"], Path(file), at=AT)
        nightly.nightly(plane, everything=True, at=AT + timedelta(days=days))


if __name__ == "__main__":
    main(*sys.argv[1:])
