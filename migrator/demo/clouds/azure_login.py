"""The login service of a fake Azure, and a throw-away certificate, so that the real azure-identity runs."""

import datetime as dt
import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from migrator.demo.clouds.azure_zones import document
from migrator.demo.clouds.loopback import Answer


def openid_configuration(base: str, tenant: str) -> Answer:
    root = f"{base}/{tenant}"
    return Answer(
        200,
        document(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
            }
        ),
    )


def token(body: bytes, secret: str, issued: str, lifetime: int = 3600) -> Answer:
    """A token for the right secret, else Entra's own words."""
    asked = dict(parse_qsl(body.decode()))
    if asked.get("client_secret") != secret:
        return _refused("invalid_client", "AADSTS7000215: Invalid client secret provided. Trace ID: 00000000")
    if not asked.get("scope", "").split(" ")[0].endswith("/.default"):
        return _refused("invalid_scope", "AADSTS1002012: The provided value for scope is not valid.")
    found: dict[str, Any] = {"token_type": "Bearer", "expires_in": lifetime, "access_token": issued}
    return Answer(200, document(found))


def _refused(code: str, words: str) -> Answer:
    return Answer(401, document({"error": code, "error_description": words, "error_codes": [7000215]}))


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine, its own authority, and its key; return where they are."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_pem = folder / "azure-ca.pem", folder / "azure-key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, key_pem
