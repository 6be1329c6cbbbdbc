"""What is asked of departments, and what they answer."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from jinfuyun.kit.identity import IdType


class Verdict(StrEnum):
    """Never fails open: whatever is no proper answer to our question is UNREACHABLE."""

    MATCHES = "matches"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class FiveElements:
    """税务五要素. Kept out of every repr, so that no log line and no traceback shows a person."""

    tax_number: str
    legal_name: str = field(repr=False)
    id_type: IdType = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Registration:
    """What market regulation has on file. Empty text is "not on file", never a guess."""

    uscc: str
    tax_number: str
    name: str
    legal_name: str = field(repr=False)
    region: str  # county code, GB/T 2260
    industry: str  # division code, GB/T 4754
    nature: str  # kit.uscc.Nature
    kind: str
    capital: str  # as registered: 500万人民币
    registered_on: date | None
    address: str = field(repr=False)
    scope: str
    status: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Grade:
    """纳税信用等级 of one year: A, B, M, C or D."""

    tax_number: str
    year: int
    grade: str


@dataclass(frozen=True, slots=True)
class Authorised:
    """One enterprise that consented, as the departments are told."""

    uscc: str
    tax_number: str
    consent_number: str
    pdf_sha256: str
    start: date
    end: date | None
