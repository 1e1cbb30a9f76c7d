"""Policies of mail that stand beside the name at which receivers ask for them. No IO here.

    @             TXT  "v=DMARC1; p=reject"    ; receivers ask for _dmarc
    s1.domainkey  TXT  "v=DKIM1; p=..."        ; and for s1._domainkey

Nothing is said where that name has its policy, or where a CNAME of the zone leads to this one: then it is meant.
A wildcard is meant too: it answers where receivers ask.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from dns.name import Name, NameTooLong
from dns.rdatatype import RdataType

from migrator.checks.points import Noted, Problem
from migrator.mail.policies import texts
from migrator.meaning.roles import readable
from migrator.meaning.served import ServedZone
from migrator.meaning.targets import targets_of
from migrator.model.finding import Severity
from migrator.model.names import folded, is_wildcard, text_of
from migrator.model.phrases import shortened
from migrator.model.rrset import RRset
from migrator.model.values import dataclass
from migrator.model.zone import subject_of

_POLICY = re.compile(r" *v\s*=\s*(DMARC1|DKIM1|STSv1|TLSRPTv1|BIMI1)\s*(?:;|$)")
_DOMAINKEY = b"_domainkey"
_ASKED = frozenset({_DOMAINKEY, b"_dmarc", b"_mta-sts", b"_tls", b"_bimi"})
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a policy is called, where receivers ask for it below its domain, and how people write that wrongly."""

    noun: str
    place: tuple[bytes, ...]
    slips: tuple[tuple[bytes, ...], ...]


_KINDS = {
    "DMARC1": _Kind("a DMARC policy", (b"_dmarc",), ((b"dmarc",),)),
    "STSv1": _Kind("an MTA-STS record", (b"_mta-sts",), ((b"mta-sts",), (b"mta_sts",), (b"_mta_sts",))),
    "TLSRPTv1": _Kind(
        "a TLS-RPT record", (b"_smtp", b"_tls"), ((b"smtp", b"tls"), (b"_smtp", b"tls"), (b"smtp", b"_tls"))
    ),
    "BIMI1": _Kind("a BIMI record", (b"default", b"_bimi"), ((b"default", b"bimi"),)),
}


def is_policy_text(text: str) -> bool:
    """Tell whether a text is a policy or a key of mail, SPF aside."""
    return _POLICY.match(text) is not None


class Misplaced:
    """Looks for the policies of a zone that nobody finds where they stand."""

    def __init__(self, zone: ServedZone) -> None:
        """Look into the zone."""
        self._zone = zone

    def problems(self, rrset: RRset) -> Iterator[Problem]:
        """Yield what is to be said of a TXT set."""
        for text in texts([rrset]):
            match = _POLICY.match(text)
            said = None if match is None else self._said(rrset.owner, match[1])
            if said is not None and folded(rrset.owner) not in self._led_to:
                message, asked = said
                evidence = (Noted(subject_of(rrset.key), f"'{shortened(readable(text), _LONGEST_SHOWN)}'"),)
                advice = f"Let it stand at {asked} instead."
                yield Problem(subject_of(rrset.key), message, evidence, advice, Severity.WARNING)

    def _said(self, owner: Name, version: str) -> tuple[str, str] | None:
        """Return what to say and where it was to stand; None where it may be right, or another one is there."""
        if version == "DKIM1":
            return self._said_of_key(owner)
        kind, labels = _KINDS[version], folded(owner)
        slip = next((slip for slip in kind.slips if labels[: len(slip)] == slip), ())
        if not slip and not self._has_mail(owner):
            return None
        return self._unless_there(kind.noun, version, (*kind.place, *owner.labels[len(slip) :]))

    def _said_of_key(self, owner: Name) -> tuple[str, str] | None:
        labels = folded(owner)
        for place, label in enumerate(labels):
            selector = label.removesuffix(_DOMAINKEY).rstrip(b"._-")
            if label == _DOMAINKEY and place:
                return None
            if label == _DOMAINKEY:
                return _without_selector(text_of(owner))
            split: tuple[bytes, ...]
            if label == b"domainkey" and place:
                split = (_DOMAINKEY,)
            elif label.endswith(_DOMAINKEY) and selector:
                split = (selector, _DOMAINKEY)
            else:
                continue
            asked = (*owner.labels[:place], *split, *owner.labels[place + 1 :])
            return self._unless_there("a DKIM key", "DKIM1", asked)
        return _without_selector(f"_domainkey.{text_of(owner)}") if self._has_mail(owner) else None

    def _unless_there(self, noun: str, version: str, labels: Iterable[bytes]) -> tuple[str, str] | None:
        try:
            asked = Name(labels)
        except NameTooLong:
            return None  # nobody asks for what is below so long a name
        known = self._zone.known(asked, RdataType.TXT)
        if known is None or any((found := _POLICY.match(text)) and found[1] == version for text in texts(known)):
            return None
        return f"It holds {noun}; receivers ask for that at {text_of(asked)}, where there is none.", text_of(asked)

    def _has_mail(self, owner: Name) -> bool:
        """Tell whether mail has this domain; a wildcard answers where receivers ask, as any name below it."""
        if is_wildcard(owner):
            return False
        return folded(owner) == folded(self._zone.origin) or bool(self._zone.sets(owner, RdataType.MX))

    @cached_property
    def _led_to(self) -> frozenset[tuple[bytes, ...]]:
        """The names to which CNAMEs lead from where receivers ask."""
        cnames = [rrset for rrset in self._zone.snapshot.rrsets if rrset.rdtype == RdataType.CNAME]
        asked = [rrset for rrset in cnames if not _ASKED.isdisjoint(rrset.key.folded)]
        return frozenset(folded(target) for rrset in asked for target in targets_of(rrset.rdatas))


def _without_selector(below: str) -> tuple[str, str]:
    asked = f"SELECTOR.{below}"
    return f"It holds a DKIM key; receivers ask for that at {asked}, and never here.", asked
