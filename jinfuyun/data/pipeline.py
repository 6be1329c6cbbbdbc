"""The run on one page: delivery → landing → judged → resolved → lake → release → documents."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.ingest import landing, load
from jinfuyun.data.ingest.lines import Lines
from jinfuyun.data.ingest.refusal import FileRefused
from jinfuyun.data.lake import engine, serving
from jinfuyun.data.lake.engine import Engine
from jinfuyun.data.lake.serving import Delivery, Serving
from jinfuyun.data.lake.tables import Lake
from jinfuyun.data.resolution import keys
from jinfuyun.kit.crypto import KeyRing

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Plane:
    """Where the lake lies, who its writer is in PostgreSQL, and the keys for what must be sealed."""

    lake: Lake
    data_dsn: str
    ring: KeyRing


def deliver(
    plane: Plane,
    feed: Feed,
    path: Path,
    *,
    at: datetime,
    asked: Sequence[str] = (),
    covers_until: date | None = None,
    on_progress: Progress = lambda stage, share: None,
) -> Delivery:
    """Take one file in. The same bytes, decided on the same basis, are one delivery: the first is returned."""
    with serving.writing(plane.data_dsn) as book:
        catch_up(plane, book, at=at)
        on_progress("接收", 0.05)
        number = book.next_number(at)
        try:
            landed = landing.land(path, plane.lake.landing, sealed=feed.consented)
        except FileRefused as refusal:
            return _refused(book, feed, path, number, "", "", refusal, at=at)
        try:
            with engine.opened(plane.lake.work) as sql:
                basis = _prepare(sql, plane.lake, feed, book, at=at)
                if known := book.same_delivery(feed.name, landed.sha256, basis):
                    return known
                on_progress("检查", 0.2)
                try:
                    lines = Lines(landed.blocks)
                    outcome = load.load(
                        sql, plane.lake, feed, lines, number=number, asked=asked, covers_until=covers_until,
                        ring=plane.ring, at=at,
                    )  # fmt: skip
                    if outcome.delivered == 0 and not asked:
                        raise FileRefused("只有表头，没有数据行。", row=1)
                except FileRefused as refusal:
                    return _refused(book, feed, path, number, landed.sha256, basis, refusal, at=at)
        finally:
            landed.destroy()
        on_progress("更新文件", 0.8)
        delivery = _loaded(feed, path, number, landed.sha256, basis, outcome, plane.lake.release().number + 1, at=at)
        plane.lake.publish(dict(outcome.versions), _plain(delivery))
        catch_up(plane, book, at=at)
        on_progress("完成", 1.0)
        return delivery


def catch_up(plane: Plane, book: Serving, *, at: datetime) -> None:
    """Undo what died half-way; then give the pages every release they have not seen."""
    plane.lake.recover()
    for release in plane.lake.releases_after(book.served_release()):
        delivery = _revived(release.delivery) if release.delivery else None
        book.serve(release=release.number, delivery=delivery, documents=[], enterprises=[], categories=[], at=at)


def _prepare(sql: Engine, lake: Lake, feed: Feed, book: Serving, *, at: datetime) -> str:
    """Give the engine `known` and `permitted`; the mark of both for those permitted, "" for public feeds."""
    if not feed.consented:
        return ""
    assert feed.category is not None, "a consented feed belongs to a category"
    permitted = book.authorised(feed.category, at)
    sql.offer(
        "permitted",
        pa.table(
            {
                "uscc": pa.array([each.uscc for each in permitted], pa.string()),
                "consent": pa.array([each.consent_number for each in permitted], pa.string()),
            }
        ),
    )
    sql.run(f"CREATE TEMP TABLE known AS {keys.known(lake)}")
    (mark,) = sql.row(
        "SELECT sha256(coalesce(string_agg(key || ':' || consent, ',' ORDER BY key), ''))"
        " FROM known JOIN permitted USING (uscc)"
    )
    return str(mark)


def _loaded(
    feed: Feed, path: Path, number: str, sha256: str, basis: str, outcome: load.Outcome, release: int, *, at: datetime
) -> Delivery:
    whole = outcome.quarantined == outcome.unauthorised == 0
    return Delivery(
        number=number, feed=feed.name, department=feed.department, sha256=sha256, basis=basis, file_name=path.name,
        received_at=at, state="loaded" if whole else "partly_loaded", delivered=outcome.delivered,
        accepted=outcome.accepted, superseded=outcome.superseded, quarantined=outcome.quarantined,
        unauthorised=outcome.unauthorised, covers_until=outcome.covers_until, release=release,
    )  # fmt: skip


def _refused(
    book: Serving, feed: Feed, path: Path, number: str, sha256: str, basis: str, refusal: FileRefused, *, at: datetime
) -> Delivery:
    delivery = Delivery(
        number=number, feed=feed.name, department=feed.department, sha256=sha256, basis=basis, file_name=path.name,
        received_at=at, state="refused", reason=str(refusal),
    )  # fmt: skip
    book.record(delivery)
    return delivery


def _plain(delivery: Delivery) -> dict[str, object]:
    """As it stands in the release file."""
    return {name: str(value) if isinstance(value, date) else value for name, value in asdict(delivery).items()}


def _revived(plain: dict[str, object]) -> Delivery:
    day = plain["covers_until"]
    times = {
        "received_at": datetime.fromisoformat(str(plain["received_at"])),
        "covers_until": date.fromisoformat(str(day)) if day else None,
    }
    return Delivery(**(plain | times))  # type: ignore[arg-type]
