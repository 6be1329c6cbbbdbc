"""Publishing products: the institution writes and submits a version, a second person of the institution confirms it,
and an operator lists exactly that version."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.actor import Actor, House, HouseKind, Role, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.four_eyes import Person, Seen, why_not_approve
from jinfuyun.kit.lending import RateKind
from jinfuyun.kit.permissions import MAY, Permission, may, require
from jinfuyun.kit.reasons import NotInOrder, said
from jinfuyun.kit.refusals import Desk, why_refused
from jinfuyun.notifications.actions import notify
from jinfuyun.notifications.rules import Template
from jinfuyun.products import queries
from jinfuyun.products.models import MarketChange, Product, Unfinished, Version
from jinfuyun.products.rules import (
    BEFORE_LISTING,
    EXPIRY_WARNED_DAYS,
    FROZEN_REVIEWS,
    MOVES,
    OPEN_REVIEWS,
    TYPED_LENGTH_MAX,
    Review,
    State,
    Terms,
    rates_bp,
    why_not_publish,
)

WRITERS = MAY[Permission.PRODUCT_EDIT]
REVIEWERS = MAY[Permission.PRODUCT_CONFIRM]

# More changes than are made while any one transaction lasts.
CHANGES_KEPT = 1_000


class FourEyes(Refused):
    """Not this person, or not this content."""


class PausedByPlatform(Refused):
    message = "该产品由平台暂停，须由平台恢复；整改完毕或有疑问的，请联系平台运营方。"


class InReview(Refused):
    message = "该版本正在审核，审核结束前不能修改。"


@transaction.atomic
def keep(
    *, draft_id: UUID, institution_code: str, code: str | None, typed: dict[str, Any], by: Actor, at: datetime
) -> None:
    """What one person has typed so far, complete or not, of a new product or of the one with that code."""
    require(Permission.PRODUCT_EDIT, by=by, over=institution_house(institution_code))
    product = _locked(code) if code else None
    if product:
        require(Permission.PRODUCT_EDIT, by=by, over=_house(product))
    if len(json.dumps(typed, ensure_ascii=False)) > TYPED_LENGTH_MAX:
        raise Refused("填写的内容过长，不能保存。")
    house = Institution.objects.get(code=institution_code)
    mine = Unfinished.objects.filter(kept_by=by.id, product=product)
    found = mine.filter(**({} if product else {"pk": draft_id})).first()
    if found is None and Unfinished.objects.filter(pk=draft_id).exists():
        raise NotFound
    found = found or Unfinished(id=draft_id, institution=house, product=product, kept_by=by.id)
    found.typed, found.kept_at = typed, at
    found.save()


@transaction.atomic
def discard(*, draft_id: UUID, by: Actor, at: datetime) -> None:
    """One's own notes for a form go. Raises NotFound."""
    require(Permission.PRODUCT_EDIT, by=by, over=by.house)
    if not Unfinished.objects.filter(pk=draft_id, kept_by=by.id).delete()[0]:
        raise NotFound


@transaction.atomic
def draft(*, institution_code: str, terms: Terms, draft_id: UUID | None = None, by: Actor, at: datetime) -> Product:
    """A new product with its first version; raises NotInOrder, or NotFound if the institution is not active.

    `draft_id`: the notes of which it was made, which are done with.
    """
    require(Permission.PRODUCT_EDIT, by=by, over=institution_house(institution_code))
    # The lock keeps two drafts of one institution from taking the same number.
    house = Institution.objects.select_for_update().filter(code=institution_code, state=InstitutionState.ACTIVE).first()
    if house is None:
        raise NotFound("该机构尚未入驻或已暂停，不能新建产品。")
    number = Product.objects.filter(institution=house).count() + 1
    new = Product(code=f"{house.code}-{number:03}", institution=house, state=State.DRAFT, state_at=at)
    _in_order(terms, house, at)
    new.save()
    _write(Version(product=new, number=1, review=Review.DRAFT), terms, by, at)
    if draft_id:
        Unfinished.objects.filter(pk=draft_id, kept_by=by.id).delete()
    audit.record("product.drafted", subject=f"product:{new.code}", by=by, at=at)
    return new


@transaction.atomic
def write(*, code: str, terms: Terms, by: Actor, at: datetime) -> Version:
    """Change the version at work on; a product on the market gets its next version. Raises NotInOrder, InReview."""
    product = _locked(code)
    require(Permission.PRODUCT_EDIT, by=by, over=_house(product))
    if product.state == State.DELISTED:
        raise TooLate("该产品已下架，请新建产品。")
    _in_order(terms, product.institution, at)
    version = product.versions.filter(review__in=OPEN_REVIEWS).first()
    if version is None:
        version = Version(product=product, number=product.versions.count() + 1)
    elif version.review in FROZEN_REVIEWS:
        raise InReview
    version.review = Review.DRAFT
    _write(version, terms, by, at)
    _follow(product, version, at)
    Unfinished.objects.filter(product=product, kept_by=by.id).delete()
    audit.record("product.written", subject=f"product:{code}", by=by, at=at, version=version.number)
    return version


