"""The names of name servers: slips, CNAMEs, addresses, and who owns the domain that they are in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from migrator.checks.asks import Registered, Registration
from migrator.checks.delegation.names import count, ns_cname, ns_owner_safe, ns_resolves, ns_syntax
from migrator.cutover.look import HostState, Side, Unasked
from migrator.cutover.registrar import Registrar
from migrator.model.finding import Phase
from migrator.model.names import absolute
from migrator.model.observation import Server
from tests.checks.build import NEW, NOW, answers, delegation, facts, host, new_side, points, told
from tests.cutover.build import names

REGISTRAR = Registrar("https://rdap.example/domain/example.test")
HOSTS = tuple(host(name, Side.NEW) for name in NEW)


def test_two_name_servers_at_two_addresses_are_enough() -> None:
    assert told(points(count, facts())) == ["pass example.test. NS: 2 name servers with 2 addresses."]


@pytest.mark.parametrize(
    ("side", "line"),
    [
        (
            new_side(names=names(NEW[0]), hosts=HOSTS[:1]),
            (
                "problem example.test. NS: The new set is one name server, ns1.new.example; two at least were "
                "expected."
            ),
        ),
        (
            new_side(hosts=tuple(replace(each, addresses=("203.0.113.1",)) for each in HOSTS)),
            "problem example.test. NS: All name servers share the address 203.0.113.1; two were expected.",
        ),
        (
            new_side(hosts=tuple(replace(each, addresses=("203.0.113.1", "2001:db8::1")) for each in HOSTS)),
            (
                "problem example.test. NS: All name servers share the addresses 2001:db8::1 and 203.0.113.1; "
                "others were expected at one of them at least."
            ),
        ),
        (
            new_side(hosts=(HOSTS[0], replace(HOSTS[1], addresses=("2001:db8::2",)))),
            (
                "warning example.test. NS: One name server alone has an IPv4 address (203.0.113.1); most "
                "resolvers have only that one to ask."
            ),
        ),
        (
            new_side(hosts=tuple(replace(h, addresses=(f"2001:db8::{i}",)) for i, h in enumerate(HOSTS))),
            "problem example.test. NS: No name server has an IPv4 address; most resolvers need one.",
        ),
        (
            new_side(hosts=()),
            "unchecked example.test. NS: no address of a new name server is known",
        ),
        (
            new_side(hosts=(HOSTS[0], replace(HOSTS[1], state=HostState.NO_SUCH_NAME, addresses=()))),
            "unchecked example.test. NS: no address of ns2.new.example is known",
        ),
    ],
)
def test_a_set_that_hangs_on_one_machine_is_too_small(side: object, line: str) -> None:
    assert told(points(count, facts(new=side))) == [line]  # type: ignore[arg-type]


def test_addresses_without_a_route_from_here_count() -> None:
    both = tuple(replace(h, addresses=(f"203.0.113.{i}", f"2001:db8::{i}")) for i, h in enumerate(HOSTS, 1))
    away = tuple(Server(f"2001:db8::{i}", 53, host.name) for i, host in enumerate(HOSTS, 1))

    assert told(points(count, facts(new=new_side(hosts=both, out_of_reach=away)))) == [
        "pass example.test. NS: 2 name servers with 4 addresses."
    ]


def test_names_of_hosts_pass() -> None:
    (line,) = told(points(ns_syntax, facts()))

    assert line.startswith("pass example.test. NS: ns1.new.example, ns1.old.example,")


@pytest.mark.parametrize(
    ("listed", "line"),
    [
        ("192.0.2.1.", "the IP address 192.0.2.1 in the place of a name"),
        ("ns1.new.example.example.test.", "whose final dot is missing"),
        ("ns1.new.exmaple.", "another top-level domain than ns1.new.example."),
        ("ns_1.new.test.", "has characters that no host name has ('_')"),
        ("ns7.shiny\\032new.test.", "has characters that no host name has (' ')"),
        ("http://ns1.new.example.", "looks like a URL (http://ns1.new.example)"),
        ("ns1.example.123.", "has a top-level domain of digits"),
    ],
)
def test_a_name_that_cannot_be_meant_fails(listed: str, line: str) -> None:
    seen = delegation(listed=(listed, "ns2.new.example."))
    found = told(points(ns_syntax, facts(phase=Phase.SWITCH, delegation=seen)))

    assert len(found) == 1, found
    assert line in found[0]


def test_a_slip_at_the_apex_of_the_new_zone_is_found() -> None:
    slip = answers("ns1.new.example.", "@ NS", "ns1.new.example.example.test.", "ns2.new.example.")

    assert "a zone's name was appended" in " ".join(told(points(ns_syntax, facts(), slip)))


def test_a_dot_that_the_plan_lacks_is_found_by_the_name_beside_it() -> None:
    doubled = "ns2.new.example.example.test."
    nowhere = replace(HOSTS[1], name=absolute(doubled), state=HostState.NO_ADDRESS, addresses=())
    found = told(points(ns_syntax, facts(new=new_side(names=names(NEW[0], doubled), hosts=(HOSTS[0], nowhere)))))

    assert found == [
        (
            f"error {doubled}: Listed by the expected set: a zone's name was appended to ns2.new.example., whose "
            "final dot is missing."
        )
    ]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("ns1.rack.org.example.test.", "a zone's name was appended to ns1.rack.org., whose final dot is missing."),
        ("ns1.rack.example.test.", ""),
    ],
    ids=["all lack the dot", "a name below the domain"],
)
def test_a_dot_that_all_names_lack_is_found_by_the_top_level_domain(name: str, fault: str) -> None:
    nowhere = replace(HOSTS[0], name=absolute(name), state=HostState.NO_ADDRESS, addresses=())
    found = told(points(ns_syntax, facts(new=new_side(names=names(name), hosts=(nowhere,)))))

    assert [line for line in found if line.startswith("error")] == (
        [f"error {name}: Listed by the expected set: {fault}"] if fault else []
    )


def test_a_name_server_in_the_domain_that_has_an_address_lacks_no_dot() -> None:
    vanity = "ns2.new.example.example.test."
    there = replace(HOSTS[1], name=absolute(vanity))
    found = told(points(ns_syntax, facts(new=new_side(names=names(NEW[0], vanity), hosts=(HOSTS[0], there)))))

    assert [line.partition(":")[0] for line in found] == ["pass example.test. NS"]


def test_a_name_server_that_is_a_cname_fails() -> None:
    alias = replace(HOSTS[0], state=HostState.CNAME, detail="lb.example.net.")

    assert told(points(ns_cname, facts(new=new_side(hosts=(alias, HOSTS[1]))))) == [
        (
            "error ns1.new.example.: Listed by the expected set and the apex of the new zone: the name is a CNAME "
            "to lb.example.net.; a name server's name has addresses of its own (RFC 2181 section 10.3), and "
            "resolvers may ignore it."
        )
    ]
    assert told(points(ns_cname, facts())) == ["pass example.test. NS: No name server is a CNAME."]


def test_a_name_server_that_could_not_be_looked_up_may_be_a_cname() -> None:
    dark = replace(HOSTS[1], state=HostState.UNCHECKED, addresses=(), detail="no answer")

    assert told(points(ns_cname, facts(new=new_side(hosts=(HOSTS[0], dark))))) == [
        "unchecked ns2.new.example.: its addresses could not be looked up: no answer"
    ]


def test_a_name_server_without_an_address_fails_and_one_that_is_not_known_is_unchecked() -> None:
    gone = replace(HOSTS[0], state=HostState.NO_SUCH_NAME, addresses=())
    dark = replace(HOSTS[1], state=HostState.UNCHECKED, addresses=(), detail="no answer")
    found = told(points(ns_resolves, facts(new=new_side(hosts=(gone, dark)))))

    assert found[:2] == [
        (
            "error ns1.new.example.: Listed by the expected set: the name does not exist; a name server has at "
            "least one address."
        ),
        "unchecked ns2.new.example.: its addresses could not be looked up: no answer",
    ]


def test_addresses_of_a_laboratory_fail_unless_the_profile_allows_them() -> None:
    known = facts()

    assert told(points(ns_resolves, known)) == ["pass example.test. NS: Every name server has addresses."]
    assert (
        "is not on the public internet"
        in told(points(ns_resolves, replace(known, allow_special_addresses=False)))[0]
    )


def test_an_address_in_the_place_of_a_name_has_no_owner_to_ask_for() -> None:
    side = new_side(names=names("192.0.2.1."), hosts=())

    assert told(points(ns_owner_safe, replace(facts(new=side), registrar=REGISTRAR))) == [
        "not-needed: no name server is in another domain"
    ]


def registered(domain: str, view: Registrar | Unasked, *, known: bool = True) -> Registered:
    return Registered(Registration(absolute(domain)), NOW, view, known)


def expiring(days: int) -> Registrar:
    return replace(REGISTRAR, expires=NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (registered("new.example", expiring(400)), "pass new.example.: Registered until 2028-01-05."),
        (
            registered("new.example", expiring(20)),
            (
                "problem new.example.: The domain that a name server is in expires on 2026-12-21; more than 60 "
                "days were expected."
            ),
        ),
        (
            registered("new.example", Unasked("no such domain"), known=False),
            (
                "problem new.example.: The registry does not know the domain that a name server is in; a "
                "registered one was expected."
            ),
        ),
        (registered("new.example", Unasked("timeout")), "unchecked new.example.: timeout"),
    ],
)
def test_the_domain_of_a_name_server_has_to_last(reply: Registered, line: str) -> None:
    assert told(points(ns_owner_safe, facts(registrar=REGISTRAR), reply)) == [line]


def test_without_rdap_no_registry_is_asked() -> None:
    assert told(points(ns_owner_safe, facts())) == ["not-needed: RDAP is switched off"]
