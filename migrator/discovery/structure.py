"""Names that found records lead to, and those that go with what a found name is for. No IO here."""

import re
from collections.abc import Iterable, Iterator

from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.txtbase import TXTBase

from migrator.discovery.hints import Hint
from migrator.errors import InputError
from migrator.meaning.targets import targets_of
from migrator.model.names import absolute, is_within, text_of
from migrator.model.rrset import RRset

_SPF_NAME = re.compile(r"[+?~-]?(?:a|mx|include|exists|redirect)[:=]([^\s/%]+)", re.IGNORECASE)
_REPORT = re.compile(r"mailto:[^\s,;!]+@([^\s,;!]+)", re.IGNORECASE)


def led_to(rrset: RRset, domain: Name) -> Iterator[Hint]:
    """Yield the names of the domain that a set leads to: targets, terms of SPF, report addresses."""
    for target in targets_of(rrset.rdatas):
        yield from _hint(target, domain, rrset)
    if rrset.rdtype == RdataType.TXT:
        for text in _texts(rrset):
            if text.lower().startswith("v=spf1"):
                yield from _named(_SPF_NAME.findall(text), domain, rrset)
            elif text.lower().startswith(("v=dmarc1", "v=tlsrpt")):
                yield from _named(_REPORT.findall(text), domain, rrset)


def beside(rrset: RRset, domain: Name) -> Iterator[Hint]:
    """Yield the names that go with a set: mail settings of a domain with MX or SPF, DANE of its mail servers."""
    how = f"found beside {text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}"
    is_spf = rrset.rdtype == RdataType.TXT and any(t.lower().startswith("v=spf1") for t in _texts(rrset))
    if rrset.rdtype == RdataType.MX or is_spf:
        for text in (
            "_dmarc",
            "_mta-sts",
            "mta-sts",
            "_smtp._tls",
            "autodiscover",
            "autoconfig",
            "_autodiscover._tcp",
        ):
            yield Hint(absolute(text, rrset.owner), how)
    for rdata in rrset.rdatas:
        if isinstance(rdata, MX) and is_within(rdata.exchange, domain):
            yield Hint(absolute("_25._tcp", rdata.exchange), how)


def _texts(rrset: RRset) -> Iterator[str]:
    for rdata in rrset.rdatas:
        if isinstance(rdata, TXTBase):
            yield b"".join(rdata.strings).decode("ascii", "replace")


def _named(texts: Iterable[str], domain: Name, rrset: RRset) -> Iterator[Hint]:
    for text in texts:
        try:
            yield from _hint(absolute(text), domain, rrset)
        except InputError:
            continue


def _hint(name: Name, domain: Name, rrset: RRset) -> Iterator[Hint]:
    if name != domain and is_within(name, domain):
        yield Hint(name, f"found by {text_of(rrset.owner)} {RdataType.to_text(rrset.rdtype)}")
