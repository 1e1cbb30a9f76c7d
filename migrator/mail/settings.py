"""What becomes of mail's lesser records: MTA-STS, TLS-RPT, BIMI, automatic set-up. No IO here."""

from collections.abc import Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.policies import tag_list, texts
from migrator.mail.sts import sts_ids
from migrator.meaning.roles import HOST_TYPES, Effect, Role
from migrator.meaning.served import Reach, ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import below, folded, for_people
from migrator.model.rrset import RRset, RRsetKey, is_proxied


def setting_effects(sides: Sides, key: RRsetKey, old: RRset | None, new: RRset | None) -> Iterator[Effect]:
    """Yield the effects of a difference at one of the owners that these settings have."""
    first = folded(key.owner)[0]
    domain = for_people(key.owner.parent())
    if new is not None and new.rdtype == RdataType.CNAME and is_proxied(new) and _is_asked_for_texts(key.owner):
        new = None
    told = _told_at(key.owner)
    if told is not None and (moved := _moved_effect(sides, key.owner, *told)) is not None:
        yield moved
    elif told is not None and old is not None and new is not None and _read_alike(old, new):
        yield Effect(told[0], Severity.WARNING, f"{told[1]} is spelt otherwise, and says the same.")
    elif first == b"_mta-sts":
        fault = _record_fault(sides, key.owner) if old is not None and new is not None else ""
        announced = [_announces_policy(zone, key.owner.parent()) for zone in (sides.old, sides.new)]
        gone = new is None or announced == [True, False]
        yield _useless(domain, fault) if fault else record_effect(domain, gone=gone, is_new=old is None)
    elif first == b"mta-sts" and key.rdtype in HOST_TYPES:
        yield from _sts_host(sides, key.owner, old)
    elif first == b"_smtp":
        yield _simple(
            Role.TLS_RPT,
            f"Reports of failed encryption of mail to {for_people(key.owner.parent().parent())}",
            old,
            new,
        )
    elif b"_bimi" in folded(key.owner):
        yield _simple(Role.BIMI, f"The logo beside mail from {_after(key.owner, b'_bimi')}", old, new)
    elif first in {b"autodiscover", b"autoconfig"} and key.rdtype in HOST_TYPES and new is None:
        programs = "Outlook and other programs" if first == b"autodiscover" else "Thunderbird and other programs"
        severity = Severity.ERROR if first == b"autodiscover" else Severity.WARNING
        yield Effect(Role.AUTODISCOVER, severity, f"{programs} no longer set up mail for {domain} by themselves.")


def _told_at(owner: Name) -> tuple[Role, str] | None:
    """Return what the text of an owner is for, and its subject in a sentence; None for hosts."""
    labels = folded(owner)
    if labels[0] == b"_mta-sts":
        return Role.MTA_STS, f"The announcement of the encryption policy (MTA-STS) of {_after(owner, labels[0])}"
    if labels[:2] == (b"_smtp", b"_tls"):
        return Role.TLS_RPT, f"The address for reports of encryption of mail to {_after(owner, b'_tls')}"
    if b"_bimi" in labels:
        return Role.BIMI, f"The logo beside mail from {_after(owner, b'_bimi')}"
    return None


def _read_alike(old: RRset, new: RRset) -> bool:
    """Tell whether there is one text on either side, with the same tags."""
    had, has = (texts([rrset]) for rrset in (old, new))
    return len(had) == len(has) == 1 and bool(tag_list(had[0])) and tag_list(had[0]) == tag_list(has[0])


def _moved_effect(sides: Sides, owner: Name, role: Role, what: str) -> Effect | None:
    """Return the effect where the text is led to by a CNAME on one side, or by another CNAME on the other."""
    had, has = (
        zone.left_to(owner, RdataType.TXT) if zone.owns(owner) else None for zone in (sides.old, sides.new)
    )
    here, there = (texts(zone.followed(owner, RdataType.TXT)) for zone in (sides.old, sides.new))
    if has is not None and had is not None and folded(has) != folded(had):
        sentence = f"{what} is kept at {for_people(has)} instead of {for_people(had)}."
    elif has is not None and here:
        sentence = f"{what} is kept at {for_people(has)} now, and was not so far."
    elif had is not None and there and sides.new.owns(owner):
        sentence = f"{what} is a fixed copy, and no longer what is kept at {for_people(had)}."
    else:
        return None
    return Effect(role, Severity.WARNING, sentence)


