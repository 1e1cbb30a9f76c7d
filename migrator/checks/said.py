"""What the texts of a zone's owners say, as far as judging them takes it: without RRsets. No IO here.

Texts come in two forms: the lines of a file, where a TTL stands before the type, and canonical text, where it
stands behind it. What is odd may be found too often, for whoever asks looks at the RRsets then; an address never.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import accumulate, chain, compress, count, filterfalse, islice

from dns.rdatatype import RdataType

from migrator.meaning.served import ADDRESS_TYPES
from migrator.model.blocktexts import BEFORE_TYPE, BlockTexts, Noted
from migrator.model.compact import CompactZone, parted
from migrator.model.values import dataclass

# So many owners are looked at together.
AT_ONCE = 1 << 14
# More octets than any record takes in a message beyond those of its text and of a name: an address of IPv6 may be
# written `::`; what a set takes beside its records; and the fewest octets of a line.
_OF_RECORD = 12 + 16
_OF_SET = 16 + 255
_OF_LINE = 6
_OF_UDP = 1232


@dataclass(frozen=True, slots=True)
class Form:
    """How records are written in the texts of owners: as in a file, or as a `CompactZone` keeps them."""

    odd: tuple[re.Pattern[bytes], ...]
    secured: re.Pattern[bytes]
    signed: re.Pattern[bytes]
    address: re.Pattern[bytes]
    mail_or_address: re.Pattern[bytes]
    no_address: re.Pattern[bytes]
    no_cut: re.Pattern[bytes]


def _form(before: bytes, ttl: bytes, apex: bytes) -> Form:
    """Return the form; `before` is what stands before a type in a line, `ttl` what stands behind it."""
    of_type = rb"(?m)^%b%%b[ \t]" % before
    none_of = rb"(?m)^%b(?!(?:[Ii][Nn]|%%b)[ \t])[A-Z]" % before
    no_service = _NO_PLAIN_SERVICE % re.escape(apex)
    odd: tuple[tuple[bytes, bytes], ...] = (
        *_ODD,
        (b"HTTPS", no_service),
        (b"SVCB", no_service),
        (b"PTR", rb"(?i:[^ \t\n;]*%b[ \t]*(?:[\n;]|\Z))" % re.escape(apex)),
    )
    if apex.endswith((b"arpa.", b"int.")):
        odd = (*odd, (b"PTR", _NO_HOST))
    return Form(
        tuple(re.compile(rb"%b[ \t]+%b%b" % (rdtype, ttl, rest)) for rdtype, rest in odd),
        re.compile(rb"TLSA[ \t]+%b([0-3][ \t]+[01][ \t]+[0-2][ \t])?" % ttl),
        re.compile(rb"DS[ \t]+%b[0-9]" % ttl),
        re.compile(of_type % b"A(?:AAA)?"),
        re.compile(of_type % b"(?:A|AAAA|MX)"),
        re.compile(none_of % b"A|AAAA"),
        re.compile(none_of % b"NS|DS"),
    )


# What is not written as a host is, though it may be one.
_NO_HOST = rb"(?![A-Za-z0-9]+(?:(?:-+|\.)[A-Za-z0-9]+)*\.?[ \t]*(?:[\n;]|\Z))"

_WITHOUT_ADDRESS = rb'alpn="?[A-Za-z0-9./,_-]+"?|port="?[0-9]+"?|no-default-alpn'
# A service at its owner, without addresses that others than the owner's might be; or at a host outside the zone,
# whose addresses nobody knows here.
_NO_PLAIN_SERVICE = (
    rb"(?!0*[1-9][0-9]*[ \t]+(?:\.(?:[ \t]+(?:%b))*"
    rb"|(?![^ \t\n;]*(?i:%%b)(?:[ \t\n;]|\Z))(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+(?<=[A-Za-z]\.)"
    rb'(?:[ \t]+(?:%b|ipv[46]hint="?[0-9A-Fa-f:.,]+"?))*)[ \t]*(?:[\n;]|\Z))'
) % (_WITHOUT_ADDRESS, _WITHOUT_ADDRESS)

# What the checks of forms have something to say of, or may have: types, and how their rdata begin.
_ODD = (
    (
        b"A",
        (
            rb"(?:10|127|0|192\.168|169\.254|172\.(?:1[6-9]|2[0-9]|3[01])"
            rb"|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|2(?:2[4-9]|[345][0-9]))\."
        ),
    ),
    (b"AAAA", rb"[:0fF]"),
    (b"CAA", rb'(?!(?:0|128)[ \t]+issue(?:wild)?[ \t]+"(?:[a-z0-9]+(?:[.-][a-z0-9]+)*|;)")'),
    (b"SRV", rb"[0-9]+[ \t]+[0-9]+[ \t]+0+[ \t]"),
    (b"SMIMEA", rb"(?![0-3][ \t]+[01][ \t]+[0-2][ \t])"),
    (b"SPF", b""),
    # No Regexp, or the usual one for all of a number.
    (
        b"NAPTR",
        rb'(?!(?:[0-9]+[ \t]+){2}(?:"[^"]*"[ \t]+){2}"(?:|!\^?\.\*\$?![^!\\"]*!i?)"[ \t])',
    ),
)
# No quote stands in an owner: a string that a line begins with is no owner.
_OF_FILES = rb"[^ \t\n;\"]*[ \t]+%b" % BEFORE_TYPE


class Said:
    """What the texts of a zone's owners say."""

    def __init__(self, zone: CompactZone, apex: bytes) -> None:
        self.apex = apex
        self.below = b"." + apex
        texts = zone.texts
        canonical = _form(b"", rb"[0-9]+ ", apex)
        if isinstance(texts, BlockTexts):
            plain = _unsigned(texts.plain)
            self._parts: tuple[tuple[Mapping[bytes, bytes], Form], ...] = (
                (texts.blocks, _form(_OF_FILES, b"", apex)),
                (plain, canonical),
            )
            self.noted: tuple[Noted, ...] = (texts.noted, _noted(plain))
        else:
            texts = _unsigned(texts)
            self._parts = ((texts, canonical),)
            self.noted = (_noted(texts),)
        self._at_apex = {rrset.rdtype for rrset in zone.at(apex)}
        self._aliases = {owner for noted in self.noted for owner in noted.cname.owners}
        if RdataType.CNAME in self._at_apex:
            self._aliases.add(apex)
        self.with_tlsa = {apex} if RdataType.TLSA in self._at_apex else set()
        self._servers = {name for noted in self.noted for name in noted.ns.values}
        several = [pairs.values for noted in self.noted for pairs in (noted.ns, noted.srv, noted.mx)]
        self._longest_target = max((len(name) for names in several for name in names), default=0)

    def owners(self) -> Iterator[bytes]:
        """Return all owners that have a text."""
        return chain.from_iterable(texts for texts, _ in self._parts)

    def odd(self, cuts: Collection[bytes]) -> Iterator[bytes]:
        """Yield the owners with a record that a check of forms may have something to say of, some twice.

        A DS is odd where there is no cut, and TLSA at a host: of those `with_tlsa` knows when all are yielded.
        """
        room = _OF_RECORD + self._longest_target
        short = (_OF_UDP - _OF_SET) * _OF_LINE // (_OF_LINE + room)
        for texts, form in self._parts:
            keys, values = iter(texts), iter(texts.values())
            while part := [*islice(values, AT_ONCE)]:
                owners, joined = [*islice(keys, AT_ONCE)], b"\n".join(part)
                hits = [hit.start() for pattern in form.odd for hit in pattern.finditer(joined)]
                signed = [hit.start() for hit in form.signed.finditer(joined)]
                secured = [(hit.start(), hit[1] is None) for hit in form.secured.finditer(joined)]
                if hits or signed or secured:
                    ends = [*accumulate(map((1).__add__, map(len, part)))]
                    for hit, is_odd in secured:
                        owner = owners[bisect_right(ends, hit)]
                        if owner[:1] not in {b"_", b"*"}:
                            self.with_tlsa.add(owner)
                            yield owner
                        elif is_odd:
                            yield owner
                    yield from (owners[bisect_right(ends, hit)] for hit in hits)
                    yield from filterfalse(cuts.__contains__, (owners[bisect_right(ends, hit)] for hit in signed))
                for place in compress(count(), map(short.__lt__, map(len, part))):
                    if len(part[place]) + (part[place].count(b"\n") + 1) * room + _OF_SET > _OF_UDP:
                        yield owners[place]

    def within(self, names: Iterable[bytes]) -> set[bytes]:
        """Return those of the names that are in the zone."""
        below, apex = self.below, self.apex
        return {name for name in names if name.endswith(below) or name == apex}

    def has_address(self, key: bytes) -> bool:
        """Tell whether the owner has an A or AAAA record."""
        if key == self.apex:
            return not self._at_apex.isdisjoint(ADDRESS_TYPES) and RdataType.CNAME not in self._at_apex
        return self._has(key, lambda form: form.address)

    def with_mail_or_address(self, keys: Collection[bytes]) -> Iterator[bytes]:
        """Yield those of the owners that have an A, AAAA or MX record."""
        return self._among(keys, lambda form: form.mail_or_address)

    def without_address(self, keys: set[bytes]) -> set[bytes]:
        """Return those of the names that have no A or AAAA record."""
        apex = {self.apex} if self.has_address(self.apex) else ()
        return keys.difference(apex, self._among(keys, lambda form: form.address))

    def is_glue(self, key: bytes) -> bool:
        """Tell whether the owner is a name server of the zone and has addresses alone."""
        return key in self._servers and not self._has(key, lambda form: form.no_address)

    def is_cut(self, key: bytes) -> bool:
        """Tell whether the owner has NS and DS records alone."""
        return not self._has(key, lambda form: form.no_cut)

    def aliases_among(self, names: set[bytes]) -> set[bytes]:
        """Return those that have a CNAME."""
        return names & self._aliases

    def missing_among(self, names: set[bytes]) -> set[bytes]:
        """Return those that have no text, and are not the apex."""
        return names.difference({self.apex}, *(texts for texts, _ in self._parts))

    def exchanges(self, key: bytes) -> int:
        """Return how many MX records the owner has, or more."""
        return sum(texts[key].count(b"MX") for texts, _ in self._parts if key in texts)

    def _among(self, keys: Collection[bytes], pattern: Callable[[Form], re.Pattern[bytes]]) -> Iterator[bytes]:
        for texts, form in self._parts:
            here = [*filter(texts.__contains__, keys)]
            yield from compress(here, map(pattern(form).search, map(texts.__getitem__, here)))

    def _has(self, key: bytes, pattern: Callable[[Form], re.Pattern[bytes]]) -> bool:
        for texts, form in self._parts:
            text = texts.get(key)
            if text is not None:
                return pattern(form).search(text) is not None
        return False


def _unsigned(texts: Mapping[bytes, bytes]) -> Mapping[bytes, bytes]:
    """Return the texts without what signs them, of which no check has anything to say."""
    signed = [key for key, text in texts.items() if b"RRSIG " in text or b"NSEC" in text]
    return {**texts, **{key: parted(texts[key])[0] for key in signed}} if signed else texts


def _noted(texts: Mapping[bytes, bytes]) -> Noted:
    """Return what canonical texts say of whom, as it is noted of blocks; an owner may have several records."""
    noted = Noted()
    kinds = {b"CNAME": noted.cname, b"NS": noted.ns, b"SRV": noted.srv, b"MX": noted.mx, b"TXT": noted.text}
    for key, text in texts.items():
        if text[:1] == b"A" and b"\n" not in text:
            continue
        for record in text.split(b"\n"):
            pairs = kinds.get(record[: record.find(b" ")])
            if pairs is noted.text:
                pairs.owners.append(key)
                pairs.values.append(record[record.index(b'"') :])
            elif pairs is not None:
                pairs.owners.append(key)
                pairs.values.append(record[record.rfind(b" ") + 1 :].lower())
    return noted
