"""The signatures of a zone transfer (RFC 8945): each message is verified before any of its records is believed."""

import time

import dns.exception
import dns.message
import dns.name
import dns.rdata
import dns.rdtypes.ANY.TSIG
import dns.tsig
from dns.name import Name
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.dnsclient.wire import WireRecord
from migrator.errors import ProviderError
from migrator.interfaces import TsigKey
from migrator.model.names import for_people

MOST_UNSIGNED = 99  # RFC 8945 section 5.3.1: at least every 100th message of a stream is signed


def algorithm_text(algorithm: Name) -> str:
    """Return the algorithm as people write it."""
    return "hmac-md5" if algorithm == dns.tsig.HMAC_MD5 else for_people(algorithm)


class Verifier:
    """Signs the query for a transfer and verifies the messages that answer it; `what` names it in errors."""

    def __init__(self, tsig: TsigKey, what: str) -> None:
        """Begin before the query is signed."""
        self._key = dns.tsig.Key(tsig.name, tsig.secret, tsig.algorithm)
        self._what = what
        self._query_mac = b""
        self._context: object | None = None
        self._unsigned = 0
        self._named = f"{for_people(tsig.name)} ({algorithm_text(tsig.algorithm)})"

    def sign(self, query: dns.message.Message) -> bytes:
        """Return the query's octets with its signature."""
        query.use_tsig(self._key)
        octets = query.to_wire()
        self._query_mac = query.mac or b""
        return octets

    def verify(self, message: bytes, signature: WireRecord | None) -> None:
        """Take the next message of the stream; raises ProviderError where it is not what the server signed."""
        if signature is None:
            self._unsigned += 1
            if self._context is None or self._unsigned > MOST_UNSIGNED:
                raise self._wrong("does not sign its answer with it")
            self._context.update(message)  # type: ignore[attr-defined]
            return
        rdata = dns.rdata.from_wire(
            RdataClass.ANY,
            RdataType.TSIG,
            message,
            signature.octets.start,
            signature.octets.stop - signature.octets.start,
        )
        assert isinstance(rdata, dns.rdtypes.ANY.TSIG.TSIG)
        now = int(time.time())  # the query was signed with this clock as well
        try:
            self._context = dns.tsig.validate(  # type: ignore[no-untyped-call]
                message,
                self._key,
                signature.owner,
                rdata,
                now,
                self._query_mac,
                signature.start,
                self._context,
                multi=True,
            )
        except dns.exception.DNSException as exc:
            raise self._wrong(_meaning(exc, rdata.time_signed - now)) from exc
        self._unsigned = 0

    def finish(self) -> None:
        """Take the end of the stream, whose last message has to be signed."""
        if self._unsigned:
            raise self._wrong("does not sign the end of its answer with it")

    def _wrong(self, why: str) -> ProviderError:
        return ProviderError(f"{self._what} failed: key {self._named}: the server {why}.")


def _meaning(error: dns.exception.DNSException, ahead: int) -> str:
    """Return what goes on in "the server ..."; `ahead` is how far its clock is before ours."""
    if isinstance(error, dns.tsig.PeerBadKey):
        # Knot 3.2 says so as well of a key that it knows, but that the zone does not allow.
        return "knows no such key, or not for this zone. Check its name, its algorithm and its permission"
    if isinstance(error, dns.tsig.PeerBadSignature):
        return "has another secret for it. Check the secret"
    if isinstance(error, dns.tsig.PeerBadTime | dns.tsig.BadTime):
        return f"has a clock that differs by {abs(ahead)} seconds. Set the clock here or there"
    if isinstance(error, dns.tsig.BadKey | dns.tsig.BadAlgorithm):
        return "signs its answer with another key"
    if isinstance(error, dns.tsig.BadSignature):
        return "sends a signature that does not verify: its secret differs, or the answer was changed on the way"
    return f"sends a signature that cannot be used: {error}"
