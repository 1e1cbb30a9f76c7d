"""What a provider's proxy does not carry, and what is not found behind it. No IO here.

    www          A      192.0.2.80           ; proxied, and meant to be: browsers reach it
    ssh          A      192.0.2.22           ; proxied: SSH does not
    s1._domainkey CNAME s1.mail.example.net. ; proxied: answered with addresses, and no key

Cloudflare's proxy carries HTTP alone, and answers addresses of its own in the place of a record. Names in MX and
SRV that are proxied it answers with another name, which has the address behind
(https://developers.cloudflare.com/dns/troubleshooting/email-issues/, 2026-11-22).
"""

import re
from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.diff.change import Change
from migrator.diff.proofs import certified_name, proven_domain, verified_service
from migrator.diff.references import Reference
from migrator.diff.wording import answered, named
from migrator.mail.dependencies import proxied_sender_effect
from migrator.mail.exchanges import proxied_effect
from migrator.meaning import services
from migrator.meaning.roles import Effect, Role, roles_of
from migrator.meaning.served import ServedZone, is_behind_proxy
from migrator.meaning.targets import target_of
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.rrset import RRset

# Where other modules tell the same of two sides.
_TOLD_OF_SIDES = frozenset({Role.MX, Role.DKIM, Role.DMARC, Role.MTA_STS, Role.TLS_RPT, Role.BIMI})
_NOT_CARRIED = "is behind a proxy that carries HTTP alone"
_PORT = re.compile(rb"_[0-9]+")
_MAIL_PORT = b"_25"
_NUMBER = b"0123456789"

# The first label of a host, without a number behind it, and who connects to it by another protocol than HTTP.
_PROGRAMS = {
    **dict.fromkeys((b"smtp", b"imap", b"pop", b"pop3", b"relay", b"smtps", b"imaps"), "Mail programs"),
    **dict.fromkeys((b"ssh", b"sftp"), "SSH clients"),
    **dict.fromkeys((b"ftp", b"ftps"), "FTP clients"),
    **dict.fromkeys((b"sip", b"sips", b"pbx", b"turn", b"stun"), "Telephones and call programs"),
    **dict.fromkeys((b"vpn", b"wg", b"openvpn"), "VPN clients"),
    **dict.fromkeys((b"ldap", b"ldaps", b"rdp", b"ntp", b"irc", b"xmpp", b"mqtt"), "Programs"),
    **dict.fromkeys((b"ns", b"dns"), "Resolvers"),
}
_BOUNCES = frozenset({b"bounce", b"bounces", b"pm-bounces", b"return", b"returnpath", b"return-path", b"rp"})


def proxied_effects(change: Change) -> Iterator[Effect]:
    """Yield what a proxy of the new side keeps from whoever came by the name so far; both may have one."""
    new, old = change.new, change.sides.old
    if new is None or not is_behind_proxy(new) or not old.owns(change.owner):
        return
    if any(is_behind_proxy(rrset) for rrset in old.at(change.owner)):
        return
    found = (*certain(change.sides.new, new, change.context.new_references(change.owner)), *likely(new))
    yield from (effect for effect in found if effect.role not in _TOLD_OF_SIDES)


def certain(zone: ServedZone, rrset: RRset, references: Iterable[Reference]) -> Iterator[Effect]:
    """Yield what the zone itself shows to be lost by the proxy of a set; `references` are to its owner."""
    if rrset.rdtype == RdataType.CNAME:
        yield from _not_found(zone, rrset)
    for reference in dict.fromkeys(references):
        effect = _of_reference(zone, rrset.owner, reference)
        if effect is not None:
            yield effect
    shown = for_people(rrset.owner)
    if zone.sets(rrset.owner, RdataType.SSHFP):
        yield _error(Role.SERVICE, f"SSH clients do not reach {shown}: it {_NOT_CARRIED}.")
    yield from _certificates(zone, rrset.owner)


def likely(rrset: RRset) -> Iterator[Effect]:
    """Yield what is lost where the name of a host says what connects to it."""
    label, shown = folded(rrset.owner)[0], for_people(rrset.owner)
    target = target_of(rrset.rdatas[0]) if rrset.rdtype == RdataType.CNAME and rrset.rdatas else None
    known = services.of_cname(target) if target is not None else None
    if label in _BOUNCES and target is not None:
        sentence = (
            f"Bounces to {shown} do not come back, and no SPF is found there: it is a CNAME to {answered(rrset)} "
            "behind a proxy, which answers addresses alone."
        )
        yield _error(Role.SPF, sentence)
    elif (who := _PROGRAMS.get(label.rstrip(_NUMBER))) is not None:
        yield _error(Role.SERVICE, f"{who} do not reach {shown}: it {_NOT_CARRIED}.")
    elif label == b"mail" and known is None:
        sentence = f"Mail programs (IMAP, SMTP) that connect to {shown} do not reach it: it {_NOT_CARRIED}."
        yield Effect(Role.SERVICE, Severity.WARNING, sentence)


