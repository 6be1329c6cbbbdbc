"""No data without a consent in force that covers enterprise, institution, category, purpose and time.

A random life of consents against an oracle of plain Python that shares nothing with the code under test: its tables
are written out here, its days are counted in Fujian. Both walls (the Grant and the database) and every exit of a
report (page, paper, the names of its facts) are asked.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from jinfuyun.consents import actions, queries
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import State
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.actor import Actor, Role, institution_house, platform
from jinfuyun.kit.errors import NotGranted, TooLate
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from jinfuyun.reports import actions as reports
from jinfuyun.reports import queries as reports_read
from jinfuyun.reports.content import chapter
from jinfuyun.reports.models import Report
from tests.cast import MONDAY, Firm, enterprise_of, enterprise_person, given, uscc_of
from tests.consents.wall import EMPTY, ask, put_documents
from tests.reports.sample import REPORT, fact

BANKS = ("RIVER", "HILL")
FIRMS = (0, 1)
MATTERS = ("A1", "A2")  # two applications a bank
READERS = (
    *(Reader(ReaderKind.INSTITUTION, bank) for bank in BANKS),
    *(Reader(ReaderKind.ENTERPRISE, uscc_of(firm + 1)) for firm in FIRMS),
    Reader(ReaderKind.PLATFORM, ""),
)
USUAL = {"institution": Purpose.PRE_LOAN, "enterprise": Purpose.OWN_VIEW, "platform": Purpose.MATCHING}
NATURES = ("enterprise", "individual")  # of the two firms: the second is a person who trades
BASIC = frozenset({
    "registration", "tax", "invoices", "social_insurance", "housing_fund", "public_credit", "judicial",
    "intellectual_property", "procurement",
})  # fmt: skip
CHOSEN = ("customs", "statements", "cash_flow", "property", "platform")
OF_THE_PERSON = frozenset({"tax", "statements", "property"})  # needs a yes of its own where the firm is a person
OF_INSTITUTIONS = ("pre_loan", "post_loan", "guarantee")
DAYS_AHEAD_MAX = 30


class Oracle:
    """What the letters say, for one enterprise."""

    def __init__(self, nature: str) -> None:
        self.nature, self.state, self.categories = nature, "none", frozenset[str]()
        self.start, self.end, self.banks = date.min, None, set()

    def sign(self, start: date, end: date | None, wanted: frozenset[str], notice: bool) -> None:
        if not self.lives():
            self.banks = set()
        left_out = OF_THE_PERSON if self.nature == "individual" and not notice else frozenset()
        self.state, self.start, self.end, self.categories = "active", start, end, (BASIC | wanted) - left_out

    def finish(self, state: str) -> None:
        self.state, self.banks = state, set()

    def lives(self) -> bool:
        return self.state in ("active", "paused")

    def runs(self, today: date) -> bool:
        return self.lives() and self.start <= today and not (self.end and today > self.end)

    def allows(self, uscc: str, reader: Reader, purpose: Purpose, because: str, at: datetime) -> bool:
        if not self.runs(at.date()):
            return False
        if reader.kind == "enterprise":
            return reader.code == uscc and purpose in ("own_view", "matching")
        if self.state == "paused":
            return False
        if reader.kind == "platform":
            return purpose == "matching"
        return (reader.code, because) in self.banks and purpose in OF_INSTITUTIONS


@dataclass(frozen=True)
class Shown:
    """A report that was made, and what it holds."""

    firm: int
    number: str
    by: Actor
    reader: Reader
    purpose: Purpose
    because: str
    categories: frozenset[str]


def officer_of(bank: str) -> Actor:
    return Actor("00000000-0000-4000-8000-000000000001", "江经理", frozenset({Role.OFFICER}), institution_house(bank))


class LifeOfConsents(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole._from_testcase = True  # a refusal that is booked on its own may be so inside
        self.whole.__enter__()
        self.now = MONDAY
        self.oracles = [Oracle(nature) for nature in NATURES]
        self.made: list[Shown] = []

    @initialize()
    def people(self) -> None:
        self.firms: list[Firm] = []
        for number in FIRMS:
            person = enterprise_person(f"1380000010{number}", "林")
            name = f"示例{number}厂"
            self.firms.append(
                enterprise_of(person, number=number + 1, name=name, legal_name="林示例", nature=NATURES[number])
            )

    @rule(
        firm=st.sampled_from(FIRMS), ahead=st.sampled_from([0, 0, 0, 1, 5, DAYS_AHEAD_MAX]),
        days=st.sampled_from([None, 0, 1, 3, 8, 20]), chosen=st.sets(st.sampled_from(CHOSEN)), water=st.booleans(),
        notice=st.booleans(),
    )  # fmt: skip
    def sign(self, firm: int, ahead: int, days: int | None, chosen: set[str], water: bool, notice: bool) -> None:
        start = self.now.date() + timedelta(days=ahead)
        end = None if days is None else start + timedelta(days=days)
        given(
            self.firms[firm], at=self.now, start=start, end=end, utilities=("water",) if water else (),
            chosen=tuple(Category(each) for each in chosen), personal_notice=notice,
        )  # fmt: skip
        self.oracles[firm].sign(start, end, frozenset(chosen) | ({"water"} if water else set()), notice)

    @rule(firm=st.sampled_from(FIRMS), how=st.sampled_from(["pause", "resume", "revoke", "settle"]))
    def change(self, firm: int, how: str) -> None:
        oracle, consent = self.oracles[firm], queries.living(self.firms[firm].uscc)
        assert (consent is not None) == oracle.lives()
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
        self.everybody_asks(firm)

    @rule(firm=st.sampled_from(FIRMS), bank=st.sampled_from(BANKS), matter=st.sampled_from(MATTERS))
    def apply(self, firm: int, bank: str, matter: str) -> None:
        oracle = self.oracles[firm]
        names = {"institution_code": bank, "institution_name": bank, "because": matter}
        try:
            actions.name_institution(uscc=self.firms[firm].uscc, by=self.firms[firm].owner, at=self.now, **names)
        except NotGranted:
            assert oracle.state != "active" or not oracle.runs(self.now.date())
            return
        assert oracle.state == "active" and oracle.runs(self.now.date())
        oracle.banks.add((bank, matter))
        self.everybody_asks(firm)

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
        self.everybody_asks(firm)

    @rule(days=st.integers(1, 8))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        for firm in FIRMS:
            self.everybody_asks(firm)

    @rule(
        firm=st.sampled_from(FIRMS), purpose=st.sampled_from(list(Purpose)), category=st.sampled_from(list(Category)),
        matter=st.sampled_from(MATTERS), asks=st.sampled_from(READERS),
    )  # fmt: skip
    def read(self, firm: int, purpose: Purpose, category: Category, matter: str, asks: Reader) -> None:
        """Everybody asks the first wall, for what he would come for and for anything; one of them the last wall."""
        for reader in READERS:
            for each in {USUAL[reader.kind], purpose}:
                self.ask_for_a_grant(firm, reader, each, matter)
        for each in {USUAL[asks.kind], purpose}:
            self.ask_the_database(firm, asks, each, category, matter)

    def everybody_asks(self, firm: int) -> None:
        """After each change, whatever comes next: a chain of three steps and a fitting question is too rare."""
        for reader in READERS:
            for matter in MATTERS if reader.kind == "institution" else ("",):
                self.ask_for_a_grant(firm, reader, USUAL[reader.kind], matter)

    def ask_for_a_grant(self, firm: int, reader: Reader, purpose: Purpose, matter: str) -> None:
        uscc, oracle = self.firms[firm].uscc, self.oracles[firm]
        allowed = oracle.allows(uscc, reader, purpose, matter, self.now)
        try:
            grant = queries.grant_for(uscc=uscc, reader=reader, purpose=purpose, because=matter, at=self.now)
        except NotGranted:
            assert not allowed
        else:
            assert allowed and grant.categories == oracle.categories

    def ask_the_database(self, firm: int, reader: Reader, purpose: Purpose, category: Category, matter: str) -> None:
        uscc, oracle = self.firms[firm].uscc, self.oracles[firm]
        allowed = oracle.allows(uscc, reader, purpose, matter, self.now)
        for consent in Consent.objects.filter(enterprise_id=uscc):
            refusal, came_out = ask(
                consent.number, reader=(reader.kind, reader.code), purpose=purpose, categories=[category], at=self.now,
                because=matter,
            )  # fmt: skip
            fits = allowed and consent.state in ("active", "paused") and category in oracle.categories
            assert (refusal is None) == fits
            assert came_out == ({category.value} if fits else set())

    @rule(
        firm=st.sampled_from(FIRMS), bank=st.none() | st.sampled_from(BANKS), matter=st.sampled_from(MATTERS),
        purpose=st.sampled_from([None, None, None, *Purpose]),
    )  # fmt: skip
    def make_a_report(self, firm: int, bank: str | None, matter: str, purpose: Purpose | None) -> None:
        """Of everything that the Grant covers; the documents themselves were asked for above.

        Who may not read is let in first, that there be reports to be shown when he may no more.
        """
        oracle = self.oracles[firm]
        if not (oracle.state == "active" and oracle.runs(self.now.date())):
            self.sign(firm=firm, ahead=0, days=3, chosen=set(CHOSEN), water=True, notice=True)
        if bank is not None and (bank, matter) not in oracle.banks:
            self.apply(firm=firm, bank=bank, matter=matter)
        uscc, by, because = self.firms[firm].uscc, self.firms[firm].owner, ""
        reader = Reader(ReaderKind.ENTERPRISE, uscc)
        if bank is not None:
            reader, by, because = Reader(ReaderKind.INSTITUTION, bank), officer_of(bank), matter
        purpose = purpose or USUAL[reader.kind]
        try:
            grant = queries.grant_for(uscc=uscc, reader=reader, purpose=purpose, because=because, at=self.now)
        except NotGranted:
            return  # whether rightly, `read` asks
        chapters = tuple(
            chapter(EMPTY | {"category": each, "facts": [fact(each, each, "fen", 1)]}) for each in grant.categories
        )
        data = replace(REPORT, number=f"BG{len(self.made)}", uscc=uscc, chapters=chapters, missing=(), made_at=self.now)
        reports.freeze(data=data, grant=grant, because=because, by=by, at=self.now)
        covered = frozenset(self.oracles[firm].categories)
        self.made.append(Shown(firm, data.number, by, reader, purpose, because, covered))

    @precondition(lambda self: self.made)
    @rule(
        data=st.data(), how=st.sampled_from(["page", "labels", "page", "labels", "paper"]),
        narrower=st.sampled_from([False, False, False, True]),
    )  # fmt: skip
    def show_again(self, data: st.DataObject, how: str, narrower: bool) -> None:
        """`narrower`: after a new letter that leaves out what was chosen for the former."""
        made = data.draw(st.sampled_from(self.made))
        if narrower:
            self.sign(firm=made.firm, ahead=0, days=None, chosen=set(), water=False, notice=True)
        oracle, report = self.oracles[made.firm], Report.objects.get(number=made.number)
        allowed = oracle.allows(self.firms[made.firm].uscc, made.reader, made.purpose, made.because, self.now)
        fits = allowed and made.categories <= oracle.categories
        if how == "labels":
            came_out = {name for name, _ in reports_read.fact_labels(report, at=self.now)}
            assert came_out == (made.categories if fits else set())
            return
        try:
            if how == "paper":
                assert reports.print_report(report=report, by=made.by, at=self.now).startswith(b"%PDF")
            else:
                again = reports.view_report(report=report, how=how, by=made.by, at=self.now)
                assert {each.category for each in again.chapters} == made.categories
        except NotGranted:
            assert not fits
        else:
            assert fits

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)


def live(*, lives: int, steps: int) -> None:
    """What goes wrong is told as it happened: to look for a shorter life of the same end takes minutes."""
    put_documents(*(uscc_of(firm + 1) for firm in FIRMS))
    assert not Enterprise.objects.exists()
    run_state_machine_as_test(
        LifeOfConsents,
        settings=settings(
            max_examples=lives, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            print_blob=True, database=None, phases=(Phase.generate,),
        ),
    )  # fmt: skip


def test_no_leak_and_no_wrong_refusal(committed_db: None) -> None:
    """Seen red, each once, with Python's checks of last day, first day, pause, revocation, application,
    institution, purpose and what a narrower letter leaves out switched off.
    """
    live(lives=20, steps=30)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_no_leak_and_no_wrong_refusal_in_twenty_thousand_steps(committed_db: None) -> None:
    live(lives=445, steps=45)
