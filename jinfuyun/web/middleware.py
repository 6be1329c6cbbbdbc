"""What holds for every answer: headers, and the page that belongs to a named refusal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jinfuyun.kit import errors
from jinfuyun.web.public.errors import answer

# Django's own middlewares add nosniff, referrer policy, framing, HSTS and the content security policy.
HEADERS = (
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
)

# The first row that the refusal is an instance of decides.
REFUSALS: tuple[tuple[type[errors.Refused], int], ...] = (
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.NotGranted, 403),
    (errors.TooMany, 429),
    (errors.Unreachable, 503),
    (errors.Refused, 422),  # somebody was first, a second click, an old page
)


class Headers:
    """Outermost: errors, redirects and files pass through here too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query:  # nobody types it, and no column can hold it
            request.META["QUERY_STRING"] = query.replace("%00", "")
        response = self.get_response(request)
        for name, value in HEADERS:
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Somebody else may sit at this computer next; pages are never kept, also not by proxies.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class Refusals:
    """A refusal that no view handled becomes the page for it, with its own sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        for kind, status in REFUSALS:
            if isinstance(exception, kind):
                return answer(request, status, str(exception))
        return None
