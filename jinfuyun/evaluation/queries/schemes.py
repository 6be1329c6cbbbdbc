"""The schemes of the release, and which of them is in force. A bad one stops the program at its start."""

from pathlib import Path

from django.db.models import Count

from jinfuyun.evaluation.content import scheme as read
from jinfuyun.evaluation.models import Adoption
from jinfuyun.evaluation.rules import Scheme, State, cadence_of, months_of
from jinfuyun.kit import regions
from jinfuyun.kit.actor import Actor, Role
from jinfuyun.kit.errors import NotAllowed, NotFound, Refused
from jinfuyun.kit.permissions import Permission, may
from jinfuyun.supervision.queries import MONTHLY
from jinfuyun.supervision.queries.counting import needs
from jinfuyun.supervision.queries.table import BASE

FOLDER = Path(__file__).parents[1] / "schemes"
# Of one institution can be counted what stands in rows of its own, and of a month what is not only known live.
INDICATORS = frozenset(
    one.name for one in MONTHLY if all(BASE[part].source.institution for part in needs(one.name))
)  # fmt: skip
SAMPLES = frozenset(name for name, one in BASE.items() if one.source.institution and isinstance(one.counted, Count))


def read_all(folder: Path) -> dict[str, Scheme]:
    """By name, the newest first. Raises BadScheme, Refused."""
    found: dict[str, Scheme] = {}
    for path in folder.glob("*.yaml"):
        one = read(path.read_text(encoding="utf-8"), file=path.name, indicators=INDICATORS, samples=SAMPLES)
        if one.name in found:
            raise Refused(f"评价方案 {path.name}：已有名为“{one.name}”的方案。")
        found[one.name] = one
    return dict(sorted(found.items(), key=lambda pair: (pair[1].valid_from, pair[0]), reverse=True))


SCHEMES = read_all(FOLDER)


def scheme(name: str) -> Scheme:
    """Raises NotFound."""
    if name not in SCHEMES:
        raise NotFound("没有这个评价方案。")
    return SCHEMES[name]


def adoptions(name: str = "") -> list[Adoption]:
    """What was ever proposed, the last first."""
    found = Adoption.objects.order_by("-proposed_at")
    return list(found.filter(scheme=name) if name else found)


def digest_now(adoption: Adoption) -> str:
    """Of what would be confirmed now; a scheme that is gone has no content."""
    now = SCHEMES.get(adoption.scheme)
    return adoption.content_digest(now.content_digest() if now else "")


def in_force(period: str) -> Scheme:
    """For a period. Raises Refused where there is none, or where its file is another than the one confirmed."""
    found = Adoption.objects.filter(
        state=State.IN_FORCE, cadence=cadence_of(period), from_month__lte=months_of(period)[0]
    ).order_by("from_month", "decided_at").last()  # fmt: skip
    if found is None:
        raise Refused(f"{period} 还没有生效的评价方案，请先由两人复核生效。")
    return unchanged(found.scheme, found.digest)


def unchanged(name: str, digest: str) -> Scheme:
    """The scheme as it was confirmed. Raises Refused."""
    if name not in SCHEMES or SCHEMES[name].content_digest() != digest:
        raise Refused(f"方案“{name}”的内容在生效后被改动，不能据以评价；请另立方案，经复核后生效。")
    return SCHEMES[name]


def may_decide(actor: Actor) -> bool:
    """A city's regulator decides nothing: institutions are compared over the whole province."""
    of_the_province = actor.house is not None and actor.house.code == regions.PROVINCE_CODE
    allowed = may(Permission.EVALUATION_DECIDE, by=actor, over=None)
    return allowed and (of_the_province or Role.PLATFORM in actor.roles)


def of_the_province(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not may_decide(actor):
        raise NotAllowed("机构评价由省级金融管理部门办理。")
