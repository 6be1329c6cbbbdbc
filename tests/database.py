"""Loaded before Django's settings: gives every test process its own var/, and so its own database and keys."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="jinfuyun-test-"))
os.environ["JINFUYUN_VAR"] = str(VAR)
os.environ["JINFUYUN_STATIC_AS_IT_LIES"] = "1"
(VAR / "static").mkdir()  # nothing is collected; WhiteNoise would warn
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinfuyun.config.settings")
if "TEST_DATABASE_URL" in os.environ:  # an outside server (make test-deep): each process has its own database there
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"].rstrip("/") + f"/jinfuyun_test_{os.getpid()}"
else:
    os.environ.pop("DATABASE_URL", None)
_OWNER = os.getpid()


def _clean() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(VAR, ignore_errors=True)


atexit.register(_clean)
