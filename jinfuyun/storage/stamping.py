"""A time stamp from outside (RFC 3161 over HTTP): that a signature stood at a moment is then not our word alone."""

from pathlib import Path

import httpx
from asn1crypto import pem, tsp
from asn1crypto.x509 import Certificate
from pyhanko.sign.timestamps import TimeStamper

TIMEOUT_SECONDS = 1.5  # somebody waits for the paper; a service that is slower is down
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class Stamper(TimeStamper):
    """Asks the service at an address. IOError and TimestampRequestError where it does not give a stamp."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            answer = httpx.post(
                self._url, content=req.dump(), headers={"Content-Type": QUERY}, timeout=TIMEOUT_SECONDS, trust_env=False
            )
            answer.raise_for_status()
            reply = tsp.TimeStampResp.load(answer.content)
            reply.native  # noqa: B018  parsed to its end here, where a malformed one is still the service's
        except (httpx.HTTPError, ValueError, TypeError) as trouble:
            raise OSError(str(trouble)) from trouble
        return reply


def trusted(certificates: Path | None) -> list[Certificate]:
    """The services' certificates that an operator trusts: one PEM file, none where it is not there."""
    if certificates is None or not certificates.exists():
        return []
    return [Certificate.load(der) for _, _, der in pem.unarmor(certificates.read_bytes(), multiple=True)]