def _not_found(zone: ServedZone, cname: RRset) -> Iterator[Effect]:
    """Yield what is not found by a CNAME in whose place addresses are answered."""
    role = roles_of(cname.key, cname.rdatas, zone.origin)[0]
    what = _wanted(cname, role)
    if what:
        yield _error(role, f"{what}: {for_people(cname.owner)} is a CNAME to {answered(cname)} {_ANSWERS}.")
    else:
        yield from _gone_with_it(zone, cname)


_ANSWERS = "behind a proxy, which answers addresses alone"


def _gone_with_it(zone: ServedZone, cname: RRset) -> Iterator[Effect]:
    """Yield what the target has in this zone beside addresses, and is found by the CNAME."""
    target = target_of(cname.rdatas[0]) if cname.rdatas else None
    for rdtype in (RdataType.MX, RdataType.TXT):
        if target is not None and zone.followed(target, rdtype) and not zone.answer(cname.owner, rdtype):
            sentence = (
                f"The {rdtype.name} records that {for_people(cname.owner)} has by its CNAME to {answered(cname)} "
                "are not found: it is behind a proxy, which answers addresses alone."
            )
            yield _error(Role.ADDRESS, sentence)


def _wanted(cname: RRset, role: Role) -> str:
    """Return who does not find what, of a name at which texts are looked for; empty for a host."""
    owner, labels = cname.owner, folded(cname.owner)
    domain = for_people(owner.parent()) if len(labels) > 1 else for_people(owner)
    if role is Role.VERIFICATION:
        service = next(filter(None, (verified_service(owner, rdata) for rdata in cname.rdatas)), "A service")
        return f"{service} loses its domain verification of {for_people(proven_domain(cname.key))}"
    if role is Role.ACME:
        return f"Certificates of {for_people(certified_name(owner))} cannot be renewed, and end weeks later"
    if not any(label.startswith(b"_") for label in labels):
        return ""
    if role is Role.DMARC and labels[0] == b"_dmarc":
        return f"Receivers find no DMARC policy of {domain}"
    return _TEXTS.get(role, "What asks there for records finds none")


_TEXTS = {
    Role.DKIM: "Mail signed with this key will fail DKIM",
    Role.MTA_STS: "Senders do not learn that mail must be encrypted (MTA-STS)",
    Role.TLS_RPT: "Nobody reports failed encryption of mail (TLS-RPT)",
    Role.BIMI: "Receivers show no logo beside mail (BIMI)",
}


def _of_reference(zone: ServedZone, host: Name, reference: Reference) -> Effect | None:
    """Return what becomes of a record that names a host behind a proxy; SRV is answered with another name."""
    domain, shown = reference.key.owner, for_people(host)
    if reference.of_text:
        if zone.answer(host, RdataType.TXT):
            return None
        sentence = f"SPF of {for_people(domain)} includes {shown}, whose policy is not found behind a proxy."
        return Effect(Role.SPF, Severity.ERROR, sentence, breaks=True)
    match reference.key.rdtype:
        case RdataType.MX:
            return proxied_effect(zone, domain, host)
        case RdataType.TXT:
            # Whom `-a:host` no longer refuses can only gain.
            is_sender = reference.role is Role.SPF and reference.qualifier != "-" and not reference.of_existence
            return proxied_sender_effect(zone, domain, host) if is_sender else None
        case RdataType.NS:
            return _error(Role.DELEGATION, f"{shown}, a name server of {for_people(domain)}, {_NOT_CARRIED}.")
        case RdataType.NAPTR | RdataType.SVCB:
            sentence = f"What looks for {named([domain])} is sent to {shown}, which {_NOT_CARRIED}."
            return _error(Role.SERVICE, sentence)
        case _:
            return None


def _certificates(zone: ServedZone, host: Name) -> Iterator[Effect]:
    """Yield what becomes of connections to the ports whose certificate a record names (TLSA)."""
    shown = for_people(host)
    for rrset in zone.index.below(folded(host)):
        labels = rrset.key.folded
        if rrset.rdtype != RdataType.TLSA or len(labels) != len(host.labels) + 2 or not _PORT.fullmatch(labels[0]):
            continue
        role = roles_of(rrset.key, (), zone.origin)[0]
        if labels[0] == _MAIL_PORT:
            sentence = (
                f"Mail servers that use DANE no longer check the certificate of {shown}: behind a proxy, MX is "
                "answered with another name."
            )
        else:
            port = labels[0][1:].decode()
            sentence = f"Programs that use DANE do not connect to port {port} of {shown}: a proxy is there."
        yield _error(role, sentence)


def _error(role: Role, sentence: str) -> Effect:
    return Effect(role, Severity.ERROR, sentence)
