"""The pretend province of `make run`: made at the first start, served by a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable

from jinfuyun.config import keys, places
from jinfuyun.config.supervisor import Child

ENTERPRISES = 2000
SEED = 20190819
DIRT = 0.003  # of the departments' rows: what a quarantine shows
# Ended with us, however we end; our Ctrl-C reaches it through us alone.
OUR_CHILD = ("setpriv", "--pdeathsig", "TERM", sys.executable, "-m")
PROVINCE = places.SANDBOX / "province"
FILLED = places.SANDBOX / "filled"


def make() -> None:
    """Write the province, if it is not there; half a province is never there.

    In a process of its own: the generator's memory is not to stay with the supervisor.
    """
    if PROVINCE.exists():
        return
    fresh = PROVINCE.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    size = os.environ.get("JINFUYUN_ENTERPRISES", str(ENTERPRISES))
    command = [
        "sandbox",
        "province",
        "--enterprises",
        size,
        "--seed",
        str(SEED),
        "--dirt",
        str(DIRT),
        "--out",
        str(fresh),
    ]
    subprocess.run(
        [*OUR_CHILD, "jinfuyun.config.cli", *command], check=True, stdout=subprocess.DEVNULL, start_new_session=True
    )
    fresh.rename(PROVINCE)


def fill(say: Callable[[str], None]) -> None:
    """People, institutions, consents and data, once; needs the tables. What was broken off is gone on with."""
    if FILLED.exists():
        return
    command = [*OUR_CHILD, "jinfuyun.config.fill"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                say(line.rstrip())
        except BaseException:  # Ctrl-C included: do not wait for the rest
            process.terminate()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def write_letters() -> subprocess.Popen[bytes] | None:
    """The signed letters of the people filled in: half a minute's work that nobody need wait for. Ends by itself."""
    if not (places.SANDBOX / "letters-to-write").exists():
        return None
    command = ["setpriv", "--pdeathsig", "TERM", "nice", sys.executable, "-m", "jinfuyun.config.fill", "letters"]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)


def departments() -> Child:
    """The pretend departments on a free port; from now on everything we start asks them there."""
    keys.department_keys()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ["DEPARTMENTS_URL"] = f"http://127.0.0.1:{port}"
    os.environ["TIME_STAMPS_URL"] = f"http://127.0.0.1:{port}/time-stamps"
    arguments = ["--port", str(port), "--province", str(PROVINCE), "--state", str(places.SANDBOX / "state")]
    arguments += ["--keys", str(places.KEYS / keys.DEPARTMENT_KEYS)]
    return Child("departments", [sys.executable, "-m", "jinfuyun.sandbox.departments", *arguments])
