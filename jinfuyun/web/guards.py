"""Who is there, and who may come in here. Every view but the public ones wears one of these guards."""

from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jinfuyun.accounts import actions, queries
from jinfuyun.accounts.rules import DEVICE_LIFE, Kind
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.web.public.errors import answer

View = Callable[..., HttpResponseBase]

BACKEND = "jinfuyun.accounts.backends.SignInBackend"
ENDED = "登录已结束：15 分钟没有操作，或已在别处退出。请重新登录，保存过的内容都还在。"
FIRST = "请先登录，之后回到您要办的事项。"
DEVICE_COOKIE = f"{'__Host-' if settings.HTTPS else ''}device"
WANTED_COOKIE = f"{'__Host-' if settings.HTTPS else ''}wanted"
WANTED_SECONDS = 2 * 60 * 60  # who registers and authenticates an enterprise in between needs a while
WANTED_MAX = 500  # characters of an address

# Where people of a kind begin after logging in, and the tab they are sent to when they are not logged in.
HOME = {
    Kind.ENTERPRISE: "/enterprises",
    Kind.INSTITUTION: "/bank",
    Kind.REGULATOR: "/regulator",
    Kind.DEPARTMENT: "/department",
    Kind.OPERATOR: "/operator",
}
# The pages of a kind of people that may be gone on to after logging in.
BELOW = {kind: "/my/" if kind is Kind.ENTERPRISE else f"{path}/" for kind, path in HOME.items()}


class Identity:
    """Sets `request.user` and `request.actor` (None for nobody). The sign-in decides, not the session's word alone."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = request.sign_in = request.uscc = None  # type: ignore[attr-defined]  # see request.Request
        sign_in_id = request.session.get("sign_in")
        if sign_in_id:
            at = timezone.now()
            sign_in = queries.standing(sign_in_id, at=at)
            if sign_in is None:
                request.session.flush()
                request.was_signed_in = True  # type: ignore[attr-defined]  # see request.Request
            else:
                actions.seen(sign_in=sign_in, at=at)
                request.user, request.sign_in = sign_in.user, sign_in  # type: ignore[attr-defined]  # see request.Request
                request.actor = queries.actor(sign_in.user)  # type: ignore[attr-defined]  # see request.Request
                request.enterprise = SimpleLazyObject(lambda: _chosen(request))  # type: ignore[attr-defined]  # see request.Request
        return self.get_response(request)


def _chosen(request: HttpRequest) -> SimpleNamespace | None:
    """The name of the enterprise this session acts for, for the head of pages that are not about it."""
    names = enterprises.names([request.session["uscc"]]) if request.session.get("uscc") else {}
    return next((SimpleNamespace(uscc=uscc, name=name) for uscc, name in names.items()), None)


def signed_in_enterprise_user(view: View) -> View:
    """For people of enterprises, whichever enterprise they act for, if any."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _refuse(request, {Role.ENTERPRISE_USER}) or view(request, *args, **kwargs)

    return guarded


def with_enterprise(view: View) -> View:
    """For people who chose an enterprise: sets `request.uscc`, and `request.actor` as the one acting for it.

    A form says in its hidden `acting_for` (see `forms_say_for_whom`) which enterprise it was shown for. One that was
    shown before the person chose another enterprise, in another tab, is refused.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = _refuse(request, {Role.ENTERPRISE_USER})
        if refused:
            return refused
        uscc = request.session.get("uscc")
        if not uscc:
            return redirect(HOME[Kind.ENTERPRISE])
        if request.method == "POST" and request.POST.get("acting_for") != uscc:
            return answer(request, 409)
        try:
            _act_for(request, uscc)
        except NotFound:  # handed on, or the mandate was taken back
            leave_enterprise(request)
            return redirect(HOME[Kind.ENTERPRISE])
        return view(request, *args, **kwargs)

    return guarded


def staff(*roles: Role) -> Callable[[View], View]:
    """For staff with one of these roles; to everybody else who is logged in the page does not exist."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _refuse(request, set(roles)) or view(request, *args, **kwargs)

        return guarded

    return guard


