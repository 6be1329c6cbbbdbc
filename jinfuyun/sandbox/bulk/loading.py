"""Enterprises with accounts and consents, and what they did in the months before: block by block into the tables."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

import numpy as np
from django.db import models, transaction

from jinfuyun.accounts import queries as accounts
from jinfuyun.accounts.models import User
from jinfuyun.accounts.rules import Kind
from jinfuyun.applications.rules import State
from jinfuyun.audit import actions as audit
from jinfuyun.consents.models import Consent
from jinfuyun.consents.rules import State as ConsentState
from jinfuyun.enterprises.models import Enterprise, Holding
from jinfuyun.institutions import queries as institutions
from jinfuyun.institutions.models import Institution
from jinfuyun.kit.actor import Actor, Role, enterprise_house, platform
from jinfuyun.kit.calendar import SHANGHAI, local_day
from jinfuyun.kit.errors import Refused
from jinfuyun.kit.identity import mask_phone
from jinfuyun.kit.period import months_after
from jinfuyun.products.models import Product
from jinfuyun.sandbox import business, holders
from jinfuyun.sandbox.block import ENTERPRISES as AT_ONCE
from jinfuyun.sandbox.bulk import books, cases, naming, queries, wants
from jinfuyun.sandbox.bulk.cases import Case, Offered
from jinfuyun.sandbox.population import KINDS, NATURES, TRADES, people_of
from jinfuyun.workdays import queries as workdays

# Behind every enterprise that a province may have (config/cli.py), before the branches (names.py).
FIRST_NUMBER = 6_000_000
NUMBERS_FROM = 10_000_000  # of letters, applications, demands: behind those that the sandbox makes one by one
APPLICATIONS_EACH = (0, 1, 1, 2, 2, 2, 3, 3, 4)  # of one enterprise, each as likely
FIXED_TERM_SHARE, REVOKED_SHARE = 0.25, 0.05
SIGNED_BY_SHARE = 0.98  # of the span: who signs on the last days has done nothing yet
NEEDED = (Role.OFFICER, Role.APPROVER)
Entry = dict[str, Any]


class LoadedBefore(Refused):
    message = "这些企业的业务已经写入过，没有重复写入。"


def invented(enterprises: int, *, seed: int, founded_by: date) -> Iterator[list[Entry]]:
    """So many enterprises of the pretend province, a block at a time, as `people.json` tells of them."""
    for index, first in enumerate(range(0, enterprises, AT_ONCE)):
        numbers = FIRST_NUMBER + np.arange(first, min(first + AT_ONCE, enterprises))
        people = people_of(np.random.default_rng([seed, index]), numbers, founded_by, seed=seed)
        yield [
            {
                "uscc": people.uscc[n], "tax_number": people.tax_number[n], "name": people.name[n],
                "legal_name": people.owner.name[n], "id_type": people.owner.id_type[n],
                "id_number": people.owner.id_number[n], "phone": people.owner.phone[n], "region": people.region[n],
                "industry": TRADES[people.trade[n]].division, "nature": str(NATURES[people.nature[n]]),
                "kind": KINDS[NATURES[people.nature[n]]], "capital": f"{people.capital_10k[n]}万人民币",
                "registered_on": str(people.registered_on[n]), "status": "存续",
                "water": None, "gas": None, "electricity": None,
            }
            for n in range(len(numbers))
        ]  # fmt: skip


def begins(at: datetime, months: int) -> datetime:
    """The first moment of so many whole months before this one."""
    day = months_after(local_day(at).replace(day=1), -months)
    return datetime(day.year, day.month, 1, tzinfo=SHANGHAI)


@transaction.atomic
def load(
    blocks: Iterable[list[Entry]], *, seed: int, months: int, at: datetime,
    on_block: Callable[[int], None] = lambda done: None,
) -> dict[str, int]:  # fmt: skip
    """Everybody in `blocks` and their business of so many months up to `at`, all of it or nothing; rows by table.

    The market must be open: applications go to banks' listed products, after they were listed. Same blocks and seed,
    same business. Raises LoadedBefore.
    """
    loader = Loader(seed, begins(at, months), at)
    queries.stage()
    for index, entries in enumerate(blocks):
        if Enterprise.objects.filter(pk=entries[0]["uscc"]).exists():
            raise LoadedBefore
        loader.take(index, entries)
        on_block(loader.rows["enterprises_enterprise"])
    queries.unstage()
    queries.authorise()
    queries.check_constraints()
    audit.record(
        "sandbox.business_loaded", subject="sandbox", by=platform("sandbox"), at=at, seed=seed, months=months,
        rows=dict(loader.rows),
    )  # fmt: skip
    return dict(loader.rows)


class Loader:
    """Dice, numbers and the market, the same from block to block."""

    def __init__(self, seed: int, since: datetime, at: datetime) -> None:
        self.seed, self.since, self.at = seed, since, at
        self.market, self.notices = business.market(), workdays.notices()
        people = cache(_people)
        self.offered = {
            one.pk: Offered(one, people(one.institution), cache(_nearest(one.institution))) for one in self.market
        }
        self.ledger = books.Ledger()
        self.consents, self.applications, self.demands = (count(NUMBERS_FROM) for _ in range(3))
        self.fitting: dict[tuple[str, str], list[Product]] = {}
        self.rows: Counter[str] = Counter()

    def take(self, index: int, entries: list[Entry]) -> None:
        """One block, written when its people are through."""
        self.dice, self.random = random.Random(f"{self.seed} {index}"), np.random.default_rng([self.seed, index, 1])
        self.ledger.lines, self.ledger.loans, self.ledger.events = [], [], []
        self.users: dict[str, User] = {}
        self.asked, self.cases = wants.Asked(), list[Case]()
        people = [self._enterprise(entry) for entry in entries]
        written: list[list[Any]] = [list(self.users.values()), *map(list, zip(*people, strict=True))]
        written[-1] = [row for rows in written[-1] for row in rows]
        written += [[case.application for case in self.cases], self.ledger.lines, self.ledger.loans]
        written += [self.asked.demands, self.asked.parties, self.asked.proposals, self.asked.steps]
        written += [[move for case in self.cases for move in case.moves], self.ledger.events]
        for rows in filter(None, written):
            self.rows[rows[0]._meta.db_table] += queries.copy_in(rows)

    def _enterprise(self, entry: Entry) -> tuple[Enterprise, Holding, Consent, list[models.Model]]:
        signed = self.since + (self.at - self.since) * self.dice.random() * SIGNED_BY_SHARE
        holder = holders.Holder(entry, self._owner(entry, signed), signed)
        enterprise, number = holders.enterprise_of(holder), next(self.consents)
        consent_number = f"SQ{local_day(signed):%Y%m%d}{number:08d}"
        named = naming.named_by(self._applications(enterprise, consent_number, holder))
        over = naming.settled_at(named)
        fixed = self.dice.random() < FIXED_TERM_SHARE or naming.asked_after(named, over)
        consent = holders.consent_of(holder, number, self.random, fixed=fixed)
        wanted = self._asks_all(enterprise, holder)
        if over and not fixed:
            naming.end(consent, ConsentState.SETTLED, over)
        elif not named and not wanted and self.dice.random() < REVOKED_SHARE:
            naming.end(consent, ConsentState.REVOKED, signed + (self.at - signed) * self.dice.random())
        for _, row in named:
            row.consent = consent
        holding = Holding(enterprise=enterprise, user_id=UUID(holder.owner.id), since=signed)
        return enterprise, holding, consent, [row for _, row in named]

    def _owner(self, entry: Entry, signed: datetime) -> Actor:
        phone = entry["phone"]
        if phone not in self.users:
            self.users[phone] = User(
                id=UUID(int=self.dice.getrandbits(128), version=4), kind=Kind.ENTERPRISE, phone=phone,
                name=entry["legal_name"], password="!", made_at=self.since,
            )  # fmt: skip
        roles = frozenset({Role.ENTERPRISE_USER, Role.ENTERPRISE_OWNER})
        house = enterprise_house(entry["uscc"])
        return Actor(id=str(self.users[phone].pk), label=mask_phone(phone), roles=roles, house=house)

    def _applications(
        self, enterprise: Enterprise, consent_number: str, holder: holders.Holder
    ) -> list[tuple[Case, datetime | None]]:
        """In the order of their days, each with when its line was over."""
        fitting, found = self._fitting(enterprise), list[tuple[Case, datetime | None]]()
        wanted = self.dice.sample(fitting, min(self.dice.choice(APPLICATIONS_EACH), len(fitting)))
        moments = [(at, one.pk) for one in wanted if (at := self._moment(one, holder.signed_at))]
        lent = False
        for at, key in sorted(moments):
            case = cases.walk(
                enterprise=enterprise, consent_number=consent_number, offered=self.offered[key], owner=holder.owner,
                number=next(self.applications), begins=at, until=self.at, notices=self.notices, dice=self.dice,
            )  # fmt: skip
            over = None
            if case.application.state == State.FUNDED:
                by = case.offered.people[0]
                over = books.lend(
                    case.application, by=by, first=not lent, until=self.at, ledger=self.ledger, dice=self.dice
                )
                lent = True
            if self.dice.random() < wants.CHOSEN_SHARE:
                wants.came_of(self._asking(enterprise, holder.owner, case.offered), case, signed_at=holder.signed_at)
            self.cases.append(case)
            found.append((case, over))
        return found

    def _asks_all(self, enterprise: Enterprise, holder: holders.Holder) -> bool:
        """A demand of which nothing came, of some."""
        fitting = self._fitting(enterprise)
        if not fitting or self.dice.random() > wants.ALONE_SHARE:
            return False
        chosen = self.dice.choice(fitting)
        posted = self._moment(chosen, holder.signed_at)
        if posted:
            asking = self._asking(enterprise, holder.owner, self.offered[chosen.pk])
            wants.alone(asking, posted=posted, until=self.at)
        return posted is not None

    def _asking(self, enterprise: Enterprise, owner: Actor, offered: Offered) -> wants.Asking:
        return wants.Asking(self.asked, enterprise, owner, offered, next(self.demands), self.notices, self.dice)

    def _fitting(self, enterprise: Enterprise) -> list[Product]:
        kind = (enterprise.region_code, enterprise.nature)
        if kind not in self.fitting:
            self.fitting[kind] = business.suitable(self.market, enterprise)
        return self.fitting[kind]

    def _moment(self, product: Product, signed: datetime) -> datetime | None:
        """Some minute after the consent and the listing; None where there is none any more."""
        earliest = max(signed, product.listed_at or signed) + timedelta(hours=1)
        minutes = (self.at - earliest) // timedelta(minutes=1)
        return earliest + timedelta(minutes=self.dice.randrange(minutes)) if minutes > 0 else None


def _people(institution: Institution) -> tuple[Actor, Actor, Actor]:
    """An officer and two approvers; the platform itself where nobody is seated."""
    staff = [one for one in accounts.staff_of(institution.house) if accounts.is_open(one)]
    seated = {
        role: [accounts.actor(one) for one in staff if role in one.roles] or [platform("sandbox")] for role in NEEDED
    }
    approvers = seated[Role.APPROVER]
    return seated[Role.OFFICER][0], approvers[0], approvers[-1]


def _nearest(institution: Institution) -> Callable[[str], Any]:
    return lambda region_code: institutions.nearest(institution, region_code)
