"""The papers of one application: given by the enterprise, read by the two sides, each reading booked."""

import uuid
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinfuyun.applications import actions, queries
from jinfuyun.applications.checks import FILE_BYTES_MAX, SCAN_LABELS, FileKind
from jinfuyun.applications.rules import OPEN
from jinfuyun.kit.errors import TooLate
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.web.files import with_a_file
from jinfuyun.web.forms import PoliteForm, show_reasons
from jinfuyun.web.guards import with_enterprise
from jinfuyun.web.request import Request

CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class DocumentForm(PoliteForm):
    material = forms.CharField(
        label="是什么材料", max_length=40, widget=forms.TextInput({"list": "materials", "autocomplete": "off"}),
        help_text="再次上传同名材料会成为新的一版，旧版保留。",
    )  # fmt: skip
    file = forms.FileField(
        label="文件",
        help_text=f"PDF、JPG、PNG、Word（docx）或 Excel（xlsx），不超过 {FILE_BYTES_MAX >> 20} MB。",
        error_messages={"required": "请选择一个文件。", "empty": "文件是空的。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise forms.ValidationError(f"文件超过 {FILE_BYTES_MAX >> 20} MB，请压缩或拆分后再上传。")
        return file


@with_a_file(most=FILE_BYTES_MAX)
@with_enterprise
def documents(request: Request, number: str) -> HttpResponse:
    require(Permission.APPLICATION_SEE, by=request.actor, over=request.actor.house)
    application = queries.application(number, visible_to=request.actor)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DocumentForm(*given, initial={"material": application.asked_material})
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.add_document(
                application=application, material=form.cleaned_data["material"], file_name=file.name,
                content=file.read(), by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, "材料已加密保存，机构可以查看。")
            return redirect("enterprise:documents", number=number)
        except NotInOrder as refusal:
            show_reasons(form, refusal)
        except TooLate:
            messages.error(request, "申请已办结，不能再上传材料。")
            return redirect("enterprise:documents", number=number)
    context = {
        "application": application, "form": form, "documents": queries.documents(application),
        "scan_labels": SCAN_LABELS, "materials": materials(application),
        "may_add": application.state in OPEN
        and may(Permission.APPLICATION_SUPPLY, by=request.actor, over=application.enterprise_house),
    }  # fmt: skip
    return render(request, "enterprise/documents.html", context, status=422 if form.errors else 200)


def materials(application: Any) -> list[str]:
    """What the institution asked for, and what the product wants from the enterprise."""
    wanted = [one["name"] for one in application.version.materials if one["source"] == "upload"]
    return list(dict.fromkeys(filter(None, (application.asked_material, *wanted))))


@with_enterprise
@require_safe
def document(request: Request, number: str, document_id: uuid.UUID) -> HttpResponse:
    return handed_out(request, number, document_id)


def handed_out(request: Request, number: str, document_id: uuid.UUID) -> HttpResponse:
    found = queries.document(document_id, number=number, visible_to=request.actor)
    return as_download(actions.fetch_document(document=found, by=request.actor, at=timezone.now()))


def as_download(file: actions.File) -> HttpResponse:
    """As a download, whatever it is: nothing of it is shown inside our pages."""
    sent = HttpResponse(file.content, content_type=CONTENT_TYPES[file.kind])
    sent["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    sent["X-Content-Type-Options"] = "nosniff"
    sent["Cache-Control"] = "no-store"
    return sent
