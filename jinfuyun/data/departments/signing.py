"""How the platform and a department know each other: HMAC-SHA256 with a key per department."""

import hashlib
import hmac
from collections.abc import Mapping

REQUEST_ID = "X-Request-Id"
TIMESTAMP = "X-Timestamp"
SIGNATURE = "X-Signature"
ROW_COUNT = "X-Row-Count"
SHA256 = "X-Sha256"

# What stands for the method in the signature of an answer, so that no question can be sent back as one.
ANSWER = "ANSWER"


def sign(key: bytes, method: str, path: str, timestamp: str, body: bytes) -> str:
    """Hex of the signature over method, path, timestamp (seconds since 1970) and body."""
    head = f"{method}\n{path}\n{timestamp}\n".encode()
    return hmac.new(key, head + body, hashlib.sha256).hexdigest()


def is_signed(key: bytes, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bool:
    """`headers` answer to the names above, in whatever case their mapping knows."""
    given = headers.get(SIGNATURE, "")
    return hmac.compare_digest(given.encode(), sign(key, method, path, headers.get(TIMESTAMP, ""), body).encode())


def file_statement(request_id: str, rows: str, sha256: str) -> bytes:
    """What is signed instead of a file's bytes: they are on their way while the signature is already checked."""
    return f"{request_id}\n{rows}\n{sha256}".encode()
