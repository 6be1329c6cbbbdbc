"""What leads from paper back to the original: the picture code of its address, and a code a person can compare."""

import hashlib
from html import escape
from itertools import groupby

from qrcode import QRCode, constants

QUIET_ZONE_MODULES = 4  # ISO 18004 asks for four
MASK = 3  # any mask is valid; trying all eight costs ten times the drawing
CHECK_CODE_CHARACTERS = 16  # 64 bits, in four groups that can be read out on the telephone


def check_code(*parts: str) -> str:
    """Sixteen hexadecimal characters that follow from the parts, as "9F2C 41D0 77AB 03E6"."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest().upper()[:CHECK_CODE_CHARACTERS]
    return " ".join(digest[i : i + 4] for i in range(0, CHECK_CODE_CHARACTERS, 4))


def qr_svg(text: str, *, title: str) -> str:
    """The picture code as SVG: one path, attributes only, one unit a module, so that page and paper draw it alike."""
    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=QUIET_ZONE_MODULES, mask_pattern=MASK)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h{run}v1h-{run}z" for y, row in enumerate(rows) for x, run in _dark_runs(row))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 4}" height="{size * 4}"'
        f' role="img" shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<rect width="{size}" height="{size}" fill="#ffffff"/><path fill="#0b1f3a" d="{dark}"/></svg>'
    )


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules: whole runs leave no hairlines between squares when scaled."""
    runs, x = [], 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            runs.append((x, length))
        x += length
    return runs
