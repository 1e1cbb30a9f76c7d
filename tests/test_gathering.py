"""What the checks may know before they ask, gathered from a root, a parent and two providers in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from dns.dnssec import key_id
from dns.name import Name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG

from migrator.checks.catalogue import catalogue
from migrator.checks.close.delays import no_dangling
from migrator.checks.dnssec.state import state
from migrator.checks.dnssec.switch import safe_to_switch
from migrator.checks.facts import Facts, Replies, Strategy
from migrator.checks.history import History
from migrator.checks.points import Unchecked
from migrator.codec.rdata import from_text
from migrator.cutover.look import HostState, Side, Unasked, targets
from migrator.cutover.memory import Memory, Run
from migrator.cutover.registrar import Registrar
from migrator.demo.authority import Authority
from migrator.demo.hierarchy import home_zone, root_zone, tld_zone
from migrator.gathering import Given, Recalled, Task, gather, to_remember
from migrator.interfaces import DnsClient, Progress, no_progress
from migrator.model.finding import Phase
from migrator.model.names import absolute, text_of
from migrator.model.observation import NoAnswer, Observation, Question, Server, Silence
from migrator.model.rrset import Record, RRset
from migrator.model.zone import ZoneSnapshot
from migrator.network.profile import Resolver, load_profile
from migrator.runner import Asker
from migrator.state.store import Role
from tests.checks.build import DOMAIN, NEW, NOW, OLD, answers, as_answer, history, points, silent, zone

ROOT_SERVER, ROOT_ADDRESS = absolute("a.root.test"), "192.0.2.250"
REGISTRY = {absolute("a.nic.test"): "192.0.2.1", absolute("b.nic.test"): "192.0.2.2"}
OLD_HOSTS = {absolute("ns1.old.example"): "198.51.100.1", absolute("ns2.old.example"): "198.51.100.2"}
NEW_HOSTS = {absolute("ns1.new.example"): "203.0.113.1", absolute("ns2.new.example"): "203.0.113.2"}
DS = "20326 13 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"
KEY = "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
OTHER_KEY = KEY.replace("mdssw", "oUsy5")
THIRD_KEY = KEY.replace("mdssw", "pUsy6").replace("257", "256")
NS = [check for check in catalogue() if check.id == "ns.udp"]
OF_REGISTRY = [check for check in catalogue() if check.id == "delegation.ns-owner-safe"]


@dataclass
class World(DnsClient):
    """Root, registry and both providers; who is not there is silent, and IPv6 leads nowhere."""

    listed: Sequence[str] = OLD
    more: str = ""
    old: ZoneSnapshot = field(default_factory=zone)
    new: ZoneSnapshot = field(default_factory=lambda: zone(side=Side.NEW))
    addresses: str = ""
    of_registry: str = ""
    asked: list[Question] = field(default_factory=list)

    def ask(self, questions: Sequence[Question], progress: Progress = no_progress) -> tuple[Observation, ...]:
        authorities = self._authorities()
        self.asked += questions
        progress("answers", len(questions), len(questions))
        return tuple(self._observed(authorities, question) for question in questions)

    def transfer(self, *_: object, **__: object) -> Iterator[Record]:
        raise AssertionError("nobody transfers")

    @staticmethod
    def _observed(authorities: Mapping[str, Authority], asked: Question) -> Observation:
        if ":" in asked.server.address:
            return NoAnswer(asked, NOW, Silence.UNREACHABLE)
        found = authorities.get(asked.server.address)
        if found is None:
            return NoAnswer(asked, NOW, Silence.TIMEOUT)
        reply = found.reply(asked.qname, asked.rdtype)
        if asked.dnssec_ok and reply.answer:
            signatures = [r for r in found.reply(asked.qname, RdataType.RRSIG).answer if _covers(r, asked.rdtype)]
            reply = replace(reply, answer=(*reply.answer, *signatures))
        return as_answer(asked, reply)

    def _authorities(self) -> Mapping[str, Authority]:
        hosts = {ROOT_SERVER: ROOT_ADDRESS, **REGISTRY, **OLD_HOSTS, **NEW_HOSTS}
        delegation = "\n".join(f"{text_of(DOMAIN)} 3600 NS {name}" for name in self.listed) + f"\n{self.more}"
        registry = [tld_zone("test", REGISTRY, hosts, delegation), tld_zone("example", REGISTRY, hosts)]
        registry.append(home_zone(absolute("nic.test"), REGISTRY, self.of_registry))
        homes = [home_zone(absolute(f"{side}.example"), hosts, self.addresses) for side in ("old", "new")]
        return {
            ROOT_ADDRESS: Authority([root_zone(ROOT_SERVER, ROOT_ADDRESS, REGISTRY, ["test", "example"])]),
            **dict.fromkeys(REGISTRY.values(), Authority(registry)),
            **dict.fromkeys(OLD_HOSTS.values(), Authority([self.old, homes[0]])),
            **dict.fromkeys(NEW_HOSTS.values(), Authority([self.new, homes[1]])),
        }


def _covers(rrset: RRset, rdtype: RdataType) -> bool:
    return any(isinstance(rdata, RRSIG) and rdata.type_covered == rdtype for rdata in rrset.rdatas)


def gathered(
    world: World,
    *,
    phase: Phase = Phase.READY,
    checks: Sequence[object] = NS,
    memory: Memory | None = None,
    past: History | None = None,
    registry: Registrar | Unasked | None = None,
    **given: object,
) -> Facts:
    """Gather with the world's zones as both locators have them, unless `old` and `new` say otherwise."""

    def ask_registry(domain: Name, at: datetime) -> Registrar | Unasked | None:
        assert domain == DOMAIN
        return registry

    profile = replace(
        load_profile(None),
        root_hints=(Server(ROOT_ADDRESS, 53, ROOT_SERVER),),
        resolvers=(Resolver("Office", "192.0.2.53"),),
        allow_special_addresses=True,
    )
    old = given.get("old", Given("old.zone", "file", world.old))
    new = given.get("new", Given("new.zone", "file", world.new))
    task = Task(DOMAIN, phase, old, new, strategy=given.get("strategy"))  # type: ignore[arg-type]
    recalled = Recalled(memory or Memory(), past or History())
    return gather(task, checks, Asker(world, profile, ask_registry, lambda: NOW), recalled).facts  # type: ignore[arg-type]


