"""Zone transfer (RFC 5936) with TSIG: every record as it was sent, owners outside the zone included.

dnspython's own transfer builds a zone and drops what does not fit into it. Here the stream is read message by
message and record by record, and the records are yielded while the stream comes in: as text where they are of a
plain kind (`plain.py`), else as objects.
"""

import socket
import struct
from collections.abc import Callable, Iterator
from typing import cast

import dns.message
from dns.name import Name
from dns.rcode import Rcode
from dns.rdata import Rdata
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.dnsclient import wire
from migrator.dnsclient.plain import Place, PlainReader
from migrator.dnsclient.signed import Verifier
from migrator.errors import ProviderError
from migrator.interfaces import PlainRecord, TsigKey
from migrator.model.names import folded, for_people, text_of
from migrator.model.observation import Question, Server
from migrator.model.rrset import Record
from migrator.network.profile import NetworkProfile

# A server may think for a while, before and within a large transfer: for so many time-outs of the profile.
_PATIENCE = 5
_CHUNK = 1 << 16


def record_of(plain: PlainRecord) -> Record:
    """Return the record that an ordinary record's text stands for."""
    _, _, _, message, start = plain
    reader = wire.MessageReader(message)
    reader.go_to(start)
    found = next(reader.records(1))
    return Record(found.owner, found.ttl, wire.rdata_of(message, found))


def transfer_plainly(
    profile: NetworkProfile,
    zone: Name,
    server: Server,
    tsig: TsigKey | None,
    received: Callable[[bytes], object] | None,
) -> Iterator[list[PlainRecord | Record]]:
    """Yield the records from the first SOA on, without the closing one, ordinary ones as text, by messages.

    `received` is told each message.

    Raises ProviderError that says what to do where the server refuses, is silent, breaks off, or does not sign.
    """
    what = f"The transfer of {for_people(zone)} from {server}"
    if ":" in server.address and profile.ipv6 is False:
        raise ProviderError(f"{what} was not tried: IPv6 is switched off in the network profile.")
    stream = _Stream(zone, server, tsig, what)
    patience = profile.timeout * _PATIENCE
    try:
        with socket.create_connection((server.address, server.port), timeout=patience) as connection:
            connection.sendall(struct.pack("!H", len(stream.query)) + stream.query)
            with connection.makefile("rb", _CHUNK) as file:
                while not stream.complete:
                    message = _next_message(file.read, what, begun=stream.begun)
                    if received is not None:
                        received(message)
                    yield stream.records(message)
    except TimeoutError as exc:
        raise ProviderError(
            f"{what} stopped: nothing came for {patience:g} seconds. Is TCP port {server.port} open from here? "
            "A larger timeout in the network profile waits longer."
        ) from exc
    except ConnectionRefusedError as exc:
        raise ProviderError(
            f"{what} failed: nothing listens on TCP port {server.port}. Check the address."
        ) from exc
    except ConnectionError as exc:
        raise ProviderError(f"{what} failed: {_HUNG_UP}.") from exc
    except OSError as exc:
        raise ProviderError(f"{what} failed: {exc.strerror or exc}.") from exc


