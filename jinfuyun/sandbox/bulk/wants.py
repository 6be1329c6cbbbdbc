"""Demands in memory: asked of all institutions, claimed, answered with a proposal, and what came of them."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from jinfuyun.applications.models import Application
from jinfuyun.applications.rules import ENDED
from jinfuyun.applications.rules import State as Applied
from jinfuyun.demands.models import Demand, Party, Proposal, Step
from jinfuyun.demands.rules import OPEN_DAYS, Act, Around, LoanKind, Origin, PartyState, State, party_due, transition
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, platform
from jinfuyun.kit.calendar import SHANGHAI, Notices, local_day
from jinfuyun.kit.lending import LoanPurpose, Security
from jinfuyun.sandbox.bulk.cases import NIGHT, Case, Offered

FEN_PER_WAN = 1_000_000
VALID_DAYS = 25
CHOSEN_SHARE = 0.1  # of applications that came of a demand
ALONE_SHARE = 0.06  # of enterprises that ask and choose nobody
ENDINGS = ((), ("claim",), ("claim", "propose", "look"), ("claim", "propose", "look", "decline"), ("claim", "withdraw"))
TENDING = platform("tend_demands")
OVER = (State.WITHDRAWN, State.UNMET, State.EXPIRED)
BY_BANK, BY_NIGHT = (Act.CLAIM, Act.PROPOSE), (Act.LAPSE, Act.EXPIRE, Act.FINISH, Act.FALL_THROUGH)


@dataclass(slots=True)
class Asked:
    """What COPY takes, table by table."""

    demands: list[Demand] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and of whom the answer comes."""

    asked: Asked
    enterprise: Enterprise
    owner: Actor
    offered: Offered
    number: int
    notices: Notices
    dice: random.Random


@dataclass(slots=True)
class Story:
    """One demand on its way, with the one institution that is at it."""

    asking: Asking
    demand: Demand
    party: Party | None = None

    def takes(self, act: Act, at: datetime) -> None:
        demand, party = self.demand, self.party
        around = Around(
            holding=bool(party and party.state == PartyState.HOLDING),
            proposals=bool(party and party.state == PartyState.PROPOSED),
        )
        step = transition(act, demand.state, around)
        assert step is not None, (act, demand.state)
        by = self._by(act)
        taken = Step(
            demand=demand, act=act, source=demand.state, target=step.target, at=at, by=by.id, by_label=by.label,
            institution=self.asking.offered.product.institution.name if act in BY_BANK else "",
        )  # fmt: skip
        self.asking.asked.steps.append(taken)
        demand.state, demand.state_at = step.target, at
        if act is Act.CLAIM:
            self._claimed(by, at)
        elif act is Act.PROPOSE:
            self._proposed(by, at)
        elif act is Act.LOOK:
            self.asking.asked.proposals[-1].seen_at = at
        elif party and party.place and step.target in (State.CHOSEN, *OVER):
            party.state, party.state_at = PartyState.ENDED if step.target in OVER else PartyState.CHOSEN, at
            party.place = party.due_on = None
            party.due_provisional = False

    def _by(self, act: Act) -> Actor:
        if act in BY_BANK:
            return self.asking.offered.people[0]
        return TENDING if act in BY_NIGHT else self.asking.owner

    def _claimed(self, by: Actor, at: datetime) -> None:
        due = party_due(PartyState.HOLDING, local_day(at), self.asking.notices)
        assert due is not None, "who holds a demand has to propose"
        self.party = Party(
            id=UUID(int=self.demand.pk.int ^ 2, version=4), demand=self.demand,
            institution=self.asking.offered.product.institution, unit=self.asking.offered.unit(self.demand.region_code),
            origin=Origin.CLAIM, place=1, state=PartyState.HOLDING, state_at=at, joined_at=at, due_on=due.day,
            due_provisional=due.provisional, officer=by.id, officer_label=by.label,
        )  # fmt: skip
        self.asking.asked.parties.append(self.party)

    def _proposed(self, by: Actor, at: datetime) -> None:
        product, demand, party = self.asking.offered.product, self.demand, self.party
        version = product.current
        assert version and party and demand.amount_fen and demand.term_months, "what is published is whole"
        party.state, party.state_at, party.due_on, party.due_provisional = PartyState.PROPOSED, at, None, False
        made = Proposal(
            id=UUID(int=demand.pk.int ^ 3, version=4), party=party, product=product, product_name=version.name,
            amount_fen=demand.amount_fen, rate_bp=version.rate_max_bp or 400, term_months=demand.term_months,
            security=version.securities[0], repayment=version.repayments[0], fee_year_bp=0, needs="近一年购销合同",
            valid_till=local_day(at) + timedelta(days=VALID_DAYS), made_at=at, made_by=by.label,
        )  # fmt: skip
        self.asking.asked.proposals.append(made)


