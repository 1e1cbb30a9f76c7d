"""Rdata of common types -> canonical text, or None where the exact reader must see it. No IO here.

The text is what the exact reader would make of the rdata, written in one form: equal text, equal rdata to the
letter. Letter case in names is kept, for a comparison tells it.
"""

import base64
import re
from collections.abc import Callable
from functools import lru_cache

from dns.rdata import GenericRdata
from dns.rdatatype import RdataType

from migrator.model.addresses import IPV4, ipv6_text
from migrator.model.expression import expression
from migrator.model.names import ROOT
from migrator.model.parameters import number_of, text_of, values_of
from migrator.model.strings import in_one_spelling, length_of_spelled
from migrator.zonefile import suspicion
from migrator.zonefile.fast.context import Context
from migrator.zonefile.fast.wires import signing_forms
from migrator.zonefile.fields import Names, Unreadable
from migrator.zonefile.rdata import exact_rdata

Form = Callable[[bytes, Context], bytes | None]

_NUMBER = rb"(0|[1-9][0-9]{0,4})"
_BLANKS = rb"[ \t]+"
_WORD = rb"([^ \t]+)"
_MX = re.compile(_NUMBER + _BLANKS + _WORD)
_SRV = expression((_NUMBER + _BLANKS) * 3 + _WORD)
_CAA = expression(rb"([0-9]{1,3})" + _BLANKS + rb"([A-Za-z0-9]{1,15})" + _BLANKS + rb'"([ !#-\[\]-~]{0,250})"')
# Digests, which programs part with blanks.
_DIGITS = rb"([0-9A-Fa-f]+(?:[ \t]+[0-9A-Fa-f]+)*)"
_DIGEST = expression(_NUMBER + _BLANKS + _NUMBER + _BLANKS + _DIGITS)
_DIGEST_OF = expression((_NUMBER + _BLANKS) * 3 + _DIGITS)
_SHORT = rb"""("[ !#-\[\]-~]{0,255}"|[!#-'*-:<-\[\]-~]{1,255})"""
_HINFO = expression(_SHORT + _BLANKS + _SHORT)
_RP = expression(_WORD + _BLANKS + _WORD)
_URI = expression((_NUMBER + _BLANKS) * 2 + rb"""("[ !#-\[\]-~]{1,1024}"|[!#-'*-:<-\[\]-~]{1,1024})""")
_BASE64 = expression(rb"[A-Za-z0-9+/]+={0,2}")
_NAPTR = expression((_NUMBER + _BLANKS) * 2 + (rb'("[ !#-\[\]-~]{0,255}")' + _BLANKS) * 3 + _WORD)
_STRINGS = re.compile(rb'"[^"\\]{0,255}"(?:[ \t]+"[^"\\]{0,255}")*')
_SPELLED_STRING = rb'"(?:[^"\\]|\\[0-9]{3}){0,255}"'
_SPELLED_STRINGS = expression(rb"%b(?:[ \t]+%b)*" % (_SPELLED_STRING, _SPELLED_STRING))
_WORDS = expression(rb"[!#-'*-:<-\[\]-~]{1,255}(?:[ \t]+[!#-'*-:<-\[\]-~]{1,255})*")
_UINT16, _UINT8 = 0xFFFF, 0xFF
# Octets of text that surely fit into one record.
_TEXT_THAT_FITS = 4096


def _a(rdata: bytes, _: Context) -> bytes | None:
    return rdata if IPV4.fullmatch(rdata) is not None else None


def _aaaa(rdata: bytes, _: Context) -> bytes | None:
    return ipv6_text(rdata)


def _target(rdata: bytes, context: Context) -> bytes | None:
    return context.target(rdata)


def _mx(rdata: bytes, context: Context) -> bytes | None:
    found = _MX.fullmatch(rdata)
    if found is None or int(found[1]) > _UINT16:
        return None
    target = context.target(found[2])
    return None if target is None else b"%b %b" % (found[1], target)


def _srv(rdata: bytes, context: Context) -> bytes | None:
    found = _SRV.fullmatch(rdata)
    if found is None or max(int(found[1]), int(found[2]), int(found[3])) > _UINT16:
        return None
    target = context.target(found[4])
    return None if target is None else b"%b %b %b %b" % (found[1], found[2], found[3], target)


def _naptr(rdata: bytes, context: Context) -> bytes | None:
    found = _NAPTR.fullmatch(rdata)
    if found is None or max(int(found[1]), int(found[2])) > _UINT16:
        return None
    target = context.target(found[6])
    return None if target is None else b"%b %b %b %b %b %b" % (*found.groups()[:5], target)


def _text(rdata: bytes, _: Context) -> bytes | None:
    spelled = in_one_spelling(rdata)
    if spelled is None or length_of_spelled(spelled) > _TEXT_THAT_FITS:
        return None
    if (_STRINGS if b"\\" not in spelled else _SPELLED_STRINGS).fullmatch(spelled) is None:
        return _of_words(rdata)
    strings = spelled.split(b'"')[1::2]
    return spelled if len(strings) == 1 else b'"%b"' % b'" "'.join(strings)


def _of_words(rdata: bytes) -> bytes | None:
    """Return the text of strings without quotes; None where somebody may have forgotten them."""
    if _WORDS.fullmatch(rdata) is None or suspicion.is_tagged(rdata):
        return None
    return b'"%b"' % b'" "'.join(rdata.split())


