"""Many at once, written into the tables in bulk as the actions would have left them: products, applications."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import cycle, islice
from typing import Any

import psycopg

AT_ONCE = 1_000
# Of an institution's applications: what its desk has to do, what waits for the enterprise, what has ended.
SHARES = {
    "submitted": 4, "accepted": 4, "contacted": 4, "under_review": 8, "reconsidering": 1, "offer_accepted": 2,
    "contracted": 2, "action_required": 3, "approved": 2, "declined_intake": 10, "rejected": 20,
    "offer_declined": 5, "withdrawn": 10, "funded": 25,
}  # fmt: skip
OPEN_DAYS = 30  # what is open was submitted within so many days
DAYS = {"submitted": 1, "accepted": 3, "contacted": 5, "under_review": 5, "reconsidering": 5}


def publish(count: int) -> None:
    """So many products on the market."""
    from jinfuyun.products.models import Product, Version
    from jinfuyun.products.rules import Review, State
    from jinfuyun.sandbox.institutions import drafts
    from tests import market
    from tests.cast import MONDAY

    houses = {draft.code: market.institution(draft) for draft in drafts()}
    products, versions = [], []
    for number, (code, terms) in enumerate(offered(count)):
        house = houses[code]
        product = Product(code=f"{code}{number:04d}", institution=house, state=State.DRAFT, state_at=MONDAY)
        version = Version(
            product=product, number=1, review=Review.PASSED, drafted_by="1", drafted_at=MONDAY, reviewed_at=MONDAY
        )
        version.write(replace(terms, name=f"{terms.name}{number}号"), institution_name=house.name, lpr_bp=market.LPR_BP)
        products.append(product)
        versions.append(version)
    Product.objects.bulk_create(products, AT_ONCE)
    Version.objects.bulk_create(versions, AT_ONCE)
    for product, version in zip(products, versions, strict=True):
        product.current, product.state, product.listed_at = version, State.LISTED, MONDAY
    Product.objects.bulk_update(products, ["current", "state", "listed_at"], AT_ONCE)


def offered(count: int) -> Iterator[tuple[str, Any]]:
    """The terms of so many products as the sandbox makes them, with the code of the institution of each."""
    from jinfuyun.sandbox.institutions import drafts
    from jinfuyun.sandbox.products import products

    round_of_all = [(draft.code, terms) for number, draft in enumerate(drafts()) for terms in products(draft, number)]
    return islice(cycle(round_of_all), count)


COLUMNS = (
    "id", "number", "form_token", "uscc", "enterprise_name", "region_code", "industry_code", "contact_name",
    "contact_phone", "institution_id", "product_id", "version_id", "consent_number", "amount_fen", "term_months",
    "purpose", "purpose_text", "submitted_at", "submitted_by", "state", "state_at", "clock_since", "clock_days",
    "due_on", "due_provisional", "reminded_percent", "asked_material", "caller_account", "refusal_code",
    "refusal_basis", "refusal_text", "decided_at", "offer_amount_fen", "offer_rate_bp", "offer_term_months",
    "offer_security", "offer_repayment", "offer_valid_till", "contract_number", "signed_on", "funded_fen",
    "funded_rate_bp", "funded_on", "is_first_loan", "drawdown_answer", "drawdown_text",
)  # fmt: skip


def apply(product: Any, count: int, *, at: datetime, states: Sequence[str] = ()) -> None:
    """So many enterprises applied for the product; `states`: as far as they have come, by default as SHARES has it.

    One application an enterprise, sealed contacts, the clock that its state has, and a history that walks through the
    table. As the database's administrator, who need not ask again after every foreign key.
    """
    from jinfuyun.config import database

    dice = random.Random(20261127)
    chosen = list(states or SHARES)
    drawn = dice.choices(chosen, [SHARES[state] for state in chosen], k=count)
    place = database.admin_dsn(database.address().database)
    with psycopg.connect(place) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy(f"COPY application ({', '.join(COLUMNS)}) FROM STDIN") as rows:
            for number, state in enumerate(drawn):
                rows.write_row(tuple(_row(product, number, state, dice, at).values()))
        for state in dict.fromkeys(drawn):
            for step, act in enumerate(path := _path(state)):
                source, last = (path[step - 1].target if step else ""), step == len(path) - 1
                cursor.execute(
                    "INSERT INTO application_move (application_id, act, source, target, at, by, by_label, why, due_on)"
                    " SELECT id, %s, %s, %s, submitted_at + %s * interval '1 hour', 'bench', '基准', '',"
                    " CASE WHEN %s THEN due_on END FROM application WHERE state = %s AND product_id = %s",
                    [act.act, source, act.target, step, last, state, product.pk],
                )
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE application, application_move")  # as the database does by itself


@cache
def _path(state: str) -> tuple[Any, ...]:
    """The shortest way through the table to this state; the first step is that it was submitted."""
    from jinfuyun.applications.rules import TRANSITIONS, Act, Clock, State, Transition
    from jinfuyun.kit.permissions import Permission

    first = Transition(Act.SUBMIT, "", (), State.SUBMITTED, Permission.APPLICATION_SUBMIT, Clock.ACCEPT)
    ways: dict[str, tuple[Any, ...]] = {State.SUBMITTED: (first,)}
    for source in (waiting := [State.SUBMITTED]):
        for step in TRANSITIONS:
            if source in step.sources and step.target not in ways:
                ways[step.target] = (*ways[source], step)
                waiting.append(step.target)
    return ways[state]


def _row(product: Any, number: int, state: str, dice: random.Random, at: datetime) -> dict[str, Any]:
    from jinfuyun.applications.rules import ENDED
    from jinfuyun.kit.calendar import local_day
    from jinfuyun.kit.crypto import seal
    from jinfuyun.storage.keys import field_keys

    own, path = uuid.UUID(int=dice.getrandbits(128), version=4), [step.act for step in _path(state)]
    submitted = at - timedelta(days=dice.randrange(OPEN_DAYS, 900) if state in ENDED else dice.randrange(OPEN_DAYS))
    submitted -= timedelta(seconds=dice.randrange(86_400), hours=len(path))
    moved = submitted + timedelta(hours=len(path) - 1)
    clock = _clock(state, local_day(moved))
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
        "id": own, "number": f"RZ{number:016d}", "form_token": uuid.UUID(int=own.int ^ 1), "uscc": f"B{number:017d}",
        "enterprise_name": f"第{number}号企业有限公司", "region_code": "350102", "industry_code": "C13",
        "institution_id": product.institution_id, "product_id": product.pk, "version_id": product.current_id,
        "consent_number": f"SQ{number:016d}", "amount_fen": dice.randrange(1, 300) * 1_000_000,
        "term_months": dice.randrange(1, 13), "purpose": "stock", "submitted_at": submitted, "submitted_by": "bench",
        "state": state, "state_at": moved, "clock_since": clock.since, "clock_days": clock.days,
        "due_on": clock.due_on, "due_provisional": clock.provisional, "reminded_percent": 0,
    }  # fmt: skip
    for name, text in (("contact_name", "林经办"), ("contact_phone", f"138{number:08d}")):
        row[name] = seal(text.encode(), ring=field_keys(), place=f"application.{name}.{own}")
    row |= _ending(path, row, moved) | dict.fromkeys(FACTS - _known(path))
    return row


FACTS = {
    "decided_at", "offer_amount_fen", "offer_rate_bp", "offer_term_months", "offer_valid_till", "signed_on",
    "funded_fen", "funded_rate_bp", "funded_on", "is_first_loan",
}  # fmt: skip
SAID = {
    "approve": {"decided_at", "offer_amount_fen", "offer_rate_bp", "offer_term_months", "offer_valid_till"},
    "reject": {"decided_at"}, "decline_intake": {"decided_at"}, "sign": {"signed_on"},
    "fund": {"funded_fen", "funded_rate_bp", "funded_on", "is_first_loan"},
}  # fmt: skip


def _known(path: Sequence[str]) -> set[str]:
    return set().union(*(SAID.get(act, set()) for act in path))


def _ending(path: Sequence[str], row: dict[str, Any], moved: datetime) -> dict[str, Any]:
    """What the steps of its way wrote down."""
    said: dict[str, Any] = {
        "decided_at": moved, "offer_amount_fen": row["amount_fen"], "offer_rate_bp": 390, "offer_term_months": 12,
        "offer_valid_till": (moved + timedelta(days=20)).date(), "signed_on": moved.date(),
        "funded_fen": row["amount_fen"], "funded_rate_bp": 390, "funded_on": moved.date(), "is_first_loan": True,
    }  # fmt: skip
    if "approve" in path:
        said |= {"offer_security": "unsecured", "offer_repayment": "interest_monthly"}
    if "sign" in path:
        said["contract_number"] = "HT****01"
    if {"reject", "decline_intake"} & set(path):
        said |= {"refusal_code": "incomplete", "refusal_basis": "incomplete"}
    return said


@cache
def _clock(state: str, today: date) -> Any:
    from jinfuyun.applications.rules import ENDED, STOPPED, Running, started

    if state in ENDED:
        return STOPPED
    if state == "action_required":
        return Running(days=3)
    if state == "approved":
        return Running(due_on=today + timedelta(days=20))
    return started(today, DAYS.get(state, 5))
