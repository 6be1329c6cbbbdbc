"""Years of business in bulk: every rule holds of what was written, and each broken one is seen."""

from argparse import Namespace

import psycopg
import pytest
from django.db import connection, transaction

from jinfuyun.applications.models import Application, Move
from jinfuyun.applications.rules import ENDED, OPEN, TRANSITIONS
from jinfuyun.audit.models import Line
from jinfuyun.config import cli, commands, database
from jinfuyun.consents.models import Consent
from jinfuyun.demands.models import Demand
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.kit.calendar import SEEDED
from jinfuyun.loans.models import Loan, LoanEvent
from jinfuyun.loans.rules import Act
from jinfuyun.sandbox.bulk import loading, queries
from tests.cast import MONDAY
from tests.sandbox.bulk import scene


def seen(model, column):
    return set(model.objects.values_list(column, flat=True).distinct())


def test_every_rule_holds_and_every_state_is_there(db):
    scene.open_market()
    rows = scene.load(500)
    with connection.cursor() as cursor:
        assert queries.broken(cursor, at=MONDAY, notices=SEEDED) == {}
    assert rows["enterprises_enterprise"] == 500 and rows["application"] == Application.objects.count() > 600
    assert rows["loan_event"] == LoanEvent.objects.count() > 1_200
    assert seen(Application, "state") >= ENDED and len(seen(Application, "state") & set(OPEN)) > 3
    assert seen(Move, "act") >= {one.act for one in TRANSITIONS}
    assert seen(LoanEvent, "act") >= {"draw", "repay", "fall_overdue", "grade", "settle", "reverse"}
    assert seen(Loan, "state") >= {"repaying", "overdue", "settled"}
    assert seen(Loan, "answer") == {"", "confirmed", "disputed"}
    assert seen(Consent, "state") == {"active", "settled", "revoked"}
    assert seen(Demand, "state") >= {"withdrawn", "expired", "unmet", "closed"}
    assert len(seen(Enterprise, "region_code")) > 60 and len(seen(Enterprise, "industry_code")) > 8
    assert Line.objects.filter(action="sandbox.business_loaded").count() == 1


def test_what_happens_in_time_is_numbered_in_time_and_a_reversal_names_its_entry(db):
    scene.open_market()
    scene.load(150)
    for model in (Move, LoanEvent):
        moments = list(model.objects.order_by("pk").values_list("at", flat=True))
        assert moments == sorted(moments) and len(moments) > 400
    for reversal in LoanEvent.objects.filter(act=Act.REVERSE).select_related("reverses"):
        assert reversal.reverses.loan_id == reversal.loan_id and reversal.reverses_id < reversal.pk


def test_the_same_seed_does_the_same_business(db):
    def done():
        with transaction.atomic():
            scene.load(40)
            with pytest.raises(loading.LoadedBefore), transaction.atomic():
                scene.load(40)
            found = (
                list(Application.objects.order_by("number").values_list("number", "uscc", "state_at", "amount_fen")),
                list(LoanEvent.objects.order_by("pk").values_list("loan__number", "act", "at", "principal_fen")),
            )
            transaction.set_rollback(True)
        return found

    scene.open_market()
    first = done()
    assert first == done() and all(first)


