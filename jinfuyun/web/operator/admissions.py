"""入驻申请 from the public form, and a directory of institutions as a sheet: both become drafts for four eyes."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.institutions import actions, queries
from jinfuyun.institutions.rules import DIRECTORY, DIRECTORY_ROWS_MAX, KIND_LABELS
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.identity import mask_name, mask_phone
from jinfuyun.kit.reasons import NotInOrder
from jinfuyun.kit.refusals import Desk, choices
from jinfuyun.storage.sheets import SheetRefused, sheet
from jinfuyun.web.bank.sheets import xlsx
from jinfuyun.web.files import with_a_file
from jinfuyun.web.forms import PoliteForm, refusing
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

PAGE_SIZE = 20
BYTES_MAX = 2 << 20  # two hundred rows are a hundredth of it
# What the sample sheet shows, in words that no institution has.
SAMPLE = ("SLYH", "示例银行", "银行", "B0000H235010000", "福州市", "0591-87000000", "张三", "13800000000")


DeclineForm = refusing(Desk.ADMISSION)


class DirectoryForm(PoliteForm):
    file = forms.FileField(
        label="机构名录", help_text=f"Excel（xlsx），不超过 {BYTES_MAX >> 20} MB、{DIRECTORY_ROWS_MAX} 行。",
        error_messages={"required": "请选择一个文件。", "empty": "文件是空的。"},
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(f"文件超过 {BYTES_MAX >> 20} MB，请拆成几个文件。")
        return file


@staff(Role.OPERATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.requests(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {"request": one, "contact": f"{mask_name(one.contact_name)} {mask_phone(one.contact_phone)}",
         "state": one.get_state_display(), "region": regions.full_name(one.region_code)}
        for one in page
    ]  # fmt: skip
    context = {"page": page, "rows": rows, "grounds": choices(Desk.ADMISSION)}
    return render(request, "operator/admissions.html", context)


@staff(Role.OPERATOR)
@require_POST
def take_up(request: Request, request_id: uuid.UUID) -> HttpResponse:
    code = request.POST.get("code", "").strip().upper()
    try:
        actions.take_up(request_id=request_id, code=code, by=request.actor, at=timezone.now())
        messages.success(request, "已转为草稿，核对后提交，由另一位同事复核。")
        return redirect("operator:institution", code=code)
    except (NotAllowed, NotFound):
        raise
    except NotInOrder as refusal:
        messages.error(request, "".join(reason.text for reason in refusal.reasons))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("operator:admissions")


@staff(Role.OPERATOR)
@require_POST
def decline(request: Request, request_id: uuid.UUID) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, "".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("operator:admissions")
    try:
        actions.decline(request_id=request_id, **form.cleaned_data, by=request.actor, at=timezone.now())
        messages.success(request, "已办结：不予受理，联系人会收到原因。")
    except (NotAllowed, NotFound):
        raise
    except NotInOrder as refusal:
        messages.error(request, "".join(reason.text for reason in refusal.reasons))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("operator:admissions")


@with_a_file()
@staff(Role.OPERATOR)
def directory(request: Request) -> HttpResponse:
    """What became of the sheet stands on the page that answers it."""
    form, taken = DirectoryForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            taken = actions.take_in_directory(content=content, by=request.actor, at=timezone.now())
        except SheetRefused as refusal:
            form.add_error("file", str(refusal))
    context = {"form": form, "taken": taken, "kinds": "、".join(KIND_LABELS.values()), "heading": "、".join(DIRECTORY)}
    return render(request, "operator/directory.html", context, status=422 if form.errors else 200)


@staff(Role.OPERATOR)
@require_safe
def sample(request: Request) -> HttpResponse:
    return xlsx(sheet(DIRECTORY, [SAMPLE]), "institutions.xlsx")