class _Stream:
    """How far a transfer has come: before its first SOA, within the zone, or complete."""

    def __init__(self, zone: Name, server: Server, tsig: TsigKey | None, what: str) -> None:
        self.begun = False
        self.complete = False
        self._what = what
        self._server = server
        self._signed = tsig is not None
        self._question = Question(server, zone, RdataType.AXFR)
        self._soa: Rdata | None = None
        message = dns.message.make_query(zone, RdataType.AXFR, flags=0)
        self._ident = message.id
        self._verifier = None if tsig is None else Verifier(tsig, what)
        self.query = message.to_wire() if self._verifier is None else self._verifier.sign(message)

    def records(self, message: bytes) -> list[PlainRecord | Record]:
        """Return the records of the next message, which is verified before; raises ProviderError."""
        try:
            found, signature = self._read(message)
        except wire.BROKEN as exc:
            raise self._failed(f"the server sends what is no DNS message: {exc}") from exc
        if self._verifier is not None:
            if signature is None and message[3] & 0xF:
                self._refuse_error(message)
            self._verifier.verify(message, signature)
        self._refuse_error(message)
        if not found and not self.begun:
            raise self._failed("the server's answer is empty. Does it offer zone transfers?")
        if self.begun and not self.complete and int not in set(map(type, found)):
            return cast("list[PlainRecord | Record]", found)  # nothing in it is a place
        reader = wire.MessageReader(message)
        taken: list[PlainRecord | Record] = []
        for record in found:
            if isinstance(record, tuple):
                if self.complete or not self.begun:
                    raise self._unexpected(record)
                taken.append(record)
            else:
                reader.go_to(record)
                exact = next(reader.records(1))
                taken.extend(self._take(exact, wire.rdata_of(message, exact)))
        if self.complete and self._verifier is not None:
            self._verifier.finish()
        return taken

    def _read(self, message: bytes) -> tuple[list[PlainRecord | Place], wire.WireRecord | None]:
        """Return the answer section and the TSIG record, which is the last of all."""
        header = struct.unpack_from("!HHHHHH", message)
        repeats = wire.answers(message, self._ident, wire.question_name(self._question), _AXFR_IN)
        # From the second message on, the question may be left out (RFC 5936 section 2.2).
        if not repeats and not (self.begun and header[0] == self._ident and header[2] == 0):
            raise wire.MalformedMessageError("another id or another question")
        reader = wire.MessageReader(message)
        reader.skip_questions(header[2])
        plain = PlainReader(message)
        found = plain.records(reader.go_to(0), header[3])
        reader.go_to(plain.end)
        others = list(reader.records(header[4] + header[5]))
        last = others[-1] if others else None
        return found, last if last is not None and last.rdtype == RdataType.TSIG else None

    def _refuse_error(self, message: bytes) -> None:
        rcode = Rcode.make(message[3] & 0xF)
        if rcode == Rcode.NOERROR:
            return
        zone = for_people(self._question.qname)
        key = "allow the key" if self._signed else "give ?tsig=NAME:KEY"
        remedies = {
            Rcode.REFUSED: f"the server refuses it. Allow this address there, or {key}",
            Rcode.NOTAUTH: f"the server does not serve {zone}, or refuses the transfer (NOTAUTH). Check name and "
            f"address; allow this address there, or {key}",
            Rcode.SERVFAIL: "the server cannot serve the zone just now (SERVFAIL): its log says why",
            Rcode.NXDOMAIN: f"the server knows no {zone} (NXDOMAIN). Check the name and the address",
        }
        default = f"the server answers {Rcode.to_text(rcode)}. Does it offer zone transfers?"
        raise self._failed(remedies.get(rcode, default))

    def _unexpected(self, plain: PlainRecord) -> ProviderError:
        """Return what to say of an ordinary record before the zone's SOA, or behind its closing one."""
        if self.complete:
            return self._failed(_TRAILING)
        told = f"{plain[0].decode('ascii').lower()} {plain[1].split()[0].decode('ascii')}"
        return self._failed(f"it begins with {told}, not with the zone's SOA")

    def _take(self, record: wire.WireRecord, rdata: Rdata) -> Iterator[Record]:
        """Yield the record, unless it is the SOA that closes the zone."""
        if record.rdclass != RdataClass.IN:
            raise self._failed(f"{text_of(record.owner)} has a record of class {record.rdclass}, not IN")
        is_soa = record.rdtype == RdataType.SOA and folded(record.owner) == folded(self._question.qname)
        if self.complete:
            raise self._failed(_TRAILING)
        if not self.begun and not is_soa:
            told = f"{text_of(record.owner)} {RdataType.to_text(record.rdtype)}"
            raise self._failed(f"it begins with {told}, not with the zone's SOA")
        if is_soa and self.begun:
            if rdata != self._soa:
                raise self._failed("the zone changed while it was transferred. Try again")
            self.complete = True
            return
        if is_soa:
            self.begun = True
            self._soa = rdata
        yield Record(record.owner, record.ttl, rdata)

    def _failed(self, why: str) -> ProviderError:
        return ProviderError(f"{self._what} failed: {why}" + ("" if why.endswith("?") else "."))


_TRAILING = "records follow the closing SOA"
_AXFR_IN = struct.pack("!HH", RdataType.AXFR, RdataClass.IN)
_HUNG_UP = (
    "the server closed the connection without an answer, as some do to refuse. Allow this address there, or give "
    "?tsig=NAME:KEY"
)


def _next_message(read: Callable[[int], bytes], what: str, *, begun: bool) -> bytes:
    """Return the next message of a TCP stream; raises ProviderError where the stream ends before it does."""
    length = read(2)
    message = read(int.from_bytes(length, "big")) if len(length) == 2 else b""  # noqa: PLR2004 - of the length
    if len(message) >= wire.HEADER_LENGTH and len(message) == int.from_bytes(length, "big"):
        return message
    if not begun and not length:
        raise ProviderError(f"{what} failed: {_HUNG_UP}.")
    raise ProviderError(f"{what} broke off: the server closed the connection before the zone was complete.")
