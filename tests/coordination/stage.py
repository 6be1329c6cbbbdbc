"""Red Star in Jin'an, its working groups, and banks it can be recommended to."""

from dataclasses import replace
from datetime import datetime

from jinfuyun.consents import actions as consents
from jinfuyun.consents.rules import TermKind, Terms, day
from jinfuyun.coordination import actions
from jinfuyun.coordination.models import Declaration, Recommendation
from jinfuyun.coordination.rules import STANDARDS, Finding, Wish
from jinfuyun.kit.actor import Actor
from tests.cast import MONDAY, Firm
from tests.demands.stage import officer_of
from tests.market import WAN
from tests.supervision.scene import regulator

COUNTY, CITY, XIAMEN = regulator("350111"), regulator("350100"), regulator("350200")
WISH = Wish(100 * WAN, 12, "stock", "采购春季备货的原材料")
MET = {name: Finding(met=True, note="现场核对无异常") for name in STANDARDS}
FAILED = MET | {"premises": Finding(met=False, note="登记地址已无人经营")}


def agreeing(firm: Firm, *, recommend: bool = True, at: datetime = MONDAY) -> object:
    """A letter in force that says whether the enterprise may be recommended; it takes the place of any before."""
    terms = Terms(
        TermKind.UNTIL_SETTLEMENT, day(at), None, (), (), personal_notice=False, recommend=recommend, agree=True
    )
    consent = consents.prepare(uscc=firm.uscc, terms=terms, utilities=[], by=firm.owner, at=at)
    return consents.put_in_force(consent=consent, evidence={"method": "test"}, by=firm.owner, at=at)


def declared(firm: Firm, *, at: datetime = MONDAY, **changes: object) -> Declaration:
    wish = replace(WISH, **changes)  # type: ignore[arg-type]  # the names of a wish
    return actions.declare(uscc=firm.uscc, wish=wish, by=firm.owner, at=at)


def recommended(firm: Firm, *codes: str, by: Actor = COUNTY, at: datetime = MONDAY) -> Declaration:
    declaration = declared(firm, at=at)
    actions.judge(declaration=declaration, findings=MET, by=by, at=at)
    actions.recommend(declaration=declaration, codes=codes, by=by, at=at)
    return now(declaration)


def now(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=declaration.pk)


def at_bank(declaration: Declaration, code: str) -> Recommendation:
    return Recommendation.objects.select_related("institution").get(declaration=declaration, institution__code=code)


def answers(declaration: Declaration, code: str, *acts: str, at: datetime = MONDAY, **more: object) -> None:
    """The bank's officer does these, one after the other; `more` belongs to the last."""
    verbs = {
        "contact": actions.contact, "apply": actions.apply, "grant": actions.grant, "refuse": actions.refuse,
    }  # fmt: skip
    for act in acts:
        last = more if act == acts[-1] else {}
        verbs[act](recommendation=at_bank(declaration, code), by=officer_of(code), at=at, **last)
