"""What becomes of programs that look up their servers: SRV, NAPTR, URI, TLSA, SSHFP, HTTPS, SVCB. No IO here."""

from collections.abc import Iterator

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV

from migrator.codec.rdata import to_text
from migrator.diff.change import Change
from migrator.diff.result import Kind
from migrator.diff.wording import answered, listed
from migrator.mail.dane import certificate_effect
from migrator.meaning.roles import MAIL_SRV, Effect, Role, roles_of
from migrator.meaning.served import Reach
from migrator.meaning.services_table import SRV_SERVICES
from migrator.meaning.targets import target_of, targets_of
from migrator.model.finding import Severity
from migrator.model.names import ROOT, folded, for_people
from migrator.model.phrases import ended
from migrator.model.rrset import RRset, canonical_wire

# `port` among the parameters of SVCB (RFC 9460 section 14.3.2), and what goes without saying for HTTPS.
_PORT, _USUAL_PORT = 3, 443
_ENUM = b"e2u"


def service_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of programs that find their server by SRV, NAPTR or URI."""
    first = folded(change.owner)[0]
    role = Role.AUTODISCOVER if first in MAIL_SRV else Role.SERVICE
    known = SRV_SERVICES.get(first.decode("latin-1"))
    at = for_people(change.owner.parent()) if first.startswith(b"_") else change.shown
    at = at.rpartition("_tcp.")[2].rpartition("_udp.")[2].rpartition("_tls.")[2]
    who = _capital(f"{known} of {at}") if known else f"What looks for {change.shown}"
    if _is_denied(change.old) or _is_denied(change.new):
        yield _denied(change, role, who)
        return
    match change.kind:
        case Kind.MISSING:
            yield Effect(role, Severity.ERROR, ended(f"{who} finds no server; it was {listed(change.lost)}"))
        case Kind.EXTRA:
            sentence = f"{who} finds {answered(change.new)}; the old zone has no such record."
            yield Effect(role, Severity.WARNING, sentence)
        case _ if (services := _enumservices(change.lost)) and services == _enumservices(change.gained):
            sentence = f"{who} finds the same services in other letter case, which few programs heed."
            yield Effect(role, Severity.WARNING, sentence)
        case _ if change.lost and _servers(change.lost) == _servers(change.gained):
            shares = ", ".join(map(to_text, change.new.rdatas if change.new else ()))
            sentence = f"{who} finds the same servers in another order or share ({shares})."
            yield Effect(role, Severity.WARNING, sentence)
        case _ if (ports := _ports(change.lost)) and _hosts(change.lost) == _hosts(change.gained):
            sentence = f"{who} goes to other ports: {_ports(change.gained)} instead of {ports}."
            yield Effect(role, Severity.ERROR, sentence)
        case _ if change.lost and not change.gained:
            lost = _ports(change.lost) or listed(change.lost)
            sentence = ended(f"{who} no longer finds {lost}, only {_ports(change.kept) or listed(change.kept)}")
            yield Effect(role, Severity.ERROR, sentence)
        case _ if change.lost:
            yield Effect(role, Severity.ERROR, f"{who} goes to {answered(change.new)} now.")
        case _:
            yield Effect(role, Severity.WARNING, ended(f"{who} also goes to {listed(change.gained)}"))


def _denied(change: Change, role: Role, who: str) -> Effect:
    """Return the effect where one side or both say that the service is decidedly not offered."""
    severity = Severity.WARNING
    match change.kind, _is_denied(change.old), _is_denied(change.new):
        case Kind.MISSING, _, _:
            sentence = f"{who} is no longer told that there is no server."
        case Kind.EXTRA, _, _:
            sentence = f"{who} is told that there is no server; the old zone says nothing."
        case _, True, True:
            sentence = f"{who} is told that there is no server, as before, in other numbers."
        case _, True, _:
            sentence = ended(f"{who} was told that there is no server; now it goes to {answered(change.new)}")
        case _:
            severity = Severity.ERROR
            sentence = ended(f"{who} is told that there is no server; it was {listed(change.lost)}")
    return Effect(role, severity, sentence)


def _is_denied(rrset: RRset | None) -> bool:
    """Tell whether an SRV set says that the service is decidedly not offered (RFC 2782)."""
    targets = set() if rrset is None or rrset.rdtype != RdataType.SRV else set(targets_of(rrset.rdatas))
    return targets == {ROOT}


def _enumservices(rdatas: tuple[Rdata, ...]) -> list[bytes]:
    """Return the records with services of ENUM in small letters; programs take both for the same.

    Those of closed networks may insist on one (RFC 6116 section 3.6).
    """
    found = []
    for rdata in rdatas:
        if not isinstance(rdata, NAPTR):
            return []
        is_enum = rdata.service[: len(_ENUM)].lower() == _ENUM
        small = rdata.replace(flags=rdata.flags.lower(), service=rdata.service.lower()) if is_enum else rdata
        found.append(canonical_wire(small))
    return sorted(found)


def _hosts(rdatas: tuple[Rdata, ...]) -> set[Name]:
    return {target.canonicalize() for target in targets_of(rdatas)}


def _ports(rdatas: tuple[Rdata, ...]) -> str:
    shown = {f"{for_people(rdata.target)} port {rdata.port}" for rdata in rdatas if isinstance(rdata, SRV)}
    return " and ".join(sorted(shown))


def _servers(rdatas: tuple[Rdata, ...]) -> set[tuple[object, ...]]:
    """Return the hosts and ports of SRV records; any other record is itself."""
    return {(rdata.port, rdata.target.canonicalize()) if isinstance(rdata, SRV) else (rdata,) for rdata in rdatas}


def tlsa_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of connections whose certificate is checked by a record (RFC 7672)."""
    role = roles_of(change.key, (), change.sides.old.origin)[0]
    host = change.shown.split("._tcp.", 1)[-1]
    yield certificate_effect(role, host, (*change.lost, *change.kept), (*change.gained, *change.kept))


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
    shown, severity = change.shown, Severity.ERROR
    algorithms = {getattr(rdata, "algorithm", None) for rdata in change.kept}
    match change.kind:
        case Kind.MISSING:
            sentence = f"SSH clients no longer find the key of {shown} in DNS, and ask the user to trust it."
        case Kind.EXTRA:
            severity = Severity.WARNING
            sentence = f"SSH clients find a key of {shown} in DNS, which the old zone does not have."
        case _ if change.kept and not change.lost:
            severity = Severity.WARNING
            sentence = f"SSH clients find more fingerprints of {shown} in DNS, beside those that stay."
        case _ if not change.gained and algorithms.issuperset(getattr(r, "algorithm", None) for r in change.lost):
            severity = Severity.WARNING
            sentence = f"SSH clients find fewer fingerprints of {shown} in DNS, and one of each kind of key still."
        case _:
            sentence = f"SSH clients find other keys of {shown} in DNS, and may warn of an attack."
    yield Effect(Role.SERVICE, severity, sentence)


