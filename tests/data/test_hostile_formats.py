"""Every format with harm in it: refused by a sentence that says where, or held back row by row; never more."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.data import hostile

ROOT = Path(__file__).parents[2]
MEMORY_BYTES_MAX = 512 << 20


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_file_with_harm_in_it_is_refused_by_name(deliver, plane, name):
    make, reason = hostile.REFUSED[name]
    delivery = deliver("registration", make())
    assert (delivery.state, delivery.delivered, delivery.accepted) == ("refused", 0, 0)
    assert reason in delivery.reason
    assert not list(plane.lake.landing.glob("sealed/*"))


@pytest.mark.parametrize("name", hostile.QUARANTINED)
def test_a_row_that_cannot_be_is_held_back_with_its_reason(deliver, look, name):
    delivery = deliver("registration", hostile.QUARANTINED[name]())
    assert (delivery.state, delivery.accepted) == ("partly_loaded", 0), delivery.reason
    assert delivery.delivered == delivery.quarantined > 0
    assert all(reason for (reason,) in look("quarantine", "reason"))


@pytest.mark.deep
@pytest.mark.parametrize("name", [*hostile.REFUSED, *hostile.QUARANTINED])
def test_no_hostile_file_takes_more_memory_than_there_is(plane, tmp_path, name):
    """Of the process that delivers and of the reader that it starts, both at their peak."""
    made = hostile.REFUSED.get(name)
    path = tmp_path / "hostile"
    path.write_bytes(made[0]() if made else hostile.QUARANTINED[name]())
    command = [sys.executable, "-m", "tests.data.measuring", plane.data_dsn, str(plane.lake.root), str(path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    measured = json.loads(done.stdout)
    assert measured["own_bytes"] + measured["reader_bytes"] <= MEMORY_BYTES_MAX
