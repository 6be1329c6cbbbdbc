"""The tax bureaus, asked live. 厦门 has a bureau of its own (计划单列), with its own path and key."""

from datetime import datetime

from jinfuyun.data.departments.answers import Authorised, FiveElements, Grade, Verdict
from jinfuyun.data.departments.call import Departments
from jinfuyun.kit import regions, uscc
from jinfuyun.kit.errors import Unreachable

PROVINCE, XIAMEN = "tax", "tax_xiamen"
BASE = {PROVINCE: "/tax", XIAMEN: "/xiamen/tax"}
GRADES = ("A", "B", "M", "C", "D")

_VERDICTS = {verdict.value: verdict for verdict in (Verdict.MATCHES, Verdict.DIFFERS, Verdict.UNKNOWN)}


def bureaus(tax_number: str) -> tuple[str, str]:
    """Whom to ask first, and whom if the first does not know the number: a code's region is a hint, not a proof."""
    region = tax_number[2:8] if uscc.is_uscc(tax_number) else tax_number[:6]
    return (XIAMEN, PROVINCE) if regions.is_xiamen(region) else (PROVINCE, XIAMEN)


def verify(line: Departments, elements: FiveElements, *, at: datetime) -> Verdict:
    """Do the five elements stand together in the tax file? Two bureaus at most, one deadline over both."""
    until = line.deadline()
    question = {
        "tax_number": elements.tax_number,
        "legal_name": elements.legal_name,
        "id_type": elements.id_type.value,
        "id_number": elements.id_number,
        "phone": elements.phone,
    }
    verdict = Verdict.UNREACHABLE
    try:
        for bureau in bureaus(elements.tax_number):
            answer = line.ask(bureau, f"{BASE[bureau]}/verify", question, echo=("tax_number",), at=at, until=until)
            verdict = _VERDICTS.get(str(answer.get("verdict")), Verdict.UNREACHABLE)
            if verdict is not Verdict.UNKNOWN:
                break
    except Unreachable:
        return Verdict.UNREACHABLE
    return verdict


def grade(line: Departments, authorised: Authorised, *, at: datetime) -> Grade | None:
    """The newest yearly grade of an enterprise that consented; None if it has none. Raises Unreachable."""
    until = line.deadline()
    question = {
        "tax_number": authorised.tax_number,
        "consent_number": authorised.consent_number,
        "pdf_sha256": authorised.pdf_sha256,
    }
    for bureau in bureaus(authorised.tax_number):
        answer = line.ask(bureau, f"{BASE[bureau]}/grade", question, echo=("tax_number",), at=at, until=until)
        if answer.get("known") is False:
            continue
        year, letter = answer.get("year"), answer.get("grade")
        if letter is None:
            return None
        if not isinstance(year, int) or letter not in GRADES:
            raise Unreachable
        return Grade(tax_number=authorised.tax_number, year=year, grade=letter)
    return None
