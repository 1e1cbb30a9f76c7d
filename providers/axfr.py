"""Zone transfer (RFC 5936): `axfr:ZONE@HOST[:PORT]?tsig=[ALGORITHM:]NAME:KEY`, every record as the server has it.

A host name with several addresses is tried address by address. The key is as in `dig -y`; without an algorithm it
is hmac-sha256. The server's messages are kept byte for byte, each after its length in two octets, as TCP has them.
"""

import base64
import binascii
import ipaddress
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import dns.tsig
from dns.name import Name

from migrator.errors import InputError, ProviderError
from migrator.interfaces import (
    Environment,
    PlainRecord,
    PlainTransfers,
    ReadResult,
    TsigKey,
    ZoneInfo,
    ZoneWriter,
)
from migrator.model.finding import Finding
from migrator.model.locator import KEY_VARIABLE_OPTION, VARIABLE, Locator
from migrator.model.names import absolute
from migrator.model.observation import Server
from migrator.model.rrset import Record, RRsetKey
from migrator.model.values import dataclass
from migrator.model.zone import NativeDocument, subject_of
from migrator.zonefile import paused_collector
from migrator.zonefile.fast import CompactReading, assemble_reading
from migrator.zonefile.ttls import MAX_TTL, range_remark
from providers.axfr_records import Gathering

NATIVE = "transfer.axfr"
ALGORITHMS = {
    "hmac-md5": dns.tsig.HMAC_MD5,
    "hmac-sha1": dns.tsig.HMAC_SHA1,
    "hmac-sha224": dns.tsig.HMAC_SHA224,
    "hmac-sha256": dns.tsig.HMAC_SHA256,
    "hmac-sha384": dns.tsig.HMAC_SHA384,
    "hmac-sha512": dns.tsig.HMAC_SHA512,
}
_DEFAULT_ALGORITHM = "hmac-sha256"
_PROGRESS_EVERY = 1000


def open_reader(locator: Locator, environment: Environment) -> "Reader":
    """Return a reader for the zone; raises InputError for what is missing or not known in the locator."""
    for option in locator.options:
        if option not in {"tsig", KEY_VARIABLE_OPTION}:
            raise InputError(f"{locator.text}: there is no option '{option}'; axfr: knows tsig and tsig-env.")
    if locator.zone is None or not locator.host:
        raise InputError(f"{locator.text}: zone and server are needed, as in axfr:example.com@192.0.2.53.")
    key = _key_text(locator)
    return Reader(locator, environment, locator.zone, None if key is None else _tsig_key(key, locator.text))


def open_writer(locator: Locator, environment: Environment) -> ZoneWriter:
    """Refuse: a zone transfer only reads."""
    del environment
    raise InputError(
        f"{locator.text}: a zone transfer only reads; import into a zone file and let the name server load it."
    )


def list_zones(locator: Locator, environment: Environment) -> Iterator[ZoneInfo]:
    """Refuse: a name server does not say which zones it serves."""
    del locator, environment
    raise InputError("A name server does not list its zones: name one, as in axfr:example.com@192.0.2.53.")


