"""What may stand in an address: anything else is no address of ours, so 404 before a view is asked."""

import re


class Code:
    """Codes of institutions and products, numbers of applications and documents: capitals, digits, hyphens."""

    regex = r"[A-Z0-9-]{1,24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value

    @classmethod
    def matches(cls, value: str) -> bool:
        """The same for a code in a query or a form."""
        return bool(re.fullmatch(cls.regex, value))
