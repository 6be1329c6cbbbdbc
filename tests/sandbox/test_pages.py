"""The pages that only a sandbox has."""

import json
import os
import subprocess
import sys

import pytest
from playwright.sync_api import Page

from tests.browser import axe, overflow, shoot

LOGIN = {"role": "officer", "account": "mlyh-01", "password": "correct horse battery", "otp_secret": "JBSWY3DPEHPK3PXP"}
ROUTES = ("/sandbox/", "/sandbox/people.json", "/sandbox/captcha", "/sandbox/phone/16400000001",
          "/sandbox/phone/16400000001.json", "/sandbox/phone", "/sandbox/faults")  # fmt: skip


@pytest.fixture
def sandbox(service, province_folder, tmp_path, settings):
    (tmp_path / "province").symlink_to(province_folder)
    (tmp_path / "logins.json").write_text(json.dumps([LOGIN]))
    settings.DEPARTMENTS_URL, settings.SANDBOX_STATE = service.url, tmp_path
    yield service
    for department in service.get("/faults"):
        service.fault(department, "off")


@pytest.mark.django_db
def test_the_list_for_programs_gives_five_elements_accounts_and_logins(sandbox, client):
    told = client.get("/sandbox/people.json").json()
    assert set(told) == {"enterprises", "logins"}
    assert len(told["enterprises"]) == 120
    wanted = {"tax_number", "legal_name", "id_type", "id_number", "phone", "uscc", "name", "utilities"}
    assert all(set(one) == wanted for one in told["enterprises"])
    assert set(told["enterprises"][0]["utilities"]) == {"electricity", "water", "gas"}
    assert told["logins"] == [LOGIN]


def test_a_phone_shows_its_messages_to_people_and_programs(sandbox, client):
    sandbox.post("/sms", {"to": "16499999981", "text": "验证码 246810，请勿告诉他人。"})
    (message,) = client.get("/sandbox/phone/16499999981.json").json()
    assert set(message) == {"at", "text", "code"}
    assert message["code"] == "246810"
    assert "246810" in client.get("/sandbox/phone/16499999981").content.decode()


def test_a_number_in_any_writing_leads_to_its_phone(sandbox, client):
    assert client.get("/sandbox/phone", {"number": "+86 164 9999 9981"})["Location"] == "/sandbox/phone/16499999981"
    assert client.get("/sandbox/phone", {"number": "nobody"})["Location"] == "/sandbox/"


@pytest.mark.django_db
def test_the_answer_of_the_picture_is_this_sessions_own(sandbox, client):
    assert client.get("/sandbox/captcha").content == b""
    session = client.session
    session["captcha_answer_for_sandbox"] = "K7P3"
    session.save()
    assert client.get("/sandbox/captcha").content == b"K7P3"


def test_a_fault_is_switched_on_the_page_and_nonsense_changes_nothing(sandbox, client):
    client.post("/sandbox/faults", {"department": "gas", "mode": "slow"})
    assert sandbox.get("/faults")["gas"] == "slow"
    client.post("/sandbox/faults", {"department": "navy", "mode": "slow"})
    client.post("/sandbox/faults", {"department": "gas", "mode": "explode"})
    assert {name for name, mode in sandbox.get("/faults").items() if mode != "off"} == {"gas"}


@pytest.mark.django_db
def test_the_pages_stand_while_the_departments_are_silent(sandbox, client, settings):
    settings.DEPARTMENTS_URL = "http://127.0.0.1:1"
    assert client.get("/sandbox/").status_code == 200
    assert client.get("/sandbox/phone/16499999981").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("width", ["page", "phone"])
@pytest.mark.parametrize(("name", "path"), [("sandbox", "/sandbox/"), ("sandbox-phone", "/sandbox/phone/16499999982")])
def test_the_pages_have_no_barrier(sandbox, site, request, width, name, path):
    sandbox.post("/sms", {"to": "16499999982", "text": "【金服云】验证码 135790，5分钟内有效。"})
    browser: Page = request.getfixturevalue(width)
    browser.goto(site + path)
    shoot(browser, name)
    assert axe(browser) == []
    assert overflow(browser) == 0


def test_none_of_these_routes_exists_when_the_sandbox_is_off():
    ask = (
        "import django; django.setup()\n"
        "from django.urls import Resolver404, resolve\n"
        f"for route in {ROUTES}:\n"
        "    try: resolve(route); print(route)\n"
        "    except Resolver404: pass\n"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "jinfuyun.config.settings"}

    def routes(switch):
        environment["JINFUYUN_SANDBOX"] = switch
        run = subprocess.run([sys.executable, "-c", ask], env=environment, check=True, capture_output=True, text=True)
        return run.stdout.split()

    assert routes("1") == list(ROUTES)
    assert routes("0") == []
