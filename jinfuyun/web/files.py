"""Forms with a file: it is never put down in the clear."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from jinfuyun.deliveries.rules import UPLOAD_BYTES_MAX
from jinfuyun.web.guards import View
from jinfuyun.web.public.errors import answer
from jinfuyun.web.request import Request

MEGABYTE = 1 << 20
FORM_BYTES = MEGABYTE  # what a form may be larger than its file


class InMemory(FileUploadHandler):
    """Of a file that is too large only the size is kept."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= UPLOAD_BYTES_MAX:
            self._kept += raw_data

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return InMemoryUploadedFile(
            BytesIO(self._kept), self.field_name, self.file_name or "", self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip


def with_a_file(*, most: int | None = None) -> Callable[[View], View]:
    """For a page whose form has a file. One above `most` bytes is refused by the length it announces, unread."""

    def decorated(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt  # the handler has to be there before the form is read: the guarded part checks the token
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def prepared(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            length = request.META.get("CONTENT_LENGTH") or "0"
            if most is not None and (not length.isdecimal() or int(length) > most + FORM_BYTES):
                return answer(request, 413, f"文件超过 {most // MEGABYTE} MB。")
            request.upload_handlers = [InMemory(request)]
            return protected(request, *args, **kwargs)

        return prepared

    return decorated