def texts(names: Sequence[Name]) -> list[str]:
    return [text_of(name) for name in names]


def test_both_sides_have_their_name_servers_and_addresses() -> None:
    known = gathered(World())

    assert known.new is not None
    assert texts(known.old.names) == list(OLD)
    assert [str(each) for each in known.new.servers] == [
        "ns1.new.example (203.0.113.1)",
        "ns2.new.example (203.0.113.2)",
    ]
    assert known.delegation is not None
    assert [texts(targets(view.delegation())) for view in known.delegation.views] == [list(OLD), list(OLD)]
    assert [each.name for each in known.resolvers] == ["Office"]
    assert known.strategy is Strategy.UNSIGNED
    assert known.judgement is None


def test_what_was_seen_on_the_way_is_not_asked_again() -> None:
    known = gathered(World())

    assert known.delegation is not None
    for view in known.delegation.views:
        assert view.ns.question in known.replies
        assert view.ds.question in known.replies


def test_the_assigned_name_servers_win_over_the_zones_own() -> None:
    assigned = tuple(map(absolute, NEW[::-1]))

    known = gathered(World(), new=Given("route53:example.test", "route53", zone(), assigned=assigned))

    assert known.new is not None
    assert (texts(known.new.names), texts(known.new.assigned)) == (list(NEW[::-1]), list(NEW[::-1]))


@pytest.mark.parametrize(
    ("old", "memory", "names"),
    [
        (Given(unread="no locator"), Memory(), OLD),
        (Given("old.zone", "file", zone(side=Side.NEW)), Memory(), OLD),
        (Given("old.zone", "file", zone()), Memory(), OLD),
        (
            Given(unread="no locator"),
            Memory((Run("192.0.2.1", "ns1.first.example.", 60, NOW, NOW),)),
            ("ns1.first.example.",),
        ),
    ],
    ids=["not named", "lists the new set already", "as named", "remembered"],
)
def test_the_old_set_is_what_the_parent_listed_first(old: Given, memory: Memory, names: Sequence[str]) -> None:
    assert texts(gathered(World(), old=old, memory=memory).old.names) == list(names)


