"""A million rows leave line by line: the process that writes them stays small."""

import subprocess
import sys

import pytest

ROWS, MEGABYTES_MAX = 1_000_000, 200
PROGRAM = r"""
import re, sys
from pathlib import Path
from jinfuyun.kit.export import csv_lines
from jinfuyun.supervision.paper import workbook
rows = (("2026-03", f"指标{n % 90}", "福州市", n * 1.5) for n in range({rows}))
heading = ("月份", "指标", "地区", "数值")
if sys.argv[1] == "csv":
    sent = sum(len(piece.encode()) for piece in csv_lines(heading, rows))
else:
    sent = len(workbook("数据", heading, rows))
most = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())  # a resource's maximum outlives exec
print(sent, int(most[1]) // 1024)
"""


@pytest.mark.deep
@pytest.mark.parametrize(("kind", "rows"), [("csv", ROWS), ("xlsx", ROWS // 10)])
def test_a_long_export_is_streamed(kind, rows):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{rows}", str(rows)), kind],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    sent, megabytes = map(int, done.stdout.split())
    assert sent > 5 * rows and megabytes <= MEGABYTES_MAX, (sent, megabytes)
