"""What one may do with an enterprise: one file per matter."""

from jinfuyun.enterprises.actions.authenticate import (
    Incomplete,
    OthersEnterprise,
    check_elements,
    drop_run,
    finish_run,
    keep_draft,
    learn_registered,
    look_up,
    submit_profile,
)
from jinfuyun.enterprises.actions.cases import approve_case, open_case, pass_case_on, reject_case
from jinfuyun.enterprises.actions.holding import HeldByAnother, end_holdings
from jinfuyun.enterprises.actions.mandates import bind_mandates, give_mandate, take_mandate_back

__all__ = [
    "HeldByAnother",
    "Incomplete",
    "OthersEnterprise",
    "approve_case",
    "bind_mandates",
    "check_elements",
    "drop_run",
    "end_holdings",
    "finish_run",
    "give_mandate",
    "keep_draft",
    "learn_registered",
    "look_up",
    "open_case",
    "pass_case_on",
    "reject_case",
    "submit_profile",
    "take_mandate_back",
]
