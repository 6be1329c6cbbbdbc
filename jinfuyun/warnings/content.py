"""Rules from dated YAML. A bad file stops the program at its start, with file, line and reason."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from jinfuyun.kit.placed import BadFile, Place, once, opened
from jinfuyun.warnings.rules import Owner, Rule, Scope, Severity, Side

Word = TypeVar("Word", bound=StrEnum)
Known = Callable[[Scope, str, bool], bool]  # whether that figure can be counted so, or be part of a share


class BadRules(BadFile):
    what = "预警规则"


def read_rules(path: Path, known: Known) -> tuple[Rule, ...]:
    """Raises BadRules."""
    return rules(path.read_text(encoding="utf-8"), file=path.name, known=known)


def rules(text: str, *, file: str, known: Known) -> tuple[Rule, ...]:
    """Raises BadRules."""
    top = opened(text, file=file, trouble=BadRules)
    top["reference"].word()
    found = tuple(_rule(each, top, known) for each in top["rules"].items())
    once(top["rules"], [one.code for one in found])
    return found


def _rule(place: Place, top: Place, known: Known) -> Rule:
    sides = [side for side in Side if side.value in place]
    if len(sides) != 1:
        raise place.bad("above 与 below 应写而且只写一个。")
    scope = _word(place["scope"], Scope)
    names = [place[name] for name in ("figure", "of") if name in place]
    for name in names:
        if not known(scope, name.word(), "of" in place):
            raise name.bad(f"“{name.word()}”不是可以按 {scope} 统计的指标。")
    return Rule(
        code=place["code"].word(), label=place["label"].word(), scope=scope, figure=place["figure"].word(),
        of=place["of"].word() if "of" in place else "", days=place["days"].whole(above=0),
        usual=place["usual"].whole(above=0) if "usual" in place else 0, side=sides[0],
        bound=place[sides[0].value].whole(), sample=place["sample"].whole(above=-1),
        severity=_word(place["severity"], Severity), owner=_word(place["owner"], Owner),
        working_days=place["working_days"].whole(above=0), valid_from=top["valid_from"].day(),
    )  # fmt: skip


def _word(place: Place, words: type[Word]) -> Word:
    try:
        return words(place.word())
    except ValueError as unknown:
        raise place.bad(f"“{place.word()}”应是 {'、'.join(words)} 之一。") from unknown
