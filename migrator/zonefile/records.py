"""One line of a zone file -> one record, in the light of the lines before it. No IO here."""

from dataclasses import replace

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType, is_metatype
from dns.rdtypes.ANY.SOA import SOA

from migrator.model.compact import key_of
from migrator.model.extras import AutomaticTTL, Flattened
from migrator.model.finding import Position, Severity
from migrator.model.names import folded, text_of
from migrator.model.rrset import Record, RRset, RRsetKey
from migrator.model.zone import subject_of
from migrator.zonefile import suspicion
from migrator.zonefile.dialects import (
    AGE_REMARK,
    ALIAS_CLASSES,
    AUTOMATIC_TTL,
    AZURE,
    CLOUDFLARE,
    KIND_REMARK,
    NOTHING_SAID,
    alias_of,
    is_age,
    is_text_kind,
    said_of,
)
from migrator.zonefile.fields import NoOrigin, Unreadable, shown, ttl_of
from migrator.zonefile.header import INTERNET, Header
from migrator.zonefile.lexer import Line
from migrator.zonefile.rdata import Remark, exact_rdata, fast_rdata
from migrator.zonefile.state import State
from migrator.zonefile.ttls import LAST_RESORT, MAX_TTL, range_remark, unit_remark
from migrator.zonefile.wires import MNEMONIC_OF

COMMENT_LOOKED_AT = 1 << 16
_SOA_TOKENS = 7
_TEXT_TYPES = frozenset({RdataType.TXT, RdataType.SPF})
_LOOKED_AT = _TEXT_TYPES | frozenset(suspicion.TARGETS)
# An absolute name, and quoted text.
_UNSUSPICIOUS_ENDS = (b".", b'"')


def take(state: State, line: Line, position: Position) -> None:
    """Read a record line into the state; raises Unreadable."""
    tokens = line.tokens
    names = state.names
    if line.inherits:
        header = state.headers.read(tokens, _behind_age(state, tokens, 0, position))
        _inherit_owner(state, position)
    else:
        _enter_owner(state, tokens)
        header = state.headers.read(tokens, _behind_age(state, tokens, 1, position))
    if header.class_ is not INTERNET:
        _other_class(state, header, line, position)
        return
    rdtype = header.rdtype
    arguments = tokens[header.rdata :]
    if rdtype == RdataType.TXT and is_text_kind(tokens[header.rdata - 1]):
        _tell_once(state, KIND_REMARK, position)
    if rdtype == RdataType.SOA:
        arguments = _soa(state, line, arguments, position)
    elif not line.inherits and b"." in tokens[0]:
        _suspect_owner(state, tokens[0], position)
    owner = state.owner
    assert owner is not None
    rdata = fast_rdata(rdtype, arguments, names)
    if rdata is None:
        rdata, remarks = _exact(state, rdtype, arguments)
        _tell(state, remarks, owner, rdtype, position)
    ttl = _ttl(state, header, rdata, line, position)
    record = Record(owner, ttl, rdata, (), "", position)
    if line.comment or state.tool.tool == CLOUDFLARE:
        record = _flattened(state, _with_comment(state, record, line.comment[:COMMENT_LOOKED_AT]))
    state.records.append(record)
    if rdtype in _LOOKED_AT and arguments[-1][-1:] not in _UNSUSPICIOUS_ENDS:
        _suspect(state, record, arguments, line.comment)


def _with_comment(state: State, record: Record, comment: bytes) -> Record:
    """Return the record with what the dialects say of it in its comment and in its TTL."""
    said = said_of(comment, state.tool.tool)
    for remark in said.remarks:
        state.findings.add(remark, subject_of(RRsetKey(record.owner, record.rdata.rdtype)), record.position)
    ttl, extras = record.ttl, said.extras
    if ttl == 1 and (state.tool.tool == CLOUDFLARE or b"cf_tags=" in comment):
        state.automatic_ttls += 1
        ttl, extras = AUTOMATIC_TTL, (*extras, AutomaticTTL())
    elif said is NOTHING_SAID:
        return record
    return replace(record, ttl=ttl, extras=extras, variant=said.variant)


def _flattened(state: State, record: Record) -> Record:
    """Return the record as Cloudflare answers it: every CNAME at the apex as addresses, which no comment says."""
    apex = state.apex.known()
    if state.tool.tool != CLOUDFLARE or record.rdata.rdtype != RdataType.CNAME or apex is None:
        return record
    if folded(record.owner) != folded(apex) or Flattened() in record.extras:
        return record
    return replace(record, extras=(*record.extras, Flattened()))


