"""How long a page waits for departments, however many it asks. Here, because web may not open the data plane."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jinfuyun.data import door


class Patience:
    """Everything that one request asks of departments happens within one deadline."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with door.one_deadline():
            return self.get_response(request)
