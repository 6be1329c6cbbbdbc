"""Every URL × method × identity × object against the table in url_matrix.csv: who gets what.

The object is Red Star's (applied for at River Bank) or none at all: to Blue Sea's owner and Hill Bank's officer Red
Star's is a stranger's, and has to answer exactly as the absent one does. Each request is undone before the next. A
new URL needs its rows: the failing test prints the lines as they would stand.

Seen red with every application shown to each institution, to each enterprise, and with every consent found by its
number.
"""

import csv
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from jinfuyun.enterprises import actions as enterprises
from tests.cast import Firm, Person
from tests.test_house import routes
from tests.web.inside import inside
from tests.web.stage import compared, coordinated, demanded, disputed, lent, objects, overseen
from tests.web.visits import fingerprint

TABLE = Path(__file__).with_name("url_matrix.csv")
IDENTITIES = (
    "nobody", "owner_a", "clerk_a", "apply_clerk_a", "owner_b", "officer_x", "manager_x", "admin_x", "officer_y",
    "regulator", "operator",
)  # fmt: skip
STRANGERS = ("owner_b", "officer_y", "regulator", "nobody")
# Red Star lies in its region, and every institution's results are its to read: there the regulator is no stranger.
ITS_OWN = ("/regulator/coordination/", "/regulator/zones/", "/regulator/evaluation/")
NO_UUID = "00000000-0000-4000-8000-000000000000"
ABSENT = {
    "uuid:": NO_UUID, "uuidstr:": NO_UUID, "code:": "NOSUCH", "str:": "NOSUCH", "slug:number": "nosuch",
    "slug:feed": "nosuch", "slug:scheme": "nosuch", "slug:period": "2026-02",
    "slug:slug": "nosuch",
}  # fmt: skip
# Acts are words in the address: one stands for all that a door knows.
ACTS = {
    "/bank/applications/": "accept", "/bank/products/": "pause", "/my/applications/": "withdraw",
    "/operator/institutions/": "suspend", "/operator/products/": "pause", "/department/uploads/": "confirm",
    "/operator/calendar/": "confirm",
    "/my/disputes/": "withdraw", "/department/disputes/": "take", "/operator/objections/": "take",
    "/regulator/warnings/": "confirm",
    "/my/demands/": "withdraw", "/bank/recommendations/": "grant", "/regulator/coordination/declarations/": "judge",
    "/bank/demands/": "propose", "/regulator/charts/": "funnel",
    "/bank/loans/": "repay", "/bank/lines/": "draw", "/my/loans/": "confirm",
    "/my/complaints/": "withdraw", "/regulator/notes/": "close", "/regulator/looks/": "agree",
}  # fmt: skip
PARAMETER = re.compile(r"<(\w+:)(\w+)>")
# Products and policies are public; of the others whoever knows the number or the link may come in.
FOR_EVERYBODY = ("/products/", "/zones/", "/my/matching/", "/policies/", "/verify/", "/invited/", "/sign/")
RUN_ROUTES = "/enterprises/new/"  # the wizard names its run in the query
NO_RUN = "?run=00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Visit:
    route: str
    method: str
    object: str  # "-": the address names none
    address: str


@pytest.fixture
def cookies(
    committed_db: None, red_star: Firm, blue_sea: Firm, red_star_owner: Person, stranger: Person, bookkeeper: Person,
    runner: Person, river_bank_officer: Person, river_bank_product_manager: Person, river_bank_admin: Person,
    hill_bank_officer: Person, fuzhou_regulator: Person, operator: Person,
) -> dict[str, str]:  # fmt: skip
    """The session of each identity; `nobody` has none. Red Star's first clerk may do every act, the second `apply`."""
    people = {
        "owner_a": (red_star_owner, red_star.uscc), "clerk_a": (bookkeeper, red_star.uscc),
        "apply_clerk_a": (runner, red_star.uscc),
        "owner_b": (stranger, blue_sea.uscc), "officer_x": (river_bank_officer, ""),
        "manager_x": (river_bank_product_manager, ""), "admin_x": (river_bank_admin, ""),
        "officer_y": (hill_bank_officer, ""), "regulator": (fuzhou_regulator, ""), "operator": (operator, ""),
    }  # fmt: skip
    name = settings.SESSION_COOKIE_NAME
    return {who: inside(person, uscc=uscc).cookies[name].value for who, (person, uscc) in people.items()}


@pytest.fixture
def there(
    settings: LazySettings, cookies: dict[str, str], red_star: Firm, red_star_owner: Person, bookkeeper: Person,
    runner: Person, river_bank_officer: Person, river_bank_admin: Person, fuzhou_regulator: Person,
) -> dict[str, str]:  # fmt: skip
    settings.DEPARTMENTS_URL = "http://127.0.0.1:9"  # the discard port: no department answers
    enterprises.give_mandate(
        uscc=red_star.uscc, phone=runner.phone, acts=["apply"], ends_on=timezone.localdate() + timedelta(days=30),
        by=red_star.owner, at=timezone.now(),
    )  # fmt: skip
    found = objects(red_star, red_star_owner, bookkeeper, river_bank_officer, river_bank_admin)
    more = lent(red_star, river_bank_officer) | demanded(red_star, river_bank_officer)
    more |= coordinated(red_star, fuzhou_regulator)
    unfinished = {"/bank/products/unfinished/": NO_UUID}  # one person's own: nobody there has any
    more |= disputed(red_star, found) | overseen(red_star, found, fuzhou_regulator)
    return unfinished | more | found | compared()


