"""Tokens -> rdata. No IO here.

The common types are built straight from their tokens, and only where the tokens are exactly what the type
asks for: dnspython's own reading of text takes a Python call for every character. Everything else, and every
refusal, comes from dnspython, so that both ways mean the same; what it cannot read although servers can, or
what no server can although its meaning is plain, is told in `Remark`s.
"""

import base64
import re
import struct
from collections.abc import Callable, Iterable
from itertools import dropwhile, islice

import dns.exception
import dns.ipv6
import dns.name
import dns.rdata
import dns.rdatatype
from dns.name import Name
from dns.rdata import GenericRdata, Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.model.expression import expression
from migrator.model.finding import Severity
from migrator.model.rdatas import BINDING_TYPES, SIGNING_TYPES, binding, filled, signing, with_whole_altitude
from migrator.model.values import dataclass
from migrator.zonefile.doubts import doubt_of
from migrator.zonefile.fields import Names, Unreadable, octets_of, shown, ttl_of
from migrator.zonefile.loadable import is_loaded
from migrator.zonefile.wires import LONGEST_RDATA, MNEMONICS, refused_wire, unknown_wire

LONGEST_STRING = 255
_GENERIC = b"\\#"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a record's rdata deserves said: becomes a finding once owner and line are known."""

    check: str
    severity: Severity
    message: str
    remedy: str = ""


