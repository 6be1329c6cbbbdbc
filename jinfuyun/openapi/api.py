"""The door for programs: JSON in and out, every refusal as `{"error": {"code", "message"}}` with its sentence."""

from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from jinfuyun.kit import errors
from jinfuyun.openapi.signing import DepartmentSignature, NotSigned
from jinfuyun.openapi.v1 import deliveries
from jinfuyun.pushes.actions import KeyReused, Replayed

# The first row that the refusal is an instance of decides.
REFUSALS: tuple[tuple[type[errors.Refused], int, str], ...] = (
    (NotSigned, 401, "not_signed"),
    (Replayed, 409, "replayed"),
    (KeyReused, 422, "key_reused"),
    (errors.NotFound, 404, "not_found"),
    (errors.NotAllowed, 403, "not_allowed"),
    (errors.TooMany, 429, "too_many"),
    (errors.TooLate, 409, "conflict"),
    (errors.Unreachable, 503, "unreachable"),
    (errors.Refused, 422, "refused"),
)


class Json(BaseRenderer):
    """Chinese stays Chinese."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return msgspec.json.encode(data)


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return msgspec.json.decode(request.body)
        except msgspec.DecodeError as trouble:
            raise HttpError(400, "请求内容不是有效的 JSON。") from trouble


class Docs(Swagger):
    """The page from our own files; signed requests cannot be tried out of a browser."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        settings = self.default_settings | {"url": self.get_openapi_url(api, kwargs), "supportedSubmitMethods": []}
        return render(request, "openapi/docs.html", {"settings": settings, "title": api.title})


HOW_TO_SIGN = (
    "请求须以本单位密钥签名。"
    "逐行拼接：方法、路径（含查询）、X-Timestamp、X-Request-Id、Idempotency-Key、正文的 SHA-256；"
    "取 HMAC-SHA256 的十六进制写入 X-Signature，单位代号写入 X-Department。"
    "请求编号只能用一次，时间（1970 年以来的整秒）相差不得超过 5 分钟。"
)
api = NinjaAPI(
    title="金服云开放接口", version="1", urls_namespace="api", openapi_url="/v1/openapi.json", docs_url="/docs",
    docs=Docs(), renderer=Json(), parser=JsonParser(), auth=DepartmentSignature(), docs_decorator=require_safe,
    description=HOW_TO_SIGN,
)  # fmt: skip
api.add_router("/v1/deliveries", deliveries.router)


def _said(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> HttpResponse:
    return api.create_response(request, {"error": {"code": code, "message": message, **more}}, status=status)


@api.exception_handler(errors.Refused)
def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    status, code = next((status, code) for kind, status, code in REFUSALS if isinstance(refusal, kind))
    return _said(request, status, code, str(refusal))


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, trouble: Any) -> HttpResponse:
    """Which fields, by their place; what stood in them is not repeated."""
    fields = sorted({".".join(str(part) for part in each["loc"][1:]) for each in trouble.errors})
    return _said(request, 422, "malformed", "请求内容不合接口规定。", fields=fields)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, trouble: Any) -> HttpResponse:
    return _said(request, trouble.status_code, "bad_request", str(trouble))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, trouble: Any) -> HttpResponse:
    return _said(request, 413, "too_large", "请求正文过大，每段不超过 2 MB。")
