"""Files that are no plain CSV are read in a process of their own, which may neither grow nor run for ever.

What harms it (a bomb, a reader's own fault) ends it and refuses the file; the service stays up. Bytes of consented
feeds reach it sealed, the key through its standard input; it writes to nothing but its standard output.
"""

import base64
import contextlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinfuyun.data.ingest import sealed_files
from jinfuyun.data.ingest.refusal import FileRefused

MEMORY_BYTES_MAX = 288 << 20  # beyond what the readers themselves take
CPU_SECONDS_MIN = 30
BYTES_A_CPU_SECOND = 1 << 20  # of the file as it arrived: slower than any reader
REFUSED = 3
TOO_LARGE = "文件展开后所需内存过多，请拆成几个文件，或改用 CSV。"
ENDED = "文件无法读取：内容已损坏，或不合其格式的规范。"


def as_csv(path: Path, *, key: bytes | None, size: int) -> Iterator[bytes]:
    """The blocks of CSV that the file becomes; raises FileRefused, at the latest after the last block."""
    command = [sys.executable, "-m", "jinfuyun.data.ingest.apart", str(path)]
    # Arrow's own pools reserve more than they need.
    environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        try:
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(json.dumps({"key": base64.b64encode(key or b"").decode(), "size": size}).encode())
            while block := child.stdout.read(sealed_files.BLOCK_BYTES):
                yield block
            said = child.stderr.read().decode(errors="replace")
            child.wait()
        finally:
            child.kill()  # who asks for no more blocks wants no child left; one that has ended does not mind
    if child.returncode == REFUSED:
        raise _refusal(json.loads(said))
    if child.returncode < 0:
        raise FileRefused(ENDED)
    if child.returncode:
        raise RuntimeError(f"the reader failed: {said}")


def _refusal(said: dict[str, Any]) -> FileRefused:
    refusal = FileRefused(said["reason"])
    refusal.row, refusal.column = said["row"], said["column"]
    return refusal


def main(path: Path) -> int:
    """The child: CSV to standard output, a refusal as JSON to standard error."""
    told = json.loads(sys.stdin.buffer.read())
    key, size = base64.b64decode(told["key"]) or None, int(told["size"])
    from jinfuyun.data.ingest import formats  # before the limit, which counts from what the readers take

    _limit(size)
    with _native_words_hushed() as say:
        try:
            with sealed_files.opened(path, key) as source:
                for block in formats.as_csv(source, size=size):  # type: ignore[arg-type]  # reads and seeks as one
                    sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
        except FileRefused as refusal:
            return _say(say, str(refusal), refusal.row, refusal.column)
        except MemoryError:
            return _say(say, TOO_LARGE, None, None)
        except BrokenPipeError:  # the parent has heard enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return 0
        except BaseException as trouble:
            if type(trouble).__name__ != "PanicException":  # the sheet reader's way to stop; no class to import
                raise
            return _say(say, ENDED, None, None)
    return 0


def _say(say: int, reason: str, row: int | None, column: int | None) -> int:
    os.write(say, json.dumps({"reason": reason, "row": row, "column": column}).encode())
    return REFUSED


@contextlib.contextmanager
def _native_words_hushed() -> Iterator[int]:
    """What native readers say of a file may quote it; only our own words go out, through the number given."""
    say = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield say
    finally:
        os.dup2(say, 2)


def _limit(size: int) -> None:
    used = next(
        int(line.split()[1]) << 10
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmData:")
    )
    cpu = CPU_SECONDS_MIN + size // BYTES_A_CPU_SECOND
    for what, most in (
        (resource.RLIMIT_DATA, used + MEMORY_BYTES_MAX),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
