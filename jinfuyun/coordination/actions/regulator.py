"""What the working group (工作专班) of a county, a city or the province does."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from jinfuyun.audit import actions as audit
from jinfuyun.coordination import queries
from jinfuyun.coordination.actions.moving import (
    OnTheList,
    _held,
    _must_agree,
    _put_on_list,
    _step,
    _tell_enterprise,
    _tell_institution,
)
from jinfuyun.coordination.models import Declaration, Judgement, Recommendation
from jinfuyun.coordination.rules import (
    NOTE_LENGTH,
    STANDARDS,
    Act,
    Answer,
    Finding,
    Origin,
    State,
    Wish,
    answer_due,
    not_met,
    why_not_judge,
)
from jinfuyun.enterprises.models import Enterprise
from jinfuyun.institutions import queries as institutions
from jinfuyun.kit.actor import Actor
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.errors import NotFound, Refused
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.reasons import NotInOrder, Reason
from jinfuyun.notifications.rules import Template

WORDS_MIN = 2  # one character would list half a county


@transaction.atomic
def look_up(*, words: str, by: Actor, at: datetime) -> list[Enterprise]:
    """Enterprises of the region that agree to be recommended; each one shown is booked, and reads so."""
    require(Permission.COORDINATION_WORK, by=by, over=by.house)
    if len(words.strip()) < WORDS_MIN:
        raise Refused(f"请输入企业名称中的至少 {WORDS_MIN} 个字，或完整的统一社会信用代码。")
    found = queries.found_by(words.strip(), by=by, at=at)
    for one in found:
        audit.record("coordination.look_up", subject=f"enterprise:{one.uscc}", by=by, at=at, uscc=one.uscc)
    return found


@transaction.atomic
def enlist(*, uscc: str, wish: Wish, by: Actor, at: datetime, origin: Origin = Origin.REGULATOR) -> Declaration:
    """An enterprise of the region that agrees, onto the 申报清单. Raises NotFound, NotInOrder, OnTheList."""
    require(Permission.COORDINATION_WORK, by=by, over=by.house)
    if not Enterprise.objects.filter(queries.mandate(by), queries.agreed("pk", at), pk=uscc).exists():
        raise NotFound("辖内没有这户同意对接推荐的企业。")
    return _told(_put_on_list(uscc, wish, origin, by=by, at=at), by=by, at=at)


@transaction.atomic
def enlist_demand(*, number: str, by: Actor, at: datetime) -> Declaration:
    """An open demand's enterprise, with what the demand says. Raises NotFound, OnTheList."""
    require(Permission.COORDINATION_WORK, by=by, over=by.house)
    demand = queries.demands_to_list(by, at).filter(number=number).first()
    if demand is None or demand.amount_fen is None or demand.term_months is None:
        raise NotFound("没有这项需求，或企业没有同意对接推荐、已在清单上。")
    wish = Wish(demand.amount_fen, demand.term_months, demand.purpose, demand.purpose_text)
    new = _put_on_list(
        demand.uscc, wish, Origin.DEMAND, by=by, at=at, demand_number=demand.number, excluded=demand.excluded
    )
    return _told(new, by=by, at=at)


def _told(new: Declaration, *, by: Actor, at: datetime) -> Declaration:
    _tell_enterprise(new, Template.COORDINATION_DECLARED, at=at, by=by.label)
    return new


@transaction.atomic
def view(*, number: str, by: Actor, at: datetime) -> Declaration:
    """One declaration of the region with whom to call; booked before it is shown. Raises NotFound."""
    require(Permission.COORDINATION_WORK, by=by, over=by.house)
    found = queries.declaration(number, visible_to=by, at=at)
    if found.state == State.WITHDRAWN or not queries.is_agreed(found.uscc, at):
        raise NotFound("企业已撤回这项申报，或不再同意对接推荐。")
    audit.record("coordination.viewed", subject=f"coordination:{number}", by=by, at=at, uscc=found.uscc)
    return found


def _of_the_region(declaration: Declaration, by: Actor, at: datetime) -> Declaration:
    """Held, of the group's own region, and agreed at this moment. Raises NotFound, NotAgreed."""
    require(Permission.COORDINATION_WORK, by=by, over=by.house)
    found = _held(queries.declaration(declaration.number, visible_to=by, at=at))
    _must_agree(found.uscc, at)
    return found


@transaction.atomic
def judge(*, declaration: Declaration, findings: Mapping[str, Finding], by: Actor, at: datetime) -> None:
    """What a person found of each of the five standards; later findings stand beside the earlier ones."""
    found = _of_the_region(declaration, by, at)
    if reasons := why_not_judge(findings):
        raise NotInOrder(reasons)
    Judgement.objects.bulk_create(
        Judgement(
            declaration=found, standard=name, met=findings[name].met, note=findings[name].note.strip(), by=by.id,
            by_label=by.label, at=at,
        )
        for name in STANDARDS
    )  # fmt: skip
    lacking = not_met({name: one.met for name, one in findings.items()})
    said = f"不符合：{'、'.join(lacking)}" if lacking else "五项标准均符合"
    _step(found, Act.JUDGE, by=by, at=at, said=said)


@transaction.atomic
def recommend(
    *, declaration: Declaration, codes: Iterable[str], by: Actor, at: datetime
) -> list[Recommendation]:  # fmt: skip
    """To these institutions of the region, each of which answers within a month. Raises NotInOrder, NotAgreed."""
    found = _of_the_region(declaration, by, at)
    lacking = not_met({name: one.met for name, one in queries.standing(found).items()})
    if lacking:
        raise NotInOrder([Reason("", f"五项标准尚未全部符合，不能推荐：{'、'.join(lacking)}。")])
    if found.state == State.UNMET and queries.live_of(found.uscc):
        raise OnTheList
    known = {one.code: one for one in queries.institutions_for(found)}
    chosen = list(dict.fromkeys(codes))
    if not chosen or not set(chosen) <= set(known):
        raise NotInOrder([Reason("codes", "请从列出的机构中选择至少一家。")])
    due, made = answer_due(local_day(at)), []
    for code in chosen:
        _step(found, Act.RECOMMEND, by=by, at=at, institution=known[code].name, to=code)
        one = Recommendation.objects.create(
            declaration=found, institution=known[code], unit=institutions.nearest(known[code], found.region_code),
            state=Answer.WAITING, state_at=at, recommended_at=at, due_on=due,
        )  # fmt: skip
        words = queries.words_of(found) | {"due": f"{due}"}
        _tell_institution(one, Template.COORDINATION_ASKED, words, at=at)
        made.append(one)
    names = "、".join(known[code].name for code in chosen)
    _tell_enterprise(found, Template.COORDINATION_RECOMMENDED, at=at, institution=names, due=f"{due}")
    return made


@transaction.atomic
def send_back(*, declaration: Declaration, reason: str, by: Actor, at: datetime) -> None:
    """Off the list with a reason that the enterprise reads; it may declare itself again."""
    found, reason = _of_the_region(declaration, by, at), reason.strip()
    if not NOTE_LENGTH[0] <= len(reason) <= NOTE_LENGTH[1]:
        raise NotInOrder([Reason("reason", f"请写明退回的原因，{NOTE_LENGTH[0]} 至 {NOTE_LENGTH[1]} 字。")])
    _step(found, Act.RETURN, by=by, at=at, said=reason)
    _tell_enterprise(found, Template.COORDINATION_RETURNED, at=at, reason=reason)
