"""/verify: anyone checks a letter, a report or a bulletin, by its number or its file. Nothing in it is told."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jinfuyun.consents import queries as consents
from jinfuyun.consents.letter import letter_check_code, template
from jinfuyun.consents.rules import State
from jinfuyun.kit.identity import mask_name
from jinfuyun.reports import queries as reports
from jinfuyun.storage import signing
from jinfuyun.storage.stamp import check_code
from jinfuyun.supervision.queries import bulletins
from jinfuyun.web.converters import Code

FILE_BYTES_MAX = 10 * 1024 * 1024


WORDS = {
    signing.Verdict.VALID: "文件由本平台签名，自签名之时起没有任何改动。",
    signing.Verdict.ALTERED: "文件在签名之后被改动过。",
    signing.Verdict.EXTENDED: "文件在签名之后被追加了内容，请以未追加的原件为准。",
    signing.Verdict.FOREIGN: "文件上的签名不是本平台的。",
    signing.Verdict.UNSIGNED: "文件上没有签名，可能是打印或另存的副本。",
    signing.Verdict.UNREADABLE: "这不是 PDF 文件，或文件已损坏。",
}


class NumberForm(forms.Form):
    number = forms.CharField(label="文书编号", max_length=40)

    def clean_number(self) -> str:
        """As it stands in an address; small letters are forgiven."""
        number = str(self.cleaned_data["number"]).strip().upper()
        if not Code.matches(number):
            raise forms.ValidationError("文书编号由字母和数字组成，请对照文书首页核对。")
        return number


class FileForm(forms.Form):
    file = forms.FileField(label="PDF 文件", widget=forms.FileInput({"accept": ".pdf"}))


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a number or a file."""
    number_form, file_form, result = NumberForm(), FileForm(), None
    if "number" in request.POST:
        number_form = NumberForm(request.POST)
        if number_form.is_valid():
            return redirect("verify_number", number=number_form.cleaned_data["number"])
    elif request.method == "POST":
        file_form = FileForm(request.POST, request.FILES)
        if file_form.is_valid():
            upload = file_form.cleaned_data["file"]
            if upload.size > FILE_BYTES_MAX:
                file_form.add_error("file", "文件不能超过10 MB。")
            else:
                result = signing.check(upload.read(), keys=settings.DOCUMENT_KEYS, stamps=settings.STAMPS)
    context = {
        "number_form": number_form, "file_form": file_form, "result": result,
        "words": WORDS[result.verdict] if result else "",
    }  # fmt: skip
    wrong = number_form.errors or file_form.errors
    return render(request, "public/verify.html", context, status=422 if wrong else 200)


@require_http_methods(["GET"])
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """What a QR code leads to."""
    found = _letter(number) or _report(number) or _bulletin(number)
    context = {"number": number, "found": found, "seal_says": template()["seal_says"], "file_form": FileForm()}
    return render(request, "public/verify_number.html", context, status=200 if found else 404)


def _letter(number: str) -> dict[str, Any] | None:
    consent = consents.by_number(number)
    if consent is None:
        return None
    data = consents.letter_of(consent)
    return {
        "kind": template()["title"], "state": consent.state, "label": State(consent.state).label,
        "at": consent.signed_at, "whose": mask_name(data.enterprise), "sha256": consent.pdf_sha256,
        "check_code": letter_check_code(data),
    }  # fmt: skip


def _report(number: str) -> dict[str, Any] | None:
    report = reports.by_number(number)
    if report is None:
        return None
    return {
        "kind": "企业信用报告", "state": "active", "label": "确由本平台制作", "at": report.made_at, "whose": "",
        "sha256": report.content_sha256, "check_code": check_code(report.number, report.content_sha256),
    }  # fmt: skip


def _bulletin(number: str) -> dict[str, Any] | None:
    found = bulletins.by_number(number)
    if found is None:
        return None
    return {
        "kind": "月度简报", "state": "active", "label": "确由本平台制作", "at": found.made_at, "whose": None,
        "sha256": found.sha256, "check_code": check_code(found.number, found.content_sha256),
    }  # fmt: skip
