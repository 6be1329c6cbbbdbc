"""Ten thousand people, and not one of their numbers anywhere on disk in the clear.

Seen red: with fields kept as they are.
"""

import contextlib
import subprocess
from pathlib import Path

import psycopg
import pytest

from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Kind
from jinfuyun.config import database, places
from jinfuyun.config.postgres import binary
from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions as enterprises
from jinfuyun.enterprises.models import Case
from jinfuyun.notifications.models import Message
from jinfuyun.notifications.rules import Template
from jinfuyun.storage.fields import mark_of
from tests.cast import MONDAY, enterprise_of, enterprise_person, given, id_number_of
from tests.web.stage import LICENCE, unfinished_run

PEOPLE = 10_000
BLOCK = 1 << 20
LETTERS = 20


def phones() -> list[str]:
    return [f"139{77_000_000 + number * 7:08d}" for number in range(PEOPLE)]


def content_of(path: Path) -> bytes:
    """Nothing of a file that the server took away since it was listed."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    return b""


def hits(path: Path, wanted: frozenset[bytes]) -> int:
    """How many of the numbers (all of one length, beginning alike) stand in the file."""
    found, beginning, length = 0, b"1397", 11
    content = content_of(path)
    at = content.find(beginning)
    while at != -1:
        found += content[at : at + length] in wanted
        at = content.find(beginning, at + 1)
    return found


@pytest.mark.skipif(not database.address().embedded, reason="an outside server's files are not ours to read")
def test_no_phone_number_is_found_in_database_files_wal_or_dump(committed_db: None, tmp_path: Path) -> None:
    wanted = frozenset(phone.encode() for phone in phones())
    User.objects.bulk_create(
        User(kind=Kind.ENTERPRISE, phone=phone, name="林某", password="", made_at=MONDAY) for phone in phones()
    )
    Message.objects.bulk_create(
        Message(template=Template.PASSWORD_CHANGED, phone=phone, text="您好", made_at=MONDAY) for phone in phones()
    )
    assert User.objects.get(phone_mark=mark_of("phone", phones()[5])).phone == phones()[5]
    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as server:
        server.execute("CHECKPOINT")
    dump = tmp_path / "dump.sql"
    subprocess.run([binary("pg_dump"), "-f", dump, database.admin_dsn(database.address().database)], check=True)
    files = [path for path in places.POSTGRES.rglob("*") if path.is_file()]
    assert dump.stat().st_size > PEOPLE * 100 and any("pg_wal" in path.parts for path in files)
    assert {str(path): count for path in [dump, *files] if (count := hits(path, wanted))} == {}


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.write_bytes(b"x" * BLOCK + phones()[123].encode() + b"y")
    assert hits(planted, frozenset(phone.encode() for phone in phones())) == 1


@pytest.mark.skipif(not database.address().embedded, reason="an outside server's files are not ours to read")
def test_no_id_number_no_name_and_no_upload_is_found_anywhere_in_var(committed_db: None) -> None:
    """Through the wizard, a case, a mandate and a signed letter; then every file below var/ is read.

    Open by design, and so not looked for: an enterprise's name and code (they are public), and what departments publish
    in full.
    """
    mark, names, numbers = b"planted-licence-of-a-firm", [], []
    for number in range(LETTERS):
        owner = enterprise_person(f"1390000{number:04d}", f"甘棠{number:02d}溪")
        firm = enterprise_of(owner, number=300 + number, name=f"示例{number}厂", legal_name=f"甘棠{number:02d}溪")
        run = unfinished_run(owner, number=600 + number, verdict=Verdict.DIFFERS, at=MONDAY)
        licence = LICENCE + mark + str(number).encode()
        enterprises.open_case(run=run, reason="differs", note="", licence=licence, by=owner.actor, at=MONDAY)
        given(firm)
        names.append(f"甘棠{number:02d}溪".encode())
        numbers += [id_number_of(number).encode(), id_number_of(600 + number).encode()]
    assert Case.objects.count() == LETTERS
    with psycopg.connect(database.admin_dsn(database.address().database), autocommit=True) as server:
        server.execute("CHECKPOINT")
    wanted = [*names, *numbers, mark]
    files = [path for path in places.VAR.rglob("*") if path.is_file()]
    assert any(path.is_relative_to(places.FILES) for path in files)
    assert any(path.is_relative_to(places.POSTGRES) for path in files)
    found, is_read = {}, False
    for path in files:
        content = content_of(path)
        is_read |= firm.name.encode() in content
        if leaks := [one for one in wanted if one in content]:
            found[str(path)] = leaks[:3]
    assert found == {}
    assert is_read, "what is open by design was not found either: the search sees nothing"
