"""Moves of applications a second, by four desks at once, beside bare SQL that writes the same rows; nothing is lost.

First each desk has its own applications, then all four reach for the same ones: of every move one wins, the others are
told who was first.
"""

import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

import psycopg

from benchmarks.crowd import apply
from benchmarks.figures import tell
from benchmarks.stage import MS, database_cpu, stage

APPLICATIONS = 1_200  # each moves four times
CONTESTED = 200
DESKS = 4
PER_SECOND_MIN = 200.0
CPU_MS_MAX = 2 * MS / PER_SECOND_MIN  # what two cores have for each
STEPS = ("accept", "contact", "review", "approve")
Told = tuple[int, int]  # moves that took place, moves that came too late


def run() -> None:
    with stage():
        from django.utils import timezone

        from jinfuyun.applications.models import Application
        from jinfuyun.kit.actor import Role, institution_house
        from tests import market
        from tests.cast import staff_person

        house = institution_house("RIVER")
        product = market.product(code="RIVER001", of=market.institution(market.RIVER))
        by = staff_person(
            "institution", "river.both", "13900000003", "江经理", house, Role.OFFICER, Role.APPROVER
        ).actor  # fmt: skip
        apply(product, APPLICATIONS + CONTESTED, at=timezone.now(), states=("submitted",))
        numbers = list(Application.objects.order_by("number").values_list("number", flat=True))
        own, contested = numbers[CONTESTED:], numbers[:CONTESTED]
        seconds, cpu, told = _at_once(lambda desk: _move(own[desk::DESKS], by))
        bare_seconds, bare_cpu, _ = _at_once(lambda desk: _by_hand(own[desk::DESKS]))
        moved = len(own) * len(STEPS)
        if [sum(column) for column in zip(*told, strict=True)] != [moved, 0]:
            raise RuntimeError(f"of {moved} moves of their own desks took place or came too late: {told}")
        tell(
            f"moves of applications, {DESKS} desks", moved / seconds, "moves/s", limit=moved / bare_seconds,
            reach=PER_SECOND_MIN, less_is_better=False,
        )  # fmt: skip
        tell("a move, CPU of desk and database", cpu * MS / moved, "ms", limit=bare_cpu * MS / moved, reach=CPU_MS_MAX)
        _, _, told = _at_once(lambda desk: _move(contested, by))
        won, late = (sum(column) for column in zip(*told, strict=True))
        _nothing_lost(numbers, won)
        tell("the same application by all desks, moves that took place", won, "moves",
             limit=len(contested) * len(STEPS), reach=len(contested) * len(STEPS), less_is_better=False)  # fmt: skip
        tell("the same application by all desks, told who was first", late, "answers", limit=won * (DESKS - 1))


def _at_once(act: Callable[[int], Told]) -> tuple[float, float, list[Told]]:
    """Seconds until the last desk was done, of CPU, and what each did."""
    from django.db import connections

    connections.close_all()  # nothing open may be shared with those who are forked
    processes = multiprocessing.get_context("fork")
    told = processes.Queue()
    desks = [processes.Process(target=lambda desk: told.put(act(desk)), args=(desk,)) for desk in range(DESKS)]
    begun, cpu = time.perf_counter(), _cpu_seconds()
    for desk in desks:
        desk.start()
    found = [told.get() for _ in desks]
    seconds = time.perf_counter() - begun
    for desk in desks:
        desk.join()
    return seconds, _cpu_seconds() - cpu, found


def _cpu_seconds() -> float:
    """Of the desks that have ended, and of the database."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + database_cpu()


def _move(numbers: list[str], by: Any) -> Told:
    from django.utils import timezone

    from jinfuyun.applications import actions, queries
    from jinfuyun.kit.calendar import ONE_DAY, local_day
    from jinfuyun.kit.errors import TooLate
    from tests import market

    today, won, late = local_day(timezone.now()), 0, 0
    offer = market.replace(market.OFFER, valid_till=today + 20 * ONE_DAY, amount_fen=market.WAN)
    forms: dict[str, dict[str, Any]] = {
        "accept": {"caller_name": "江经理", "caller_phone": "0591-87000001"}, "contact": {"note": "已电话联系"},
        "review": {}, "approve": {"offer": offer},
    }  # fmt: skip
    for number in numbers:
        for name in STEPS:
            found = queries.application(number, visible_to=by)
            try:
                getattr(actions, name)(application=found, by=by, at=timezone.now(), **forms[name])
                won += 1
            except TooLate as refusal:
                if "江" not in str(refusal):
                    raise RuntimeError(f"it is not said who was first: {refusal}") from refusal
                late += 1
    return won, late


def _by_hand(numbers: list[str]) -> Told:
    """The same four rows a move: the application, its history, the book, the message; one commit each."""
    from jinfuyun.config import database

    with psycopg.connect(database.dsn("jinfuyun_app")) as connection:
        for number in numbers:
            for _ in STEPS:
                row = connection.execute(
                    "UPDATE application SET state_at = now() WHERE number = %s RETURNING id", [number]
                ).fetchone()
                assert row
                connection.execute(
                    "INSERT INTO application_move (application_id, act, source, target, at, by, by_label, why) VALUES"
                    " (%s, 'bare', '', '', now(), '', '', '')", [row[0]],
                )  # fmt: skip
                connection.execute(
                    "INSERT INTO audit_line (at, action, actor, actor_label, subject, uscc, consent_number, detail)"
                    " VALUES (now(), 'bare', '', '', %s, '', '', '{}')", [number],
                )  # fmt: skip
                connection.commit()
    return len(numbers) * len(STEPS), 0


def _nothing_lost(numbers: list[str], contested: int) -> None:
    """Every application has come to its offer by one walk, and the book knows each step once."""
    from jinfuyun.applications.models import Application, Move
    from jinfuyun.audit.models import Line

    made = Move.objects.exclude(act__in=("bare", "submit"))
    booked = Line.objects.filter(action__startswith="application.")
    expected = APPLICATIONS * len(STEPS) + contested
    found = (
        Application.objects.filter(state="approved").count(), made.count(),
        made.values("application", "act").distinct().count(), booked.count(),
    )  # fmt: skip
    if found != (len(numbers), expected, expected, expected):
        raise RuntimeError(f"something was lost: {found}, expected {expected} moves")
