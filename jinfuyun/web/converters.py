"""What may stand in an address: anything else is no address of ours, so 404 before a view is asked."""


class Code:
    """Codes of institutions and products, numbers of applications: capitals, digits, hyphens."""

    regex = r"[A-Z0-9-]{1,24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
