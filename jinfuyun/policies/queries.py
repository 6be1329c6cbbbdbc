"""The dated policies of the release: they change with an installation, not while it runs."""

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from jinfuyun.kit.conditions import Values, Verdict
from jinfuyun.kit.errors import NotFound
from jinfuyun.policies.rules import Policy, read

_FILE = Path(__file__).parent / "policies.yaml"
POLICIES: tuple[Policy, ...] = tuple(map(read, yaml.safe_load(_FILE.read_text(encoding="utf-8"))["policies"]))


@cache
def _words() -> dict[str, str]:
    return {each.code: each.search_words() for each in POLICIES}


def in_force(on: date, *, kind: str = "", words: str = "") -> list[Policy]:
    """Those of that day, those that end first first; `words` as in the market: characters, pinyin or initials."""
    found = [each for each in POLICIES if each.is_in_force(on) and kind in ("", each.kind)]
    asked = words.lower().split()
    said = [each for each in found if all(word in _words()[each.code] for word in asked)] if asked else found
    return sorted(said, key=lambda each: each.until)


def policy(code: str) -> Policy:
    """Also one that is over or has not begun; raises NotFound."""
    found = next((each for each in POLICIES if each.code == code), None)
    if found is None:
        raise NotFound("没有这项政策。")
    return found


def open_to(values: Values, on: date) -> list[tuple[Policy, Verdict]]:
    """What the enterprise may get, sure ones first; what it surely may not is left out."""
    found = [(each, each.verdict(values)) for each in in_force(on)]
    return sorted(((p, v) for p, v in found if v is not Verdict.MISSED), key=lambda pair: -pair[1])
