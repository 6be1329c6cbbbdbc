"""Pages for what went wrong, in plain words: what happened, and what to do now."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path

# status: (title, what it means, what to do)
PAGES: dict[int, tuple[str, str, str]] = {
    400: ("请求无法识别", "浏览器发来的内容不完整或格式不对。", "请返回上一页，刷新后再试一次。"),
    403: ("不能办理此事项", "您没有权限，或页面停留过久已经失效。", "请刷新后再试，或换用有权限的账号登录。"),
    404: ("没有找到这个页面", "它可能已经下架或移走，也可能不属于您。", "请核对地址，或从首页重新进入。"),
    409: (
        "已切换到另一家企业",
        "您在另一个窗口选择了别的企业，本次提交没有受理，也没有改变任何数据。",
        "请回到“我的办理”核对当前企业，再重新提交。",
    ),
    413: ("提交的内容太大", "文件或文字超过了平台能接收的大小。", "请压缩或拆分后再提交。"),
    422: ("没有办成", "事项的状态刚刚有了变化，本次提交没有改变任何数据。", "请返回上一页，刷新后再看。"),
    429: ("操作过于频繁", "为保护账号安全，短时间内的次数有限制。", "请稍等几分钟再试，不需要反复点击。"),
    503: ("服务暂时不可用", "系统正忙，或外部部门的接口没有应答。您已提交的内容不会丢失。", "请过几分钟再试。"),
}  # fmt: skip
RETRY_AFTER_SECONDS = 60

_BROKEN = Path(__file__).resolve().parents[1] / "templates/errors/500.html"


def answer(request: HttpRequest, status: int, sentence: str | None = None) -> HttpResponse:
    """The page for `status`; `sentence` says it more exactly than the table."""
    title, meaning, advice = PAGES[status]
    context = {"status": status, "title": title, "meaning": sentence or meaning, "advice": advice}
    response = render(request, "errors/refused.html", context, status=status)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 413 if type(exception).__name__ == "RequestDataTooBig" else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request, 403, "页面停留过久或已在别处登录，为安全起见本次提交没有受理，您填写的内容没有改变任何数据。"
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is ours but for a slash at its end leads there; anything else is not ours."""
    bare = request.path.rstrip("/")
    if request.method == "GET" and bare != request.path and is_valid_path(bare):
        return redirect(bare)
    return answer(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something unexpected: no template engine, no database, a file as it lies."""
    nonce = str(getattr(request, "csp_nonce", ""))
    return HttpResponse(_BROKEN.read_text(encoding="utf-8").replace("{nonce}", nonce), status=500)
