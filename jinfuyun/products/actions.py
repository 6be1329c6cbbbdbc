"""Publishing products: the institution writes and submits a version, an operator lists exactly that version."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from jinfuyun.accounts import queries as accounts
from jinfuyun.audit import actions as audit
from jinfuyun.institutions.models import Institution
from jinfuyun.institutions.rules import State as InstitutionState
from jinfuyun.kit.actor import Actor, House, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused, TooLate
from jinfuyun.kit.four_eyes import Person, Seen, why_not_approve
from jinfuyun.kit.lending import RateKind
from jinfuyun.kit.permissions import Permission, may, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.products import queries
from jinfuyun.products.models import MarketChange, Product, Version
from jinfuyun.products.rules import BEFORE_LISTING, MOVES, OPEN_REVIEWS, Review, State, Terms, rates_bp, why_not_publish

# More changes than are made while any one transaction lasts.
CHANGES_KEPT = 1_000


class FourEyes(Refused):
    """Not this person, or not this content."""


class InReview(Refused):
    message = "该版本正在审核，审核结束前不能修改。"


@transaction.atomic
def draft(*, institution_code: str, terms: Terms, by: Actor, at: datetime) -> Product:
    """A new product with its first version; raises NotInOrder, or NotFound if the institution is not active."""
    require(Permission.PRODUCT_EDIT, by=by, over=institution_house(institution_code))
    # The lock keeps two drafts of one institution from taking the same number.
    house = Institution.objects.select_for_update().filter(code=institution_code, state=InstitutionState.ACTIVE).first()
    if house is None:
        raise NotFound("该机构尚未入驻或已暂停，不能新建产品。")
    number = Product.objects.filter(institution=house).count() + 1
    new = Product(code=f"{house.code}-{number:03}", institution=house, state=State.DRAFT, state_at=at)
    _in_order(terms, at)
    new.save()
    _write(Version(product=new, number=1, review=Review.DRAFT), terms, by, at)
    audit.record("product.drafted", subject=f"product:{new.code}", by=by, at=at)
    return new


@transaction.atomic
def write(*, code: str, terms: Terms, by: Actor, at: datetime) -> Version:
    """Change the version at work on; a product on the market gets its next version. Raises NotInOrder, InReview."""
    product = _locked(code)
    require(Permission.PRODUCT_EDIT, by=by, over=_house(product))
    if product.state == State.DELISTED:
        raise TooLate("该产品已下架，请新建产品。")
    _in_order(terms, at)
    version = product.versions.filter(review__in=OPEN_REVIEWS).first()
    if version is None:
        version = Version(product=product, number=product.versions.count() + 1)
    elif version.review == Review.IN_REVIEW:
        raise InReview
    version.review = Review.DRAFT
    _write(version, terms, by, at)
    _follow(product, version, at)
    audit.record("product.written", subject=f"product:{code}", by=by, at=at, version=version.number)
    return version


def _in_order(terms: Terms, at: datetime) -> None:
    reasons = why_not_publish(terms, queries.ground(local_day(at)))
    if reasons:
        raise NotInOrder(reasons)


def _write(version: Version, terms: Terms, by: Actor, at: datetime) -> None:
    lpr_bp = queries.lpr_bp(local_day(at))
    version.write(terms, institution_name=version.product.institution.name, lpr_bp=lpr_bp)
    version.drafted_by, version.drafted_at = by.id, at
    version.save()


@transaction.atomic
def submit(*, code: str, by: Actor, at: datetime) -> Version:
    """Hand the version at work on to the operator; raises TooLate if there is none to hand over."""
    product = _locked(code)
    require(Permission.PRODUCT_EDIT, by=by, over=_house(product))
    version = product.versions.filter(review__in=[Review.DRAFT, Review.RETURNED]).first()
    if version is None:
        raise TooLate
    _in_order(version.terms(), at)
    version.review, version.submitted_by, version.submitted_at, version.remark = Review.IN_REVIEW, by.id, at, ""
    version.submitted_mark, version.submitted_digest = accounts.person(by).phone_mark, version.content_digest()
    version.save()
    _follow(product, version, at)
    audit.record("product.submitted", subject=f"product:{code}", by=by, at=at, version=version.number)
    return version


@transaction.atomic
def list_version(*, code: str, number: int, on_screen: str, by: Actor, at: datetime) -> None:
    """The operator's approval of what he was shown (`on_screen`: its digest). Raises FourEyes, TooLate."""
    product, version = _in_review(code, number, by)
    proposer = Person(version.submitted_by, bytes(version.submitted_mark))
    seen = Seen(submitted=version.submitted_digest, on_screen=on_screen, now=version.content_digest())
    reasons = why_not_approve(proposer=proposer, reviewer=accounts.person(by), seen=seen)
    if reasons:
        raise FourEyes("".join(reasons))
    _in_order(version.terms(), at)
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
def send_back(*, code: str, number: int, remark: str, by: Actor, at: datetime) -> None:
    """Back to the institution, which is told why."""
    product, version = _in_review(code, number, by)
    version.review, version.reviewed_by, version.reviewed_at = Review.RETURNED, by.id, at
    version.remark = _said(remark)
    version.save()
    _follow(product, version, at)
    audit.record("product.sent_back", subject=f"product:{code}", by=by, at=at, version=number)