def _is_asked_for_texts(owner: Name) -> bool:
    return any(label.startswith(b"_") for label in folded(owner))


def record_effect(domain: str, *, gone: bool, is_new: bool = False) -> Effect:
    """Return what becomes of the encryption of mail when the record that announces MTA-STS changes."""
    if gone:
        sentence = (
            f"Senders no longer learn that mail to {domain} must be encrypted (MTA-STS); those that know the "
            "policy keep to it until it ends."
        )
    elif is_new:
        sentence = f"Senders learn that mail to {domain} has an encryption policy (MTA-STS), which was not so far."
    else:
        sentence = f"Senders fetch the encryption policy (MTA-STS) of {domain} again, or find it unreadable."
    return Effect(Role.MTA_STS, Severity.WARNING, sentence)


def _record_fault(sides: Sides, owner: Name) -> str:
    """Return why senders take no record for an announcement where they took one before; empty if they do."""
    had, has = (sts_ids(zone.followed(owner, RdataType.TXT)) for zone in (sides.old, sides.new))
    if len(had) != 1 or not had[0] or not has:
        return ""
    if len(has) > 1:
        return f"there are {len(has)} records, and one was expected"
    return "" if has[0] else "it has no id of letters and digits"


def _useless(domain: str, fault: str) -> Effect:
    sentence = f"Senders no longer find the encryption policy (MTA-STS) of {domain} announced: {fault}."
    return Effect(Role.MTA_STS, Severity.ERROR, sentence)


def policy_host(zone: ServedZone, domain: Name) -> Name | None:
    """Return the web server of a domain's MTA-STS policy, where the policy is announced and the server found."""
    owner = below(domain, b"mta-sts")
    if owner is None or not _announces_policy(zone, domain) or zone.reach(owner) is Reach.NO:
        return None
    return owner


def policy_host_effects(sides: Sides, domain: Name, host: Name) -> Iterator[Effect]:
    """Yield what becomes of mail when the policy host of MTA-STS leads nowhere any more."""
    if sides.new.reach(host) is Reach.NO:
        yield _sts_unreachable(sides, domain, is_gone=True)


def _announces_policy(zone: ServedZone, domain: Name) -> bool:
    """Tell whether senders find the record of a policy, or are led elsewhere to find it (RFC 8461 section 3.1)."""
    owner = below(domain, b"_mta-sts")
    if owner is None:
        return False
    rrsets = zone.followed(owner, RdataType.TXT)
    leads_out = zone.owns(owner) and any(rrset.rdtype == RdataType.CNAME for rrset in rrsets)
    return leads_out or bool(sts_ids(rrsets))


def _sts_host(sides: Sides, owner: Name, old: RRset | None) -> Iterator[Effect]:
    if old is None or sides.new.reach(owner) is not Reach.NO:
        return
    yield _sts_unreachable(sides, owner.parent(), is_gone=sides.old.reach(owner) is not Reach.NO)


def _sts_unreachable(sides: Sides, domain: Name, *, is_gone: bool) -> Effect:
    return unreachable_effect(domain, announced=_announces_policy(sides.new, domain), is_gone=is_gone)


def unreachable_effect(domain: Name, *, announced: bool, is_gone: bool) -> Effect:
    """Return what becomes of mail when the policy cannot be fetched; `is_gone` where its host was there before."""
    then = ", while the record that announces it stays" if announced else ""
    sentence = (
        f"Senders cannot fetch the encryption policy (MTA-STS) of {for_people(domain)}{then}: those that "
        "hold an older one keep to it, and send nothing where it does not fit."
    )
    return Effect(Role.MTA_STS, Severity.ERROR if announced and is_gone else Severity.WARNING, sentence)


def _simple(role: Role, what: str, old: RRset | None, new: RRset | None) -> Effect:
    plural = what.startswith("Reports")
    if new is None:
        return Effect(role, Severity.WARNING, f"{what} {'are' if plural else 'is'} gone.")
    if old is None:
        return Effect(role, Severity.WARNING, f"{what} {'are' if plural else 'is'} asked for, and not so far.")
    return Effect(role, Severity.WARNING, f"{what} {'go' if plural else 'comes from'} elsewhere, or nowhere.")


def _after(owner: Name, label: bytes) -> str:
    labels = folded(owner)
    return for_people(Name(owner.labels[labels.index(label) + 1 :]))
