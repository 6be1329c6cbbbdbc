"""Codes of enterprises that do not exist, with a right check digit."""

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(first17: str) -> str:
    total = sum(LETTERS.index(each) * pow(3, place, 31) for place, each in enumerate(first17))
    return first17 + LETTERS[(31 - total % 31) % 31]


A, B, C = uscc("91350100MA2XYW001"), uscc("91350200MA2XYW002"), uscc("92350300MA2XYW003")
