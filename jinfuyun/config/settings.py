"""All settings in one file. What differs between machines comes from the environment."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from jinfuyun.config import database, keys, places
from jinfuyun.storage import signing

SANDBOX = os.environ.get("JINFUYUN_SANDBOX", "1") == "1"
SANDBOX_STATE = places.SANDBOX  # the province, and the pretend departments' memory
HTTPS = os.environ.get("JINFUYUN_HTTPS", "0") == "1"
BEHIND_PROXY = os.environ.get("JINFUYUN_BEHIND_PROXY", "0") == "1"  # the last X-Forwarded-For is then the client
BASE_DIR = places.ROOT
DEBUG = False
SECRET_KEY = keys.secret_key()
ALLOWED_HOSTS = os.environ.get("JINFUYUN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")

# Who runs the platform: printed in the letter, on every page's foot and in documents.
OPERATOR = {
    "name": os.environ.get("JINFUYUN_OPERATOR", "闽海征信服务有限公司（沙箱）"),
    "address": os.environ.get("JINFUYUN_OPERATOR_ADDRESS", "福建省福州市鼓楼区（沙箱地址）"),
    "phone": os.environ.get("JINFUYUN_OPERATOR_PHONE", "0591-0000-0000"),
    "filing": os.environ.get("JINFUYUN_OPERATOR_FILING", ""),
}
# "Until settled" has no last day, unless the operator sets one: so many months after the first.
CONSENT_MONTHS_MAX = int(os.environ.get("JINFUYUN_CONSENT_MONTHS_MAX", "0")) or None
# Natural days to answer a complaint in writing, and again for the regulator that it went up to.
COMPLAINT_ANSWER_DAYS = int(os.environ.get("JINFUYUN_COMPLAINT_ANSWER_DAYS", "15"))
# Where that number comes from, as pages say it; an operator with another rule sets both.
COMPLAINT_SOURCE = os.environ.get(
    "JINFUYUN_COMPLAINT_SOURCE", "《银行业保险业消费投诉处理管理办法》（事实清楚、争议简单的投诉）"
)
DOCUMENT_FONTS = places.NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
DOCUMENT_KEYS = places.KEYS / "documents"
# A service that stamps the time of signatures (RFC 3161), and the PEM file of certificates that it is believed by.
# Without an address documents are signed without a stamp.
STAMPS = signing.Stamps(
    url=os.environ.get("TIME_STAMPS_URL", ""),
    certificates=Path(os.environ.get("TIME_STAMPS_CERTIFICATES", places.SANDBOX / "state" / "time-stamps.crt")),
)
PUBLIC_URL = os.environ.get("JINFUYUN_URL", "http://127.0.0.1:8000")
# What looks for viruses in files that enterprises upload: a command that reads the file from its input and exits with
# 0 (clean) or 1 (found), or `unix:<socket>` of clamd. Without one the pages say that files were not scanned.
VIRUS_SCANNER = os.environ.get("JINFUYUN_VIRUS_SCANNER", "")
DEPARTMENTS_URL = os.environ.get("DEPARTMENTS_URL", "http://127.0.0.1:8001")
SMS_URL = os.environ.get("SMS_URL", DEPARTMENTS_URL)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "procrastinate.contrib.django",
    "jinfuyun.config",
    "jinfuyun.jobs",
    "jinfuyun.storage",
    "jinfuyun.audit",
    "jinfuyun.notifications",
    "jinfuyun.accounts",
    "jinfuyun.enterprises",
    "jinfuyun.deliveries",
    "jinfuyun.consents",
    "jinfuyun.reports",
    "jinfuyun.disputes",
    "jinfuyun.demands",
    "jinfuyun.oversight",
    "jinfuyun.coordination",
    "jinfuyun.institutions",
    "jinfuyun.workdays",
    "jinfuyun.pushes",
    "jinfuyun.joins",
    "jinfuyun.products",
    "jinfuyun.applications",
    "jinfuyun.loans",
    "jinfuyun.handovers",
    "jinfuyun.supervision",
    "jinfuyun.warnings",
    "jinfuyun.evaluation",
]
MIDDLEWARE = [
    "jinfuyun.web.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jinfuyun.web.guards.Identity",
    "jinfuyun.web.middleware.Refusals",
    "jinfuyun.config.patience.Patience",
]
ROOT_URLCONF = "jinfuyun.config.urls"
WSGI_APPLICATION = "jinfuyun.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [places.ROOT / "jinfuyun/web/templates"],
        "OPTIONS": {
            "environment": "jinfuyun.web.jinja.environment",
            "autoescape": True,
            "context_processors": ["jinfuyun.web.navigation.page", "jinfuyun.web.guards.forms_say_for_whom"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"
CSRF_FAILURE_VIEW = "jinfuyun.web.public.errors.csrf_refused"

_address = database.address()


def _login(role: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.database,
        "USER": role,
        "PASSWORD": keys.database_passwords()[role],
        "HOST": _address.host,
        "PORT": _address.port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": _login("jinfuyun_app"), "owner": _login("jinfuyun_owner")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_ON_APP_READY = "jinfuyun.config.jobs.bind"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["jinfuyun.accounts.backends.SignInBackend"]
PASSWORD_HASHERS = ["jinfuyun.accounts.backends.BoundedArgon2"]
# A session lives as long as its sign-in may (12 h, ended after 15 idle minutes: accounts/rules.py) or the browser runs.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = places.STATIC
STATICFILES_DIRS = [places.ROOT / "jinfuyun/web/static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "jinfuyun.web.finders.NodeFilesFinder",
    "jinfuyun.web.finders.PackageFilesFinder",
]
NODE_MODULES = places.NODE_MODULES
MAP_FILE = os.environ.get("JINFUYUN_MAP")  # GeoJSON of cities with reviewed boundaries; empty takes the package's
# Tests serve the files from where they lie; otherwise they are collected, hashed and compressed first.
WHITENOISE_USE_FINDERS = os.environ.get("JINFUYUN_STATIC_AS_IT_LIES", "0") == "1"
_FILES = (
    "whitenoise.storage.CompressedStaticFilesStorage" if WHITENOISE_USE_FINDERS else "jinfuyun.web.finders.HashedFiles"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _FILES},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Cookies and headers. `__Host-` names need HTTPS; the sandbox on loopback has none.
_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],  # the spoken captcha
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

LOGGING_CONFIG = None  # config/logs.py sets logging up, with the filter that keeps personal data out
