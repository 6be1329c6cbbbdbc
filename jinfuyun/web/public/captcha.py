"""The picture in front of SMS and passwords, and the way past it for who cannot see it: digits to listen to.

A right answer opens the form it stands in for five minutes, so that a person who asked for an SMS code with it need
not solve another one when the code has come.
"""

import io
import secrets
from datetime import datetime

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from PIL import ImageOps

from jinfuyun.accounts import actions
from jinfuyun.accounts.rules import CODE_LIFE, Limit, network_of
from jinfuyun.web.forms import OnceInput, PoliteForm
from jinfuyun.web.guards import address_of, session_of

INKS = ((11, 47, 102), (122, 18, 38), (20, 84, 52), (74, 34, 110), (92, 56, 8))
SANDBOX_ANSWER = "captcha_answer_for_sandbox"
PASSED = "captcha_passed"
EMPTY = "请填写验证码。"

_painter = ImageCaptcha(width=264, height=88, font_sizes=(62, 68, 74))
_painter.character_rotate = (-20, 20)
_speaker = AudioCaptcha()


@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """A new question for this session, drawn."""
    answer = actions.ask_picture(session=session_of(request), at=timezone.now())
    _tell_sandbox(request, answer)
    return HttpResponse(_drawn(answer), content_type="image/webp", headers={"Cache-Control": "no-store"})


def _drawn(answer: str) -> bytes:
    """Dark ink on white. The painter itself fades dark inks, so it paints white on black, and that is tinted."""
    painted = _painter.generate_image(answer, bg_color=(0, 0, 0), fg_color=(255, 255, 255)).convert("L")
    out = io.BytesIO()
    ImageOps.colorize(painted, black=(255, 255, 255), white=secrets.choice(INKS)).save(out, format="webp")
    return out.getvalue()


@require_GET
def sound(request: HttpRequest) -> HttpResponse:
    """A question for this session, spoken (English digits). A fifth of a second of CPU, so the address has a limit."""
    at = timezone.now()
    actions.reserve(limit=Limit.CAPTCHA_SOUND, key=network_of(address_of(request)), at=at)
    answer = actions.ask_sound(session=session_of(request), at=at)
    _tell_sandbox(request, answer)
    spoken = bytes(_speaker.generate(answer))
    return HttpResponse(spoken, content_type="audio/wav", headers={"Cache-Control": "no-store"})


def _tell_sandbox(request: HttpRequest, answer: str) -> None:
    if settings.SANDBOX:
        request.session[SANDBOX_ANSWER] = answer


class CaptchaForm(PoliteForm):
    """A form with a picture. Buttons `new_picture` and `listen` bring it back as it was, with another question."""

    captcha = forms.CharField(
        label="图形验证码", max_length=20, required=False,
        widget=OnceInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip
    way = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def only_about(self, *names: str) -> None:
        """Keep what is wrong with these fields only: the others are not asked for yet."""
        for name in list(self.errors):
            if name not in names:
                del self.errors[name]


def is_passed(request: HttpRequest, form_name: str) -> bool:
    """Whether this session answered for this form within the last minutes."""
    until = request.session.get(PASSED, {}).get(form_name)
    return until is not None and timezone.now() < datetime.fromisoformat(until)


def in_order(request: HttpRequest, form: CaptchaForm, form_name: str) -> bool:
    """Whether the whole form can stand and its picture was answered. What is wrong stands at the fields."""
    answered = is_passed(request, form_name) or form.data.get("captcha", "").strip()
    if form.errors or not answered:
        if not answered:
            form.add_error("captcha", EMPTY)
        return False
    return check(request, form, form_name)


def check(request: HttpRequest, form: CaptchaForm, form_name: str, *, empty: str = EMPTY) -> bool:
    """Whether the answer is right, or was a moment ago; the sentence for a wrong one stands at its field."""
    if is_passed(request, form_name):
        return True
    at = timezone.now()
    try:
        actions.answer_captcha(session=session_of(request), answer=form.cleaned_data.get("captcha", ""), at=at)
    except actions.WrongCaptcha as refusal:
        form.add_error("captcha", str(refusal) if form.cleaned_data.get("captcha") else empty)
        return False
    request.session[PASSED] = request.session.get(PASSED, {}) | {form_name: (at + CODE_LIFE).isoformat()}
    return True


def check_new(request: HttpRequest, form: CaptchaForm, form_name: str, *, empty: str = EMPTY) -> bool:
    """As `check`, but an earlier answer does not count: for what sends a message."""
    forget(request, form_name)
    return check(request, form, form_name, empty=empty)


def forget(request: HttpRequest, form_name: str) -> None:
    """The next try of this form needs a new answer."""
    request.session[PASSED] = {name: at for name, at in request.session.get(PASSED, {}).items() if name != form_name}


def context(request: HttpRequest, form: CaptchaForm, form_name: str) -> dict[str, object]:
    """What templates/public/captcha.html needs."""
    listens = "listen" in request.POST or ("new_picture" not in request.POST and form.data.get("way") == "sound")
    return {"captcha_passed": is_passed(request, form_name), "captcha_listens": listens}


def asks_for_another(request: HttpRequest) -> bool:
    """Whether one of the picture's own buttons was pressed, not the form's."""
    return "new_picture" in request.POST or "listen" in request.POST
