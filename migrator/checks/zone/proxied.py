"""What stands behind a provider's proxy and needs more than HTTP. No IO here."""

from collections.abc import Iterator
from dataclasses import replace

from migrator.checks.check import check
from migrator.checks.facts import Facts
from migrator.checks.points import Noted, Point, Problem
from migrator.checks.zone.rules import PLANNING, zone_points
from migrator.diff.proxied import certain, likely
from migrator.diff.references import references
from migrator.diff.wording import answered
from migrator.meaning.roles import Effect
from migrator.meaning.served import ServedZone, is_behind_proxy
from migrator.model.finding import Severity
from migrator.model.rrset import RRset
from migrator.model.zone import subject_of


@check(
    "zone.proxied",
    phases=PLANNING,
    in_lint=True,
    source="https://developers.cloudflare.com/dns/proxy-status/ (2026-11-22)",
    remedy="Switch the proxy off for this record (DNS only).",
)
def proxied(facts: Facts) -> Iterator[Point]:
    """Behind the proxy stand web sites alone.

    Looked at: the zone itself. A proxy carries HTTP, and answers addresses of its own. It fails where a proxied
    CNAME stands at a name that is asked for texts (`_domainkey`, `_dmarc`, `_acme-challenge`, proofs of services,
    whatever has a label that begins with an underscore), or is what SPF includes; where SPF allows the addresses
    of a proxied host by no other term; where a proxied host has SSHFP, or TLSA for a port of its own, is a name
    server, or the target of NAPTR or SVCB. It warns of a mail server in MX, which Cloudflare answers under another
    name (`_dc-mx...`), and fails where MTA-STS is announced beside it. It warns of hosts whose first label says
    that programs connect to them (`imap`, `ftp`, `sip`, `vpn`). Hosts that browsers go to pass, and so do targets
    of SRV, which is answered with the address behind.
    """
    yield from zone_points(
        facts,
        _behind,
        "Nothing behind the proxy is known to need more than HTTP.",
        wanted=is_behind_proxy,
        without="no record is behind a proxy",
    )


def _behind(zone: ServedZone) -> Iterator[Problem]:
    behind = [rrset for rrset in zone.snapshot.rrsets if is_behind_proxy(rrset)]
    pointing = references(zone) if behind else {}
    told: set[tuple[tuple[bytes, ...], str]] = set()
    for rrset in behind:
        if zone.cover(rrset.owner, rrset.rdtype) is not None:
            continue
        sure = certain(zone, rrset, pointing.get(rrset.key.folded, ()))
        guessed = (replace(effect, severity=Severity.WARNING) for effect in likely(rrset))
        for effect in (*sure, *guessed):
            said = rrset.key.folded, effect.sentence  # once of A and AAAA
            if said not in told:
                told.add(said)
                yield _problem(rrset, effect)


def _problem(rrset: RRset, effect: Effect) -> Problem:
    subject = subject_of(rrset.key)
    evidence = (Noted(subject, f"{answered(rrset)} (proxied)"),)
    return Problem(subject, effect.sentence, evidence, severity=effect.severity)
