"""Preparing and signing a letter."""

import hashlib
import json
import secrets
import uuid
from datetime import datetime, timedelta

import msgspec
from django.db import IntegrityError, transaction

from jinfuyun.accounts.actions import WrongCode, use_code
from jinfuyun.accounts.rules import CodePurpose
from jinfuyun.audit import actions as audit
from jinfuyun.consents import letter, queries
from jinfuyun.consents.models import Authorised, Consent, NamedInstitution, SignLink
from jinfuyun.consents.rules import LIVING, SIGN_LINK_HOURS, State, Terms, UtilityEntry, day, why_not_terms
from jinfuyun.data import door
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.jobs.actions import defer
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.errors import Refused, TooLate
from jinfuyun.kit.jobs import Job
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template


class Incomplete(Refused):
    """Fields that cannot stand: `wrong` has a sentence for each."""

    message = "请更正标出的内容后再提交。"

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__()
        self.wrong = wrong


class ReadAgain(Refused):
    """The letter would not say what was shown."""

    message = "授权书内容已按您的选择更新，请阅读后再次点击“立即授权”。"


def check_terms(terms: Terms, *, at: datetime) -> None:
    """Raise Incomplete before any supplier is asked about terms that cannot stand. Writes nothing."""
    if wrong := why_not_terms(terms, today=day(at)):
        raise Incomplete(wrong)


def check_utilities(entries: tuple[UtilityEntry, ...], *, uscc: str, at: datetime) -> list[dict[str, str]]:
    """Ask each supplier whether the account is this enterprise's; silence and a no both leave the chapter out."""
    verdicts = door.verify_utilities(
        [(entry.category, entry.supplier, entry.account) for entry in entries], uscc=uscc, at=at
    )
    return [
        {"category": entry.category, "supplier": entry.supplier, "account": entry.account, "verdict": verdict.value}
        for entry, verdict in zip(entries, verdicts, strict=True)
    ]


@transaction.atomic
def prepare(
    *,
    uscc: str,
    terms: Terms,
    utilities: list[dict[str, str]],
    form_token: uuid.UUID | None = None,
    by: Actor,
    at: datetime,
) -> Consent:
    """A letter ready to be signed; an unsigned earlier one goes. `utilities`: what check_utilities answered."""
    require(Permission.CONSENT_PREPARE, by=by, over=enterprise_house(uscc))
    check_terms(terms, at=at)
    waiting = Consent.objects.filter(enterprise_id=uscc, state=State.PENDING)
    SignLink.objects.filter(consent__in=waiting).delete()
    waiting.delete()
    consent = queries.unsigned(uscc, terms, utilities)
    consent.number = f"SQ{day(at):%Y%m%d}{secrets.randbelow(10**8):08d}"
    consent.prepared_by_id, consent.prepared_at, consent.form_token = uuid.UUID(by.id), at, form_token
    data = queries.write_letter(consent, enterprises.profile(uscc), named=queries.carried(uscc))
    consent.letter = msgspec.json.encode(data).decode()
    consent.text_sha256 = letter.text_hash(data)
    consent.save()
    audit.record(
        "consent.prepared", subject=f"consent:{consent.number}", by=by, at=at, uscc=uscc,
        consent_number=consent.number, text_sha256=consent.text_sha256,
    )  # fmt: skip
    return consent


def give(
    *,
    uscc: str,
    terms: Terms,
    utilities: list[dict[str, str]],
    shown_sha256: str,
    form_token: uuid.UUID,
    code: str,
    session: str,
    ip: str,
    user_agent: str,
    by: Actor,
    at: datetime,
) -> Consent:
    """立即授权 on the page: what was shown is signed. Raises Incomplete, ReadAgain, WrongCode, TooLate.

    Only a right code leads to a letter at all. Preparing and signing are one step then; the page sent twice gives the
    one letter.
    """
    require(Permission.CONSENT_GIVE, by=by, over=enterprise_house(uscc))
    check_terms(terms, at=at)
    if sent_before := queries.given_on(form_token, uscc=uscc):
        return sent_before
    if shown_sha256 != letter.text_hash(queries.draft(uscc, terms, utilities)):
        raise ReadAgain
    try:
        _use_sign_code(uscc, code=code, session=session, at=at)
        with transaction.atomic():
            consent = prepare(uscc=uscc, terms=terms, utilities=utilities, form_token=form_token, by=by, at=at)
            return put_in_force(consent=consent, evidence=_evidence(ip, user_agent, at), by=by, at=at)
    except (WrongCode, IntegrityError, TooLate):
        if same := queries.given_on(form_token, uscc=uscc):  # the other click was first
            return same
        raise


@transaction.atomic
def send_sign_link(*, consent: Consent, url: str, by: Actor, at: datetime) -> None:
    """A clerk prepared it: the legal representative gets an SMS that names enterprise and act. `url` ends with /."""
    require(Permission.CONSENT_PREPARE, by=by, over=enterprise_house(consent.enterprise_id))
    token = secrets.token_urlsafe(24)
    SignLink.objects.create(
        consent=consent, token_sha256=hashlib.sha256(token.encode()).hexdigest(), made_at=at,
        ends_at=at + timedelta(hours=SIGN_LINK_HOURS),
    )  # fmt: skip
    enterprise = enterprises.profile(consent.enterprise_id)
    context = {"enterprise": enterprise.name, "by": by.label, "link": f"{url}{token}"}
    notify(phone=enterprise.legal_phone, template=Template.SIGN_REQUEST, context=context, at=at)
    audit.record(
        "consent.sign_link_sent", subject=f"consent:{consent.number}", by=by, at=at, uscc=consent.enterprise_id,
        consent_number=consent.number,
    )  # fmt: skip