def came_of(asking: Asking, case: Case, *, signed_at: datetime) -> None:
    """The demand whose chosen proposal became this application."""
    application = case.application
    posted = application.submitted_at - timedelta(hours=asking.dice.uniform(30, 70))
    if posted <= signed_at:
        return
    story = _posted(asking, posted, wanted=application)
    for hours, act in ((2, Act.CLAIM), (20, Act.PROPOSE), (26, Act.LOOK)):
        story.takes(act, posted + timedelta(hours=hours))
    story.takes(Act.CHOOSE, application.submitted_at)
    story.demand.application = application
    if application.state in ENDED:
        done = application.state == Applied.FUNDED
        story.takes(Act.FINISH if done else Act.FALL_THROUGH, application.state_at)
        story.demand.unmet_reason = "" if done else "application_ended"


def alone(asking: Asking, *, posted: datetime, until: datetime) -> None:
    """A demand of which no application came, up to now."""
    story, at = _posted(asking, posted), posted
    for act in asking.dice.choice(ENDINGS):
        at += timedelta(hours=asking.dice.uniform(2, 30))
        if at > until:
            return
        story.takes(Act(act), at)
    if story.demand.state == State.UNMET:
        story.demand.unmet_reason = asking.dice.choice(("rate", "amount", "security", "slow", "no_need"))
    party = story.party
    if party and party.due_on and party.due_on < local_day(until):
        at = datetime.combine(party.due_on + timedelta(days=1), NIGHT, SHANGHAI)
        party.state, party.state_at, party.place, party.due_on = PartyState.LAPSED, at, None, None
        story.takes(Act.LAPSE, at)
    over = story.demand.open_until
    if over and over < local_day(until) and story.demand.state not in OVER:
        story.takes(Act.EXPIRE, datetime.combine(over + timedelta(days=1), NIGHT, SHANGHAI))


def _posted(asking: Asking, at: datetime, *, wanted: Application | None = None) -> Story:
    enterprise, dice = asking.enterprise, asking.dice
    city = regions.city_of(enterprise.region_code)
    demand = Demand(
        id=UUID(int=dice.getrandbits(128), version=4), number=f"XQ{local_day(at):%Y%m%d}{asking.number:08d}",
        uscc=enterprise.uscc, enterprise_name=enterprise.name, region_code=enterprise.region_code,
        city_code=city.code if city else "", industry_code=enterprise.industry_code,
        contact_name=enterprise.contact_name, contact_phone=enterprise.contact_phone,
        amount_fen=wanted.amount_fen if wanted else dice.randint(10, 300) * FEN_PER_WAN,
        term_months=wanted.term_months if wanted else 12, purpose=LoanPurpose.STOCK,
        securities=[str(security) for security in Security], loan_kind=LoanKind.FURTHER,
        open_until=local_day(at) + timedelta(days=OPEN_DAYS), state=State.DRAFT, state_at=at,
        drafted_at=at - timedelta(minutes=10), posted_at=at, posted_by=asking.owner.id,
    )  # fmt: skip
    asking.asked.demands.append(demand)
    story = Story(asking, demand)
    story.takes(Act.POST, at)
    return story
