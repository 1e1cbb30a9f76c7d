"""What becomes of programs that look up their servers: SRV, NAPTR, URI, TLSA, SSHFP, HTTPS, SVCB. No IO here."""

from collections.abc import Iterator

from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.result import Kind
from migrator.diff.wording import answered, listed
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.roles import MAIL_SRV, Effect, Role, roles_of
from migrator.services_table import SRV_SERVICES


def service_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of programs that find their server by SRV, NAPTR or URI."""
    first = folded(change.owner)[0]
    role = Role.AUTODISCOVER if first in MAIL_SRV else Role.SERVICE
    known = SRV_SERVICES.get(first.decode("latin-1"))
    at = for_people(change.owner.parent()) if first.startswith(b"_") else change.shown
    at = at.rpartition("_tcp.")[2].rpartition("_udp.")[2].rpartition("_tls.")[2]
    who = _capital(f"{known} of {at}") if known else f"What looks for {change.shown}"
    match change.kind:
        case Kind.MISSING:
            yield Effect(role, Severity.ERROR, f"{who} finds no server; it was {listed(change.lost)}.")
        case Kind.EXTRA:
            sentence = f"{who} finds {answered(change.new)}; the old zone has no such record."
            yield Effect(role, Severity.WARNING, sentence)
        case _ if change.lost:
            yield Effect(role, Severity.ERROR, f"{who} goes to {answered(change.new)} now.")
        case _:
            yield Effect(role, Severity.WARNING, f"{who} also goes to {listed(change.gained)}.")


def tlsa_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of connections whose certificate is checked by a record (RFC 7672)."""
    role = roles_of(change.key, (), change.sides.old.origin)[0]
    host = change.shown.split("._tcp.", 1)[-1]
    who = "Mail servers that use DANE" if role is Role.DANE else "Programs that use DANE"
    match change.kind:
        case Kind.MISSING:
            sentence = f"{who} no longer check the certificate of {host}: a forged one is not noticed."
            yield Effect(role, Severity.ERROR, sentence)
        case Kind.EXTRA:
            sentence = f"{who} demand the certificate that this record names of {host}, or do not connect."
            yield Effect(role, Severity.WARNING, sentence)
        case _ if change.kept and change.gained and not change.lost:
            yield Effect(role, Severity.WARNING, f"{who} also accept another certificate of {host}.")
        case _:
            sentence = f"{who} demand another certificate of {host}; if it has the old one, they do not connect."
            yield Effect(role, Severity.ERROR, sentence)


def key_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of mail that is encrypted for a person with a key from DNS (RFC 7929, RFC 8162)."""
    kind = "OpenPGP" if change.rdtype == RdataType.OPENPGPKEY else "S/MIME"
    match change.kind:
        case Kind.MISSING:
            sentence = (
                f"Senders no longer find the {kind} key of a person at {change.shown}: mail goes unencrypted."
            )
        case Kind.EXTRA:
            sentence = (
                f"Senders find a {kind} key of a person at {change.shown}, which the old zone does not have."
            )
        case _:
            sentence = f"Senders encrypt with another {kind} key for the person at {change.shown}."
    severity = Severity.WARNING if change.kind is Kind.EXTRA else Severity.ERROR
    yield Effect(Role.DANE, severity, sentence)


def fingerprint_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of SSH clients that check a host's key by a record (RFC 4255)."""
    match change.kind:
        case Kind.MISSING:
            sentence = (
                f"SSH clients no longer find the key of {change.shown} in DNS, and ask the user to trust it."
            )
        case Kind.EXTRA:
            sentence = f"SSH clients find a key of {change.shown} in DNS, which the old zone does not have."
        case _:
            sentence = f"SSH clients find other keys of {change.shown} in DNS, and may warn of an attack."
    severity = Severity.WARNING if change.kind is Kind.EXTRA else Severity.ERROR
    yield Effect(Role.SERVICE, severity, sentence)


def web_service_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of clients that learn how to connect from HTTPS and SVCB (RFC 9460)."""
    role = Role.WEB if change.rdtype == RdataType.HTTPS else Role.SERVICE
    match change.kind:
        case Kind.MISSING:
            sentence = (
                f"Browsers no longer learn from DNS how to reach {change.shown} best (HTTP/3, encrypted "
                "hello); most "
                "reach it still, by its address."
            )
        case Kind.EXTRA:
            sentence = (
                f"Browsers connect to {change.shown} as {answered(change.new)} says; the old zone has no such "
                "hint."
            )
        case _:
            sentence = f"Browsers connect to {change.shown} otherwise: {answered(change.new)}."
    yield Effect(role, Severity.WARNING, sentence.replace("Browsers", _clients(change)))


def _clients(change: Change) -> str:
    return "Browsers" if change.rdtype == RdataType.HTTPS else "Clients"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
