"""Reading about people and their log-ins."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from jinfuyun.accounts.models import Code, Invitation, SignIn, User
from jinfuyun.accounts.rules import ABSOLUTE_END, IDLE_END, CodePurpose, Kind, normalise_account
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, House, HouseKind, Role
from jinfuyun.kit.errors import NotFound
from jinfuyun.kit.four_eyes import Person
from jinfuyun.kit.identity import mask_name, mask_phone
from jinfuyun.storage.fields import mark_of


def actor(user: User) -> Actor:
    """Who acts. The label is what the book and other people's pages show, so it is masked."""
    if user.kind == Kind.ENTERPRISE:
        return Actor(id=str(user.id), label=mask_phone(user.phone), roles=frozenset({Role.ENTERPRISE_USER}))
    return Actor(
        id=str(user.id),
        label=f"{mask_name(user.name)}（{user.account}）",
        roles=frozenset(Role(role) for role in user.roles),
        house=House(HouseKind(user.house_kind), user.house_code),
        unit=str(user.unit_id or ""),
    )


def user(user_id: UUID | str) -> User:
    """Raises NotFound."""
    found = User.objects.filter(id=user_id).first()
    if found is None:
        raise NotFound
    return found


def by_phone(phone: str) -> User | None:
    """The enterprise user of this (normalised) phone, disabled ones included."""
    return User.objects.filter(kind=Kind.ENTERPRISE, phone_mark=mark_of("phone", phone)).first()


def by_account(kind: Kind, account: str) -> User | None:
    return User.objects.filter(kind=kind, account=normalise_account(account)).first()


def is_open(someone: User | None) -> bool:
    return someone is not None and someone.disabled_at is None and someone.closed_at is None


def is_same_person(one: UUID, other: UUID) -> bool:
    """The same account, or two accounts with one phone: four eyes are not two accounts of one person."""
    if one == other:
        return True
    return User.objects.filter(id=one, phone_mark__in=User.objects.filter(id=other).values("phone_mark")).exists()


def are_one_person(one: str, other: str) -> bool:
    """As above, by the ids that the book keeps; "" and the platform's jobs are nobody."""
    return bool(one and other) and (one == other or is_same_person(UUID(one), UUID(other)))


def person(actor: Actor) -> Person:
    """Who an act is counted for where four eyes are wanted; the platform's own jobs have no phone."""
    mark = None if actor.id.startswith("job:") else user(actor.id).phone_mark
    return Person(account=actor.id, phone_mark=bytes(mark or b""))


def staff_of(house: House) -> QuerySet[User]:
    """Everybody who has or had a seat in this house."""
    return User.objects.filter(house_kind=house.kind, house_code=house.code).order_by("account")


def staff_of_kinds(kinds: tuple[Kind, ...]) -> QuerySet[User]:
    """Everybody who has or had a seat of these kinds, in whatever house."""
    return User.objects.filter(kind__in=kinds).order_by("kind", "house_code", "account")


def standing(sign_in_id: UUID | str, *, at: datetime) -> SignIn | None:
    """The sign-in with its user, if it was not ended, is not idle or too old, and the person may still come in."""
    return (
        SignIn.objects.filter(
            id=sign_in_id, ended_at=None, started_at__gt=at - ABSOLUTE_END, seen_at__gt=at - IDLE_END,
            user__disabled_at=None, user__closed_at=None,
        )
        .select_related("user")
        .first()
    )  # fmt: skip


def standing_of(user_id: UUID | str, *, at: datetime) -> QuerySet[SignIn]:
    """Where a person is logged in now, the last used first."""
    return SignIn.objects.filter(
        user_id=user_id, ended_at=None, started_at__gt=at - ABSOLUTE_END, seen_at__gt=at - IDLE_END
    ).order_by("-seen_at")


def verified_within(*, phone: str, session: str, purposes: tuple[CodePurpose, ...], minutes: int, at: datetime) -> bool:
    """Whether somebody in this session gave the right code of this phone for one of these purposes lately."""
    return Code.objects.filter(
        phone_mark=mark_of("phone", phone), session_mark=mark_of("session", session), purpose__in=purposes,
        used_at__gt=at - timedelta(minutes=minutes), used_at__lte=at,
    ).exists()  # fmt: skip


def invitations(house: House, *, at: datetime) -> QuerySet[Invitation]:
    """Those of a house that nobody has taken up yet."""
    standing = Invitation.objects.filter(accepted_at=None, ends_at__gt=at)
    return standing.filter(house_kind=house.kind, house_code=house.code).order_by("-made_at")


def invitation(token: str, *, at: datetime) -> Invitation:
    """An invitation that still stands; raises NotFound."""
    found = Invitation.objects.filter(mark=mark_of("invitation", token), accepted_at=None, ends_at__gt=at).first()
    if found is None:
        raise NotFound("邀请不存在、已使用或已过期，请联系邀请您的机构。")
    return found


def in_city(code: str, field: str = "region_code") -> Q:
    """Rows whose county lies in the city; 平潭 has a county's code of 福州 and is a place of its own."""
    if code == regions.PINGTAN:
        return Q(**{field: code})
    return Q(**{f"{field}__startswith": code[:4]}) & ~Q(**{field: regions.PINGTAN})


def inside(actor: Actor, field: str = "region_code") -> Q | None:
    """A regulator's region as a condition on `field`; None for everybody who is no regulator."""
    if Role.REGULATOR not in actor.roles or actor.house is None or actor.house.kind is not HouseKind.REGION:
        return None
    return Q() if actor.house.code == regions.PROVINCE_CODE else in_city(actor.house.code, field)
