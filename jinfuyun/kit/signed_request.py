"""How a program signs what it asks of the platform: HMAC-SHA256 with its department's key over everything that counts.

Method, path with query, time, request id, idempotency key and the body's SHA-256, a line each. The id is used once.
"""

import hashlib
import hmac
from collections.abc import Mapping

DEPARTMENT = "X-Department"
REQUEST_ID = "X-Request-Id"
TIMESTAMP = "X-Timestamp"  # whole seconds since 1970
SIGNATURE = "X-Signature"
IDEMPOTENCY_KEY = "Idempotency-Key"


def signature(key: bytes, method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    """Hex. `headers` answer to the names above."""
    told = (
        method,
        path,
        headers.get(TIMESTAMP, ""),
        headers.get(REQUEST_ID, ""),
        headers.get(IDEMPOTENCY_KEY, ""),
        hashlib.sha256(body).hexdigest(),
    )
    return hmac.new(key, "\n".join(told).encode(), hashlib.sha256).hexdigest()


def is_signed(key: bytes, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bool:
    given = headers.get(SIGNATURE, "")
    return hmac.compare_digest(given.encode(), signature(key, method, path, headers, body).encode())
