"""A pretend time stamp service (RFC 3161), beside the departments: a real key, the real protocol, its own clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from jinfuyun.sandbox.departments.desk import SLOW_SECONDS, Desk, Refusal
from jinfuyun.sandbox.departments.faults import Fault

CERTIFICATE = "time-stamps.crt"
PAIR = "time-stamps.pem"
DAYS = 3653
REPLY = "application/timestamp-reply"


def open_stamps(app: Flask, desk: Desk, state: Path) -> None:
    # The library is heavy: nobody waits for it but the first who wants a stamp.
    made = ThreadPoolExecutor(1).submit(_service, state)

    @app.post("/time-stamps")
    def stamp() -> Response:
        fault = desk.faults.of("time_stamps")
        if fault is Fault.SLOW:
            desk.closing.wait(SLOW_SECONDS)
        elif fault is Fault.MALFORMED:
            return Response(b"no stamp", content_type=REPLY)
        elif fault is not Fault.OFF:
            raise Refusal(503)
        from asn1crypto import tsp

        answer = made.result().request_tsa_response(tsp.TimeStampReq.load(request.get_data()))
        return Response(answer.dump(), content_type=REPLY)


def _service(state: Path) -> Any:
    from asn1crypto import keys, pem, x509
    from pyhanko.sign.timestamps import DummyTimeStamper

    if not (state / PAIR).exists():
        _make_pair(state)
    (_, _, key), (_, _, certificate) = pem.unarmor((state / PAIR).read_bytes(), multiple=True)
    return DummyTimeStamper(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key))


def _make_pair(state: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "沙箱时间戳服务")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=DAYS))  # tests sign at times of their own
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (state / CERTIFICATE).write_bytes(public)
    (state / PAIR).write_bytes(private + public)
