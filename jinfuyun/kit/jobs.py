"""The names of all jobs. `config/jobs.py` binds each to one function; actions defer them by name."""

from enum import StrEnum


class Job(StrEnum):
    SEND_MESSAGE = "send_message"
    RETRY_TAX_CHECK = "retry_tax_check"
    BIND_MANDATES = "bind_mandates"
    END_HOLDINGS = "end_holdings"
    RENDER_LETTER = "render_letter"
    PULL_FACTS = "pull_facts"
    ERASE_FACTS = "erase_facts"
    MAKE_GOOD = "make_good"
    END_CONSENT = "end_consent"
    END_OLD_CONSENTS = "end_old_consents"
    TEND_APPLICATIONS = "tend_applications"
    TEND_PRODUCTS = "tend_products"
    FORGET_OLD = "forget_old"
    PREVIEW_UPLOAD = "preview_upload"
    TAKE_IN_UPLOAD = "take_in_upload"
    WITHDRAW_DELIVERY = "withdraw_delivery"
    RECONCILE_AUTHORISED = "reconcile_authorised"
    TELL_DEPARTMENTS = "tell_departments"
    TEND_DELIVERIES = "tend_deliveries"
    TAKE_IN_PUSH = "take_in_push"
    TEND_PUSHES = "tend_pushes"
    SETTLE_WAITING = "settle_waiting"
    PROPOSE_JOINS = "propose_joins"
