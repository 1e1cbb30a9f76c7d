"""What validating resolvers make of the domain."""

from dataclasses import replace

import pytest
from dns.rcode import Rcode

from migrator.checks.dnssec.resolvers import resolver_view
from migrator.checks.facts import Panelist
from migrator.model.delegation import WalkEnd
from migrator.model.observation import Answer, Server
from tests.checks.build import RESOLVER, answers, delegation, facts, gives, points, silent, told
from tests.checks.dnssec.signed import ds

WHO = "Resolver (192.0.2.53)"
SOA = "a.example. b.example. 1 2 3 4 5"


def failing(*errors: tuple[int, str], checking_disabled: bool = False) -> Answer:
    found = gives("resolver", "@ SOA", Rcode.SERVFAIL, checking_disabled=checking_disabled)
    return replace(found, extended_errors=errors)


def test_an_answer_passes_and_says_whether_it_was_validated() -> None:
    secure = replace(answers("resolver", "@ SOA", SOA), authenticated=True)
    trusting = facts(delegation=delegation(ds=[ds("old")]))

    assert told(points(resolver_view, facts())) == [f"pass {WHO}: Answers for example.test., insecure, as it is."]
    assert told(points(resolver_view, trusting, secure)) == [
        f"pass {WHO}: Answers for example.test., validated (AD)."
    ]


def test_resolvers_none_of_which_validates_say_nothing_of_validation() -> None:
    second = Panelist("Second", Server("192.0.2.54"))
    secure = replace(
        answers(second.server, "@ SOA", SOA, recursion_desired=True, dnssec_ok=True), authenticated=True
    )
    trusting = facts(delegation=delegation(ds=[ds("old")]))
    of_no_use = facts(delegation=delegation(ds=["1 250 2 " + "ab" * 32]))

    plain = f"pass {WHO}: Answers for example.test., not validated."
    assert told(points(resolver_view, trusting)) == [
        plain,
        (
            "unchecked example.test. SOA: the parent has a DS, and no resolver that was asked validates the "
            "domain: none says what those answer that do"
        ),
    ]
    assert told(points(resolver_view, replace(trusting, resolvers=(RESOLVER, second)), secure)) == [
        plain,
        "pass Second (192.0.2.54): Answers for example.test., validated (AD).",
    ]
    assert told(points(resolver_view, trusting, failing()))[1:] == []
    assert told(points(resolver_view, of_no_use)) == [plain], "no validator knows that algorithm"


def test_servfail_that_goes_away_without_checking_is_dnssec() -> None:
    assert told(points(resolver_view, facts(), failing((9, "DNSKEY Missing")))) == [
        (
            f"problem {WHO}: SERVFAIL with validation and NOERROR without it (EDE 9: DNSKEY Missing): DNSSEC "
            "breaks the domain."
        )
    ]


def test_servfail_both_ways_is_something_else() -> None:
    both = (failing(), failing((22, ""), checking_disabled=True))

    assert told(points(resolver_view, facts(), *both)) == [
        f"problem {WHO}: SERVFAIL with and without validation (EDE 22); an answer was expected."
    ]


def test_another_answer_than_an_soa_warns() -> None:
    second = Panelist("Second", Server("192.0.2.54"))
    good = answers(second.server, "@ SOA", SOA, recursion_desired=True, dnssec_ok=True)
    panel = facts(resolvers=(RESOLVER, second))

    assert told(points(resolver_view, panel, gives("resolver", "@ SOA", Rcode.NXDOMAIN), good)) == [
        f"warning {WHO}: NXDOMAIN without an SOA for example.test.; its SOA was expected.",
        "pass Second (192.0.2.54): Answers for example.test., insecure, as it is.",
    ]


@pytest.mark.parametrize("rcode", [Rcode.REFUSED, Rcode.NXDOMAIN])
def test_a_panel_of_which_no_resolver_has_the_domain_shows_nothing(rcode: Rcode) -> None:
    second = Panelist("Second", Server("192.0.2.54"))
    mute = silent(second.server, "@ SOA", recursion_desired=True, dnssec_ok=True)
    panel = facts(resolvers=(RESOLVER, second))

    assert told(points(resolver_view, panel, gives("resolver", "@ SOA", rcode), mute)) == [
        f"warning {WHO}: {rcode.name} without an SOA for example.test.; its SOA was expected.",
        "notice Second (192.0.2.54): The resolver gives no answer: timeout.",
        "unchecked example.test. SOA: no resolver that was asked answers for the domain",
    ]


def test_a_domain_that_the_parent_does_not_have_is_no_fault_of_the_resolver() -> None:
    gone = facts(delegation=delegation(end=WalkEnd.NO_SUCH_NAME))

    assert told(points(resolver_view, gone, gives("resolver", "@ SOA", Rcode.NXDOMAIN))) == [
        f"unchecked {WHO}: says NXDOMAIN, as the parent does: see delegation.parent"
    ]


def test_one_silent_resolver_of_several_does_not_block_and_only_silence_does() -> None:
    second = Panelist("Second", Server("192.0.2.54"))
    panel = facts(resolvers=(RESOLVER, second))

    assert told(
        points(resolver_view, panel, silent(second.server, "@ SOA", recursion_desired=True, dnssec_ok=True))
    ) == [
        f"pass {WHO}: Answers for example.test., insecure, as it is.",
        "notice Second (192.0.2.54): The resolver gives no answer: timeout.",
    ]
    assert told(points(resolver_view, facts(), silent("resolver", "@ SOA"))) == [
        f"unchecked {WHO}: gives no answer: timeout"
    ]
    assert told(points(resolver_view, facts(resolvers=()))) == ["not-needed: the network profile has no resolver"]
