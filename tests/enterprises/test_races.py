"""What must hold when the same account does several things at the same instant."""

import re
from dataclasses import asdict

from django.test import Client

from jinfuyun.data.door import Verdict
from jinfuyun.enterprises import actions
from jinfuyun.enterprises.actions import authenticate
from jinfuyun.enterprises.models import Holding, Mandate, Run
from jinfuyun.enterprises.rules import Elements, ProfileForm
from tests.at_once import AT_ONCE, all_at_once
from tests.cast import MONDAY, TUESDAY, Firm, Person, id_number_of, uscc_of
from tests.web.inside import inside

WIZARDS = 20


def ready(person: Person, number: int) -> tuple[Run, ProfileForm]:
    """A wizard that passed step 1, and its step 2; each for another legal representative."""
    name, phone = f"示例{number}", f"138000000{number}"
    elements = Elements(uscc_of(number), name, "resident", id_number_of(number), phone)
    run = actions.keep_draft(run=None, typed=asdict(elements), by=person.actor, at=MONDAY)
    run = authenticate.write_verdict(
        run=run, elements=elements, verdict=Verdict.MATCHES, registered=None, by=person.actor, at=MONDAY
    )
    return run, ProfileForm(uscc_of(number), f"{name}厂", "350111", "C", "enterprise", name, name, phone)


def test_two_wizards_at_once_do_not_bring_two_people_onto_one_account(committed_db: None, stranger: Person) -> None:
    """Seen red without the lock on the account's runs."""
    wizards = [ready(stranger, number) for number in range(20, 20 + WIZARDS)]

    def submit(number: int) -> None:
        run, profile = wizards[number]
        actions.submit_profile(run=run, profile=profile, by=stranger.actor, at=TUESDAY)

    assert all_at_once(submit, actions.OthersEnterprise, WIZARDS) == 1
    assert Holding.objects.count() == 1


def test_a_page_sent_many_times_at_once_is_one_run(committed_db: None, red_star_owner: Person) -> None:
    """Seen red without the name that the empty page gives to its run."""
    visitor = inside(red_star_owner)
    page = visitor.get("/enterprises/new/elements").content.decode()
    name = re.search(r'name="new_run" value="([0-9a-f-]{36})"', page)
    assert name

    def send(number: int) -> None:
        client = Client()
        client.cookies = visitor.cookies
        typed = {"tax_number": uscc_of(1), "legal_name": f"林{number}", "new_run": name[1]}
        assert client.post("/enterprises/new/elements", typed).status_code == 422  # no code yet: the form comes back

    assert all_at_once(send, AssertionError, WIZARDS) == WIZARDS
    assert Run.objects.count() == 1


def test_a_mandate_given_many_times_at_once_is_one(committed_db: None, red_star: Firm) -> None:
    """Seen red without the lock on the enterprise."""

    def give(number: int) -> None:
        actions.give_mandate(
            uscc=red_star.uscc, phone="13800000002", acts=["apply"], ends_on=TUESDAY.date(), by=red_star.owner,
            at=MONDAY,
        )  # fmt: skip

    assert all_at_once(give, AssertionError) == AT_ONCE
    assert Mandate.objects.count() == 1
