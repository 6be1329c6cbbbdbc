"""月度简报: the editions of each closed month, signed PDF and Word; making one that is not there yet."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused, Unreachable
from jinfuyun.storage import files
from jinfuyun.storage.typesetting import typesetter
from jinfuyun.supervision import actions
from jinfuyun.supervision.paper import bulletin_word
from jinfuyun.supervision.queries import bulletins, months
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@staff(Role.REGULATOR, Role.OPERATOR)
@require_safe
def listing(request: Request) -> HttpResponse:
    context = {"made": bulletins.made(), "unmade": bulletins.unmade(), "may_make": months.may_close(request.actor)}
    return render(request, "regulator/bulletins.html", context)


@staff(Role.REGULATOR, Role.OPERATOR)
@require_POST
def make(request: Request) -> HttpResponse:
    at, month = timezone.now(), request.POST.get("month", "")
    try:
        for closing in bulletins.unmade(months.checked(month, at=at)):
            actions.make_bulletin(closing=closing, by=request.actor, at=at)
        messages.success(request, f"{month} 的简报已制作并签章。")
    except NotAllowed:
        raise
    except (Refused, Unreachable) as refusal:
        messages.error(request, str(refusal))
    return redirect("regulator:bulletins")


@staff(Role.REGULATOR, Role.OPERATOR)
@require_safe
def download(request: Request, number: str, kind: str) -> HttpResponse:
    found = bulletins.by_number(number)
    if found is None:
        raise NotFound
    if kind == "pdf":
        answer = HttpResponse(files.get(found.file), content_type="application/pdf")
    else:
        made = bulletin_word(found.content, setter=typesetter(settings.DOCUMENT_FONTS))
        answer = HttpResponse(made, content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="{number}.{kind}"'
    return answer