def signed_in(view: View) -> View:
    """For everybody who is logged in: the own account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _refuse(request, set(Role)) or view(request, *args, **kwargs)

    return guarded


def _refuse(request: HttpRequest, roles: set[Role]) -> HttpResponse | None:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        kind = next((kind for kind, path in HOME.items() if request.path.startswith(path)), Kind.ENTERPRISE)
        wanted = _worth_going_on_to(request, kind)
        if getattr(request, "was_signed_in", False):
            messages.info(request, ENDED)
        elif wanted:
            messages.info(request, FIRST)
        response = redirect(f"/login?role={kind}")
        if wanted:
            response.set_signed_cookie(
                WANTED_COOKIE, wanted, max_age=WANTED_SECONDS, httponly=True, secure=settings.HTTPS, samesite="Lax"
            )
        return response
    if not roles & actor.roles:
        raise NotFound
    return None


def _worth_going_on_to(request: HttpRequest, kind: Kind) -> str:
    """The address of a page below these people's; of an enterprise's none with an object, which may be another's."""
    match = request.resolver_match
    is_page = request.method == "GET" and "HX-Request" not in request.headers and request.path.startswith(BELOW[kind])
    if not is_page or match is None or (kind is Kind.ENTERPRISE and match.kwargs):
        return ""
    address = request.get_full_path()
    return address if len(address) <= WANTED_MAX else ""


def go_on(request: HttpRequest, kind: Kind, otherwise: str) -> HttpResponse:
    """To the page that was wanted before logging in, once; if there was none of this kind of people's, `otherwise`."""
    wanted = request.get_signed_cookie(WANTED_COOKIE, default="", max_age=WANTED_SECONDS) or ""
    response = redirect(wanted if wanted.startswith(BELOW[kind]) else otherwise)
    if wanted:
        response.delete_cookie(WANTED_COOKIE, samesite="Lax")
    return response


def _act_for(request: HttpRequest, uscc: str) -> None:
    user: Any = request.user
    request.actor = enterprises.actor_for(  # type: ignore[attr-defined]  # see request.Request
        user_id=user.pk, phone=user.phone, uscc=uscc, label=queries.actor(user).label, at=timezone.now()
    )
    request.uscc = uscc  # type: ignore[attr-defined]  # see request.Request
    request.enterprise = enterprises.profile(uscc)  # type: ignore[attr-defined]  # see request.Request


def forms_say_for_whom(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `csrf_input` of every form also names the enterprise that the page was shown for.

    Lazy, so that a page without a form sets no cookie.
    """
    return {"csrf_input": _lazy_fields(request)}


def _hidden_fields(request: HttpRequest) -> SafeString:
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    uscc = request.session.get("uscc") if getattr(request, "actor", None) else None
    return token + (format_html('<input type="hidden" name="acting_for" value="{}">', uscc) if uscc else SafeString())


_lazy_fields = lazy(_hidden_fields, SafeString, str)


def session_of(request: HttpRequest) -> str:
    """A name for this session that outlives the change of its key at log-in; codes and pictures are bound to it."""
    if "name" not in request.session:
        request.session["name"] = uuid4().hex
    return str(request.session["name"])


def address_of(request: HttpRequest) -> str:
    """The client's address; behind our own proxy, the one that the proxy itself saw."""
    if settings.BEHIND_PROXY:
        return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def client_of(request: HttpRequest) -> actions.Client:
    return actions.Client(
        ip=address_of(request),
        agent=request.META.get("HTTP_USER_AGENT", ""),
        device=request.COOKIES.get(DEVICE_COOKIE, ""),
    )


def come_in(request: HttpRequest, signed_in: actions.SignedIn) -> HttpResponse:
    """Give the session a new key, remember the device, and go where this kind of person begins."""
    name = session_of(request)
    request.session.flush()
    auth.login(request, signed_in.user, backend=BACKEND)
    request.session["name"], request.session["sign_in"] = name, signed_in.sign_in_id
    kind = Kind(signed_in.user.kind)
    # People of enterprises choose the enterprise first; what they wanted waits until then.
    response = redirect(HOME[kind]) if kind is Kind.ENTERPRISE else go_on(request, kind, HOME[kind])
    response.set_cookie(
        DEVICE_COOKIE, signed_in.device, max_age=int(DEVICE_LIFE.total_seconds()), httponly=True,
        secure=settings.HTTPS, samesite="Lax",
    )  # fmt: skip
    return response


def go_out(request: HttpRequest) -> None:
    """End this sign-in and everything the session knew."""
    if request.session.get("sign_in"):
        actions.log_out(sign_in_id=request.session["sign_in"], at=timezone.now())
    auth.logout(request)


def enter_enterprise(request: HttpRequest, uscc: str) -> None:
    """From now on this session acts for `uscc`, under a new key. Raises NotFound for a stranger's."""
    _act_for(request, uscc)
    request.session.cycle_key()
    request.session["uscc"] = uscc


def leave_enterprise(request: HttpRequest) -> None:
    """From now on this session acts for no enterprise."""
    if request.session.pop("uscc", None):
        request.session.cycle_key()
