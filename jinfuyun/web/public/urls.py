from django.urls import path, register_converter

from jinfuyun.web.converters import Code
from jinfuyun.web.public import (
    account,
    captcha,
    health,
    home,
    invited,
    join,
    login,
    password,
    policies,
    products,
    register,
    sign,
    verify,
)

register_converter(Code, "code")

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", home.home, name="home"),
    path("help", home.help_page, name="help"),
    path("agreement", home.agreement, name="agreement"),
    path("privacy", home.privacy, name="privacy"),
    path("products", products.listing, name="products"),
    path("products/compare", products.compare, name="product_compare"),
    path("products/<code:code>", products.detail, name="product"),
    path("policies", policies.listing, name="policies"),
    path("policies/<code:code>", policies.detail, name="policy"),
    path("captcha.webp", captcha.picture, name="captcha-picture"),
    path("captcha.wav", captcha.sound, name="captcha-sound"),
    path("register", register.register, name="register"),
    path("join", join.join, name="join"),
    path("login", login.login, name="login"),
    path("logout", login.logout, name="logout"),
    path("password", password.reset, name="password"),
    path("invited/<str:token>", invited.invited, name="invited"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="account-password"),
    path("account/phone", account.phone, name="account-phone"),
    path("account/close", account.close, name="account-close"),
    path("account/messages", account.inbox, name="account-messages"),
    path("account/messages/topics", account.topics, name="account-topics"),
    path("account/messages/read", account.read, name="account-read"),
    path("account/sign-ins/end", account.end_all, name="account-end-all"),
    path("account/sign-ins/<uuid:sign_in_id>/end", account.end_one, name="account-end-one"),
    path("verify", verify.start, name="verify"),
    path("verify/<code:number>", verify.by_number, name="verify_number"),
    path("sign/<str:token>", sign.sign, name="sign"),
]
