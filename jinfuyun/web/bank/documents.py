"""What an enterprise uploaded, handed to who works on its application."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jinfuyun.kit.actor import Role
from jinfuyun.web.enterprise.documents import handed_out
from jinfuyun.web.guards import staff
from jinfuyun.web.request import Request


@staff(Role.OFFICER, Role.APPROVER)
@require_safe
def document(request: Request, number: str, document_id: uuid.UUID) -> HttpResponse:
    return handed_out(request, number, document_id)
