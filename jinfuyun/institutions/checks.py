"""A row of a directory, read."""

from jinfuyun.institutions.rules import DIRECTORY, KIND_LABELS, Draft, why_not_propose
from jinfuyun.kit import regions
from jinfuyun.storage.sheets import Row

KINDS = {label: kind for kind, label in KIND_LABELS.items()}
CITIES = {name: city.code for city in regions.CITIES for name in (city.name, city.name.removesuffix("市"))}


def understood(row: Row) -> tuple[Draft | None, list[str]]:
    """The row as a draft, or everything that is wrong with it."""
    code, name, label, licence, city, hotline, contact, phone = row.cells
    kind, reasons = KINDS.get(label), []
    if kind is None:
        reasons.append(f"“{DIRECTORY[2]}”应为{'、'.join(KINDS)}之一。")
    if city not in CITIES:
        reasons.append(f"“{DIRECTORY[4]}”应为设区市名称，例如福州市。")
    if reasons or kind is None:
        return None, reasons
    draft = Draft(code.upper(), name, kind, licence.upper(), CITIES[city], hotline, contact, phone)
    wrong = list(why_not_propose(draft).values())
    return (None, wrong) if wrong else (draft, [])
