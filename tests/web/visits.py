"""A visitor without a browser: keeps cookies, solves the picture, reads the SMS."""

import re
from typing import Any

from django.test import Client

from jinfuyun.accounts.models import Captcha, Reservation
from jinfuyun.kit.actor import HouseKind
from jinfuyun.notifications.models import Message
from jinfuyun.storage.fields import mark_of
from tests.cast import Person

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
TAB = {
    HouseKind.INSTITUTION: "institution",
    HouseKind.REGION: "regulator",
    HouseKind.DEPARTMENT: "department",
    HouseKind.PLATFORM: "operator",
}
NONCE = re.compile(r"nonce[-=][\"']?[^\"';]+")


class Visitor(Client):
    """`Visitor()` speaks to the site as a browser with its own cookies does; forms carry their token."""

    def __init__(self, **options: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **options)

    def send(self, path: str, **fields: str) -> Any:
        """Open the page, then post its form; whatever has no page of its own is posted from the own account's."""
        page = self.get(path if path != "/logout" else "/account")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
        return self.post(path, {"csrfmiddlewaretoken": token[1] if token else "", **fields})

    def solve(self) -> str:
        """Have a picture drawn and read it."""
        self.get("/captcha.webp")
        return str(Captcha.objects.get(session_mark=mark_of("session", self.session["name"])).answer)

    def log_in(self, person: Person, at: Any) -> Any:
        """As that person, with a password and both factors."""
        if person.phone == person.account:
            Reservation.objects.all().delete()
            self.send("/login", account=person.account, captcha=self.solve(), send_code="1")
            sent = Message.objects.filter(template="code_login").order_by("-made_at")
            code = next(one.text for one in sent if one.phone == person.phone).partition("验证码 ")[2][:6]
            return self.send("/login", account=person.account, password=person.password, sms_code=code)
        assert person.actor.house is not None
        kind = TAB[person.actor.house.kind]
        return self.send(
            f"/login?role={kind}", role=kind, account=person.account, password=person.password,
            otp=person.otp(at), captcha=self.solve(),
        )  # fmt: skip


def fingerprint(answer: Any) -> tuple[Any, ...]:
    """Everything of an answer that an outsider could compare; tokens and nonces are random for everybody."""
    body = NONCE.sub("nonce", TOKEN.sub("token", answer.content.decode()))
    headers = {name: NONCE.sub("nonce", value) for name, value in answer.headers.items()}
    return answer.status_code, body, headers, sorted(answer.cookies)