def test_a_new_zone_that_names_the_old_servers_does_not_make_them_disappear() -> None:
    known = gathered(World(), new=Given("new.zone", "file", zone()))

    assert known.new is not None
    assert texts(known.old.names) == texts(known.new.names) == list(OLD)


def test_where_both_zones_list_both_sets_the_old_one_is_what_the_parent_lists() -> None:
    both = zone("\n".join(f"@ NS {name}" for name in (*OLD, *NEW)))

    known = gathered(World(), old=Given("old.zone", "file", both), new=Given("new.zone", "file", both))

    assert known.new is not None
    assert texts(known.old.names) == list(OLD)
    assert sorted(texts(known.new.names)) == sorted((*OLD, *NEW))


@pytest.mark.parametrize(
    ("text", "more", "addresses"),
    [
        ("@ NS ns1\n@ NS ns2\nns1 A 203.0.113.1\nns2 A 203.0.113.2", "", ["203.0.113.1", "203.0.113.2"]),
        (
            "@ NS ns1\n@ NS ns2.new.example.\nns1 A 203.0.113.1",
            "ns1.example.test. 60 A 198.51.100.7",
            ["203.0.113.1", "203.0.113.2"],
        ),
        ("@ NS ns1\n@ NS ns2.new.example.", "", ["203.0.113.2"]),
    ],
    ids=["only the zone has them", "the zone's own over the parent's glue", "nobody has one"],
)
def test_names_inside_the_domain_are_where_their_zone_says(text: str, more: str, addresses: list[str]) -> None:
    new = Given("new.zone", "file", zone(text, side=Side.NEW))

    known = gathered(World(listed=("ns1.example.test.",), more=more), new=new)

    assert known.new is not None
    assert [each.address for each in known.new.servers] == addresses


@pytest.mark.parametrize("remembered", [True, False], ids=["the parent's earlier glue", "the old zone"])
def test_names_that_stay_were_where_the_memory_or_the_old_zone_says(remembered: bool) -> None:
    old, new = (f"@ NS ns1\nns1 A {address}" for address in ("198.51.100.1", "203.0.113.1"))
    world = World(listed=("ns1.example.test.",), more="ns1.example.test. 60 A 203.0.113.1")
    glue = "ns1.example.test. 198.51.100.1"
    before = Run("192.0.2.1", "ns1.example.test.", 60, NOW, NOW, "ns1.example.test.", glue, 60)

    known = gathered(
        world,
        phase=Phase.SETTLE,
        memory=Memory((before,)) if remembered else None,
        old=Given(unread="no locator") if remembered else Given("old.zone", "file", zone(old)),
        new=Given("new.zone", "file", zone(new, side=Side.NEW)),
    )

    assert known.new is not None
    assert known.judgement is not None
    assert [str(each) for each in known.old.servers] == ["ns1.example.test (198.51.100.1)"]
    assert [str(each) for each in known.new.servers] == ["ns1.example.test (203.0.113.1)"]
    assert [(str(each.server), each.side) for each in known.judgement.look.servers] == [
        ("ns1.example.test (203.0.113.1)", Side.NEW),
        ("ns1.example.test (198.51.100.1)", Side.OLD),
    ]


def test_glue_alone_does_not_say_that_a_name_server_has_moved() -> None:
    glue = "ns1.example.test. 198.51.100.1"
    before = Run("192.0.2.1", "ns1.example.test.", 60, NOW, NOW, "ns1.example.test.", glue, 60)
    assigned = Given("route53:example.test", "route53", zone(), assigned=(absolute("ns1.example.test"),))
    world = World(listed=("ns1.example.test.",), more="ns1.example.test. 60 A 203.0.113.1")

    known = gathered(world, phase=Phase.SETTLE, memory=Memory((before,)), old=Given(unread="none"), new=assigned)

    assert known.judgement is not None
    assert (known.old.servers, known.judgement.look.left) == ((), ())


