"""送达数据: choose a feed, send a file, look at what it would become, confirm."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.deliveries import actions, queries
from jinfuyun.deliveries.rules import (
    BUSY,
    LEFT_OUT_LABELS,
    OUTCOME_LABELS,
    OUTCOMES,
    UPLOAD_BYTES_MAX,
    UPLOAD_LABELS,
    UploadState,
)
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.export import csv_text
from jinfuyun.kit.permissions import DEPARTMENT_PEOPLE
from jinfuyun.web.files import MEGABYTE, with_a_file
from jinfuyun.web.forms import DayField, PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


class UploadForm(PoliteForm):
    file = forms.FileField(
        label="数据文件",
        help_text=f"CSV、Excel（xlsx）、JSON Lines 或 Parquet，可以压缩，不超过 {UPLOAD_BYTES_MAX // MEGABYTE} MB。",
        error_messages={"required": "请选择一个文件。", "empty": "文件是空的。"},
    )

    covers_until = DayField(
        label="数据完整到哪一天", required=False,
        help_text="选填。填写后，授权名单里文件没有提到的企业，到这一天即为“无记录”；文件只是一部分数据的，不要填。",
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(f"文件超过 {UPLOAD_BYTES_MAX // MEGABYTE} MB，请压缩或拆分后再送。")
        return file


@with_a_file()
@staff(*DEPARTMENT_PEOPLE)
def deliver(request: Request) -> HttpResponse:
    contracts = queries.contracts(visible_to=request.actor)
    named = request.GET.get("feed", "")
    chosen = queries.contract(named, visible_to=request.actor) if named else None
    if request.method == "POST" and chosen is None:
        raise Http404
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if chosen and form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.upload(
                feed=chosen.feed, file_name=file.name, content=file.read(), by=request.actor, at=timezone.now(),
                covers_until=form.cleaned_data["covers_until"] if chosen.consented else None,
            )  # fmt: skip
            return redirect("department:upload", made.pk)
        except actions.BadUpload as refusal:
            form.add_error("file", str(refusal))
    context = {
        "contracts": contracts, "chosen": chosen, "form": form, "uploads": queries.uploads_in_work(request.actor),
        "labels": UPLOAD_LABELS, "feeds": queries.FEED_LABELS,
    }  # fmt: skip
    return render(request, "department/deliver.html", context, status=422 if form.errors else 200)


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def template(request: Request, feed: str) -> HttpResponse:
    """A file with the header only, to be filled."""
    contract = queries.contract(feed, visible_to=request.actor)
    answer = HttpResponse(csv_text([one.label for one in contract.columns], []), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{feed}.csv"'
    return answer


@staff(*DEPARTMENT_PEOPLE)
@require_safe
def upload(request: Request, upload_id: uuid.UUID) -> HttpResponse:
    """Where it stands: at work (asks again by itself), waiting for its sender, or over."""
    found = queries.upload(upload_id, visible_to=request.actor)
    if "HX-Request" in request.headers and found.state not in BUSY:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.state == UploadState.DONE:
        return redirect("department:delivery", found.delivery)
    preview = queries.preview_of(found) if found.preview else None
    context = {
        "upload": found, "label": UPLOAD_LABELS[UploadState(found.state)], "busy": found.state in BUSY,
        "preview": preview, "feed": queries.FEED_LABELS[found.feed], "outcomes": OUTCOMES,
        "outcome_labels": OUTCOME_LABELS, "left_out_labels": LEFT_OUT_LABELS,
        "rows_done": preview["delivered"] * found.share_bp // 10_000 if preview else None,
    }  # fmt: skip
    return render(request, "department/upload.html", context)


ACTS = {"confirm": actions.confirm, "discard": actions.discard}


@staff(*DEPARTMENT_PEOPLE)
@require_POST
def act(request: Request, upload_id: uuid.UUID, name: str) -> HttpResponse:
    """确认送达 or 放弃; whoever comes second is led to what became of it."""
    found = queries.upload(upload_id, visible_to=request.actor)
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](upload=found, by=request.actor, at=timezone.now())
    except TooLate:
        return redirect("department:upload", upload_id)
    return redirect("department:upload", upload_id) if name == "confirm" else redirect("department:deliver")
