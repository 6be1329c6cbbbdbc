"""What the worker does for departments: previews and takes in what they sent by page, and looks after the feeds."""

import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from jinfuyun.data import door
from jinfuyun.data.door import Contract, Delivery
from jinfuyun.deliveries import actions, checks, queries
from jinfuyun.deliveries.models import Upload, Withdrawal
from jinfuyun.deliveries.rules import AlarmKind, UploadState, seconds_left
from jinfuyun.kit.actor import platform
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate, Unreachable
from jinfuyun.kit.jobs import Job
from jinfuyun.storage import files

TOLD_EVERY_SECONDS = 0.5


def preview_upload(*, upload_id: str, at: datetime) -> None:
    """What the file would become; its sender looks at it and decides."""
    upload = Upload.objects.get(pk=uuid.UUID(upload_id))
    if upload.state != UploadState.CHECKING:
        return  # discarded meanwhile, or an earlier try got as far
    by = platform(Job.PREVIEW_UPLOAD)
    try:
        with _in_memory(upload) as path:
            preview = door.preview(upload.feed, path, covers_until=upload.covers_until, at=at)
    except Refused as refusal:
        actions.refuse_upload(upload=upload, reason=str(refusal), by=by, at=at)
        return
    try:
        told = json.dumps(asdict(preview), ensure_ascii=False).encode()
        actions.keep_preview(upload=upload, preview=told, by=by, at=at)
    except TooLate:
        return  # discarded while it was read


def take_in_upload(*, upload_id: str, at: datetime) -> None:
    """Take the confirmed file in. Tried again after a crash it is the same delivery: the bytes are the same."""
    upload = Upload.objects.get(pk=uuid.UUID(upload_id))
    if upload.state != UploadState.CONFIRMED:
        return
    with _in_memory(upload) as path, _Told(upload) as told:
        delivery = door.deliver(upload.feed, path, at=at, covers_until=upload.covers_until, on_progress=told)
    actions.finish_upload(upload=upload, delivery=delivery.number, by=platform(Job.TAKE_IN_UPLOAD), at=at)
    watch(at=at)


def withdraw_delivery(*, number: str, at: datetime) -> None:
    """Taken back already it is no error: an earlier try got as far."""
    withdrawal = Withdrawal.objects.get(delivery=number)
    door.withdraw(number, because=withdrawal.because, at=at)
    actions.finish_withdrawal(withdrawal=withdrawal, by=platform(Job.WITHDRAW_DELIVERY), at=at)


def tend(*, at: datetime) -> None:
    """Once a day, by the clock."""
    by = platform(Job.TEND_DELIVERIES)
    actions.forget_uploads(by=by, at=at)
    actions.ask_again(by=by, at=at)
    watch(at=at)


def reconcile_authorised(*, at: datetime) -> None:
    """Once a day: the list goes out to every department, and its own count has to be ours."""
    silent = set()
    for feed in door.consented_feeds():
        try:
            door.send_authorised(feed, at=at)
        except Unreachable:
            silent.add(feed)
    compare_authorised(at=at, silent=silent)


def compare_authorised(*, at: datetime, silent: set[str]) -> None:
    """A difference is an alarm, and so is a department that says nothing."""
    for feed, department in door.consented_feeds().items():
        text = "部门没有应答，授权名单未能核对。"
        try:
            ours, theirs = (0, -1) if feed in silent else door.compare_authorised(feed, at=at)
            if feed not in silent:
                text = f"平台名单 {ours:,} 户，部门名单 {theirs:,} 户。"
        except Unreachable:
            ours, theirs = 0, -1
        if ours != theirs:
            finding = checks.Finding(AlarmKind.DIFFERS, f"{local_day(at)}", text)
            actions.raise_alarm(
                feed=feed, department=department, finding=finding, delivery="", since=at,
                by=platform(Job.RECONCILE_AUTHORISED), at=at,
            )  # fmt: skip


def watch(*, at: datetime) -> None:
    """Is every feed on time, and is its newest delivery like those before? What is found is raised once."""
    by, last, first = platform(Job.TEND_DELIVERIES), door.last_loaded(), door.first_received()
    stopped = queries.stopped_feeds()
    for alarm in queries.waiting_for_arrival():
        came = last.get(alarm.feed)
        if came is not None and came.number != alarm.delivery:
            actions.close_alarm(alarm=alarm, note=f"已收到批次 {came.number}。", by=by, at=at)
    for contract in (one for department in door.DEPARTMENT_LABELS for one in door.contracts(department)):
        newest = last.get(contract.feed)
        limit = timedelta(days=contract.lateness_days)
        late = checks.overdue(
            newest.received_at if newest else None, first, lateness_days=contract.lateness_days, at=at
        )
        began = newest.received_at if newest else first
        found = [(late, began + limit)] if late and began and contract.feed not in stopped else []
        if newest and newest.origin == "file":
            found += [(one, newest.received_at) for one in _unlike(newest, contract)]
        for finding, since in found:
            actions.raise_alarm(
                feed=contract.feed, department=contract.department, finding=finding,
                delivery=newest.number if newest else "", since=since, by=by, at=at,
            )  # fmt: skip


def _unlike(newest: Delivery, contract: Contract) -> list[checks.Finding]:
    earlier = queries.comparable(newest, count=checks.EARLIER)
    fewer = checks.shrunk(newest.delivered, [one.delivered for one in earlier])
    labels = {column.name: column.label for column in contract.columns}
    profiles = [one.profile for one in earlier if one.profile]
    return ([fewer] if fewer else []) + checks.drifted(newest.profile or {}, profiles, labels)


@contextmanager
def _in_memory(upload: Upload) -> Iterator[Path]:
    """The unsealed file under its own name, in memory only: what a killed worker leaves behind holds nothing."""
    descriptor = os.memfd_create("upload")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as out:
            out.write(files.get(upload.file))
        with TemporaryDirectory() as folder:
            path = Path(folder) / upload.file_name
            path.symlink_to(f"/proc/{os.getpid()}/fd/{descriptor}")
            yield path
    finally:
        os.close(descriptor)


class _Told:
    """Writes the progress of a job down for its page, from a thread of its own: the load may not wait for it."""

    def __init__(self, upload: Upload) -> None:
        self._upload, self._stage, self._share = upload.pk, "", 0.0
        self._began, self._over = time.monotonic(), threading.Event()
        self._thread = threading.Thread(target=self._write_on, daemon=True)

    def __call__(self, stage: str, share: float) -> None:
        self._stage, self._share = stage, max(self._share, share)

    def __enter__(self) -> "_Told":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _write_on(self) -> None:
        try:
            while not self._over.wait(TOLD_EVERY_SECONDS):
                left = seconds_left(self._share, time.monotonic() - self._began)
                Upload.objects.filter(pk=self._upload).update(
                    stage=self._stage, share_bp=round(self._share * 10_000), left_seconds=left
                )
        finally:
            connection.close()  # this thread's own
