"""Every Job bound to its function. The worker passes `at`; the rest are the arguments the action deferred."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from procrastinate import App, RetryStrategy

from jinfuyun.accounts import tasks as accounts
from jinfuyun.applications import tasks as applications
from jinfuyun.consents import tasks as consents
from jinfuyun.coordination import tasks as coordination
from jinfuyun.deliveries import tasks as deliveries
from jinfuyun.demands import tasks as demands
from jinfuyun.disputes import tasks as disputes
from jinfuyun.enterprises import tasks as enterprises
from jinfuyun.evaluation import tasks as evaluation
from jinfuyun.handovers import tasks as handovers
from jinfuyun.joins import tasks as joins
from jinfuyun.kit.jobs import Job
from jinfuyun.loans import tasks as loans
from jinfuyun.notifications import tasks as notifications
from jinfuyun.oversight import tasks as oversight
from jinfuyun.products import tasks as products
from jinfuyun.pushes import tasks as pushes
from jinfuyun.reports import tasks as reports
from jinfuyun.supervision import tasks as supervision
from jinfuyun.warnings import tasks as warnings

BINDINGS: dict[Job, Callable[..., None]] = {
    Job.SEND_MESSAGE: notifications.send_message,
    Job.RETRY_TAX_CHECK: enterprises.retry_tax_check,
    Job.BIND_MANDATES: enterprises.bind_mandates,
    Job.END_HOLDINGS: enterprises.end_holdings,
    Job.RENDER_LETTER: consents.render_letter,
    Job.PULL_FACTS: consents.pull_facts,
    Job.ERASE_FACTS: consents.erase_facts,
    Job.MAKE_GOOD: consents.make_good,
    Job.END_CONSENT: consents.end_consent,
    Job.END_OLD_CONSENTS: consents.end_old_consents,
    Job.TEND_APPLICATIONS: applications.tend,
    Job.REMIND_DESKS: applications.remind,
    Job.SCAN_DOCUMENT: applications.scan_document,
    Job.TEND_CLOCKS: applications.tend_clocks,
    Job.TEND_PRODUCTS: products.tend,
    Job.FORGET_OLD: accounts.forget_old,
    Job.PREVIEW_UPLOAD: deliveries.preview_upload,
    Job.TAKE_IN_UPLOAD: deliveries.take_in_upload,
    Job.WITHDRAW_DELIVERY: deliveries.withdraw_delivery,
    Job.TEND_DELIVERIES: deliveries.tend,
    Job.TAKE_IN_PUSH: pushes.take_in,
    Job.TEND_PUSHES: pushes.tend,
    Job.PRINT_REPORT: reports.print_report,
    Job.SETTLE_WAITING: joins.settle_waiting,
    Job.PROPOSE_JOINS: joins.propose_joins,
    Job.RECONCILE_AUTHORISED: deliveries.reconcile_authorised,
    Job.TELL_DEPARTMENTS: consents.tell_departments,
    Job.TEND_DISPUTES: disputes.tend,
    Job.TAKE_IN_LOANS: loans.take_in,
    Job.TEND_LOANS: loans.tend,
    Job.DELIVER_LOANS: loans.deliver,
    Job.TEND_DEMANDS: demands.tend,
    Job.TEND_COORDINATION: coordination.tend,
    Job.TEND_HANDOVERS: handovers.tend,
    Job.TEND_OVERSIGHT: oversight.tend,
    Job.SCAN_COMPLAINT: oversight.scan_document,
    Job.TEND_WARNINGS: warnings.tend,
    Job.TEND_APPEALS: evaluation.tend,
    Job.MAKE_BULLETIN: supervision.make_bulletin,
    Job.TEND_BULLETINS: supervision.tend_bulletins,
    Job.GATHER_DRAWDOWNS: supervision.gather_drawdowns,
}
# Jobs that the clock starts, not an action (cron, Asia/Shanghai).
PERIODIC: dict[Job, str] = {
    Job.END_OLD_CONSENTS: "5 0 * * *",
    Job.MAKE_GOOD: "25 * * * *",  # hourly: a worker that was down at one fixed minute would make a day of it
    Job.TEND_APPLICATIONS: "10 0 * * *",
    Job.REMIND_DESKS: "20 7 * * *",  # before the desks open, as the disputes' are
    Job.TEND_PRODUCTS: "15 0 * * *",
    Job.TEND_PUSHES: "20 0 * * *",
    Job.PROPOSE_JOINS: "45 * * * *",
    Job.FORGET_OLD: "35 3 * * *",
    Job.TEND_DELIVERIES: "40 6 * * *",
    Job.RECONCILE_AUTHORISED: "50 6 * * *",
    Job.TEND_BULLETINS: "0 7 * * *",
    Job.GATHER_DRAWDOWNS: "15 1 * * *",  # a regulator may ask for it at any time, too
    Job.TEND_LOANS: "30 0 * * *",
    Job.DELIVER_LOANS: "50 0 * * *",  # after the marks of the night, before its run of the data plane
    Job.TEND_HANDOVERS: "15 0 * * *",
    Job.TEND_OVERSIGHT: "25 7 * * *",  # before the desks open, as the disputes' are
    Job.TEND_WARNINGS: "0 7 * * *",  # after the night's deliveries were looked through
    Job.TEND_DISPUTES: "30 7 * * *",  # before the desks open: a reminder is read on the day it is made
    Job.TEND_COORDINATION: "35 * * * *",  # hourly: who agrees no more is off every list on the same day
    Job.TEND_APPEALS: "30 7 * * *",
    Job.TEND_DEMANDS: "40 * * * *",  # hourly: what is handed back goes to the next institution on the same day
}

# What a person sits and waits for comes before what nobody does; a code by SMS has a line of its own besides.
AT_ONCE, DEFAULT = "at_once", "default"
SOON = frozenset({
    Job.SEND_MESSAGE, Job.RENDER_LETTER, Job.PRINT_REPORT, Job.SCAN_DOCUMENT, Job.SCAN_COMPLAINT, Job.PREVIEW_UPLOAD,
})  # fmt: skip
# About an hour in all. What must not be lost after that (collecting, erasing) is taken up again by MAKE_GOOD.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


def run(job: Job, *, at: datetime, **arguments: Any) -> None:
    """Run one job now, as the worker does."""
    BINDINGS[job](at=at, **arguments)


def bind(app: App) -> None:
    """Tell procrastinate which function each Job is; called once when Django is ready."""
    for job in BINDINGS:
        _bind_one(app, job)


def _bind_one(app: App, job: Job) -> None:
    def work(**arguments: Any) -> None:
        close_old_connections()  # a worker's thread has no request that would do it
        run(job, at=timezone.now(), **arguments)

    def work_by_the_clock(timestamp: int | None = None) -> None:  # None: an action deferred it
        close_old_connections()
        run(job, at=timezone.now())

    if job in PERIODIC:
        app.periodic(cron=PERIODIC[job])(app.task(name=job.value)(work_by_the_clock))
    else:
        queue = AT_ONCE if job is Job.SEND_MESSAGE else DEFAULT
        app.task(name=job.value, retry=RETRY, queue=queue, priority=int(job in SOON))(work)
