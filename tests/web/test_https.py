"""Behind TLS (JINFUYUN_HTTPS=1): cookies that no other host and no plain connection can read or set, and HSTS.

Settings are read once a process, so the site is started in a process of its own, as the server starts it.

Seen red: with cookies that are not Secure, with HSTS of no seconds.
"""

import json
import os
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import STAFF_PASSWORD, Person

ROOT = Path(__file__).resolve().parents[2]
# Logs an operator in by the form, once for each way to come, and says what each answer was and set.
CHILD = """
import json, re, sys
import django
django.setup()
from django.test import Client
told = json.loads(sys.argv[1])

def visit(proto, referer):
    client, said = Client(enforce_csrf_checks=True, HTTP_X_FORWARDED_PROTO=proto, HTTP_HOST="testserver"), []

    def note(answer):
        said.append({"status": answer.status_code, "headers": dict(answer.headers),
                     "cookies": [cookie.OutputString() for cookie in answer.cookies.values()]})
        return answer

    page = note(client.get("/login?role=operator")).content.decode()
    note(client.get("/static/jinfuyun/theme.css")).close()
    note(client.get("/no-such-page"))
    client.get("/captcha.webp")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"csrfmiddlewaretoken": token, "role": "operator", "captcha": client.session["captcha_answer_for_sandbox"]}
    note(client.post("/login?role=operator", form | told["form"], HTTP_REFERER=referer))
    return said

print(json.dumps([visit(*way) for way in told["ways"]]))
"""
OWN, FORGED = "https://testserver/login", "http://testserver/login"


def visits(operator: Person, *ways: tuple[str, str]) -> list[list[dict[str, Any]]]:
    """For each way to come (scheme, as the proxy says it, and the page that the form stood on): what was answered."""
    form = {"account": operator.account, "password": STAFF_PASSWORD, "otp": operator.otp(timezone.now())}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, json.dumps({"form": form, "ways": ways})], cwd=ROOT,
        env=os.environ | {"JINFUYUN_HTTPS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return answers


def cookies_of(answers: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    jar = SimpleCookie()
    for answer in answers:
        for line in answer["cookies"]:
            jar.load(line)
    return {name: dict(one) for name, one in jar.items()}


@pytest.mark.usefixtures("committed_db")
def test_over_tls_cookies_are_this_hosts_own_and_for_no_script(operator: Person) -> None:
    """One story, because a start takes seconds."""
    forged, secure, plain = visits(operator, ("https", FORGED), ("https", OWN), ("http", FORGED))
    assert [one["status"] for one in secure] == [200, 200, 404, 302]
    found = cookies_of(secure)
    assert set(found) == {"__Host-session", "__Host-csrf", "__Host-device"}
    for name, one in found.items():
        said = {key: one[key] for key in ("secure", "httponly", "samesite", "path", "domain")}
        assert said == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}, name
    assert {one["headers"].get("Strict-Transport-Security") for one in secure} == {"max-age=31536000"}
    # A form whose page could have been forged on a plain connection is refused.
    assert forged[-1]["status"] == 403
    # A browser ignores HSTS on a plain connection; the proxy answers port 80 itself, by a redirect.
    assert not any("Strict-Transport-Security" in one["headers"] for one in plain)
    proxy = (ROOT / "deploy" / "nginx.conf.example").read_text(encoding="utf-8")
    assert "return 301 https://$host$request_uri;" in proxy.partition("listen 80;")[2].partition("}")[0]