def visits(there: dict[str, str]) -> list[Visit]:
    """Every route with every method; twice where an address names an object."""
    found = []
    for route in sorted(routes(get_resolver().url_patterns)):
        for method in ("GET", "POST"):
            names = PARAMETER.findall(route)
            if not names and not route.startswith(RUN_ROUTES):
                found.append(Visit(route, method, "-", route))
                continue
            own = next((value for start, value in there.items() if route.startswith(start)), None)
            assert own is not None, f"no object for {route}: add one to stage.objects"
            for kind in ("there", "absent"):
                found.append(Visit(route, method, kind, address(route, own if kind == "there" else None)))
    return found


def address(route: str, own: str | None) -> str:
    """The route with its object, or with one that does not exist."""
    if route.startswith(RUN_ROUTES):
        return route + (own or NO_RUN)
    act = next((word for start, word in ACTS.items() if route.startswith(start)), "")

    def value(part: re.Match[str]) -> str:
        if part[1] + part[2] == "slug:name":
            return act
        if part[1] == "int:":
            return "1"  # the number of a version below its product
        if part[2] == "code" and "evaluation" in route:
            return "RIVER"  # below its period
        if part[2] == "document_id":
            return NO_UUID  # below its application; nobody there has uploaded any
        return own or ABSENT.get(part[1]) or ABSENT[part[1] + part[2]]

    return PARAMETER.sub(value, route)


def answer(client: Client, visit: Visit, cookie: str | None, acting_for: str) -> Any:
    """What comes back; whatever it changed is undone, in the browser and in the database."""
    client.cookies.clear()
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    undone = transaction.atomic()
    undone._from_testcase = True  # as Django's own test cases: a verb that insists on being outermost may run inside
    with undone:
        found = client.generic(
            visit.method, visit.address, f"acting_for={acting_for}", content_type="application/x-www-form-urlencoded"
        )
        transaction.set_rollback(True)
    return found


def said(found: Any) -> str:
    """The status; of a redirect also where to, without names of objects."""
    if found.status_code not in (301, 302):
        return str(found.status_code)
    to = re.sub(r"/(SQ|BG|RZ|YY|XW|XQ|JJ|SX|TS|DB|CY|XT)\w+|\?(?!role).*", "", found.headers["Location"])
    return f"{found.status_code} {to}"


@pytest.mark.timeout(600)  # thousands of answers: minutes beside other work
@pytest.mark.parametrize(
    "with_absent", [pytest.param(False, id="there"), pytest.param(True, id="and absent", marks=pytest.mark.deep)]
)
def test_every_address_answers_everybody_as_the_table_says(
    cookies: dict[str, str], there: dict[str, str], red_star: Firm, blue_sea: Firm, with_absent: bool
) -> None:
    acting = {"owner_a": red_star.uscc, "clerk_a": red_star.uscc, "apply_clerk_a": red_star.uscc}
    acting["owner_b"] = blue_sea.uscc
    table = {
        (row["route"], row["method"], row["object"]): row for row in csv.DictReader(TABLE.read_text().splitlines())
        if with_absent or row["object"] != "absent"
    }  # fmt: skip
    wrong, unequal, answers = [], [], {}
    client = Client()  # one for all: each looks through every static file once
    for visit in visits(there):
        if visit.object == "absent" and not with_absent:
            continue
        key = (visit.route, visit.method, visit.object)
        for who in IDENTITIES:
            answers[(*key, who)] = answer(client, visit, cookies.get(who), acting.get(who, ""))
        now = [said(answers[(*key, who)]) for who in IDENTITIES]
        if key not in table or [table[key][who] for who in IDENTITIES] != now:
            wrong.append(",".join((*key, *now)))
        if visit.object == "absent" and not visit.route.startswith(FOR_EVERYBODY):
            strangers = [who for who in STRANGERS if who != "regulator" or not visit.route.startswith(ITS_OWN)]
            unequal += [(*key, who) for who in strangers if not alike(answers, visit, who)]
    gone = set(table) - {(route, method, kind) for route, method, kind, _ in answers}
    assert not wrong, "these lines differ from url_matrix.csv:\n" + "\n".join(wrong)
    assert not gone, f"rows without a URL: {sorted(gone)}"
    assert not unequal, f"a stranger's object can be told from one that does not exist: {unequal}"


def alike(answers: dict[Any, Any], visit: Visit, who: str) -> bool:
    """Whether the absent object answers as the one that is there, but for the address itself."""
    absent = answers[(visit.route, visit.method, "absent", who)]
    present = answers[(visit.route, visit.method, "there", who)]
    if present.status_code != 404 and absent.status_code != 404:
        return True
    return fingerprint(absent) == fingerprint(present)
