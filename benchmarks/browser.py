"""The whole journey in a real browser, from registering to the first drawdown and back, and in it from the click that
signs to the facts. It is the journey that the tests make, without their pictures and their look for barriers.

Beside it the same browser going to the platform's emptiest page as often as its owner went to one.
"""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as Xml
from pathlib import Path

from benchmarks.figures import tell

JOURNEY = "tests/journeys/test_from_nothing_to_a_loan.py"
JOURNEY_SECONDS_MAX = FACTS_SECONDS_MAX = 60.0


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.xml"
        command = [sys.executable, "-m", "pytest", JOURNEY, f"--junitxml={told}",
                   "-o", "junit_duration_report=call", "-o", "junit_family=xunit1"]  # fmt: skip
        subprocess.run(command, check=True, env=os.environ | {"JOURNEY_UNSEEN": "1"}, stdout=sys.stderr)
        case = Xml.parse(told).getroot().find(".//testcase")
    assert case is not None, "the journey was not made"
    found = {one.get("name"): float(one.get("value", "nan")) for one in case.iter("property")}
    seconds, bare = float(case.get("time", "nan")) - found["bare_seconds"], found["bare_seconds"]
    tell("the whole journey in the browser", seconds, "s", limit=bare, reach=JOURNEY_SECONDS_MAX)
    facts, one = found["facts_seconds"], bare / found["pages"]
    tell("from the click that signs to the facts", facts, "s", limit=one, reach=FACTS_SECONDS_MAX)