def sign(
    *, consent: Consent, code: str, session: str, ip: str, user_agent: str, text_sha256: str, by: Actor, at: datetime
) -> Consent:
    """From the link: the code is used up on its own, then the signature is one step. Raises WrongCode, TooLate."""
    require(Permission.CONSENT_GIVE, by=by, over=enterprise_house(consent.enterprise_id))
    if text_sha256 != consent.text_sha256:
        raise TooLate("授权书内容已有变动，请重新阅读后签署。")
    _use_sign_code(consent.enterprise_id, code=code, session=session, at=at)
    return put_in_force(consent=consent, evidence=_evidence(ip, user_agent, at), by=by, at=at)


def _use_sign_code(uscc: str, *, code: str, session: str, at: datetime) -> None:
    """Raises WrongCode. A code is good for the enterprise that its message names."""
    if queries.needs_code(uscc=uscc, session=session, at=at):
        phone = enterprises.profile(uscc).legal_phone
        use_code(phone=phone, purpose=CodePurpose.SIGN_CONSENT, session=session, code=code, subject=uscc, at=at)


def _evidence(ip: str, user_agent: str, at: datetime) -> dict[str, str]:
    return {"method": "sms", "ip": ip, "user_agent": user_agent[:300], "at": at.isoformat()}


@transaction.atomic
def put_in_force(*, consent: Consent, evidence: dict[str, str], by: Actor, at: datetime) -> Consent:
    """The signature itself: the earlier consent gives way, departments are told, the letter is made by a job."""
    uscc = consent.enterprise_id
    require(Permission.CONSENT_GIVE, by=by, over=enterprise_house(uscc))
    carried, before = queries.carried(uscc), queries.living(uscc)
    Consent.objects.filter(enterprise_id=uscc, state__in=LIVING).update(state=State.SUPERSEDED, ended_at=at)
    current = Consent.objects.select_for_update().filter(pk=consent.pk, state=State.PENDING).first()
    if current is None:
        raise TooLate("该授权书已签署或已作废。")
    current.state, current.signed_at, current.signed_by_id = State.ACTIVE, at, uuid.UUID(by.id)
    current.evidence = json.dumps(evidence)
    current.save()
    NamedInstitution.objects.bulk_create(
        NamedInstitution(
            consent=current, institution_code=row.institution_code, institution_name=row.institution_name,
            because=row.because, since=at,
        )
        for row in carried
    )  # fmt: skip
    _authorise(current)
    if before and set(before.categories) - set(current.categories):  # what the new letter leaves out is no longer kept
        defer(Job.ERASE_FACTS, consent_number=before.number, uscc=uscc)
    defer(Job.RENDER_LETTER, consent_id=str(current.pk))
    enterprise = enterprises.profile(uscc)
    context = {"enterprise": enterprise.name, "number": current.number}
    notify(phone=enterprise.legal_phone, template=Template.CONSENT_SIGNED, context=context, at=at)
    audit.record(
        "consent.signed", subject=f"consent:{current.number}", by=by, at=at, uscc=uscc,
        consent_number=current.number, text_sha256=current.text_sha256, categories=current.categories,
    )  # fmt: skip
    return current


@transaction.atomic
def resume(*, consent: Consent, by: Actor, at: datetime) -> None:
    """A paused consent works again, for the rest of its term."""
    require(Permission.CONSENT_GIVE, by=by, over=enterprise_house(consent.enterprise_id))
    if not Consent.objects.filter(pk=consent.pk, state=State.PAUSED).update(state=State.ACTIVE):
        raise TooLate("该授权的状态刚刚已改变，请刷新后再看。")
    _authorise(consent)
    defer(Job.PULL_FACTS, uscc=consent.enterprise_id, once=f"pull:{consent.enterprise_id}")
    audit.record(
        "consent.active", subject=f"consent:{consent.number}", by=by, at=at, uscc=consent.enterprise_id,
        consent_number=consent.number,
    )  # fmt: skip


def _authorise(consent: Consent) -> None:
    """Tell the data plane, in the caller's transaction, what may be collected of this enterprise from now on."""
    Authorised.objects.filter(uscc=consent.enterprise_id).delete()
    Authorised.objects.bulk_create(
        Authorised(
            uscc=consent.enterprise_id, category=category, consent_number=consent.number,
            pdf_sha256=consent.pdf_sha256, start_on=consent.start_on, end_on=consent.end_on,
        )
        for category in consent.categories
    )  # fmt: skip


@transaction.atomic
def keep_letter(*, consent: Consent, pdf_file: str, pdf_sha256: str, by: Actor, at: datetime) -> None:
    """The signed PDF is kept, its hash goes into the book and to the departments, and the first data are fetched."""
    require(Permission.CONSENT_ENFORCE, by=by, over=None)
    if not Consent.objects.filter(pk=consent.pk, pdf_file="").update(pdf_file=pdf_file, pdf_sha256=pdf_sha256):
        raise TooLate
    Authorised.objects.filter(consent_number=consent.number).update(pdf_sha256=pdf_sha256)
    defer(Job.PULL_FACTS, uscc=consent.enterprise_id, once=f"pull:{consent.enterprise_id}")
    audit.record(
        "consent.letter_kept", subject=f"consent:{consent.number}", by=by, at=at, uscc=consent.enterprise_id,
        consent_number=consent.number, pdf_sha256=pdf_sha256,
    )  # fmt: skip