def fast_rdata(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    """Return the rdata of a common type in its common form, else None; raises Unreadable for a bad name."""
    build = _FAST.get(rdtype)
    return build(rdtype, tokens, names) if build else None


def exact_rdata(rdtype: RdataType, tokens: list[bytes], names: Names) -> tuple[Rdata, tuple[Remark, ...]]:
    """Return any rdata, and what is to be said of it; raises Unreadable where it has no meaning."""
    generic = tokens[:1] == [_GENERIC]
    if not generic and rdtype in _TEXT_TYPES:
        return _long_text(rdtype, tokens)
    wire = None if generic else unknown_wire(rdtype, tokens, names)
    if wire is not None:
        return GenericRdata(RdataClass.IN, rdtype, wire), ()
    try:
        rdata = _by_dnspython(rdtype, tokens, names)
    except Unreadable as exc:
        if not tokens:
            raise Unreadable("the rdata is missing") from exc
        wire = _generic_wire(tokens) if generic else _kept_wire(rdtype, tokens, names)
        if wire is None:
            raise
        known = None if generic else _of_wire(rdtype, wire)
        if known is not None:
            return known, ()
        loaded = rdtype in _MOSTLY_LOADED and is_loaded(rdtype, wire)
        severity = Severity.WARNING if loaded else Severity.ERROR
        servers = "servers load it all the same" if loaded else "not every server loads it"
        message = f"The rdata is not what its type asks for: {exc}. It is kept octet by octet; {servers}."
        return GenericRdata(RdataClass.IN, rdtype, wire), (Remark("zonefile.generic-rdata", severity, message),)
    return rdata, _doubts(rdata, [] if generic else tokens)


def _of_wire(rdtype: RdataType, wire: bytes) -> Rdata | None:
    try:
        return dns.rdata.from_wire(RdataClass.IN, rdtype, wire, 0, len(wire))
    except _REFUSALS:
        return None


# A digest of the wrong length, parameters in AliasMode, a URI without its text: recipients ignore such a record.
_MOSTLY_LOADED = frozenset({RdataType.HTTPS, RdataType.SMIMEA, RdataType.SVCB, RdataType.TLSA, RdataType.URI})
_ECH_KEY = 5


def _kept_wire(rdtype: RdataType, tokens: list[bytes], names: Names) -> bytes | None:
    if rdtype in {RdataType.SVCB, RdataType.HTTPS}:
        return _service_wire(rdtype, tokens, names)
    return refused_wire(rdtype, tokens, names)


def _service_wire(rdtype: RdataType, tokens: list[bytes], names: Names) -> bytes | None:
    """Return the wire form where only ECH keys or parameters in AliasMode are wrong: read with stand-ins.

    They are then replaced by what stands there: octets for the keys, and 0 for the priority 1 of a service.
    """
    read = list(tokens)
    ech = None
    places = [place for place, token in enumerate(tokens) if token[:4] == b"ech="]
    if len(places) == 1:
        try:
            ech = base64.b64decode(octets_of(tokens[places[0]][4:]), validate=True)
        except ValueError:
            return None
        read[places[0]] = b"ech=" + base64.b64encode(_ECH_STAND_IN)
    in_alias_mode = not tokens[0].strip(b"0")
    if in_alias_mode:
        read[0] = b"1"
    if ech is None and not in_alias_mode:
        return None
    wire = _by_dnspython(rdtype, read, names).to_wire()
    assert wire is not None
    if ech is not None:
        wire = wire.replace(_ech_parameter(_ECH_STAND_IN), _ech_parameter(ech))
    return b"\x00\x00" + wire[2:] if in_alias_mode else wire


_ECH_STAND_IN = b"\x00\x18" + b"stand-in for an ech list"


def _ech_parameter(octets: bytes) -> bytes:
    return struct.pack("!HH", _ECH_KEY, len(octets)) + octets


def _doubts(rdata: Rdata, tokens: list[bytes]) -> tuple[Remark, ...]:
    """Return what to say of rdata that dnspython takes and servers refuse."""
    doubt = doubt_of(rdata, tokens)
    if not doubt:
        return ()
    return (Remark("zonefile.doubtful-rdata", Severity.ERROR, f"Servers refuse this record: {doubt}."),)


def _by_dnspython(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata:
    """Return what dnspython makes of the text; whatever it raises comes out as Unreadable."""
    is_place = rdtype == RdataType.LOC and tokens[:1] != [_GENERIC]
    if is_place and not all(map(_METRES.fullmatch, _behind_longitude(tokens))):
        raise Unreadable("altitude, size and precisions are metres with at most two decimals")
    text = b" ".join(_with_known_types(rdtype, tokens))
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        decoded = "".join(chr(octet) if octet < 0x80 else f"\\{octet:03d}" for octet in text)  # noqa: PLR2004
    try:
        rdata = dns.rdata.from_text(
            RdataClass.IN,
            rdtype,
            decoded,
            names.origin,
            relativize=False,
            idna_codec=dns.name.IDNA_2008_Practical,
        )
        if rdtype == RdataType.LOC:
            rdata = with_whole_altitude(rdata)
        wire = rdata.to_wire()
    except dns.name.NeedAbsoluteNameOrOrigin as exc:
        raise Unreadable("a relative name stands in it, and no origin is known here") from exc
    except _REFUSALS as exc:
        if isinstance(exc.__cause__, KeyboardInterrupt):
            raise exc.__cause__ from None  # dnspython wraps whatever falls into its reading, a Ctrl-C too
        raise Unreadable(_reason(exc)) from exc
    assert wire is not None
    if len(wire) > LONGEST_RDATA:
        raise Unreadable(f"its rdata takes {len(wire):,} octets; {LONGEST_RDATA:,} are possible")
    if not text.isascii():
        _tell_names(rdata, text.lower(), names)
    return rdata


def _tell_names(rdata: Rdata, text: bytes, names: Names) -> None:
    """Remember the names that stand in the text in letters beyond ASCII; there their IDNA form does not stand."""
    for slot in rdata.__slots__:
        field = getattr(rdata, slot)
        for name in field if isinstance(field, tuple) else (field,):
            labels = name.labels if isinstance(name, Name) else ()
            if any(label.startswith(_IDNA) and label not in text for label in labels):
                names.tell(name)


_IDNA = b"xn--"


def _behind_longitude(tokens: list[bytes]) -> Iterable[bytes]:
    """Return what stands behind the hemisphere of a LOC's longitude."""
    return islice(dropwhile(lambda token: token not in _HEMISPHERES, tokens), 1, None)


_HEMISPHERES = (b"E", b"W")
_METRES = expression(rb"[+-]?(?:[0-9]+(?:\.[0-9]{0,2})?|\.[0-9]{1,2})m?")


def _with_known_types(rdtype: RdataType, tokens: list[bytes]) -> list[bytes]:
    """Return the tokens with numbers for the types that servers know by a name and dnspython does not."""
    place = _TYPE_LISTS.get(rdtype)
    if place is None or tokens[:1] == [_GENERIC]:
        return tokens
    numbered = [_numbered_type(token) for token in tokens[place]]
    return [*tokens[: place.start], *numbered, *tokens[place.start + len(numbered) :]]


def _numbered_type(token: bytes) -> bytes:
    """Return `TYPE31` for `EID`, and for the bare `31` that BIND takes and writes in a SIG."""
    number = MNEMONICS.get(token.upper())
    if number is not None:
        return b"TYPE%d" % number
    return b"TYPE" + token if token.isdigit() else token


# Where types stand in the text of these.
_TYPE_LISTS = {
    RdataType.NSEC: slice(1, None),
    RdataType.NSEC3: slice(5, None),
    RdataType.CSYNC: slice(2, None),
    RdataType.RRSIG: slice(0, 1),
    RdataType.SIG: slice(0, 1),
}

# What dnspython raises for rdata text or fields that it refuses: its own errors, and those of what it calls.
_REFUSALS = (dns.exception.DNSException, ValueError, struct.error, OverflowError, LookupError, TypeError)


def _reason(exc: BaseException) -> str:
    if isinstance(exc, dns.exception.UnexpectedEnd):
        return "the rdata ends too early"
    if isinstance(exc.__cause__ or exc, (struct.error, LookupError)):
        return "the rdata is malformed"
    text = str(exc).strip().rstrip(".")
    if not text or text in {"Text input is malformed", "DNS message is malformed"}:
        return "the rdata is malformed"
    if behind := _BEHIND_THE_END.fullmatch(text):
        return f"{shown(behind[1].encode())} stands after the end of the rdata"
    if text.startswith("invalid literal for int()"):
        return "a number is expected, and another word stands there"
    return text


_BEHIND_THE_END = expression(r'expected EOL or EOF, got \d+ "(.*)"', re.DOTALL)


def _generic_wire(tokens: list[bytes]) -> bytes | None:
    if len(tokens) < 2 or not tokens[1].isdigit():  # noqa: PLR2004
        return None
    try:
        wire = bytes.fromhex(b"".join(tokens[2:]).decode("ascii"))
    except ValueError:
        return None
    return (
        wire if len(wire) <= LONGEST_RDATA and tokens[1].lstrip(b"0") == (b"%d" % len(wire)).lstrip(b"0") else None
    )


def _long_text(rdtype: RdataType, tokens: list[bytes]) -> tuple[Rdata, tuple[Remark, ...]]:
    """Read character-strings, and cut one of more than 255 octets: what it means when joined is plain."""
    if not tokens:
        raise Unreadable("the rdata ends too early")
    strings: list[bytes] = []
    longest = 0
    for token in tokens:
        for part in _parted(token):
            octets = octets_of(part)
            longest = max(longest, len(octets))
            strings.extend(octets[i : i + LONGEST_STRING] for i in range(0, len(octets) or 1, LONGEST_STRING))
    if sum(len(octets) + 1 for octets in strings) > LONGEST_RDATA:
        raise Unreadable(f"its strings take more than the {LONGEST_RDATA:,} octets that rdata can have")
    rdata = _strings(rdtype, tuple(strings))
    if longest <= LONGEST_STRING:
        return rdata, ()
    return rdata, (
        Remark(
            "zonefile.long-string",
            Severity.ERROR,
            f"A string of {longest} octets stands in the record; one can have {LONGEST_STRING} (RFC 1035 section "
            "3.3) and servers refuse the file. It is read as strings of 255 octets, which mean the same joined.",
            'Write it as several strings in one record: "first 255 octets" "the rest".',
        ),
    )


def _parted(token: bytes) -> tuple[bytes, ...]:
    """Undo the joining of `key="quoted"`, which only service parameters have."""
    if token[:1] == b'"' or b'="' not in token:
        return (token,)
    equals = token.index(b'="') + 1
    return token[:equals], token[equals:]


_IPV4 = re.compile(rb"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!\Z)|\Z)){4}")
_IPV6 = re.compile(rb"[0-9A-Fa-f:]{2,39}")
_NUMBER = re.compile(rb"[0-9]{1,10}")
_SOA_TIMERS = 4
# So many strings fit into rdata, however long each of them is.
_STRINGS_THAT_FIT = LONGEST_RDATA // (1 + LONGEST_STRING)
_UINT8, _UINT16, _UINT32 = 0xFF, 0xFFFF, 0xFFFFFFFF


def _a(rdtype: RdataType, tokens: list[bytes], _: Names) -> Rdata | None:
    if len(tokens) != 1 or _IPV4.fullmatch(tokens[0]) is None:
        return None
    return filled(rdtype, ("address",), (tokens[0].decode("ascii"),))


def _aaaa(rdtype: RdataType, tokens: list[bytes], _: Names) -> Rdata | None:
    if len(tokens) != 1 or _IPV6.fullmatch(tokens[0]) is None:
        return None
    try:
        address = dns.ipv6.inet_ntoa(dns.ipv6.inet_aton(tokens[0]))
    except dns.exception.SyntaxError:
        return None
    return filled(rdtype, ("address",), (address,))


def _target(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    if len(tokens) != 1 or tokens[0] == _GENERIC:
        return None
    return filled(rdtype, ("target",), (names.read(tokens[0]),))


def _mx(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    if len(tokens) != 2 or not _fits(tokens[0], _UINT16):  # noqa: PLR2004
        return None
    return filled(rdtype, ("preference", "exchange"), (int(tokens[0]), names.read(tokens[1])))


def _srv(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    if len(tokens) != 4 or not all(_fits(token, _UINT16) for token in tokens[:3]):  # noqa: PLR2004
        return None
    numbers = map(int, tokens[:3])
    return filled(rdtype, ("priority", "weight", "port", "target"), (*numbers, names.read(tokens[3])))


def _soa(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    if len(tokens) != 7 or not _fits(tokens[2], _UINT32):  # noqa: PLR2004
        return None
    timers = [ttl_of(token) for token in tokens[3:] if token.isdigit() or not token[-1:].isdigit()]
    if len(timers) != _SOA_TIMERS or not all(timer is not None and timer <= _UINT32 for timer in timers):
        return None
    slots = ("mname", "rname", "serial", "refresh", "retry", "expire", "minimum")
    return filled(rdtype, slots, (names.read(tokens[0]), names.read(tokens[1]), int(tokens[2]), *timers))


def _txt(rdtype: RdataType, tokens: list[bytes], _: Names) -> Rdata | None:
    if not tokens or tokens[0] == _GENERIC or len(tokens) > _STRINGS_THAT_FIT:
        return None
    strings = tuple([token[1:-1] if token[:1] == b'"' else token for token in tokens])
    for octets in strings:
        if len(octets) > LONGEST_STRING or b"\\" in octets or b'"' in octets:
            return None
    return _strings(rdtype, strings)


def _caa(rdtype: RdataType, tokens: list[bytes], _: Names) -> Rdata | None:
    if len(tokens) != 3 or not _fits(tokens[0], _UINT8) or not tokens[1].isalnum():  # noqa: PLR2004
        return None
    if len(tokens[1]) > LONGEST_STRING or b'="' in tokens[2] or len(tokens[2]) > LONGEST_STRING:
        return None
    return filled(rdtype, ("flags", "tag", "value"), (int(tokens[0]), tokens[1], octets_of(tokens[2])))


def _signing(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    return signing(rdtype, tokens, names.read)


def _binding(rdtype: RdataType, tokens: list[bytes], names: Names) -> Rdata | None:
    return binding(rdtype, tokens, names.read)


def _strings(rdtype: RdataType, strings: tuple[bytes, ...]) -> Rdata:
    return filled(rdtype, ("strings",), (strings,))


def _fits(token: bytes, bound: int) -> bool:
    return _NUMBER.fullmatch(token) is not None and int(token) <= bound


_TARGET_TYPES = (RdataType.NS, RdataType.CNAME, RdataType.PTR, RdataType.DNAME)
# All whose class is a `TXTBase`: looking for them would load the classes of all types.
_TEXT_TYPES = frozenset(
    {RdataType.TXT, RdataType.SPF, RdataType.NINFO, RdataType.AVC, RdataType.RESINFO, RdataType.WALLET}
)
_FAST: dict[RdataType, Callable[[RdataType, list[bytes], Names], Rdata | None]] = {
    RdataType.A: _a,
    RdataType.AAAA: _aaaa,
    RdataType.MX: _mx,
    RdataType.SRV: _srv,
    RdataType.SOA: _soa,
    RdataType.CAA: _caa,
    **dict.fromkeys(_TARGET_TYPES, _target),
    **dict.fromkeys(_TEXT_TYPES, _txt),
    **dict.fromkeys(SIGNING_TYPES, _signing),
    **dict.fromkeys(BINDING_TYPES, _binding),
}
