"""批量导入: repayments, drawdowns and settlements by file; what could not be entered comes back as the same sheet."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.loans import actions, queries
from jinfuyun.loans.checks import HEADING, KINDS, PURPOSES
from jinfuyun.loans.rules import UPLOAD_BYTES_MAX, UPLOAD_LABELS, UPLOAD_ROWS_MAX
from jinfuyun.storage.sheets import sheet
from jinfuyun.web.bank.loans import HANDLERS
from jinfuyun.web.files import MEGABYTE, with_a_file
from jinfuyun.web.forms import PoliteForm
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(PoliteForm):
    file = forms.FileField(
        label="借据账文件",
        help_text=f"Excel（xlsx），不超过 {UPLOAD_BYTES_MAX // MEGABYTE} MB、{UPLOAD_ROWS_MAX:,} 行。",
        error_messages={"required": "请选择一个文件。", "empty": "文件是空的。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(f"文件超过 {UPLOAD_BYTES_MAX // MEGABYTE} MB，请拆成几个文件。")
        return file


@with_a_file()
@staff(*HANDLERS)
def listing(request: Request) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.upload(file_name=file.name, content=file.read(), by=request.actor, at=timezone.now())
            messages.success(request, "文件已收到，正在逐行核对入账。")
            return redirect("bank:loan_sheets")
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            form.add_error("file", str(refusal))
    page = Paginator(queries.uploads(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "states": UPLOAD_LABELS, "kinds": "、".join(KINDS), "purposes": "、".join(PURPOSES),
        "heading": "、".join(HEADING),
    }  # fmt: skip
    return render(request, "bank/loan_sheets.html", context, status=422 if form.errors else 200)


@staff(*HANDLERS)
@require_http_methods(["GET"])
def template(request: Request) -> HttpResponse:
    return xlsx(sheet(HEADING, []), "loan-book.xlsx")


@staff(*HANDLERS)
@require_http_methods(["GET"])
def wrong(request: Request, sheet_id: uuid.UUID) -> HttpResponse:
    """The rows that could not be entered, each with its reason: to be corrected and sent alone."""
    content = queries.wrong_rows(queries.upload(sheet_id, visible_to=request.actor))
    if content is None:
        raise Http404
    return xlsx(content, "loan-book-to-correct.xlsx")


def xlsx(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
