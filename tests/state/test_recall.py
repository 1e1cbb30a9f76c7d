"""What was seen of every question at every address comes back as runs of equal sights."""

from datetime import UTC, datetime, timedelta

import dns.rdata
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.checks.history import History, Sight
from migrator.model.names import absolute, folded
from migrator.model.observation import Answer, Observation, Question, Server, Transport
from migrator.model.rrset import RRsetKey, make
from migrator.state.sightings import entry
from migrator.state.store import Role, open_store

DOMAIN = absolute("example.test.")
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ADDRESS = "192.0.2.1"


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)


def seen(what: str, minute: int, *rdatas: str, ttl: int = 300, address: str = ADDRESS) -> Observation:
    """Return an authoritative answer; without rdatas there is no data."""
    owner_text, rdtype_text = what.split()
    owner, rdtype = absolute(owner_text, DOMAIN), RdataType.from_text(rdtype_text)
    parsed = tuple(dns.rdata.from_text(RdataClass.IN, rdtype, text) for text in rdatas)
    return Answer(
        Question(Server(address), owner, rdtype),
        minutes(minute),
        Rcode.NOERROR,
        authoritative=True,
        truncated=False,
        recursion_available=False,
        authenticated=False,
        transport=Transport.UDP,
        elapsed=0.002,
        answer=(make(RRsetKey(owner, rdtype), ttl, parsed),) if parsed else (),
    )


def test_each_question_at_each_address_has_its_own_runs(state_database: str) -> None:
    looks = [
        seen("www A", 0, "192.0.2.7", "192.0.2.8", ttl=3600),
        seen("www A", 1, "192.0.2.8", "192.0.2.7", ttl=3600),
        seen("www A", 2, "192.0.2.7", ttl=300),
        seen("WWW A", 3, "192.0.2.7", ttl=300),
        seen("www A", 3, "192.0.2.7", ttl=900, address="192.0.2.2"),
        seen("www AAAA", 3),
        seen("@ NS", 4, "ns2.example.net.", "ns1.example.net.", ttl=86_400),
    ]
    with open_store(state_database) as store:
        store.append(entry(DOMAIN, Role.SERVER, each, "") for each in looks)
        store.append([entry(DOMAIN, Role.RESOLVER, seen("www A", 9, "192.0.2.9", address="192.0.2.53"), "")])

        history = store.history(DOMAIN)

    www, apex = folded(absolute("www", DOMAIN)), folded(DOMAIN)
    assert history == History(
        {
            (ADDRESS, www, RdataType.A): (
                Sight(3600, ("192.0.2.7", "192.0.2.8"), minutes(0), minutes(1)),
                Sight(300, ("192.0.2.7",), minutes(2), minutes(3)),
            ),
            ("192.0.2.2", www, RdataType.A): (Sight(900, ("192.0.2.7",), minutes(3), minutes(3)),),
            (ADDRESS, www, RdataType.AAAA): (Sight(None, (), minutes(3), minutes(3)),),
            (ADDRESS, apex, RdataType.NS): (
                Sight(86_400, ("ns1.example.net.", "ns2.example.net."), minutes(4), minutes(4)),
            ),
        }
    )


def test_what_the_parent_says_of_signers_is_kept_and_its_ns_set_apart(state_database: str) -> None:
    signer = "1 13 2 0000000000000000000000000000000000000000000000000000000000000000"
    with open_store(state_database) as store:
        store.append(
            entry(DOMAIN, Role.PARENT, each, "")
            for each in (seen("@ DS", 0, signer), seen("@ NS", 0, "ns1.example.net."))
        )

        history = store.history(DOMAIN)

    assert [sight.rdatas for sight in history.of(ADDRESS, DOMAIN, RdataType.DS)] == [(signer,)]
    assert history.of(ADDRESS, DOMAIN, RdataType.NS) == ()