def test_a_name_without_an_address_and_a_literal_are_told_apart() -> None:
    new = Given("new.zone", "file", zone("@ NS ns1\n@ NS 192.0.2.1.\n@ NS gone.new.example.", side=Side.NEW))

    known = gathered(World(), new=new)

    assert known.new is not None
    assert {text_of(host.name): host.state for host in known.new.hosts} == {
        "192.0.2.1.": HostState.LITERAL,
        "gone.new.example.": HostState.NO_SUCH_NAME,
        "ns1.example.test.": HostState.NO_ADDRESS,
    }


def test_live_servers_tell_their_own_set() -> None:
    new = Given("dns:example.test@203.0.113.1", "dns", unread="live", servers=(Server("203.0.113.1"),))

    known = gathered(World(), new=new)

    assert known.new is not None
    assert texts(known.new.names) == list(NEW)
    assert [each.address for each in known.new.servers] == ["203.0.113.1", "203.0.113.2"]


def test_addresses_without_a_route_are_left_out_where_the_server_has_another() -> None:
    known = gathered(World(addresses="ns1.new.example. 60 AAAA 2001:db8::1\nns1.old.example. 60 AAAA 2001:db8::2"))

    assert known.new is not None
    assert [each.address for each in known.new.out_of_reach] == ["2001:db8::1"]
    assert [each.address for each in known.new.servers] == ["203.0.113.1", "203.0.113.2"]
    assert [each.address for each in known.old.out_of_reach] == ["2001:db8::2"]


@pytest.mark.parametrize(("phase", "listed"), [(Phase.READY, OLD), (Phase.CLOSE, NEW)])
def test_a_parent_with_both_families_is_judged_where_there_is_no_route_for_one(
    phase: Phase, listed: Sequence[str]
) -> None:
    """Every top-level domain has IPv6, and many an office has none: nothing may stay unchecked for that."""
    both = "a.nic.test. 60 AAAA 2001:db8::1\nb.nic.test. 60 AAAA 2001:db8::2"

    known = gathered(World(listed=listed, of_registry=both), phase=phase)

    assert known.delegation is not None
    assert [view.server.address for view in known.delegation.views] == list(REGISTRY.values())
    for check in (state, safe_to_switch, no_dangling):
        assert not [point for point in points(check, known) if isinstance(point, Unchecked)]


@pytest.mark.parametrize(
    ("ds", "old", "new", "past", "strategy"),
    [
        ("", "", "", History(), Strategy.UNSIGNED),
        ("", f"@ DNSKEY {KEY}", "", History(), Strategy.UNSIGNED),
        (DS, f"@ DNSKEY {KEY}", "", History(), Strategy.GO_INSECURE),
        (DS, f"@ DNSKEY {KEY}", f"@ DNSKEY {KEY}", History(), Strategy.SAME_KEYS),
        (DS, f"@ DNSKEY {KEY}", f"@ DNSKEY {KEY}\n@ DNSKEY {OTHER_KEY}", History(), Strategy.MULTI_SIGNER),
        ("", "", "", history(("192.0.2.1", "@ DS", 60, DS, -60, -30)), Strategy.GO_INSECURE),
    ],
    ids=["no DS", "signed for nobody", "new unsigned", "same keys", "other keys", "DS seen earlier"],
)
def test_the_strategy_is_found_out(ds: str, old: str, new: str, past: History, strategy: Strategy) -> None:
    world = World(more=f"example.test. 60 DS {ds}" if ds else "", old=zone(old), new=zone(new, side=Side.NEW))

    assert gathered(world, past=past).strategy is strategy
    assert gathered(world, past=past, strategy=Strategy.MULTI_SIGNER).strategy is Strategy.MULTI_SIGNER


