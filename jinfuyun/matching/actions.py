"""An enterprise looks at its own facts to see what fits, and nobody else sees that it looked; an institution asks how
many would fit, and sees nobody."""

from datetime import datetime

from django.db import transaction

from jinfuyun.accounts.actions import reserve
from jinfuyun.accounts.rules import Limit
from jinfuyun.audit import actions as audit
from jinfuyun.consents import queries as consents
from jinfuyun.data import door
from jinfuyun.data.door import Estimate
from jinfuyun.enterprises import queries as enterprises
from jinfuyun.kit.actor import Actor, enterprise_house, institution_house
from jinfuyun.kit.calendar import local_day
from jinfuyun.kit.conditions import Values
from jinfuyun.kit.conditions import said as condition_said
from jinfuyun.kit.grant import Category, Purpose, Reader, ReaderKind
from jinfuyun.kit.lending import Title
from jinfuyun.kit.permissions import Permission, require
from jinfuyun.kit.uscc import Nature
from jinfuyun.matching import queries
from jinfuyun.matching.rules import Person, region_of, values_of
from jinfuyun.products import queries as products
from jinfuyun.products.rules import Terms, admission

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


def count_fitting(*, institution_code: str, terms: Terms, by: Actor, at: datetime) -> Estimate:
    """About how many enterprises of the platform would fit; booked, and limited for each person. Raises TooMany.

    Not in a transaction: the reservation commits on its own, and the line before anything is counted.
    """
    require(Permission.PRODUCT_EDIT, by=by, over=institution_house(institution_code))
    reserve(limit=Limit.FITTING_COUNT, key=by.id, at=at)
    asked = admission(terms, products.barred(local_day(at)))
    with transaction.atomic():
        audit.record(
            "product.counted", subject=f"institution:{institution_code}", by=by, at=at,
            conditions=[condition_said(one) for one in terms.conditions],
        )  # fmt: skip
    subjects = {one.subject for one in asked}
    return door.count_fitting(
        asked, queries.people(), queries.derived(subjects, local_day(at)), TITLES if "titles" in subjects else {}, at=at
    )


def _titles(facts: door.Facts) -> list[Title] | None:
    """Titles in force by the register; None where it never told of the enterprise."""
    chapter = facts.chapters.get(Category.INTELLECTUAL_PROPERTY)
    lists = {one["feed"]: one for one in chapter["lists"] or ()} if chapter else {}
    if TITLES_FEED not in lists:
        return None
    today = local_day(facts.at).isoformat()
    rows = lists[TITLES_FEED]["rows"]
    return [TITLES[row["title"]] for row in rows if row["title"] in TITLES and (row["valid_until"] or today) >= today]
