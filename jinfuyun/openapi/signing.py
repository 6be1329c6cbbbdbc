"""Who asks: a department, by its signature over the whole request. An old or repeated request is nobody's."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyHeader

from jinfuyun.kit import signed_request
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.errors import Refused
from jinfuyun.pushes import actions
from jinfuyun.pushes.rules import REQUEST_FRESH_FOR

_keys: dict[str, bytes] = {}


class NotSigned(Refused):
    """Doors answer 401. One sentence for a stranger, a wrong signature and an unknown department."""

    message = "签名无效。"


class Stale(NotSigned):
    message = "请求时间与平台时间相差超过 5 分钟，请校准时钟后重新签名。"


def use_department_keys(keys: Mapping[str, bytes]) -> None:
    """Called once by config."""
    _keys.clear()
    _keys.update(keys)


class DepartmentSignature(APIKeyHeader):
    param_name = signed_request.SIGNATURE

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return signed_by(request)


def signed_by(request: HttpRequest) -> Actor:
    """The department; raises NotSigned, Stale, or Replayed."""
    department = request.headers.get(signed_request.DEPARTMENT, "")
    secret = _keys.get(department)
    path, method = request.get_full_path(), str(request.method)
    if secret is None or not signed_request.is_signed(secret, method, path, request.headers, request.body):
        raise NotSigned
    at = timezone.now()
    told = request.headers.get(signed_request.TIMESTAMP, "")
    if not told.isascii() or not told.isdigit() or len(told) > 12:
        raise Stale
    if abs(at.timestamp() - int(told)) > REQUEST_FRESH_FOR.total_seconds():
        raise Stale
    by = Actor(
        id=f"department:{department}", label=f"部门接口 {department}", roles=frozenset({Role.DEPARTMENT}),
        house=House(HouseKind.DEPARTMENT, department),
    )  # fmt: skip
    actions.use_request_id(request_id=request.headers.get(signed_request.REQUEST_ID, ""), by=by, at=at)
    return by
