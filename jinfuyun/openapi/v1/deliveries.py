"""A department's file in parts: begin, put each part, ask how it stands, complete. Every step may be repeated."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict

from jinfuyun.kit.signed_request import IDEMPOTENCY_KEY
from jinfuyun.pushes import actions, queries

router = Router(tags=["交付"])


class Said(Schema):
    """What the department says of its file; where the file is otherwise, nothing of it is taken in.

    `covers_until`: the day to which the file tells all there is of everybody on the list of those who consented.
    """

    model_config = ConfigDict(extra="forbid")
    rows: int
    sum: dict[str, str | int | float] = {}
    covers_until: date | None = None


class New(Schema):
    model_config = ConfigDict(extra="forbid")
    feed: str
    name: str
    size: int
    sha256: str
    manifest: Said | None = None


class Result(Schema):
    """Every row ends in exactly one of the four counts."""

    number: str
    state: str
    reason: str
    delivered: int
    accepted: int
    superseded: int
    quarantined: int
    unauthorised: int


class Standing(Schema):
    id: UUID
    feed: str
    name: str
    size: int
    sha256: str
    state: str
    part_bytes: int
    part_count: int
    parts: list[int]
    stage: str
    share: float
    result: Result | None


class PartKept(Schema):
    part: int


def _by(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]  # put there by the check of the signature


@router.post("", response={201: Standing}, summary="登记一个要传的文件（请求头 Idempotency-Key 必填）")
def begin(request: HttpRequest, new: New) -> Any:
    said = new.manifest
    push = actions.begin(
        feed=new.feed, name=new.name, size=new.size, sha256=new.sha256, rows=said.rows if said else None,
        sums=said.sum if said else {}, covers_until=said.covers_until if said else None,
        idempotency_key=request.headers.get(IDEMPOTENCY_KEY, ""), by=_by(request), at=timezone.now(),
    )  # fmt: skip
    return Status(201, queries.as_told(push))


@router.get("/{uuid:push_id}", response=Standing, summary="查询已收到哪些段、处理进度和结果")
def standing(request: HttpRequest, push_id: UUID) -> Any:
    return queries.as_told(queries.push(push_id, visible_to=_by(request)))


@router.put("/{uuid:push_id}/parts/{int:number}", response=PartKept, summary="传一段（正文为该段的字节，段号从 1 起）")
def keep_part(request: HttpRequest, push_id: UUID, number: int) -> Any:
    actions.keep_part(push_id=push_id, number=number, content=request.body, by=_by(request), at=timezone.now())
    return {"part": number}


@router.post("/{uuid:push_id}/complete", response={202: Standing}, summary="全部传完，开始处理")
def complete(request: HttpRequest, push_id: UUID) -> Any:
    return Status(202, queries.as_told(actions.complete(push_id=push_id, by=_by(request), at=timezone.now())))