def _signing(*keys: str, by: str, data_by: str = "") -> str:
    """Return a DNSKEY set, and signatures over it and over the SOA that name these keys; nobody checks them."""
    ends = "20301231000000 20201231000000"
    rows = [f"@ DNSKEY {key}" for key in keys]
    for covered, key in (("DNSKEY", by), ("SOA", data_by or by)):
        named = from_text(RdataType.DNSKEY, key)
        assert isinstance(named, DNSKEY)
        tag = key_id(named)
        rows.append(f"@ RRSIG {covered} 13 2 300 {ends} {tag} example.test. AAAA")
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("old", "new", "strategy"),
    [
        (_signing(KEY, OTHER_KEY, by=KEY), _signing(KEY, OTHER_KEY, by=OTHER_KEY), Strategy.MULTI_SIGNER),
        (
            _signing(KEY, OTHER_KEY, THIRD_KEY, by=KEY, data_by=OTHER_KEY),
            _signing(KEY, OTHER_KEY, THIRD_KEY, by=KEY, data_by=THIRD_KEY),
            Strategy.MULTI_SIGNER,
        ),
        (_signing(KEY, by=KEY), _signing(KEY, OTHER_KEY, by=KEY), Strategy.SAME_KEYS),
        ("", _signing(KEY, by=KEY), Strategy.GO_INSECURE),
    ],
    ids=[
        "each publishes the keys of both, and signs with its own",
        "one key signs the keys, each its own the data",
        "the new side publishes one more, and signs with the same",
        "the old side has no keys, whatever DS there is",
    ],
)
def test_who_signs_tells_the_strategy_and_not_who_publishes(old: str, new: str, strategy: Strategy) -> None:
    world = World(more=f"example.test. 60 DS {DS}", old=zone(old), new=zone(new, side=Side.NEW))

    assert gathered(world).strategy is strategy


@pytest.mark.parametrize(
    ("checks", "registrar"), [(NS, None), (OF_REGISTRY, Registrar("https://rdap.example/"))], ids=["no", "yes"]
)
def test_the_registry_is_asked_only_for_checks_of_its_own(
    checks: Sequence[object], registrar: Registrar | None
) -> None:
    assert gathered(World(), checks=checks, registry=Registrar("https://rdap.example/")).registrar == registrar


@pytest.mark.parametrize("phase", list(Phase))
def test_resolvers_are_sampled_from_the_switch_on_and_never_asked_for_ns_before(phase: Phase) -> None:
    switched = phase not in {Phase.PREPARE, Phase.READY}
    world = World(listed=NEW if switched else OLD)

    known = gathered(world, phase=phase)

    of_resolver = [question for question in world.asked if question.server.address == "192.0.2.53"]
    assert (known.judgement is not None) == switched
    assert bool(of_resolver) == switched
    assert switched or not [question for question in of_resolver if question.rdtype == RdataType.NS]


def test_what_was_answered_is_remembered_in_its_role() -> None:
    known = gathered(World(old=zone("www A 192.0.2.80"), new=zone("www A 192.0.2.81", side=Side.NEW)))
    replies: list[Observation] = [
        answers("ns1.old.example.", "www A", "192.0.2.80"),
        answers("ns1.new.example.", "www A", "192.0.2.81"),
        answers("ns1.new.example.", "@ NS", *NEW),
        answers("192.0.2.53", "www A", "192.0.2.80", authoritative=False),
        answers("192.0.2.99", "www A", "192.0.2.80"),
        silent("ns2.old.example.", "www A"),
        silent("192.0.2.2", "@ TXT"),
    ]

    entries = to_remember(replace(known, replies=Replies([*_delegation_replies(known), *replies])))

    assert [(entry.role, entry.observation.question.server.address, entry.shown) for entry in entries] == [
        (Role.SERVER, "198.51.100.1", "192.0.2.80"),
        (Role.SERVER, "203.0.113.1", " ".join(NEW)),
        (Role.RESOLVER, "192.0.2.53", "192.0.2.80"),
        (Role.SERVER, "198.51.100.2", None),
        (Role.PARENT, "192.0.2.2", None),
    ]
    assert {entry.expected for entry in entries} == {" ".join(NEW)}


def _delegation_replies(known: Facts) -> list[Observation]:
    assert known.delegation is not None
    return [seen for view in known.delegation.views for seen in (view.ns, view.ds)]