def finish(state: State) -> None:
    """Settle what only the end of the file decides: TTLs that stood nowhere, and targets that are not there."""
    if state.waiting:
        _settle_ttls(state)
    if state.automatic_ttls:
        _tell_automatic(state)
    if state.suspects:
        owners = {folded(record.owner) for record in state.records}
        for target, subject, position in state.suspects:
            if folded(target) not in owners and key_of(target.labels) not in state.taken:
                state.findings.add(suspicion.target_remark(target), subject, position)


def _behind_age(state: State, tokens: list[bytes], place: int, position: Position) -> int:
    """Return where the header begins; that ages stand before headers is told once."""
    if len(tokens) <= place or not is_age(tokens[place]):
        return place
    _tell_once(state, AGE_REMARK, position)
    return place + 1


def _tell_once(state: State, remark: Remark, position: Position) -> None:
    if remark.check not in state.told:
        state.told.add(remark.check)
        state.findings.add(remark, "", position)


def _enter_owner(state: State, tokens: list[bytes]) -> None:
    state.own(None)
    try:
        state.owner = state.names.read(tokens[0])
    except NoOrigin as exc:
        if b"SOA" not in [token.upper() for token in tokens[1:4]]:
            raise NoOrigin(str(exc), "zonefile.bad-owner") from exc
        # The SOA itself says where the apex is, with or without its dot.
        state.owner = state.apex.soa_owner_of(tokens[0], state.names)[0]
    except Unreadable as exc:
        raise Unreadable(str(exc), "zonefile.bad-owner") from exc


def _inherit_owner(state: State, position: Position) -> None:
    if state.owner is None:
        raise Unreadable(
            "it has no owner, and the line before it has none that could be read", "zonefile.no-owner"
        )
    if state.elsewhere is not None:
        remark = suspicion.inherited_remark(state.owner, state.elsewhere.owner, state.elsewhere.directive)
        state.findings.add(remark, text_of(state.owner), position)


def _suspect_owner(state: State, token: bytes, position: Position) -> None:
    owner, apex = state.owner, state.apex.known() or state.names.origin
    if token[-2:] == b".@" and owner is not None:
        state.findings.add(suspicion.at_remark(owner), text_of(owner), position)
    if token[-1:] == b"." or owner is None or apex is None:
        return
    if owner in state.doubled or not suspicion.doubled(owner, apex):
        return
    state.doubled.add(owner)
    state.findings.add(suspicion.owner_remark(owner), text_of(owner), position)


def _exact(state: State, rdtype: RdataType, arguments: list[bytes]) -> tuple[Rdata, tuple[Remark, ...]]:
    text = MNEMONIC_OF.get(rdtype) or RdataType.to_text(rdtype)
    if is_metatype(rdtype) or rdtype == RdataType.NONE:
        raise Unreadable(f"{text} is no type of records in a zone", "zonefile.meta-type")
    try:
        return exact_rdata(rdtype, arguments, state.names)
    except Unreadable as exc:
        rdata = f" {shown(b' '.join(arguments[:16]))}" if arguments else ""
        raise Unreadable(f"{text}{rdata}: {exc}", exc.check) from exc


def _soa(state: State, line: Line, arguments: list[bytes], position: Position) -> list[bytes]:
    """Note the apex; return the rdata without the second `SOA` that Azure's portal writes."""
    if not line.inherits:
        state.owner, remark = state.apex.soa_owner_of(line.tokens[0], state.names)
        if remark is not None:
            _tell(state, (remark,), state.owner, RdataType.SOA, position)
    owner = state.owner
    assert owner is not None
    if state.apex.soa_owner is None:
        state.apex.soa_owner = owner
    if state.names.origin is None:
        state.names.enter(owner)
    if state.tool.tool == AZURE and arguments[:1] == [b"SOA"]:
        return _azure_soa(state, owner, arguments, position)
    return arguments


def _azure_soa(state: State, owner: Name, arguments: list[bytes], position: Position) -> list[bytes]:
    """Read the SOA of Azure's portal, which writes the word SOA twice and leaves out one of the two names."""
    message = "The word SOA stands twice, as Azure's portal writes it"
    if len(arguments) > _SOA_TOKENS:
        arguments = arguments[1:]
        message = f"{message}; it is read once."
    else:
        message = f"{message}, and a name is missing: the primary server is read as SOA below the origin."
    remark = Remark("zonefile.soa-twice", Severity.WARNING, message)
    state.findings.add(remark, subject_of(RRsetKey(owner, RdataType.SOA)), position)
    return arguments


