"""Loaded before Django's settings: gives every test process its own var/, and so its own database and keys."""

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

VAR = Path(tempfile.mkdtemp(prefix="jinfuyun-test-"))
os.environ["JINFUYUN_VAR"] = str(VAR)
os.environ["JINFUYUN_STATIC_AS_IT_LIES"] = "1"
(VAR / "static").mkdir()  # nothing is collected; WhiteNoise would warn
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
if "TEST_DATABASE_URL" in os.environ:  # an outside server (make test-deep): each process has its own database there
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"].rstrip("/") + f"/jinfuyun_test_{os.getpid()}"
    # Roles belong to the server, which the processes share: they must agree on the passwords.
    _password = urlsplit(os.environ["TEST_DATABASE_URL"]).password
    (VAR / "keys").mkdir(mode=0o700)
    _roles = ("postgres", "jinfuyun_owner", "jinfuyun_app", "jinfuyun_data")
    (VAR / "keys" / "database.json").write_text(json.dumps(dict.fromkeys(_roles, _password)))
else:
    os.environ.pop("DATABASE_URL", None)
_OWNER = os.getpid()


def _clean() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(VAR, ignore_errors=True)


atexit.register(_clean)
