"""Live servers for the tests of comparison: real sockets on loopback, answered from snapshots or by rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.demo.authority import Authority
from migrator.demo.server import Servers
from migrator.diff import ZoneDiff
from migrator.dnsclient import SocketClient
from migrator.errors import DnsError
from migrator.interfaces import DnsClient, Environment, Progress, TsigKey, no_progress
from migrator.live.compare import compare_live
from migrator.model import locator as locators
from migrator.model.compact import CompactZone, key_of
from migrator.model.locator import Locator
from migrator.model.names import for_people
from migrator.model.observation import Observation, Question, Server
from migrator.model.rrset import Record, RRset
from migrator.model.zone import ZoneSnapshot, with_compact
from migrator.network.profile import NetworkProfile
from migrator.zonefile.fast import assemble_reading, read_compactly
from migrator.zonefile.fast.building import Builder
from tests.faulty import PATIENCE


def environment(
    port: int = 53, hosts: Mapping[str, Sequence[str]] | None = None, timeout: float = PATIENCE
) -> Environment:
    """Return an environment with a real client; `hosts` are the names that it can resolve."""
    known = {} if hosts is None else hosts
    profile = NetworkProfile(
        root_hints=(),
        port=port,
        ipv6=None,
        timeout=timeout,
        attempts=1,
        queries_per_second=100_000.0,
        trust_anchors="",
        rdap_bootstrap="",
        allow_special_addresses=True,
        resolvers=(),
    )

    def resolve(host: Name) -> tuple[str, ...]:
        text = host.to_text(omit_final_dot=True)
        if text not in known:
            raise DnsError(f"{text}: there is no such host name.")
        return tuple(known[text])

    return Environment(SocketClient(profile), resolve, port)


def live(text: str) -> Locator:
    return locators.parse(text, {"dns"}, lambda _: False)


def nonces() -> Iterator[bytes]:
    return (f"nonce{number}".encode() for number in count())


@contextmanager
def serving(
    *zones: ZoneSnapshot | None, hosts: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Environment]:
    """Serve each snapshot at 127.0.0.1, .2 ...; None is a server that has no zone at all."""
    responders = {
        f"127.0.0.{number}": Authority([zone] if zone else []) for number, zone in enumerate(zones, start=1)
    }
    with ExitStack() as stack:
        servers = stack.enter_context(Servers(responders))
        yield environment(servers.port, hosts)


def compared(old: ZoneSnapshot, new: ZoneSnapshot, hosts: Mapping[str, Sequence[str]] | None = None) -> ZoneDiff:
    """Return the comparison of a snapshot with a server that serves another.

    It is made in several ways, which may make no difference: with answers that are foretold, with all of them
    decoded, and with an old side in compact form.
    """
    with serving(new, hosts=hosts) as world:
        where = [live(f"dns:{for_people(old.origin)}@127.0.0.1")]
        decoding = replace(world, client=Decoding(world.client))
        found, *others = (
            compare_live(snapshot, where, environment, partial(next, nonces()))
            for snapshot, environment in ((old, world), (old, decoding), (compacted(old), world))
        )
        assert others == [found] * len(others)
        return found


def compacted(zone: ZoneSnapshot) -> ZoneSnapshot:
    """Return the snapshot in compact form: as text where a zone file says all of it, else as RRsets by owner."""
    text = "".join(
        f"{rrset.owner} {rrset.ttl} IN {RdataType.to_text(rrset.rdtype)} {rdata.to_text()}\n"
        for rrset in zone.rrsets
        for rdata in rrset.rdatas
    )
    reading = read_compactly(text.encode("utf-8", "replace"), file="old.zone", origin=zone.origin)
    found = assemble_reading(reading, source=zone.source, read_at=zone.read_at).snapshot
    if found.digest() == zone.digest():
        return found
    objects: dict[bytes, tuple[RRset, ...]] = {}
    for rrset in zone.rrsets:
        key = key_of(rrset.key.folded)
        objects[key] = (*objects.get(key, ()), rrset)
    compact = CompactZone({}, objects, len(zone.rrsets), zone.record_count(), Builder())
    return with_compact(zone, compact)


@dataclass(frozen=True)
class Decoding:
    """A client that decodes every answer."""

    client: DnsClient

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        return self.client.ask(questions, progress)

    def transfer(
        self,
        zone: Name,
        server: Server,
        tsig: TsigKey | None = None,
        received: Callable[[bytes], object] | None = None,
    ) -> Iterator[Record]:
        return self.client.transfer(zone, server, tsig, received)