def _in_order(terms: Terms, house: Institution, at: datetime) -> None:
    reasons = why_not_publish(terms, queries.ground(local_day(at), house))
    if reasons:
        raise NotInOrder(reasons)


def _write(version: Version, terms: Terms, by: Actor, at: datetime) -> None:
    lpr_bp = queries.lpr_bp(local_day(at))
    version.write(terms, institution_name=version.product.institution.name, lpr_bp=lpr_bp)
    version.drafted_by, version.drafted_at = by.id, at
    version.save()


@transaction.atomic
def submit(*, code: str, by: Actor, at: datetime) -> Version:
    """Hand the version at work on to a colleague, who looks first; raises TooLate if there is none to hand over."""
    product = _locked(code)
    require(Permission.PRODUCT_EDIT, by=by, over=_house(product))
    version = product.versions.filter(review__in=[Review.DRAFT, Review.RETURNED]).first()
    if version is None or product.state == State.DELISTED:
        raise TooLate
    _in_order(version.terms(), product.institution, at)
    version.review, version.submitted_by, version.submitted_at = Review.CHECKING, by.id, at
    version.remark_code = version.remark = ""
    version.submitted_mark, version.submitted_digest = accounts.person(by).phone_mark, version.content_digest()
    version.save()
    _follow(product, version, at)
    audit.record("product.submitted", subject=f"product:{code}", by=by, at=at, version=version.number)
    _tell(product, version, Template.PRODUCT_CHECKING, REVIEWERS, at, but=by)
    return version


@transaction.atomic
def confirm(*, code: str, number: int, on_screen: str, by: Actor, at: datetime) -> None:
    """The institution's second pair of eyes: on to the operator. Raises FourEyes, TooLate."""
    product, version = _found(code, number)
    require(Permission.PRODUCT_CONFIRM, by=by, over=_house(product))
    _in_review(version, Review.CHECKING)
    person = accounts.person(by)
    _four_eyes(version, on_screen, person, Person(version.submitted_by, bytes(version.submitted_mark)))
    version.review, version.confirmed_by, version.confirmed_at = Review.IN_REVIEW, by.id, at
    version.confirmed_mark = person.phone_mark
    version.save()
    audit.record("product.confirmed", subject=f"product:{code}", by=by, at=at, version=number)


@transaction.atomic
def list_version(*, code: str, number: int, on_screen: str, by: Actor, at: datetime) -> None:
    """The operator's approval of what he was shown (`on_screen`: its digest). Raises FourEyes, TooLate."""
    product, version = _found(code, number)
    require(Permission.PRODUCT_LIST, by=by, over=_house(product))
    _in_review(version, Review.IN_REVIEW)
    _four_eyes(
        version, on_screen, accounts.person(by), Person(version.submitted_by, bytes(version.submitted_mark)),
        Person(version.confirmed_by, bytes(version.confirmed_mark)),
    )  # fmt: skip
    _in_order(version.terms(), product.institution, at)
    if product.current:
        product.current.review = Review.SUPERSEDED
        product.current.save(update_fields=["review"])
    version.review, version.reviewed_by, version.reviewed_at = Review.PASSED, by.id, at
    version.rate_min_bp, version.rate_max_bp = rates_bp(version.terms(), queries.lpr_bp(local_day(at)))
    version.save()
    product.current, product.listed_at = version, at
    if product.state != State.PAUSED:
        product.state, product.state_at = State.LISTED, at
    product.save()
    audit.record("product.listed", subject=f"product:{code}", by=by, at=at, version=number)


@transaction.atomic
def send_back(*, code: str, number: int, ground: str, remark: str, by: Actor, at: datetime) -> None:
    """Back to who wrote it, who is told why: by the colleague before he confirms, or by the operator afterwards.

    `ground`: of GROUNDS. Raises NotInOrder, TooLate.
    """
    product, version = _found(code, number)
    is_checking = version.review == Review.CHECKING
    require(Permission.PRODUCT_CONFIRM if is_checking else Permission.PRODUCT_LIST, by=by, over=_house(product))
    _in_review(version, Review.CHECKING if is_checking else Review.IN_REVIEW)
    version.review, version.reviewed_by, version.reviewed_at = Review.RETURNED, by.id, at
    for name, value in why_refused(Desk.COLLEAGUE if is_checking else Desk.PRODUCT, ground, remark).items():
        setattr(version, name, value)
    version.save()
    _follow(product, version, at)
    audit.record("product.sent_back", subject=f"product:{code}", by=by, at=at, version=number, ground=ground)
    _tell(product, version, Template.PRODUCT_RETURNED, WRITERS, at, why=version.sent_back_because)


def _found(code: str, number: int) -> tuple[Product, Version]:
    product = _locked(code)
    version = product.versions.filter(number=number).first()
    if version is None:
        raise NotFound
    return product, version


def _in_review(version: Version, review: Review) -> None:
    if version.review != review:
        raise TooLate


def _four_eyes(version: Version, on_screen: str, reviewer: Person, *before: Person) -> None:
    """Nobody who handed it in or confirmed it approves it, and what is approved is what was handed in."""
    seen = Seen(submitted=version.submitted_digest, on_screen=on_screen, now=version.content_digest())
    reasons = [why for one in before for why in why_not_approve(proposer=one, reviewer=reviewer, seen=seen)]
    if reasons:
        raise FourEyes("".join(dict.fromkeys(reasons)))


