"""How a file is cut into parts, and what may be pushed. No database."""

import re
from datetime import timedelta
from enum import StrEnum

PART_BYTES = 2 << 20  # every part but the last; a request's body may not be larger
SIZE_MAX = 8 << 30
OPEN_MAX = 20  # unfinished pushes of one department: what they may keep of the disk
OPEN_FOR = timedelta(days=7)
REQUEST_FRESH_FOR = timedelta(minutes=5)
REQUEST_ID = re.compile(r"[0-9A-Za-z_-]{16,64}")
IDEMPOTENCY_KEY = re.compile(r"[0-9A-Za-z_.:-]{8,100}")
NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,200}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class State(StrEnum):
    OPEN = "open"  # parts are coming
    WAITING = "waiting"  # whole; being taken in, or about to be
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


def part_count(size: int) -> int:
    return -(-size // PART_BYTES)


def part_size(number: int, size: int) -> int:
    """Of part `number`, counted from 1; 0 where there is no such part."""
    if not 1 <= number <= part_count(size):
        return 0
    return min(PART_BYTES, size - (number - 1) * PART_BYTES)


def why_not_create(*, size: int, sha256: str, name: str, idempotency_key: str, open_now: int) -> list[str]:
    reasons = []
    if not 1 <= size <= SIZE_MAX:
        reasons.append(f"文件大小须在 1 字节到 {SIZE_MAX >> 30} GB 之间。")
    if not SHA256.fullmatch(sha256):
        reasons.append("sha256 须是 64 位小写十六进制。")
    if not NAME.fullmatch(name):
        reasons.append("文件名不能为空、不能超过 200 字，也不能有路径符号或控制字符。")
    if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
        reasons.append("请求头 Idempotency-Key 须是 8 到 100 位的字母、数字或 _ . : -。")
    if open_now >= OPEN_MAX:
        reasons.append(f"已有 {open_now} 个没有传完的文件，请先传完。")
    return reasons
