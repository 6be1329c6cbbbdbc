"""What the sub-commands do once the platform stands: each returns figures for --json and `text` for people."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from jinfuyun.config import drop, places
from jinfuyun.config.book import verify
from jinfuyun.config.progress import progress
from jinfuyun.data import door
from jinfuyun.data.cluster import measure as measured
from jinfuyun.data.cluster import session
from jinfuyun.data.door import Delivery, Measurer, measure
from jinfuyun.disputes import queries as disputes
from jinfuyun.kit.actor import Actor, Role, enterprise_house, platform
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.grant import Purpose, Reader, ReaderKind
from jinfuyun.reports import actions as reports
from jinfuyun.reports import queries
from jinfuyun.sandbox.bulk import loading
from jinfuyun.sandbox.bulk import queries as bulk
from jinfuyun.supervision import actions as supervision
from jinfuyun.supervision.queries import months
from jinfuyun.supervision.rules import Cell
from jinfuyun.workdays import queries as workdays

Answer = dict[str, Any]

STATES = {"loaded": "已入库", "partly_loaded": "部分入库", "refused": "拒收"}


def deliver(options: argparse.Namespace) -> Answer:
    """Take files of one feed in, one after the other; a refused file does not stop the rest."""
    taken = []
    for path in options.files:
        with progress(options, path.name) as show:
            taken.append(
                door.deliver(options.feed, path, at=timezone.now(), covers_until=options.covers_until, on_progress=show)
            )
    return drop.counted(taken) | {"text": "\n".join(_words(one) for one in taken)}


def watch(options: argparse.Namespace) -> Answer:
    """Take in what stands in the drop folder now; `jinfuyun watch` without --once stays and looks again."""
    taken = drop.look(places.DROP, at=timezone.now())
    left = [str(path.relative_to(places.DROP)) for path in drop.leftovers(places.DROP, at=timezone.now())]
    text = [f"{one['file']}：{'已处理' if one['ok'] else '退回'}" for one in taken]
    text += [f"放了一天以上、没有成对的文件：{name}" for name in left]
    return {"ok": True, "files": taken, "leftovers": left, "text": "\n".join(text)}


def _words(one: Delivery) -> str:
    counts = f"共 {one.delivered} 行，接收 {one.accepted}，被取代 {one.superseded}，隔离 {one.quarantined}"
    state = STATES.get(one.state, one.state)
    return f"{one.file_name}：{state}，{counts}，未授权 {one.unauthorised}{'。' if one.reason else ''}{one.reason}"


def nightly(options: argparse.Namespace) -> Answer:
    with _measurer(options) as measurer, progress(options, "夜间整理") as show:
        documents = door.nightly(
            as_of=options.as_of, everything=options.all, measure=measurer, at=timezone.now(), on_progress=show
        )
    return {"ok": True, "documents": documents, "text": f"已更新 {documents} 份企业数据文档。"}


@contextmanager
def _measurer(options: argparse.Namespace) -> Iterator[Measurer]:
    """Who makes the figures: a cluster, reached before anything is touched, or this process."""
    if (options.engine == "spark") != bool(options.master):
        raise Refused("请同时写明 --engine spark 和 --master spark://主机:端口。")
    if options.engine != "spark":
        yield measure
        return
    with session.opened(options.master, places.LAKE, seen_as=options.lake_as) as cluster:
        yield partial(measured.measure, cluster)


def report(options: argparse.Namespace) -> Answer:
    """The enterprise's own copy, under its own consent, booked in the name of the command line."""
    at: datetime = timezone.now()
    house = enterprise_house(options.uscc)
    by = Actor(id="command-line", label="平台命令行", roles=frozenset({Role.ENTERPRISE_OWNER}), house=house)
    reader = Reader(ReaderKind.ENTERPRISE, options.uscc)
    number = reports.open_report(
        uscc=options.uscc, reader=reader, reader_name="企业本人", purpose=Purpose.OWN_VIEW, because="", by=by, at=at
    )
    made, marks = queries.report(number, visible_to_actor=by), disputes.marks_in_words(options.uscc)
    content = reports.print_report(report=made, marks=marks, by=by, at=at)
    try:
        options.pdf.write_bytes(content)
    except OSError as failure:
        raise Refused(f"不能写入 {options.pdf}：{failure.strerror}") from failure
    return {"ok": True, "number": number, "bytes": len(content), "text": f"报告 {number} 已写入 {options.pdf}。"}


def book_verify(options: argparse.Namespace) -> Answer:
    """Every line, link and signature, against the heads in the database and those kept outside."""
    found = verify(options.head)
    text = "\n".join(found.problems) or f"账本完好：已封 {found.sealed} 条。"
    if found.unsealed:
        text += f"\n另有 {found.unsealed} 条刚写入，尚未加封。"
    return {"ok": not found.problems, "sealed": found.sealed, "unsealed": found.unsealed,
            "problems": found.problems, "text": text}  # fmt: skip


def statistics_close(options: argparse.Namespace) -> Answer:
    count = supervision.close(month=options.month, by=platform("command-line"), at=timezone.now())
    return {
        "ok": True,
        "month": options.month,
        "figures": count,
        "text": f"{options.month} 已关账，封存 {count} 个数字。",
    }


def statistics_recompute(options: argparse.Namespace) -> Answer:
    """The same numbers from the rows; what differs is named, and the exit code says so."""
    again = months.recount(options.month, at=timezone.now())
    lines = [
        f"{one.indicator.label}，{one.place}：封存 {_cell(one.kept)}，现在 {_cell(one.again)}"
        for one in again.differing
    ]
    lines.append(f"{again.month}：{again.equal} 个数字一致，{len(again.differing)} 个不一致。")
    lines.append(f"不作承诺、未核对：{'、'.join(again.unpromised)}。")
    differing = [
        {"label": one.indicator.label, "place": one.place, "kept": one.kept.value, "again": one.again.value}
        for one in again.differing
    ]
    return {"ok": not differing, "month": again.month, "equal": again.equal, "differing": differing,
            "unpromised": again.unpromised, "text": "\n".join(lines)}  # fmt: skip


def sandbox_business(options: argparse.Namespace) -> Answer:
    """A whole province's business in bulk, and whether every rule holds of it."""
    if not settings.SANDBOX:
        raise Refused("只有沙箱可以写入虚构的业务。")
    at = timezone.now()
    founded_by = loading.begins(at, options.months).date()
    blocks = loading.invented(options.enterprises, seed=options.seed, founded_by=founded_by)
    with progress(options, "写入") as show:
        rows = loading.load(
            blocks, seed=options.seed, months=options.months, at=at,
            on_block=lambda done: show("企业", done / options.enterprises),
        )  # fmt: skip
    with connection.cursor() as cursor:
        broken = bulk.broken(cursor, at=at, notices=workdays.notices())
    text = f"已写入 {sum(rows.values())} 行；" + ("各项规则核对一致。" if not broken else f"不一致：{broken}")
    return {"ok": not broken, "rows": rows, "broken": broken, "text": text}


def _cell(cell: Cell) -> str:
    """A figure with what it was made of, where that is more than itself."""
    made = "" if cell.denominator is None else f"（{cell.numerator} ÷ {cell.denominator}）"
    return f"{'无' if cell.value is None else cell.value}{made}"