def _other_class(state: State, header: Header, line: Line, position: Position) -> None:
    if header.class_ not in ALIAS_CLASSES:
        raise Unreadable(
            f"its class is {header.class_.decode()}, and a zone of class IN is read", "zonefile.class"
        )
    alias = alias_of(header.class_, line.tokens[header.rdata :], state.names)
    owner = state.owner
    assert owner is not None
    said = said_of(line.comment[:COMMENT_LOOKED_AT], "") if line.comment else NOTHING_SAID
    ttl = (state.ttls.default if header.ttl is None else header.ttl) if alias.has_ttl else None
    if ttl is not None and ttl > MAX_TTL:
        _tell(state, (range_remark(ttl),), owner, alias.rdtype, position)
        ttl = 0
    key = RRsetKey(owner, alias.rdtype, said.variant)
    state.rrsets.append(RRset(key, ttl, (), (alias.alias, *said.extras)))
    _tell(state, said.remarks, owner, alias.rdtype, position)


def _ttl(state: State, header: Header, rdata: Rdata, line: Line, position: Position) -> int:
    """Return the record's TTL; -1 where the end of the file will tell."""
    ttl = header.ttl
    if ttl is not None:
        owner = state.owner
        assert owner is not None
        if ttl > MAX_TTL:
            _tell(state, (range_remark(ttl),), owner, rdata.rdtype, position)
            ttl = 0
        elif ttl >= _SECONDS_IN_UNITS:
            _tell_unit(state, line.tokens[: header.rdata], ttl, position)
        state.ttls.last = ttl
        return ttl
    inherited, remark = state.ttls.inherited(rdata.minimum if isinstance(rdata, SOA) else None)
    if remark is not None:
        state.findings.add(remark, "", position)
    if inherited is None:
        state.waiting.append(len(state.records))
        return -1
    return inherited


# The least that `1m1` can mean.
_SECONDS_IN_UNITS = 61


def _tell_unit(state: State, tokens: list[bytes], ttl: int, position: Position) -> None:
    for token in tokens[-3:]:
        if token[-1:].isdigit() and not token.isdigit() and token[:1].isdigit() and ttl_of(token) == ttl:
            state.findings.add(unit_remark(token.decode("ascii"), ttl), "", position)
            return


def _settle_ttls(state: State) -> None:
    soa = next((record.rdata for record in state.records if isinstance(record.rdata, SOA)), None)
    first = state.records[state.waiting[0]]
    count = len(state.waiting)
    if soa is not None:
        ttl, why = min(soa.minimum, MAX_TTL), "the SOA's minimum"
    else:
        ttl, why = LAST_RESORT, "what NSD and Knot take"
    for place in state.waiting:
        state.records[place] = replace(state.records[place], ttl=ttl)
    records = "1 record stands" if count == 1 else f"{count} records stand"
    message = f"{records} before any TTL; {ttl} is taken, {why}. BIND refuses the file."
    remark = Remark("zonefile.no-ttl", Severity.ERROR, message, "Put a $TTL line at the top of the file.")
    state.findings.add(remark, subject_of(RRsetKey(first.owner, first.rdata.rdtype)), first.position)


def _tell_automatic(state: State) -> None:
    message = (
        f"{state.automatic_ttls} records have the TTL 1, which in Cloudflare's export means automatic; they are "
        f"read as automatic with the {AUTOMATIC_TTL} seconds that Cloudflare serves."
    )
    state.findings.add(Remark("zonefile.automatic-ttl", Severity.NOTICE, message), "", None)


def _suspect(state: State, record: Record, arguments: list[bytes], comment: bytes) -> None:
    rdata, position = record.rdata, record.position
    assert position is not None
    if rdata.rdtype in _TEXT_TYPES:
        _tell(state, tuple(suspicion.text_remarks(arguments, comment)), record.owner, rdata.rdtype, position)
        return
    target_token = arguments[0 if rdata.rdtype == RdataType.SOA else -1]
    apex = state.apex.known() or state.names.origin
    if apex is None or target_token[-1:] == b".":
        return
    target = suspicion.suspicious_target(rdata, apex)
    if target is not None:
        state.suspects.append((target, subject_of(RRsetKey(record.owner, rdata.rdtype)), position))


def _tell(state: State, remarks: tuple[Remark, ...], owner: Name, rdtype: RdataType, position: Position) -> None:
    for remark in remarks:
        state.findings.add(remark, subject_of(RRsetKey(owner, rdtype)), position)
