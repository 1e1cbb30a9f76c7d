"""What is wrong with a DKIM key record by itself (RFC 6376 section 3.6.1, RFC 8301, RFC 8463). No IO here."""

from collections.abc import Iterator

from migrator.mail.policies import DkimKey, dkim_key, tag_list_fault
from migrator.model.finding import Severity
from migrator.model.values import dataclass

FEWEST_BITS = 1024
ENOUGH_BITS = 2048
ED25519_OCTETS = 32
_VERSION = "DKIM1"


@dataclass(frozen=True, slots=True)
class KeyRemark:
    """How grave, and what, as the end of a sentence whose subject is the key; `useless`: it verifies no mail."""

    severity: Severity
    text: str
    useless: bool = False


def key_remarks(text: str) -> Iterator[KeyRemark]:
    """Yield what is wrong with the text of a selector, or worth knowing."""
    key = dkim_key(text)
    fault = _fault(text, key)
    if fault:
        yield KeyRemark(Severity.ERROR, fault, useless=True)
    elif key.key == b"":
        yield KeyRemark(Severity.NOTICE, "is revoked (p= is empty)")
    else:
        yield from _weaknesses(key)


def described(text: str) -> str:
    """Return the kind and size of a key in a few words: `RSA with 2048 bits`."""
    key = dkim_key(text)
    if not key.key:
        return "no key" if key.key is None else "revoked"
    if _kind(key) == "ed25519":
        return "Ed25519"
    bits = _rsa_bits(key.key)
    return "a key that cannot be read" if bits is None else f"RSA with {bits} bits"


def _fault(text: str, key: DkimKey) -> str:
    """Return why receivers cannot use a key at all, or an empty text."""
    if "v" in key.tags and (key.tags["v"] != _VERSION or not text.lstrip().lower().startswith("v")):
        return f"begins with {text[:20]!r}; 'v=DKIM1' was expected there"
    if "p" not in key.tags:
        return "is not there: the record has no p="
    if fault := tag_list_fault(text):
        return fault
    if key.key is None:
        odd = "".join(sorted(set(key.tags["p"]) - _BASE64))
        return f"is no base64: p= has {odd!r} in it" if odd else "is no base64: p= was cut or lost a part"
    if not key.key:
        return ""
    match _kind(key):
        case "rsa":
            bits = _rsa_bits(key.key)
            if bits is None:
                return "cannot be read as an RSA key: it was cut or lost a part"
            return (
                f"has {bits} bits; receivers ignore RSA keys of fewer than {FEWEST_BITS}"
                if bits < FEWEST_BITS
                else ""
            )
        case "ed25519" if len(key.key) != ED25519_OCTETS:
            return f"has {len(key.key)} octets; an Ed25519 key has {ED25519_OCTETS}"
        case _:
            return ""


def _weaknesses(key: DkimKey) -> Iterator[KeyRemark]:
    assert key.key is not None
    kind = _kind(key)
    if kind not in {"rsa", "ed25519"}:
        yield KeyRemark(Severity.WARNING, f"is of a kind that receivers do not know (k={kind})", useless=True)
    bits = _rsa_bits(key.key) if kind == "rsa" else None
    if bits is not None and bits < ENOUGH_BITS:
        yield KeyRemark(Severity.WARNING, f"has {bits} bits; {ENOUGH_BITS} are recommended (RFC 8301)")
    if "y" in _listed(key, "t"):
        yield KeyRemark(
            Severity.WARNING, "says that it is being tested (t=y); receivers may ignore its signatures"
        )
    if _listed(key, "h") == {"sha1"}:
        sentence = "allows SHA-1 alone (h=sha1), which receivers no longer accept (RFC 8301)"
        yield KeyRemark(Severity.WARNING, sentence, useless=True)
    services = _listed(key, "s")
    if services and not services & {"*", "email"}:
        # RFC 8460 section 3: reports of TLS-RPT are signed by a key of their own service.
        severity = Severity.NOTICE if "tlsrpt" in services else Severity.WARNING
        yield KeyRemark(severity, f"is not for e-mail (s={':'.join(sorted(services))})", useless=True)


def _kind(key: DkimKey) -> str:
    return key.tags.get("k", "rsa").lower()


def _listed(key: DkimKey, tag: str) -> set[str]:
    return {part.strip().lower() for part in key.tags.get(tag, "").split(":")} - {""}


def _rsa_bits(key: bytes) -> int | None:
    """Return the size of an RSA key, in the form of X.509 or in that of PKCS #1, or None."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        found = load_der_public_key(key)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return found.key_size if isinstance(found, RSAPublicKey) else None


_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t")