# Which row of which table is spoiled how, and which invariant says so.
SPOILED = (
    ("moves are a path of the table", "application_move", "act = 'approve'", "act = 'contact'"),
    ("an application stands where its last move led", "application", "state_at = state_at + interval '1 s'", "true"),
    ("a clock runs while it is somebody's turn", "application", "due_on = due_on + 1", "clock_since IS NOT NULL"),
    ("a clock has the days of the table, or of the product's promise", "application_move", "due_on = due_on + 14",
     "act = 'accept'"),
    ("a decision says what was decided, and when", "application", "refusal_basis = 'policy'",
     "refusal_code = 'credit'"),
    ("what is asked and offered is inside the product's bounds", "application", "amount_fen = 1", "true"),
    ("money is lent under a line of its application, and only then", "loan_line", "rate_bp = rate_bp + 1", "true"),
    ("loans keep to their line", "loan", "drawn_on = drawn_on - 400", "true"),
    ("entries of a book are a path of the table", "loan_event", "source = 'settled'", "act = 'repay'"),
    ("a loan is what its entries add up to, to the fen", "loan_event", "principal_fen = principal_fen + 1",
     "act = 'repay'"),
    ("a loan stands where its last entry led, and the plan adds up to the amount", "loan", "plan = '[]'",
     "state = 'repaying'"),
    ("whose instalment is past its day is overdue, nobody else", "loan", "next_due_on = '2020-01-01'",
     "state = 'repaying'"),
    ("an answer comes after the report, and the application has the first one's", "loan",
     "answered_at = reported_at - interval '1 day'", "answer = 'confirmed'"),
    ("an application stands under a consent in force that names its institution", "consents_named_institution",
     "since = since + interval '1 s'", "true"),
    ("an institution is named while its business lasts, and no longer", "consents_named_institution",
     "until = since", "until IS NULL"),
    ("a consent that ended names nobody any more", "consents_named_institution", "until = NULL",
     "consent_id IN (SELECT id FROM consents_consent WHERE state = 'settled')"),
    ("departments are told of exactly the consents in force", "serving.authorised", "category = 'weather'",
     "category = 'tax'"),
    ("no institution reads without a consent in force that names it", "reports_report", "reader_code = 'NOBODY'",
     "true"),
    ("an enterprise has one holder, who has an account", "enterprises_holding", "until = since", "true"),
    ("steps of a demand are a path of the table", "demand_step", "source = 'claimed'", "act = 'post'"),
    ("a demand stands where its last step led", "demand", "state = 'open'", "state = 'expired'"),
    ("a proposal is of an institution that is or was at the demand", "demand_proposal",
     "made_at = made_at - interval '1 year'", "true"),
)  # fmt: skip
A_READING = (
    "INSERT INTO reports_report (id, number, enterprise_id, consent_number, reader_kind, reader_code, reader_name,"
    " opened_by, purpose, because, made_at, content_file, content_sha256) SELECT gen_random_uuid(), 'R1',"
    " enterprise_id, number, 'institution', institution_code, institution_name, 'x', 'pre_loan', because, since, 'x',"
    " 'x'"
    " FROM consents_named_institution n JOIN consents_consent c ON c.id = n.consent_id"
    " WHERE institution_code = 'MLYH' LIMIT 1"
)


def test_each_invariant_sees_one_spoiled_row(committed_db):
    scene.open_market()
    scene.load(250)
    with psycopg.connect(database.admin_dsn(database.address().database)) as admin, admin.cursor() as cursor:
        cursor.execute(A_READING)
        assert queries.broken(cursor, at=MONDAY, notices=SEEDED) == {}
        cursor.execute("SET session_replication_role = replica")
        for name, table, spoiled, which in SPOILED:
            with admin.transaction(force_rollback=True):
                cursor.execute(
                    f"UPDATE {table} SET {spoiled} WHERE ctid = (SELECT ctid FROM {table} WHERE {which} LIMIT 1)"
                )
                assert cursor.rowcount == 1, name
                assert len(queries.broken(cursor, at=MONDAY, notices=SEEDED, names=[name])[name]) >= 1, name
        admin.rollback()
    assert [name for name, *_ in SPOILED] == list(queries.INVARIANTS)


def test_the_command_writes_and_says_that_every_rule_holds(db, monkeypatch):
    monkeypatch.setattr(commands.timezone, "now", lambda: MONDAY)
    scene.open_market()
    answer = commands.sandbox_business(Namespace(enterprises=30, seed=3, months=12, json=True))
    assert answer["ok"] and answer["rows"]["enterprises_enterprise"] == 30 and "核对一致" in answer["text"]


@pytest.mark.parametrize("wrong", [["--enterprises", "0", "--seed", "1"], ["--enterprises", "5"]])
def test_the_command_wants_a_count_and_a_seed(wrong):
    with pytest.raises(SystemExit) as ended:
        cli.main(["sandbox", "business", *wrong])
    assert ended.value.code == 2
