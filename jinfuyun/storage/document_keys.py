"""The key pair that signs documents: one file, replaced whole, and the certificates it had before.

`<folder>/signing.pem` holds the private key and its certificate (0600); an operator may put one from a certificate
authority there. `<folder>/former/*.pem` are the certificates of earlier pairs: papers signed with them are still known.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PAIR = "signing.pem"
FORMER = "former"
CERTIFICATE_DAYS = 3653  # ten years, as long as a loan's papers are asked for
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


@dataclass(frozen=True, slots=True)
class Pair:
    """The pair in force, in the form the signature library takes."""

    key: keys.PrivateKeyInfo
    certificate: asn1_x509.Certificate
    chain: tuple[asn1_x509.Certificate, ...]


def make_pair(*, operator: str, at: datetime) -> bytes:
    """A new P-256 key and its self-signed certificate in the operator's name, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, operator),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{operator} 平台电子印章"),
        ]
    )
    certificate = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_documents_only(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def ensure_pair(folder: Path, *, operator: str, at: datetime) -> None:
    """Make the pair at the first start. Of several processes that start at once, one makes it and all use that one."""
    if (folder / PAIR).exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(folder, make_pair(operator=operator, at=at))
    try:
        os.link(draft, folder / PAIR)  # unlike a rename, never over another's pair
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace_pair(folder: Path, pair: bytes) -> None:
    """Put another pair (PEM: key, certificate, chain) in force; the certificate before it stays known."""
    read_pair(pair)
    if (folder / PAIR).exists():
        before = in_force(folder).certificate
        (folder / FORMER).mkdir(mode=0o700, exist_ok=True)
        former = folder / FORMER / f"{before.sha256.hex()}.pem"
        former.write_bytes(pem.armor("CERTIFICATE", before.dump()))
    _draft(folder, pair).replace(folder / PAIR)


def in_force(folder: Path) -> Pair:
    """The pair to sign with. FileNotFoundError before the first `ensure_pair`."""
    return read_pair((folder / PAIR).read_bytes())


def known_certificates(folder: Path) -> list[asn1_x509.Certificate]:
    """The certificate in force and the former ones."""
    former = [
        asn1_x509.Certificate.load(pem.unarmor(file.read_bytes())[2])
        for file in sorted((folder / FORMER).glob("*.pem"))
    ]
    return [in_force(folder).certificate, *former]


def read_pair(pair: bytes) -> Pair:
    """ValueError where key and certificate are missing or do not belong together."""
    blocks = [(kind, der) for kind, _, der in pem.unarmor(pair, multiple=True)]
    private = [keys.PrivateKeyInfo.load(der) for kind, der in blocks if kind == "PRIVATE KEY"]
    certificates = [asn1_x509.Certificate.load(der) for kind, der in blocks if kind == "CERTIFICATE"]
    if len(private) != 1 or not certificates:
        raise ValueError("A signing pair is one private key (PKCS 8) and its certificate, with any chain after it.")
    key = serialization.load_der_private_key(private[0].dump(), password=None)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if public != certificates[0].public_key.dump():
        raise ValueError("The certificate is not of this private key.")
    return Pair(key=private[0], certificate=certificates[0], chain=tuple(certificates[1:]))


def _draft(folder: Path, pair: bytes) -> Path:
    """The bytes in a new file of ours (0600), on disk before it is put in its place."""
    handle, name = tempfile.mkstemp(prefix=".signing-", dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(pair)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _signs_documents_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
