"""Everything people do with accounts, one file per group of verbs."""

from jinfuyun.accounts.actions.captcha import WrongCaptcha, answer_captcha, ask_picture, ask_sound
from jinfuyun.accounts.actions.codes import CannotSend, WrongCode, send_code, use_code
from jinfuyun.accounts.actions.forget import forget_what_is_over
from jinfuyun.accounts.actions.limits import reserve, reserve_all
from jinfuyun.accounts.actions.own import (
    WeakPassword,
    change_password,
    change_phone,
    close_account,
    end_sign_in,
    hash_password,
    log_out_everywhere,
    open_account,
    register,
    reset_password,
)
from jinfuyun.accounts.actions.sign_in import (
    Client,
    SignedIn,
    WrongLogin,
    WrongPassword,
    log_in,
    log_in_staff,
    log_out,
    seen,
)
from jinfuyun.accounts.actions.staff import (
    AccountTaken,
    WrongOtp,
    accept_invitation,
    disable,
    enable,
    invite,
    place,
    seat,
)

__all__ = [
    "AccountTaken",
    "CannotSend",
    "Client",
    "SignedIn",
    "WeakPassword",
    "WrongCaptcha",
    "WrongCode",
    "WrongLogin",
    "WrongOtp",
    "WrongPassword",
    "accept_invitation",
    "answer_captcha",
    "ask_picture",
    "ask_sound",
    "change_password",
    "change_phone",
    "close_account",
    "disable",
    "enable",
    "end_sign_in",
    "forget_what_is_over",
    "hash_password",
    "invite",
    "log_in",
    "log_in_staff",
    "log_out",
    "log_out_everywhere",
    "open_account",
    "place",
    "register",
    "reserve",
    "reserve_all",
    "reset_password",
    "seat",
    "seen",
    "send_code",
    "use_code",
]
