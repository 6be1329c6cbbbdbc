"""No data without a consent in force that covers enterprise, institution, category, purpose and time.

A random life of consents against an oracle of plain Python; both walls (the Grant and the database) are asked.
"""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from jinfuyun.consents import actions, queries
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import BASIC_CATEGORIES, State, day
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.actor import platform
from jinfuyun.kit.errors import NotGranted, TooLate
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from tests.cast import MONDAY, Firm, enterprise_of, enterprise_person, given, uscc_of
from tests.consents.wall import ask, put_documents

BANKS = ("RIVER", "HILL")
FIRMS = (0, 1)
MATTERS = ("A1", "A2")  # two applications a bank
READERS = st.sampled_from(
    [Reader(ReaderKind.INSTITUTION, bank) for bank in BANKS]
    + [Reader(ReaderKind.ENTERPRISE, uscc_of(firm + 1)) for firm in FIRMS]
    + [Reader(ReaderKind.PLATFORM, "")]
)
BASIC = frozenset(BASIC_CATEGORIES)


class Oracle:
    """What the letters say, for one enterprise."""

    def __init__(self) -> None:
        self.state, self.end, self.categories, self.banks = "none", None, frozenset(), set()  # type: ignore[var-annotated]

    def sign(self, end: date | None, categories: frozenset[Category]) -> None:
        if self.state not in ("active", "paused"):
            self.banks = set()
        self.state, self.end, self.categories = "active", end, categories

    def finish(self, state: str) -> None:
        self.state, self.banks = state, set()

    def allows(self, uscc: str, reader: Reader, purpose: Purpose, because: str, at: datetime) -> bool:
        if self.state not in ("active", "paused") or (self.end and day(at) > self.end):
            return False
        if reader.kind is ReaderKind.ENTERPRISE:
            return reader.code == uscc and purpose in (Purpose.OWN_VIEW, Purpose.MATCHING)
        if self.state == "paused":
            return False
        if reader.kind is ReaderKind.PLATFORM:
            return purpose is Purpose.MATCHING
        named = (reader.code, because) in self.banks
        return named and purpose in (Purpose.PRE_LOAN, Purpose.POST_LOAN, Purpose.GUARANTEE)


class LifeOfConsents(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.now = MONDAY
        self.oracles = [Oracle(), Oracle()]

    @initialize()
    def people(self) -> None:
        self.firms: list[Firm] = []
        for number in FIRMS:
            person = enterprise_person(f"1380000010{number}", "林")
            self.firms.append(enterprise_of(person, number=number + 1, name=f"示例{number}厂", legal_name="林示例"))

    @rule(firm=st.sampled_from(FIRMS), days=st.none() | st.integers(0, 20), water=st.booleans())
    def sign(self, firm: int, days: int | None, water: bool) -> None:
        end = None if days is None else day(self.now) + timedelta(days=days)
        given(self.firms[firm], at=self.now, end=end, utilities=("water",) if water else ())
        self.oracles[firm].sign(end, BASIC | ({Category.WATER} if water else frozenset()))

    @rule(firm=st.sampled_from(FIRMS), how=st.sampled_from(["pause", "resume", "revoke", "settle"]))
    def change(self, firm: int, how: str) -> None:
        oracle, consent = self.oracles[firm], queries.living(self.firms[firm].uscc)
        assert (consent is not None) == (oracle.state in ("active", "paused"))
        if consent is None:
            return
        by = self.firms[firm].owner
        fits = {"pause": oracle.state == "active", "resume": oracle.state == "paused"}.get(how, True)
        try:
            if how == "settle":
                actions.end(consent=consent, state=State.SETTLED, by=platform("test"), at=self.now)
            else:
                getattr(actions, how)(consent=consent, by=by, at=self.now)
        except TooLate:
            assert not fits
            return
        assert fits
        if how in ("revoke", "settle"):
            oracle.finish(how)
        else:
            oracle.state = {"pause": "paused", "resume": "active"}[how]

    @rule(firm=st.sampled_from(FIRMS), bank=st.sampled_from(BANKS), matter=st.sampled_from(MATTERS))
    def apply(self, firm: int, bank: str, matter: str) -> None:
        oracle = self.oracles[firm]
        names = {"institution_code": bank, "institution_name": bank, "because": matter}
        try:
            actions.name_institution(uscc=self.firms[firm].uscc, by=self.firms[firm].owner, at=self.now, **names)
        except NotGranted:
            assert oracle.state != "active" or (oracle.end and day(self.now) > oracle.end)
            return
        assert oracle.state == "active" and not (oracle.end and day(self.now) > oracle.end)
        oracle.banks.add((bank, matter))

    @rule(firm=st.sampled_from(FIRMS), bank=st.sampled_from(BANKS), matter=st.sampled_from(MATTERS))
    def withdraw(self, firm: int, bank: str, matter: str) -> None:
        actions.release_institution(
            uscc=self.firms[firm].uscc,
            institution_code=bank,
            because=matter,
            by=self.firms[firm].owner,
            at=self.now,
        )
        self.oracles[firm].banks.discard((bank, matter))

    @rule(days=st.integers(1, 8))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(
        firm=st.sampled_from(FIRMS), reader=READERS, purpose=st.sampled_from(list(Purpose)),
        category=st.sampled_from(list(Category)), matter=st.sampled_from(MATTERS),
    )  # fmt: skip
    def read(self, firm: int, reader: Reader, purpose: Purpose, category: Category, matter: str) -> None:
        uscc, oracle = self.firms[firm].uscc, self.oracles[firm]
        allowed = oracle.allows(uscc, reader, purpose, matter, self.now)
        try:
            grant = queries.grant_for(uscc=uscc, reader=reader, purpose=purpose, because=matter, at=self.now)
        except NotGranted:
            assert not allowed
        else:
            assert allowed and grant.categories == oracle.categories
        newest = Consent.objects.filter(enterprise_id=uscc).order_by("-prepared_at", "-signed_at").first()
        if newest is None:
            return
        for consent in Consent.objects.filter(enterprise_id=uscc):
            refusal, came_out = ask(
                consent.number, reader=(reader.kind, reader.code), purpose=purpose, categories=[category], at=self.now,
                because=matter,
            )  # fmt: skip
            fits = allowed and consent.state in ("active", "paused") and category in oracle.categories
            assert (refusal is None) == fits
            assert came_out == ({category.value} if fits else set())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)


def live(*, lives: int, steps: int) -> None:
    put_documents(*(uscc_of(firm + 1) for firm in FIRMS))
    assert not Enterprise.objects.exists()
    run_state_machine_as_test(
        LifeOfConsents,
        settings=settings(
            max_examples=lives, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            print_blob=True, database=None,
        ),
    )  # fmt: skip


def test_no_leak_and_no_wrong_refusal(committed_db: None) -> None:
    live(lives=20, steps=25)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_no_leak_and_no_wrong_refusal_in_twenty_thousand_steps(committed_db: None) -> None:
    live(lives=500, steps=45)
