"""What a support policy is: for whom, from when until when, what it gives. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from jinfuyun.kit import conditions
from jinfuyun.kit.all_in import MONTHS, WHOLE_BP, CostKind, Loan, Subsidy, cost
from jinfuyun.kit.conditions import Condition, Values, Verdict, judge, overall
from jinfuyun.kit.lending import ProductKind, Tag
from jinfuyun.kit.pinyin import search_text


class PolicyKind(StrEnum):
    INTEREST = "interest"
    GUARANTEE = "guarantee"
    FIRST_LOAN = "first_loan"
    RISK_SHARING = "risk_sharing"


KIND_LABELS = {
    PolicyKind.INTEREST: "贷款贴息",
    PolicyKind.GUARANTEE: "担保费补贴",
    PolicyKind.FIRST_LOAN: "首贷支持",
    PolicyKind.RISK_SHARING: "风险补偿",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """`subsidy` None: nothing reaches the enterprise. Empty `product_kinds`, `tags`: every product."""

    code: str
    name: str
    kind: PolicyKind
    summary: str
    reference: str
    office: str
    how: str
    since: date
    until: date
    conditions: tuple[Condition, ...]
    subsidy: Subsidy | None
    product_kinds: tuple[ProductKind, ...]
    tags: tuple[Tag, ...]

    def is_in_force(self, on: date) -> bool:
        return self.since <= on <= self.until

    def suits(self, kind: str, tags: Iterable[str]) -> bool:
        """Whether loans of such a product are meant."""
        of_kind = not self.product_kinds or kind in self.product_kinds
        return of_kind and (not self.tags or not set(self.tags).isdisjoint(tags))

    def verdict(self, values: Values) -> Verdict:
        return overall(judge(each, values) for each in self.conditions)

    def search_words(self) -> str:
        return search_text(self.name, f"{self.summary}{self.office}")


def read(row: Mapping[str, Any]) -> Policy:
    """One row of policies.yaml; a row that is not in order crashes at the start."""
    subsidy = None
    if "eases" in row:
        subsidy = Subsidy(
            row["name"], CostKind(row["eases"]), row.get("year_bp", 0), row.get("share_bp", 0), row.get("cap_fen")
        )
    policy = Policy(
        code=row["code"], name=row["name"], kind=PolicyKind(row["kind"]), summary=row["summary"],
        reference=row["reference"], office=row["office"], how=row["how"], since=row["from"], until=row["until"],
        conditions=tuple(_condition(each) for each in row["conditions"]), subsidy=subsidy,
        product_kinds=tuple(map(ProductKind, row.get("product_kinds", ()))), tags=tuple(map(Tag, row.get("tags", ()))),
    )  # fmt: skip
    wrong = [why for each in policy.conditions if (why := conditions.why_not(each))]
    if wrong or policy.since > policy.until:
        raise ValueError(f"{policy.code}: {wrong or 'ends before it begins'}")
    return policy


def _condition(row: Mapping[str, Any]) -> Condition:
    if "sections" in row:
        names = "、".join(conditions.INDUSTRY_NAMES[code] for code in row["sections"])
        return Condition("industry", row["operator"], conditions.trades(row["sections"]), f"行业属于：{names}")
    if "cities" in row:
        names = "、".join(conditions.REGION_NAMES[code] for code in row["cities"])
        return Condition("region", row["operator"], conditions.places(row["cities"]), f"在：{names}")
    value = row["value"]
    return Condition(
        row["subject"], row["operator"], tuple(value) if isinstance(value, list) else value, row.get("text", "")
    )


def gain_fen(policy: Policy, loan: Loan) -> int:
    """What the policy takes off this loan; 0 where it eases nothing that the loan has."""
    if policy.subsidy is None:
        return 0
    with_it = cost(Loan(loan.amount_fen, loan.term_months, loan.rate_bp, loan.repayment, loan.fees, (policy.subsidy,)))
    return -with_it.of(CostKind.SUBSIDY)


def most_fen(policy: Policy, amount_fen: int, term_months: int) -> int | None:
    """At most so much on a loan of that amount that stands in full to the end; None where nothing reaches it."""
    if policy.subsidy is None:
        return None
    whole = amount_fen * policy.subsidy.year_bp * term_months // (WHOLE_BP * MONTHS)
    return whole if policy.subsidy.cap_fen is None else min(whole, policy.subsidy.cap_fen)
