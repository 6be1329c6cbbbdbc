"""Where things lie on this machine."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("JINFUYUN_VAR") or ROOT / "var").resolve()
KEYS = VAR / "keys"
LAKE = VAR / "lake"
FILES = VAR / "files"
DROP = Path(os.environ.get("JINFUYUN_DROP") or VAR / "drop").resolve()  # where departments put files, a folder a feed
POSTGRES = VAR / "pg"
SANDBOX = VAR / "sandbox"
STATIC = VAR / "static"
HEADS = VAR / "book" / "heads.jsonl"  # signed heads of the book, kept outside the database
RUN = VAR / "run"
LOG = VAR / "log"
NODE_MODULES = ROOT / "node_modules"
