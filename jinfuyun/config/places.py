"""Where things lie on this machine."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("JINFUYUN_VAR") or ROOT / "var").resolve()
KEYS = VAR / "keys"
LAKE = VAR / "lake"
FILES = VAR / "files"
POSTGRES = VAR / "pg"
SANDBOX = VAR / "sandbox"
STATIC = VAR / "static"
BOOK = VAR / "book"
NODE_MODULES = ROOT / "node_modules"