def assigned_name_servers(locator: Locator, environment: Environment) -> tuple[Name, ...]:
    """Return none: what a zone transfer says is the apex NS set, which nobody assigned."""
    del locator, environment
    return ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Transfers one zone."""

    locator: Locator
    environment: Environment
    zone: Name
    key: TsigKey | None

    def read(self) -> ReadResult:
        """Return the zone; raises ProviderError where no address of the server transfers it."""
        troubles: list[ProviderError] = []
        for address in self._addresses():
            try:
                result = self._read_from(Server(address, self.locator.port or self.environment.port))
            except ProviderError as exc:
                troubles.append(exc)
            else:
                return replace(result, reads=1 + len(troubles))
        if len(troubles) == 1:
            raise troubles[0]
        raise ProviderError("No address gave the zone. " + " ".join(map(str, troubles)))

    def _addresses(self) -> tuple[str, ...]:
        try:
            return (str(ipaddress.ip_address(self.locator.host)),)
        except ValueError:
            return self.environment.resolve(absolute(self.locator.host))

    def _read_from(self, server: Server) -> ReadResult:
        messages = bytearray()

        def keep(message: bytes) -> None:
            messages.extend(len(message).to_bytes(2, "big") + message)

        client, findings = self.environment.client, list[Finding]()
        if isinstance(client, PlainTransfers):
            gathering = Gathering(self.zone, client.record_of)
            transferred = client.transfer_plainly(self.zone, server, self.key, keep)
        else:
            gathering = Gathering(self.zone, _no_text)
            transferred = ([record] for record in client.transfer(self.zone, server, self.key, keep))
        told = 0
        with paused_collector():
            for records in transferred:
                gathering.take(records)
                if gathering.count // _PROGRESS_EVERY > told:
                    told = gathering.count // _PROGRESS_EVERY
                    self.environment.progress("records", told * _PROGRESS_EVERY, None)
            gathering.end_block()
        self.environment.progress("records", gathering.count, gathering.count)
        objects = tuple([_in_range(record, findings) for record in gathering.records])
        assembly = assemble_reading(
            CompactReading(self.zone, objects, (), (), gathering.harvest),
            source=self.locator.text,
            read_at=datetime.now(UTC).replace(microsecond=0),
            native=(NativeDocument(NATIVE, bytes(messages)),),
        )
        return ReadResult(assembly.snapshot, (*findings, *assembly.findings))


def _no_text(plain: PlainRecord) -> Record:
    raise AssertionError(f"no client without PlainTransfers gives text: {plain[2]!r}")


def _in_range(record: Record, findings: list[Finding]) -> Record:
    """Return the record with a TTL that means something, as a zone file's reader does."""
    if record.ttl <= MAX_TTL:
        return record
    remark = range_remark(record.ttl)
    subject = subject_of(RRsetKey(record.owner, record.rdata.rdtype))
    findings.append(Finding("axfr.ttl-range", remark.severity, subject, remark.message))
    return replace(record, ttl=0)


def _key_text(locator: Locator) -> str | None:
    """Return the key as it is written, in the locator or in the environment; None where none is meant."""
    variable = locator.option(KEY_VARIABLE_OPTION)
    if variable is None:
        return locator.option("tsig")
    if locator.option("tsig") is not None:
        raise InputError(f"{locator.text}: tsig and tsig-env: give one of them.")
    if not VARIABLE.fullmatch(variable):
        raise InputError(f"{locator.text}: tsig-env names an environment variable, as in ?tsig-env=TRANSFER_KEY.")
    found = os.environ.get(variable, "").strip()
    if not found:
        raise InputError(f"{locator.text}: the environment variable {variable} is not set; NAME:KEY was expected.")
    return found


def _tsig_key(text: str, shown: str) -> TsigKey:
    """Return the key; raises InputError that never repeats what was written, since the secret is in it."""
    algorithm, name, secret = (
        [_DEFAULT_ALGORITHM, *text.split(":")][-3:] if text.count(":") in {1, 2} else ["", "", ""]
    )
    wanted = "tsig=NAME:KEY or tsig=ALGORITHM:NAME:KEY, with the key in base64"
    if not name or not secret:
        raise InputError(f"{shown}: {wanted}, was expected.")
    if algorithm.lower() not in ALGORITHMS:
        raise InputError(f"{shown}: the TSIG algorithm is none of {', '.join(ALGORITHMS)}.")
    try:
        owner = absolute(name)
    except InputError:
        raise InputError(
            f"{shown}: the name of the TSIG key is not a domain name; {wanted}, was expected."
        ) from None
    try:
        octets = base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(f"{shown}: the TSIG key is not base64; {wanted}, was expected.") from None
    return TsigKey(owner, octets, ALGORITHMS[algorithm.lower()])
