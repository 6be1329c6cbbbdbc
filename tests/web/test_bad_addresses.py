"""Addresses and texts that no page ever gives out: a page that says so, never an error of ours."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from jinfuyun.kit.actor import House, HouseKind, Role
from tests.cast import Firm, Person, staff_person
from tests.test_house import routes
from tests.web.inside import inside
from tests.web.test_url_matrix import PARAMETER

# NUL, a path that climbs, a line break, no UTF-8, and far too long.
ODD = ("%00", "..%2F..", "a%0D%0Ab", "%FF%FE", "x" * 3000)


def asked(client: Client, path: str) -> set[int]:
    return {client.get(path).status_code, client.post(path).status_code}


def odd_addresses() -> list[str]:
    """Every route that names an object, with each odd name in its place."""
    every = sorted(routes(get_resolver().url_patterns))
    named = [route for route in every if PARAMETER.search(route) and not route.startswith("/sandbox/")]
    return [PARAMETER.sub(lambda _, odd=odd: odd, route) for route in named for odd in ODD]


@pytest.mark.django_db
def test_an_odd_address_is_refused_by_the_door_it_knocks_at(
    red_star: Firm, red_star_owner: Person, river_bank_officer: Person, operator: Person, client: Client
) -> None:
    owner = inside(red_star_owner, uscc=red_star.uscc)
    at_home = {"my": owner, "account": owner, "bank": inside(river_bank_officer), "operator": inside(operator)}
    for path in odd_addresses():
        person = at_home.get(path.split("/")[1], client)
        assert asked(person, path) <= {302, 404, 405, 409}, path


def asked_for() -> set[str]:
    """Every name that a page reads from the query."""
    return {
        name
        for module in (Path(__file__).resolve().parents[2] / "jinfuyun" / "web").rglob("*.py")
        for name in re.findall(r"\bGET\.get\(\"([a-z_]+)\"", module.read_text())
    }


@pytest.mark.django_db
def test_an_odd_query_is_no_error_of_ours(
    red_star: Firm, red_star_owner: Person, river_bank_officer: Person, river_bank_admin: Person, operator: Person,
    fuzhou_regulator: Person, client: Client,
) -> None:  # fmt: skip
    """Seen red: a NUL in the words looked for among loans went as far as the database."""
    owner = inside(red_star_owner, uscc=red_star.uscc)
    house = House(HouseKind.DEPARTMENT, "tax")
    bureau = staff_person("department", "tax.lin", "13500000003", "税数据", house, Role.DEPARTMENT)
    people = {
        "my": [owner], "account": [owner], "bank": [inside(river_bank_officer), inside(river_bank_admin)],
        "operator": [inside(operator)], "regulator": [inside(fuzhou_regulator)], "department": [inside(bureau)],
    }  # fmt: skip
    odd = dict.fromkeys(asked_for(), "a\0'b")
    assert {"q", "tray", "page"} < set(odd)
    for route in sorted(routes(get_resolver().url_patterns)):
        if "<" not in route and not route.startswith(("/sandbox", "/readyz")):  # no worker, no readiness
            for person in people.get(route.split("/")[1], [client]):
                assert person.get(route, odd).status_code < 500, route


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["x/y", "../..", "SQ 1", "编号", "?", "a" * 41, "SQ1\r\nX: y", "<b>", "-" * 25])
def test_what_cannot_be_a_number_of_a_document_is_said_at_the_field(client: Client, number: str) -> None:
    answer = client.post("/verify", {"number": number})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.django_db
def test_small_letters_and_blanks_around_a_number_are_forgiven(client: Client) -> None:
    answer = client.post("/verify", {"number": " sq2026030200000001 "})
    assert answer.headers["Location"] == "/verify/SQ2026030200000001"