def _tell(
    product: Product, version: Version, template: Template, roles: frozenset[Role], at: datetime,
    but: Actor | None = None, **context: str,
) -> None:  # fmt: skip
    """Inside the platform: people of the institution with one of the roles."""
    words = {"product": version.name, "number": str(version.number), **context}
    for person in accounts.staff_of(_house(product)):
        if roles & set(person.roles) and accounts.is_open(person) and not (but and str(person.pk) == but.id):
            notify(user_id=person.pk, template=template, context=words, at=at)


def _follow(product: Product, version: Version, at: datetime) -> None:
    """Up to the first listing the product is where its first version's review is."""
    state = State.IN_REVIEW if version.review in FROZEN_REVIEWS else State(version.review)
    if product.state in BEFORE_LISTING and product.state != state:
        product.state, product.state_at = state, at
        product.save()


@transaction.atomic
def pause(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Off the market for a while, by the institution or an operator; running applications go on."""
    product = _require_stop(code, by)
    assert by.house is not None  # whoever may stop it has one
    _move(code, "pause", why, by, at, paused_by=by.house.kind, paused_why=why.strip())
    if by.house.kind is HouseKind.PLATFORM:
        _tell(product, _current(product), Template.PRODUCT_PAUSED, WRITERS, at, why=why.strip())


@transaction.atomic
def resume(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Back on the market, by the side that paused it. Raises PausedByPlatform, TooLate."""
    product = _locked(code)
    if product.is_paused_by_platform and may(Permission.PRODUCT_EDIT, by=by, over=_house(product)):
        raise PausedByPlatform
    needed = Permission.PRODUCT_LIST if product.is_paused_by_platform else Permission.PRODUCT_EDIT
    require(needed, by=by, over=_house(product))
    _move(code, "resume", why, by, at, paused_by="", paused_why="")


@transaction.atomic
def delist(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Off the market for good, by the institution or an operator."""
    product = _require_stop(code, by)
    _move(code, "delist", why, by, at)
    product.versions.filter(review__in=FROZEN_REVIEWS).update(review=Review.DRAFT)  # it waits at no desk any more


def _require_stop(code: str, by: Actor) -> Product:
    product = _locked(code)
    house = _house(product)
    if not may(Permission.PRODUCT_LIST, by=by, over=house):
        require(Permission.PRODUCT_EDIT, by=by, over=house)
    return product


def _move(code: str, act: str, why: str, by: Actor, at: datetime, **changes: str) -> None:
    sources, target = MOVES[act]
    why = said(why)
    if not Product.objects.filter(code=code, state__in=sources).update(state=target, state_at=at, **changes):
        raise TooLate
    audit.record(f"product.{act}", subject=f"product:{code}", by=by, at=at, why=why)


@transaction.atomic
def tend(*, by: Actor, at: datetime) -> None:
    """Daily: end what is past its last day on the market, and let floating rates follow the LPR."""
    require(Permission.PRODUCT_TEND, by=by, over=None)
    today = local_day(at)
    sources, target = MOVES["expire"]
    over = Product.objects.filter(state__in=sources, current__listed_until__lt=today)
    over = over.select_related("institution", "current")
    for product in over.select_for_update(of=("self",)):
        product.state, product.state_at = target, at
        product.save()
        audit.record("product.expire", subject=f"product:{product.code}", by=by, at=at)
        _tell(product, _current(product), Template.PRODUCT_EXPIRED, WRITERS, at)
    soon = Product.objects.filter(state__in=sources, current__listed_until=today + timedelta(days=EXPIRY_WARNED_DAYS))
    for product in soon.select_related("institution", "current"):
        version = _current(product)
        _tell(product, version, Template.PRODUCT_EXPIRES, WRITERS, at, day=str(version.listed_until))
    newest = MarketChange.objects.order_by("-id").values_list("id", flat=True).first() or 0
    MarketChange.objects.filter(id__lte=newest - CHANGES_KEPT).delete()
    lpr_bp = queries.lpr_bp(today)
    for version in Version.objects.filter(rate_kind=RateKind.FLOATING, review=Review.PASSED):
        low, high = rates_bp(version.terms(), lpr_bp)
        if (low, high) != (version.rate_min_bp, version.rate_max_bp):
            Version.objects.filter(pk=version.pk).update(rate_min_bp=low, rate_max_bp=high)
            Product.objects.filter(current=version).update(state=F("state"))  # written anew: see queries.market_mark
            audit.record("product.repriced", subject=f"version:{version.pk}", by=by, at=at, low=low, high=high)


def _locked(code: str) -> Product:
    found = Product.objects.select_for_update(of=("self",)).select_related("institution", "current")
    product = found.filter(code=code).first()
    if product is None:
        raise NotFound
    return product


def _current(product: Product) -> Version:
    assert product.current is not None  # the database keeps the version of what was listed
    return product.current


def _house(product: Product) -> House:
    return institution_house(product.institution.code)
