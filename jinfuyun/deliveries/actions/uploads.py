"""A file sent by page: received, previewed, confirmed by its sender, taken in by a job, destroyed."""

from datetime import date, datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.deliveries import queries
from jinfuyun.deliveries.models import Upload
from jinfuyun.deliveries.rules import FILE_NAME_LENGTH_MAX, UPLOAD_BYTES_MAX, UploadState, short_name
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.storage import files


class BadUpload(Refused):
    """The file as such cannot be received."""


@transaction.atomic
def upload(
    *, feed: str, file_name: str, content: bytes, covers_until: date | None = None, by: Actor, at: datetime
) -> Upload:
    """Keep the file sealed and have it previewed; nothing is taken in yet. Raises BadUpload, NotFound."""
    contract = queries.contract(feed, visible_to=by)
    require(Permission.DELIVERY_MAKE, by=by, over=queries.department_house(contract.department))
    if not content:
        raise BadUpload("文件是空的。")
    if len(content) > UPLOAD_BYTES_MAX:
        raise BadUpload(f"文件超过 {UPLOAD_BYTES_MAX >> 20} MB，请压缩或拆分后再送。")
    if covers_until and covers_until > local_day(at):
        raise BadUpload("数据完整到的日期不能晚于今天。")
    made = Upload.objects.create(
        covers_until=covers_until, department=contract.department, feed=feed,
        file_name=short_name(file_name)[-FILE_NAME_LENGTH_MAX:],
        size_bytes=len(content), file=files.put(content), state=UploadState.CHECKING, made_by=by.id, made_at=at,
        state_at=at,
    )  # fmt: skip
    audit.record("upload.received", subject=f"upload:{made.pk}", by=by, at=at, feed=feed, bytes=len(content))
    defer(Job.PREVIEW_UPLOAD, upload_id=str(made.pk))
    return made


@transaction.atomic
def confirm(*, upload: Upload, by: Actor, at: datetime) -> None:
    """确认送达: a job takes it in. Raises TooLate at the second click."""
    require(Permission.DELIVERY_MAKE, by=by, over=queries.department_house(upload.department))
    _become(upload, UploadState.CONFIRMED, among=(UploadState.PREVIEWED,), at=at, share_bp=0, stage="")
    audit.record("upload.confirmed", subject=f"upload:{upload.pk}", by=by, at=at, feed=upload.feed)
    defer(Job.TAKE_IN_UPLOAD, upload_id=str(upload.pk))


@transaction.atomic
def discard(*, upload: Upload, by: Actor, at: datetime) -> None:
    """The file is destroyed unread. Raises TooLate once it is confirmed."""
    require(Permission.DELIVERY_MAKE, by=by, over=queries.department_house(upload.department))
    _end(upload, UploadState.DISCARDED, among=(UploadState.CHECKING, UploadState.PREVIEWED), at=at)
    audit.record("upload.discarded", subject=f"upload:{upload.pk}", by=by, at=at, feed=upload.feed)


@transaction.atomic
def keep_preview(*, upload: Upload, preview: bytes, by: Actor, at: datetime) -> None:
    """What the file would become, sealed like the file itself. Raises TooLate if it was discarded meanwhile."""
    require(Permission.DELIVERY_TEND, by=by, over=queries.department_house(upload.department))
    reference = files.put(preview)
    try:
        _become(upload, UploadState.PREVIEWED, among=(UploadState.CHECKING,), at=at, preview=reference)
    except TooLate:
        files.destroy(reference)
        raise
    audit.record("upload.previewed", subject=f"upload:{upload.pk}", by=by, at=at, feed=upload.feed)


@transaction.atomic
def refuse_upload(*, upload: Upload, reason: str, by: Actor, at: datetime) -> None:
    """It cannot be taken in at all; the sender reads why."""
    require(Permission.DELIVERY_TEND, by=by, over=queries.department_house(upload.department))
    _end(upload, UploadState.REFUSED, among=(UploadState.CHECKING,), at=at, reason=reason)
    audit.record("upload.refused", subject=f"upload:{upload.pk}", by=by, at=at, feed=upload.feed)


@transaction.atomic
def finish_upload(*, upload: Upload, delivery: str, by: Actor, at: datetime) -> None:
    """It was taken in as that delivery, or is the one it repeats."""
    require(Permission.DELIVERY_TEND, by=by, over=queries.department_house(upload.department))
    _end(upload, UploadState.DONE, among=(UploadState.CONFIRMED,), at=at, delivery=delivery, share_bp=10_000)
    audit.record("upload.taken_in", subject=f"upload:{upload.pk}", by=by, at=at, feed=upload.feed, delivery=delivery)


@transaction.atomic
def forget_uploads(*, by: Actor, at: datetime) -> None:
    """What nobody confirmed in time is destroyed."""
    for upload in queries.unconfirmed_since_long(at):
        require(Permission.DELIVERY_TEND, by=by, over=queries.department_house(upload.department))
        _end(upload, UploadState.DISCARDED, among=(upload.state,), at=at, reason="超过一天没有确认，文件已销毁。")
        audit.record("upload.forgotten", subject=f"upload:{upload.pk}", by=by, at=at, feed=upload.feed)


def _end(upload: Upload, state: UploadState, *, among: tuple[str, ...], at: datetime, **changes: object) -> None:
    """The last state: file and preview are destroyed once that is committed."""
    _become(upload, state, among=among, at=at, file="", preview="", **changes)
    kept = [reference for reference in (upload.file, upload.preview) if reference]

    def destroy() -> None:
        for reference in kept:
            files.destroy(reference)

    transaction.on_commit(destroy)


def _become(upload: Upload, state: UploadState, *, among: tuple[str, ...], at: datetime, **changes: object) -> None:
    values: dict[str, object] = {"state": state, "state_at": at, **changes}
    if not Upload.objects.filter(pk=upload.pk, state__in=among).update(**values):
        raise TooLate
