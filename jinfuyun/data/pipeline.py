"""The run on one page: delivery → landing → judged → resolved → lake → release → documents."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import IO

from jinfuyun.data.departments.answers import Authorised
from jinfuyun.data.departments.contract import Feed
from jinfuyun.data.departments.registry import FEEDS
from jinfuyun.data.indicators.measure import is_whole
from jinfuyun.data.indicators.registry import SOURCES, readers_of
from jinfuyun.data.ingest import corrections, landing, load, manifests, repeats, shelves
from jinfuyun.data.ingest.landing import Incoming
from jinfuyun.data.ingest.lines import Lines
from jinfuyun.data.ingest.manifests import Manifest
from jinfuyun.data.ingest.refusal import FileRefused, refuse_if_empty, refuse_if_stopped
from jinfuyun.data.ingest.settle import same
from jinfuyun.data.lake import engine, ledger, serving
from jinfuyun.data.lake.engine import Engine, listed, quoted
from jinfuyun.data.lake.ledger import Delivery
from jinfuyun.data.lake.serving import Serving
from jinfuyun.data.lake.tables import Lake, Release
from jinfuyun.data.lake.views import Earlier
from jinfuyun.data.resolution import keys
from jinfuyun.data.serve import reach, serve
from jinfuyun.kit.crypto import KeyRing
from jinfuyun.kit.errors import Unreachable
from jinfuyun.kit.grant import Category

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Departments:
    """How departments are asked. Raises Unreachable."""

    fetch: Callable[[Feed, Sequence[Authorised]], IO[bytes]]  # one feed's rows; the file is ours to close


@dataclass(frozen=True, slots=True)
class Again:
    """Rows that waited: when they were told, and the mark of what they are now known by (see retry.py)."""

    told_at: datetime
    basis: str


@dataclass(frozen=True, slots=True)
class Plane:
    """Where the lake lies, who its writer is in PostgreSQL and the keys for what must be sealed."""

    lake: Lake
    data_dsn: str
    ring: KeyRing


def deliver(
    plane: Plane,
    feed: Feed,
    path: Path | Incoming,
    *,
    at: datetime,
    asked: Sequence[str] = (),
    covers_until: date | None = None,
    manifest: Manifest | None = None,
    again: Again | None = None,
    on_progress: Progress = lambda stage, share: None,
) -> Delivery:
    """Take one file in. The same bytes, decided on the same basis, are one delivery: the first is returned.

    `asked`: enterprises a pull named, who are covered even when silent. `covers_until`: the day to which the file
    answers for everybody on its list; else the latest date in it. `manifest`: what must be so to the last yuan.
    """
    with serving.writing(plane.data_dsn) as book:
        catch_up(plane, book, at=at)
        on_progress("接收", 0.05)
        number = book.next_number(at)
        sha256 = ""
        try:
            refuse_if_stopped(feed.label, book.stopped(feed.name))
            landed = landing.land(path, plane.lake.landing, sealed=feed.consented)
            sha256 = landed.sha256
            try:
                if manifest:
                    manifests.check_bytes(manifest, sha256)
                taken = _take_in(
                    plane, feed, landed, book, number, asked, covers_until, manifest, again, on_progress, at=at
                )
            finally:
                landed.destroy()
        except FileRefused as refusal:
            refused = _delivery(feed, path, number, sha256, at=at, state="refused", reason=str(refusal))
            book.record(refused)
            return refused
        if isinstance(taken, Delivery):
            return taken
        outcome, basis, header = taken
        delivery = _loaded(
            feed, path, number, sha256, outcome, plane.lake.release().number + 1, at=at, basis=basis, header=header,
            origin="retry" if again else "pull" if asked else "file",
        )  # fmt: skip
        on_progress("更新文件", 0.8)
        plane.lake.publish(dict(outcome.versions), ledger.plain(delivery))
        catch_up(plane, book, at=at)
        on_progress("完成", 1.0)
        return delivery


def pull(plane: Plane, usccs: Sequence[str], departments: Departments, *, at: datetime) -> list[Delivery]:
    """Ask every department at once for what these enterprises authorised, take it in, and write their documents.

    Registers that identify are asked only about enterprises the lake does not know. A department that does not answer
    gives a delivery in the state `unreachable`, which stands nowhere: the caller tries again later.
    """
    deliveries = []
    for feed in FEEDS.values():
        if feed.own:
            continue
        if feed.consented and feed.category:
            asked = _to_ask(plane, feed.category, usccs, at=at)
        else:  # other public registers come whole, on their own days
            asked = _not_there(plane, feed, usccs, at=at) if feed.identifies else []
        asked, held_back = serving.admitted(plane.data_dsn, feed.name, feed.department, asked, at=at)
        deliveries += held_back
        if not asked:
            continue
        try:
            file = departments.fetch(feed, asked)
        except Unreachable as trouble:
            deliveries.append(Delivery.unreachable(feed.name, feed.department, str(trouble), at=at))
            continue
        with file:
            covers = None if feed.by_month else at.astimezone(serving.SHANGHAI).date()  # a register speaks of today
            named = [each.uscc for each in asked]
            fetched = landing.of_file(f"{feed.name}.csv", file)
            deliveries.append(deliver(plane, feed, fetched, at=at, asked=named, covers_until=covers))
    rebuild(plane, usccs, at=at)
    return deliveries


def rebuild(plane: Plane, usccs: Sequence[str], *, at: datetime) -> int:
    """Write the documents of these enterprises anew from what the lake holds; how many."""
    with serving.writing(plane.data_dsn) as book:
        catch_up(plane, book, at=at)
        return _serve(plane, book, None, None, usccs, tuple(Category), at=at)


def forget(plane: Plane, uscc: str, categories: Sequence[Category], *, at: datetime) -> dict[str, int]:
    """Erase an enterprise from documents, current, history, quarantine and coverage; rows erased by table.

    Public registers stay public; only the document made of them goes.
    """
    with serving.writing(plane.data_dsn) as book:
        catch_up(plane, book, at=at)
        erased = {"documents": book.forget(uscc, [str(each) for each in categories])}
        feeds = [feed for feed in FEEDS.values() if feed.consented and feed.category in categories]
        versions: dict[str, int] = {}
        mine = f"s.uscc = {quoted(uscc)}"
        shared = f"{mine} AND s.feed IN ({listed([feed.name for feed in feeds])})"
        of_feed = (shelves.current, shelves.history, shelves.repeated)
        wanted = [(shelf(feed), mine) for feed in feeds for shelf in of_feed]
        if feeds:
            wanted += [(table, shared) for table in (shelves.QUARANTINE, shelves.WAITING, shelves.COVERAGE)]
        with engine.opened(plane.lake.work) as sql:
            for table, doomed in wanted:
                erased[table.name], fresh = plane.lake.erase(sql, table, doomed)
                versions |= fresh
        plane.lake.publish(versions, None)
        # The release above must be the truth before older files go: a crash between the two leaves both readable.
        plane.lake.publish(plane.lake.clear_old_files(list(versions), kept_hours=0), None)
        catch_up(plane, book, at=at)
        # Ratios in other chapters were made of what has gone.
        left = {each for feed in feeds for each in readers_of(feed.name)} - set(categories)
        _serve(plane, book, None, None, [uscc], sorted(left), at=at)
        return erased


def catch_up(plane: Plane, book: Serving, *, at: datetime) -> None:
    """Undo what died half-way; then give the pages every release they have not seen."""
    plane.lake.recover()
    for release in plane.lake.releases_after(book.served_release()):
        delivery = ledger.revived(release.delivery) if release.delivery else None
        categories = readers_of(delivery.feed) if delivery else ()
        spoken_of = _spoken_of(plane, release, delivery) if delivery and categories else []
        _serve(plane, book, release, delivery, spoken_of, categories, at=at)


def answering(feed: Feed, covers_until: date | None) -> str:
    """What a file's answer goes by: of another month the same silence is another one. "" if it answers for nobody but
    those it names."""
    return f"/{covers_until:%Y-%m}" if feed.consented and covers_until else ""


def _take_in(
    plane: Plane,
    feed: Feed,
    landed: landing.Landed,
    book: Serving,
    number: str,
    asked: Sequence[str],
    covers_until: date | None,
    manifest: Manifest | None,
    again: Again | None,
    on_progress: Progress,
    *,
    at: datetime,
) -> Delivery | tuple[load.Outcome, str, str]:
    """Load what has landed: the outcome, its basis and the header; or find the delivery that it repeats."""
    if manifest:
        manifests.check_reach(manifest, at.astimezone(serving.SHANGHAI).date())
        covers_until = covers_until or manifest.covers_until
    with engine.opened(plane.lake.work) as sql:
        basis = prepare(sql, plane.lake, feed, book, at=at, joined=again is not None)
        basis = again.basis if again else basis
        month = "" if asked else answering(feed, covers_until)
        if month and covers_until:
            basis += month
            asked = _answered(sql, plane.lake, feed, book, covers_until)
        if same := book.same_delivery(feed.name, landed.sha256, basis):
            if manifest:
                manifests.check_rows(manifest, same.delivered)
            return same
        on_progress("检查", 0.2)
        lines = Lines(lambda: _heard(landed, on_progress))
        outcome = load.load(
            sql, plane.lake, feed, lines, number=number, asked=asked, covers_until=covers_until,
            reached=book.reach(feed.name), ring=plane.ring, at=again.told_at if again else at,
            totals=manifest is not None,
        )  # fmt: skip
        refuse_if_empty(outcome.delivered, consented=feed.consented, answers=bool(asked or month))
        if manifest:
            manifests.check_counts(manifest, feed, sql, delivered=outcome.delivered)
        noted = corrections.note(
            sql, plane.lake, feed, lambda: Lines(landed.blocks), number=number, header=lines.header, ring=plane.ring
        )
        noted |= repeats.note(sql, plane.lake, feed)
        plane.lake.discard(outcome.spare)
        return replace(outcome, versions=dict(outcome.versions) | noted), basis, lines.header


def _answered(sql: Engine, lake: Lake, feed: Feed, book: Serving, covers_until: date) -> list[str]:
    """Who was on the list that the deliverer answers and is not known to this month yet; on ours is everybody.

    One silent answer a month is enough, because figures are told by the month.
    """
    sql.offer("listed", book.listed(feed.name))
    on_list = "true" if feed.own else "consent IN (SELECT consent FROM listed)"
    found = sql.rows(
        f"SELECT uscc FROM permitted WHERE {on_list} AND uscc NOT IN (SELECT uscc FROM {lake.scan(shelves.COVERAGE)}"
        f" WHERE feed = {quoted(feed.name)} AND covers_until >= DATE '{covers_until.replace(day=1)}') ORDER BY uscc"
    )
    return [row[0] for row in found]


def _heard(landed: landing.Landed, on_progress: Progress) -> Iterator[bytes]:
    """The blocks of the file; how many of its bytes went by is most of what there is to tell."""
    seen = 0
    for block in landed.blocks():
        seen += len(block)
        on_progress("检查", 0.2 + 0.4 * min(seen / landed.size, 1.0))  # what was packed has more bytes than its size
        yield block


def prepare(sql: Engine, lake: Lake, feed: Feed, book: Serving, *, at: datetime, joined: bool = False) -> str:
    """Give the engine `known` and `permitted`; the mark of both for those permitted, "" for public feeds.

    What a person `joined` counts only for public rows that waited: what needs a consent comes in by a register's word.
    """
    if not feed.consented:
        sql.offer("joined", book.joined_keys() if joined else keys.NONE_JOINED)
        sql.run(f"CREATE TEMP VIEW known_keys AS {keys.known(lake, joined='joined')}")
        return ""
    assert feed.category is not None, "a consented feed belongs to a category"
    sql.offer("permitted", book.permitted(feed.category, at))
    sql.run(
        "CREATE TEMP TABLE known AS SELECT key, uscc, consent IS NOT NULL AS permitted, consent"
        f" FROM ({keys.known(lake)}) LEFT JOIN permitted USING (uscc)"
    )
    # Of the set, in whatever order: to sort 400,000 keys for it took twice the time.
    (mark,) = sql.row(
        "SELECT count(*) || '-' || coalesce(bit_xor(md5_number(key || ':' || consent)), 0) FROM known WHERE permitted"
    )
    return str(mark)


def _serve(
    plane: Plane,
    book: Serving,
    release: Release | None,
    delivery: Delivery | None,
    usccs: Sequence[str],
    categories: Sequence[Category],
    *,
    at: datetime,
) -> int:
    """The ledger, then in one transaction the release and the documents of those whose consent is in force."""
    if delivery:
        book.record(delivery)  # before its documents, which name it
    feed = FEEDS.get(delivery.feed) if delivery else None
    with engine.opened(plane.lake.work) as sql:
        return serve(
            plane.lake, book, sql, {each: usccs for each in SOURCES if usccs and each.category in categories},
            reach=reach(plane.lake, sql, [feed] if feed and is_whole(feed) else []),
            release=release.number if release else None, at=at,
        )  # fmt: skip


def _to_ask(plane: Plane, category: Category, usccs: Sequence[str], *, at: datetime) -> list[Authorised]:
    """Of these enterprises, those whose consent to `category` is in force, as departments are told of them."""
    with serving.writing(plane.data_dsn) as book:
        permitted = book.authorised(category, at, usccs=usccs)
        numbers = keys.tax_numbers(plane.lake, usccs)
    return [
        Authorised(each.uscc, numbers[each.uscc], each.consent_number, each.pdf_sha256, each.start_on, each.end_on)
        for each in permitted
    ]


def _not_there(plane: Plane, feed: Feed, usccs: Sequence[str], *, at: datetime) -> list[Authorised]:
    """Those that a public register has not told the lake of yet; asking it needs no consent."""
    with serving.writing(plane.data_dsn), engine.opened(plane.lake.work) as sql:
        standing = plane.lake.scan(shelves.current(feed))
        there = {row[0] for row in sql.rows(f"SELECT uscc FROM {standing} WHERE uscc IN ({listed(usccs)})")}
    today = at.astimezone(serving.SHANGHAI).date()
    return [Authorised(uscc, uscc, "", "", today, None) for uscc in usccs if uscc not in there]


def _spoken_of(plane: Plane, release: Release, delivery: Delivery) -> list[str]:
    """Whose documents a release changes. Of whom a withdrawn delivery spoke only the release before still knows."""
    lake, also = plane.lake, list[str]()
    if delivery.state == "withdrawn":
        lake = Earlier(plane.lake, plane.lake.releases_after(release.number - 2)[0])
        also = (release.delivery or {}).get("also", [])
    feed, by_number = FEEDS[delivery.feed], f"delivery = {quoted(delivery.number)}"
    with engine.opened(plane.lake.work) as sql:
        found = sql.rows(f"SELECT DISTINCT uscc FROM {lake.scan(shelves.COVERAGE)} WHERE {by_number}")
        if "uscc" not in feed.key:  # a branch, a pledge: who had it until now has it no more
            current, history = lake.scan(shelves.current(feed)), lake.scan(shelves.history(feed))
            now = f"SELECT * FROM {current} WHERE {by_number}"
            found += sql.rows(f"SELECT DISTINCT h.uscc FROM {history} h JOIN ({now}) c ON {same('h', 'c', feed)}")
    return sorted({row[0] for row in found} | set(also))


def _loaded(
    feed: Feed, path: Path | Incoming, number: str, sha256: str, outcome: load.Outcome, release: int, *,
    at: datetime, **rest: str,
) -> Delivery:  # fmt: skip
    whole = outcome.quarantined == outcome.unauthorised == 0
    return _delivery(
        feed, path, number, sha256, at=at, state="loaded" if whole else "partly_loaded",
        delivered=outcome.delivered, accepted=outcome.accepted, superseded=outcome.superseded,
        quarantined=outcome.quarantined, unauthorised=outcome.unauthorised, covers_until=outcome.covers_until,
        release=release, profile=dict(outcome.profile), **rest,
    )  # fmt: skip


def _delivery(feed: Feed, path: Path | Incoming, number: str, sha256: str, *, at: datetime, **rest: object) -> Delivery:
    return Delivery(
        number=number, feed=feed.name, department=feed.department, sha256=sha256, file_name=path.name, received_at=at,
        **{"basis": ""} | rest,  # type: ignore[arg-type]  # fields of the record
    )  # fmt: skip
