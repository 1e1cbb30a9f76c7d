"""DKIM keys of any size for tests: the modulus is no product of primes, which nobody looks at."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@cache
def rsa_key(bits: int = 2048, seed: int = 1, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """Return an RSA key as p= has it."""
    numbers = RSAPublicNumbers(65537, (1 << (bits - 1)) + (seed << 64) + 1)
    return base64.b64encode(numbers.public_key().public_bytes(Encoding.DER, form)).decode()


def dkim(bits: int = 2048, seed: int = 1, tags: str = "v=DKIM1; k=rsa; ") -> str:
    """Return the text of a selector in quoted strings of at most 255 characters."""
    return quoted(f"{tags}p={rsa_key(bits, seed)}")


def quoted(text: str) -> str:
    """Return a text in the strings of a TXT record."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))


ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463 appendix A.2