def _caa(rdata: bytes, _: Context) -> bytes | None:
    found = _CAA.fullmatch(in_one_spelling(rdata) or b"")
    if found is None or int(found[1]) > _UINT8:
        return None
    return b'%d %b "%b"' % (int(found[1]), found[2], found[3])


def _ds(rdata: bytes, _: Context) -> bytes | None:
    found = _DIGEST_OF.fullmatch(rdata)
    if found is None or int(found[1]) > _UINT16 or int(found[2]) > _UINT8:
        return None
    digits = _digits(found[4])
    return b"%b %b %b %b" % (*found.groups()[:3], digits) if len(digits) == _DS_DIGITS.get(found[3]) else None


def _sshfp(rdata: bytes, _: Context) -> bytes | None:
    found = _DIGEST.fullmatch(rdata)
    if found is None or int(found[1]) > _UINT8:
        return None
    digits = _digits(found[3])
    return b"%b %b %b" % (found[1], found[2], digits) if len(digits) == _SSHFP_DIGITS.get(found[2]) else None


def _tlsa(rdata: bytes, _: Context) -> bytes | None:
    found = _DIGEST_OF.fullmatch(rdata)
    if found is None or max(int(found[1]), int(found[2])) > _UINT8:
        return None
    digits = _digits(found[4])
    return b"%b %b %b %b" % (*found.groups()[:3], digits) if len(digits) == _TLSA_DIGITS.get(found[3]) else None


def _binding(rdata: bytes, context: Context) -> bytes | None:
    tokens = rdata.split()
    priority = number_of(tokens[0]) if len(tokens) > 1 else None
    values = values_of(tokens[2:])
    if priority is None or values is None or (priority == 0 and values):
        return None
    target = context.target(tokens[1])
    return None if target is None else b"%d %b%b" % (priority, target, text_of(values))


def _hinfo(rdata: bytes, _: Context) -> bytes | None:
    found = _HINFO.fullmatch(rdata)
    return None if found is None else b"%b %b" % (_in_quotes(found[1]), _in_quotes(found[2]))


def _rp(rdata: bytes, context: Context) -> bytes | None:
    found = _RP.fullmatch(rdata)
    names = [] if found is None else [name for name in map(context.target, found.groups()) if name is not None]
    return b" ".join(names) if len(names) == 2 else None  # noqa: PLR2004


def _uri(rdata: bytes, _: Context) -> bytes | None:
    found = _URI.fullmatch(rdata)
    if found is None or max(int(found[1]), int(found[2])) > _UINT16:
        return None
    return b"%b %b %b" % (found[1], found[2], _in_quotes(found[3]))


def _in_quotes(string: bytes) -> bytes:
    return string if string[:1] == b'"' else b'"%b"' % string


def _openpgpkey(rdata: bytes, _: Context) -> bytes | None:
    text = b"".join(rdata.split())
    if _BASE64.fullmatch(text) is None or len(text) % 4:
        return None
    return text if base64.b64encode(base64.b64decode(text)) == text else None


@lru_cache(maxsize=4096)
def _loc(rdata: bytes) -> bytes | None:
    """Return what the exact reader makes of it: of all hosts in a zone, many stand in one place."""
    try:
        found, remarks = exact_rdata(RdataType.LOC, rdata.split(), Names(ROOT))
        text = found.to_text().encode()
        again, _ = exact_rdata(RdataType.LOC, text.split(), Names(ROOT))
    except Unreadable:
        return None
    return None if remarks or isinstance(found, GenericRdata) or again.to_wire() != found.to_wire() else text


def _digits(text: bytes) -> bytes:
    """Return hexadecimal digits in small letters and without blanks."""
    return b"".join(text.lower().split())


# Hexadecimal digits of a digest by its type.
_DS_DIGITS = {b"1": 40, b"2": 64, b"4": 96}
_SSHFP_DIGITS = {b"1": 40, b"2": 64}
_TLSA_DIGITS = {b"1": 64, b"2": 128}

FORMS: dict[RdataType, Form] = {
    RdataType.A: _a,
    RdataType.AAAA: _aaaa,
    RdataType.CNAME: _target,
    RdataType.NS: _target,
    RdataType.PTR: _target,
    RdataType.MX: _mx,
    RdataType.SRV: _srv,
    RdataType.NAPTR: _naptr,
    RdataType.TXT: _text,
    RdataType.SPF: _text,
    RdataType.CAA: _caa,
    RdataType.DS: _ds,
    RdataType.SSHFP: _sshfp,
    RdataType.TLSA: _tlsa,
    RdataType.SMIMEA: _tlsa,
    RdataType.OPENPGPKEY: _openpgpkey,
    RdataType.HINFO: _hinfo,
    RdataType.RP: _rp,
    RdataType.URI: _uri,
    RdataType.LOC: lambda rdata, _: _loc(rdata),
    RdataType.HTTPS: _binding,
    RdataType.SVCB: _binding,
    RdataType.RRSIG: lambda rdata, context: signing_forms().rrsig(rdata, context),
    RdataType.NSEC: lambda rdata, context: signing_forms().nsec(rdata, context),
    RdataType.NSEC3: lambda rdata, _: signing_forms().nsec3(rdata),
}
