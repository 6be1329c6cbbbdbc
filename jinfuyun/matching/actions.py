"""An enterprise looks at its own facts to see what fits. Nobody else sees that it looked."""

from datetime import datetime

from jinfuyun.consents import queries as consents
from jinfuyun.data import door
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, enterprise_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.conditions import Values
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from jinfuyun.kit.lending import Title
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.uscc import Nature
from jinfuyun.matching import queries
from jinfuyun.matching.rules import Person, region_of, values_of

TITLES_FEED = "qualifications"
# The register's words → ours; what is not here is no title that products ask for.
TITLES = {
    "high_tech": Title.HIGH_TECH, "technology_sme": Title.TECH_SME, "specialised": Title.SPECIALISED,
    "little_giant": Title.SPECIALISED,
}  # fmt: skip


def look(*, uscc: str, by: Actor, at: datetime) -> Values:
    """The enterprise's own values, under its own consent and for matching only. Raises NotGranted without one.

    The database books the reading on its own before a document leaves it, in the enterprise's own book.
    """
    require(Permission.MATCH_OWN, by=by, over=enterprise_house(uscc))
    reader = Reader(ReaderKind.ENTERPRISE, uscc)
    grant = consents.grant_for(uscc=uscc, reader=reader, purpose=Purpose.MATCHING, at=at)
    facts = door.read_facts(grant, actor=by.id, actor_label=by.label, at=at)
    known = {fact["name"]: fact["value"] for chapter in facts.chapters.values() for fact in chapter["facts"] or ()}
    profile = enterprises.profile(uscc)
    person = Person(region_of(profile.region_code), profile.industry_code, profile.nature == Nature.INDIVIDUAL)
    return values_of(person, known, _titles(facts), queries.sizes(local_day(at)))


def _titles(facts: door.Facts) -> list[Title] | None:
    """Titles in force by the register; None where it never told of the enterprise."""
    chapter = facts.chapters.get(Category.INTELLECTUAL_PROPERTY)
    lists = {one["feed"]: one for one in chapter["lists"] or ()} if chapter else {}
    if TITLES_FEED not in lists:
        return None
    today = local_day(facts.at).isoformat()
    rows = lists[TITLES_FEED]["rows"]
    return [TITLES[row["title"]] for row in rows if row["title"] in TITLES and (row["valid_until"] or today) >= today]