def _in_review(code: str, number: int, by: Actor) -> tuple[Product, Version]:
    product = _locked(code)
    require(Permission.PRODUCT_LIST, by=by, over=_house(product))
    version = product.versions.filter(number=number).first()
    if version is None:
        raise NotFound
    if version.review != Review.IN_REVIEW:
        raise TooLate
    return product, version


def _follow(product: Product, version: Version, at: datetime) -> None:
    """Up to the first listing the product is where its first version's review is."""
    if product.state in BEFORE_LISTING and product.state != version.review:
        product.state, product.state_at = State(version.review), at
        product.save()


@transaction.atomic
def pause(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Off the market for a while, by the institution or an operator; running applications go on."""
    _require_stop(code, by)
    _move(code, "pause", why, by, at)


@transaction.atomic
def resume(*, code: str, why: str, by: Actor, at: datetime) -> None:
    require(Permission.PRODUCT_EDIT, by=by, over=_house(_locked(code)))
    _move(code, "resume", why, by, at)


@transaction.atomic
def delist(*, code: str, why: str, by: Actor, at: datetime) -> None:
    """Off the market for good, by the institution or an operator."""
    _require_stop(code, by)
    _move(code, "delist", why, by, at)


def _require_stop(code: str, by: Actor) -> None:
    house = _house(_locked(code))
    if not may(Permission.PRODUCT_LIST, by=by, over=house):
        require(Permission.PRODUCT_EDIT, by=by, over=house)


def _move(code: str, act: str, why: str, by: Actor, at: datetime) -> None:
    sources, target = MOVES[act]
    why = _said(why)
    if not Product.objects.filter(code=code, state__in=sources).update(state=target, state_at=at):
        raise TooLate
    audit.record(f"product.{act}", subject=f"product:{code}", by=by, at=at, why=why)


@transaction.atomic
def tend(*, by: Actor, at: datetime) -> None:
    """Daily: end what is past its last day on the market, and let floating rates follow the LPR."""
    require(Permission.PRODUCT_TEND, by=by, over=None)
    today = local_day(at)
    sources, target = MOVES["expire"]
    over = Product.objects.filter(state__in=sources, current__listed_until__lt=today)
    for product in over.select_for_update(of=("self",)):
        product.state, product.state_at = target, at
        product.save()
        audit.record("product.expire", subject=f"product:{product.code}", by=by, at=at)
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


def _house(product: Product) -> House:
    return institution_house(product.institution.code)


def _said(why: str) -> str:
    if not 2 <= len(why.strip()) <= 200:
        raise NotInOrder([Reason("why", "请写明原因（2 至 200 个字）。")])
    return why.strip()