def web_service_effects(change: Change) -> Iterator[Effect]:
    """Yield what becomes of clients that learn how to connect from HTTPS and SVCB (RFC 9460)."""
    role = Role.WEB if change.rdtype == RdataType.HTTPS else Role.SERVICE
    who, shown = _clients(change), change.shown
    severity = Severity.WARNING
    had, has = _endpoints(change.old), _endpoints(change.new)
    if _says_none(change.old) != _says_none(change.new):
        yield _says_none_effect(change, role, who)
        return
    match change.kind:
        case Kind.MISSING if _was_all(change):
            severity = Severity.ERROR
            sentence = f"{who} no longer reach {shown}: it has no address beside the record that is gone."
        case Kind.MISSING:
            sentence = (
                f"{who} no longer learn from DNS how to reach {shown} best (HTTP/3, encrypted hello); most "
                "reach it still, by its address."
            )
        case Kind.EXTRA:
            sentence = f"{who} connect to {shown} as {answered(change.new)} says; the old zone has no such hint."
        case _ if had - has and has - had:
            severity = Severity.ERROR
            sentence = ended(f"{who} of {shown} connect to {_named(has - had)} instead of {_named(had - has)}")
        case _:
            sentence = ended(f"{who} connect to {shown} otherwise: {answered(change.new)}")
    yield Effect(role, severity, sentence)


def _says_none(rrset: RRset | None) -> bool:
    """Tell whether a set is an alias to the root: the service is not available (RFC 9460 section 2.5.1)."""
    modes = [(target_of(r), getattr(r, "priority", None)) for r in rrset.rdatas] if rrset is not None else []
    return bool(modes) and all(mode == (ROOT, 0) for mode in modes)


def _says_none_effect(change: Change, role: Role, who: str) -> Effect:
    """Return the effect where one side says that there is no such service; programs may try all the same."""
    none, severity = f"told that there is no such service at {change.shown}", Severity.WARNING
    match change.kind, _says_none(change.old):
        case Kind.MISSING, _:
            sentence = f"{who} are no longer {none}."
        case Kind.EXTRA, _:
            sentence = f"{who} are {none}, and those that heed it do not connect; so far nothing said so."
        case _, True:
            sentence = f"{who} were {none}; now they connect as {answered(change.new)} says."
        case _:
            severity = Severity.ERROR
            sentence = f"{who} are {none} (so far {answered(change.old)}), and those that heed it do not connect."
    return Effect(role, severity, sentence)


def _endpoints(rrset: RRset | None) -> frozenset[tuple[Name, int | None]]:
    """Return the hosts that SVCB records lead to, and their ports where these are not the usual ones."""
    found = set()
    for rdata in () if rrset is None else rrset.rdatas:
        target = target_of(rdata)
        if rrset is not None and target is not None:
            host = rrset.owner if target == ROOT and getattr(rdata, "priority", 0) else target
            port = getattr(getattr(rdata, "params", {}).get(_PORT), "port", None)
            found.add((host.canonicalize(), None if port == _USUAL_PORT else port))
    return frozenset(found)


def _named(endpoints: frozenset[tuple[Name, int | None]]) -> str:
    named = [f"{for_people(host)}{f' port {port}' if port else ''}" for host, port in endpoints]
    return " and ".join(sorted(named))


def _was_all(change: Change) -> bool:
    """Tell whether the record was all that led anywhere from the name of a web site: it has no address."""
    if change.rdtype != RdataType.HTTPS or folded(change.owner)[0].startswith(b"_"):
        return False
    return all(zone.reach(change.owner) is Reach.NO for zone in (change.sides.old, change.sides.new))


def _clients(change: Change) -> str:
    return "Browsers" if change.rdtype == RdataType.HTTPS else "Clients"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
