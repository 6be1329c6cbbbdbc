"""One cluster for this folder's tests, and a lake with a pretend province in it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import psycopg
import pytest

from jinfuyun.config import commands, database, keys, places
from jinfuyun.data import door, pipeline, serve
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.lake import serving
from jinfuyun.kit.grant import Category
from jinfuyun.sandbox import province
from tests.data.cluster.comparing import AT
from tests.data.cluster.standalone import Standalone, standalone
from tests.sandbox.service import UNTIL

Fill = Callable[..., None]


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master and two workers."""
    with standalone(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture
def cluster(spark: Standalone) -> Standalone:
    """The same, with both its workers."""
    spark.whole()
    return spark


@pytest.fixture
def fill(plane: pipeline.Plane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fill]:
    """Deliver `feeds` of so many enterprises, all of whom authorised everything; documents are left to the night.

    The door stands open over this lake, and the platform's clock stands at AT.
    """
    monkeypatch.setattr(door, "_doors", [])
    monkeypatch.setattr(places, "LAKE", plane.lake.root)
    monkeypatch.setattr(commands.timezone, "now", lambda: AT)
    door.open_door(
        app_dsn=database.dsn("jinfuyun_app"), data_dsn=plane.data_dsn, lake=plane.lake.root,
        departments_url="http://127.0.0.1:9", department_keys={}, ring=keys.field_keys(),
    )  # fmt: skip

    def filled(enterprises: int, feeds: Sequence[str] = tuple(FEEDS), *, months: int = 24) -> None:
        out = tmp_path / "province"
        province.generate(enterprises=enterprises, seed=1, until=UNTIL, out=out, months=months)
        _authorise([person["uscc"] for person in province.people(out)])
        with serving.writing(plane.data_dsn) as book:
            for feed in FEEDS.values():
                book.note_list(feed.name, ["SQ1"], at=AT)
        with monkeypatch.context() as quiet:
            quiet.setattr(serve, "_documents", lambda *_, **__: iter(()))
            for name in feeds:
                if (out / f"{name}.csv").exists():
                    covers = UNTIL if FEEDS[name].consented else None  # and so answers for the silent too
                    taken = pipeline.deliver(plane, FEEDS[name], out / f"{name}.csv", covers_until=covers, at=AT)
                    assert taken.state == "loaded", taken

    yield filled
    door.close_door()


def _authorise(usccs: list[str]) -> None:
    columns = "uscc, category, consent_number, pdf_sha256, start_on"
    with (
        psycopg.connect(database.dsn("jinfuyun_app")) as app,
        app.cursor().copy(f"COPY serving.authorised ({columns}) FROM STDIN") as copy,
    ):
        for category in Category:
            for uscc in usccs:
                copy.write_row((uscc, category.value, "SQ1", "0" * 64, date(2020, 1, 1)))
