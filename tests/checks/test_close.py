"""May the old zone be deleted? NOW is 09:00."""

from dataclasses import replace
from typing import Any

import pytest
from dns.rcode import Rcode

from migrator.checks.close import delays, leftovers, old_keys, old_servers
from migrator.checks.facts import Facts, Kept, Settings
from migrator.checks.points import Passed, Problem, Unchecked
from migrator.cutover.look import Side
from migrator.model.finding import Phase
from migrator.model.observation import Silence
from tests.checks.build import (
    NEW,
    NOW,
    OLD,
    after,
    delegation,
    facts,
    gives,
    new_side,
    old_side,
    points,
    server,
    silent,
    told,
    zone,
)
from tests.checks.build import parent as view
from tests.checks.dnssec.signed import ZSK, ds, key, signed
from tests.checks.test_resolvers import judged
from tests.cutover.build import names, rrset

WWW = "www A 192.0.2.1"
LONG_AGO = judged(switched=-900_000)


def closing(old: Any = WWW, new: Any = WWW, **changes: Any) -> Facts:
    usual: dict[str, Any] = {"judgement": LONG_AGO, "backup": Kept("kept", NOW, zone(WWW))}
    return facts(old, new, phase=Phase.CLOSE, **(usual | changes))


@pytest.mark.parametrize(
    "check", [delays.time, delays.no_dangling, leftovers.refs, leftovers.final_backup, old_keys.dnssec]
)
def test_an_old_zone_that_nobody_needs_may_go(check: Any) -> None:
    assert {line.partition(" ")[0].rstrip(":") for line in told(points(check, closing()))} <= {
        "pass",
        "not-needed",
        "notice",
    }


def test_it_is_needed_until_the_last_stale_answer() -> None:
    (found,) = points(delays.time, closing(judgement=judged(switched=-60)))

    assert isinstance(found, Problem)
    assert found.not_before == after(-60 + 3600 + 600)


def test_the_recommended_margin_is_a_notice() -> None:
    found = points(delays.time, closing(judgement=judged(switched=-10_000)))

    assert [type(point) for point in found] == [Passed, Problem]
    assert told(found)[1].startswith("notice example.test: With a margin, 2026-12-02T")


def test_without_a_switch_that_was_seen_the_time_is_not_known() -> None:
    assert [type(point) for point in points(delays.time, closing(judgement=None))] == [Unchecked]


def test_an_old_name_server_at_the_parent_fails() -> None:
    left = delegation(view(1, (*NEW, OLD[0])), view(2, NEW), view(3, Silence.TIMEOUT))

    assert told(points(delays.no_dangling, closing(delegation=left))) == [
        "problem a.nic.test (192.0.2.1): Still lists ns1.old.example; none of the old name servers was expected.",
        "pass b.nic.test (192.0.2.2): Lists no old name server.",
        "unchecked c.nic.test (192.0.2.3): does not show the delegation: timeout",
    ]


def test_a_delegation_to_an_old_name_server_inside_the_new_zone_fails() -> None:
    found = told(points(leftovers.refs, closing(new="sub NS ns1.old.example.\n" + WWW)))

    assert found[0] == "problem sub.example.test. NS: Refers to the old name server ns1.old.example."
    assert found[1].startswith("notice example.test.: Other domains")
    assert told(points(leftovers.refs, closing(new=new_side(None)))) == [
        "unchecked example.test.: the new zone is not readable: --to names it"
    ]


def test_what_the_old_zone_has_and_the_new_one_lacks_would_be_deleted() -> None:
    (found,) = points(leftovers.final_backup, closing(old=f"{WWW}\nlate A 192.0.2.7"))

    assert isinstance(found, Problem)
    assert found.subject == "late.example.test. A"


def test_the_keys_of_the_old_zone_go_with_it() -> None:
    assert told(points(leftovers.final_backup, closing(old=signed(WWW, by="old"))))[0].startswith("pass")


@pytest.mark.parametrize("is_live", [False, True])
def test_a_name_server_that_has_moved_with_its_name_stops_nothing(is_live: bool) -> None:
    old, new = (f"{WWW}\n@ NS ns1\nns1 A 192.0.2.{last}" for last in (53, 54))
    live = new_side(None, extra_servers=tuple(map(server, NEW)))
    served = {name.rstrip(".").replace(".", "_"): new for name in NEW} if is_live else {}

    assert told(points(leftovers.final_backup, closing(old=old, new=live if is_live else new), **served)) == [
        (
            "warning ns1.example.test. A: The old zone has 192.0.2.53, the new one 192.0.2.54. Both sides have "
            "this name server, with other addresses. If it keeps its name and moves, the registrar gets the new "
            "ones for its host record at the switch; if not, these are wrong."
        )
    ]


def kept_name(**changes: Any) -> Facts:
    """A name server inside the domain that has moved with its name, as long ago as the others have."""
    name = names("ns1.example.test.")[0]
    left = ((name, frozenset({"192.0.2.53"})),)
    assert LONG_AGO is not None
    judgement = replace(LONG_AGO, look=replace(LONG_AGO.look, left=left))
    old, new = (f"{WWW}\n@ NS ns1\nns1 A 192.0.2.{last}" for last in (53, 54))
    same = {"names": (name,)}
    return closing(
        old_side(zone(old), **same),
        changes.pop("new", None) or new_side(zone(new, side=Side.NEW), **same),
        judgement=judgement,
        **changes,
    )


def test_nothing_leads_to_where_a_name_server_was_that_keeps_its_name() -> None:
    hint = names("ns1.example.test.")[0]
    views = [
        view(number, ["ns1.example.test."], glue=[rrset(hint, "A", 300, address)] if address else [])
        for number, address in ((1, "192.0.2.54"), (2, "192.0.2.53"), (3, ""))
    ]

    assert told(points(delays.no_dangling, kept_name(delegation=delegation(*views)))) == [
        "pass a.nic.test (192.0.2.1): Hands out no old address of ns1.example.test.",
        (
            "problem b.nic.test (192.0.2.2): Still hands out 192.0.2.53 for ns1.example.test; the new address "
            "alone was expected."
        ),
        "unchecked c.nic.test (192.0.2.3): hands out no address of ns1.example.test",
    ]


def test_a_name_server_that_kept_its_name_stops_no_deletion() -> None:
    assert [line.partition(" ")[0] for line in told(points(leftovers.refs, kept_name()))] == ["pass", "notice"]
    assert [line.partition(" ")[0] for line in told(points(leftovers.final_backup, kept_name()))] == ["pass"]


def test_what_leads_to_where_a_name_server_was_is_a_warning() -> None:
    there = new_side(zone(f"{WWW}\nftp A 192.0.2.53", side=Side.NEW), names=names("ns1.example.test."))

    assert told(points(leftovers.refs, kept_name(new=there)))[0] == (
        "warning ftp.example.test. A: Leads to where the name server ns1.example.test was before."
    )


def test_without_a_backup_nothing_is_deleted() -> None:
    assert told(points(leftovers.final_backup, closing(backup=None))) == [
        "problem example.test: No backup of the old zone was found; one was expected before the zone is deleted."
    ]
    broken = Kept("kept", trouble="SHA256SUMS: no such file.")
    assert (
        "The backup cannot be used: SHA256SUMS" in told(points(leftovers.final_backup, closing(backup=broken)))[0]
    )
    assert told(points(leftovers.final_backup, closing(new=new_side(None)))) == [
        "unchecked example.test: the new zone is not readable, so nothing compares it with the old one"
    ]


def test_live_servers_are_asked_what_they_have_of_the_old_zone() -> None:
    live = new_side(None, extra_servers=tuple(map(server, NEW)))
    alike = {name.rstrip(".").replace(".", "_"): WWW for name in NEW}
    lacking = alike | {"ns2_new_example": ""}

    assert told(points(leftovers.final_backup, closing(new=live), **alike)) == [
        "pass example.test: A whole backup in kept, and nothing of it is missing in the new zone."
    ]
    (found,) = told(points(leftovers.final_backup, closing(new=live), **lacking))
    assert found.startswith("error www.example.test. A: The old zone has 192.0.2.1, the new one nothing.")
    assert told(points(leftovers.refs, closing(new=live), **alike))[0].startswith("pass example.test.")
    referring = dict.fromkeys(alike, f"{WWW}\n@ MX 10 ns1.old.example.")
    (line, _) = told(points(leftovers.refs, closing(old=referring["ns1_new_example"], new=live), **referring))
    assert line == "problem example.test. MX: Refers to the old name server ns1.old.example."


@pytest.mark.parametrize("stray", ["ns1_new_example", "ns2_new_example"])
def test_one_of_the_live_servers_may_be_the_one_that_refers_to_the_old_servers(stray: str) -> None:
    had, has = "www A 192.0.2.1\n@ MX 10 ns1.old.example.", "www A 192.0.2.1\n@ MX 10 mail.example.net."
    known = closing(had, new_side(None, extra_servers=tuple(map(server, NEW))))
    served = {"ns1_new_example": has, "ns2_new_example": has, stray: had}

    found = told(points(leftovers.refs, known, **served))

    assert "problem example.test. MX: Refers to the old name server ns1.old.example." in found


def test_what_a_live_server_does_not_answer_may_refer_to_the_old_servers() -> None:
    known = closing(f"{WWW}\n@ MX 10 mail.example.net.", new_side(None, extra_servers=tuple(map(server, NEW))))
    served = {name.rstrip(".").replace(".", "_"): f"{WWW}\n@ MX 10 mail.example.net." for name in NEW}
    quiet = silent(NEW[1], "@ MX")

    assert told(points(leftovers.refs, known, **served))[0].startswith("pass ")
    assert told(points(leftovers.refs, known, quiet, **served))[0] == (
        "unchecked example.test.: 1 RRset of the old zone could not be asked of every new name server"
    )


def test_a_key_of_the_old_provider_in_the_new_zone_fails() -> None:
    left = signed(WWW, by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)
    known = closing(signed(WWW, by="old"), left, delegation=delegation(listed=NEW, ds=[ds("new")]))

    assert all(
        "of the old provider; none was expected any more." in line for line in told(points(old_keys.dnssec, known))
    )


def test_idle_keys_are_nobody_s_while_the_old_servers_are_silent() -> None:
    left = signed(WWW, by="new", published=[key("old", ZSK), key("old")], side=Side.NEW)
    known = closing(signed(WWW, by="old"), left, delegation=delegation(listed=NEW, ds=[ds("new")]))
    quiet = [silent(name, what, dnssec_ok=True) for name in OLD for what in ("@ DNSKEY", "@ SOA")]

    assert told(points(old_keys.dnssec, known, *quiet)) == [
        (
            "unchecked example.test. DS: the new zone has keys that sign nothing, and the old servers do not say "
            "whether they are theirs"
        )
    ]


def test_a_ds_that_fits_only_the_old_keys_fails_and_one_beside_another_warns() -> None:
    clean = signed(WWW, by="new", side=Side.NEW)
    alone = closing(signed(WWW, by="old"), clean, delegation=delegation(listed=NEW, ds=[ds("old")]))
    both = closing(signed(WWW, by="old"), clean, delegation=delegation(listed=NEW, ds=[ds("old"), ds("new")]))
    weak = [ds("old"), ds("new", "SHA1")]
    passed_over = closing(signed(WWW, by="old"), clean, delegation=delegation(listed=NEW, ds=weak))
    right = closing(signed(WWW, by="old"), clean, delegation=delegation(listed=NEW, ds=[ds("new")]))

    assert {line.partition(" ")[0] for line in told(points(old_keys.dnssec, alone))} == {"problem"}
    assert {line.partition(" ")[0] for line in told(points(old_keys.dnssec, both))} == {"warning"}
    assert {line.partition(" ")[0] for line in told(points(old_keys.dnssec, passed_over))} == {"problem"}
    assert [type(point) for point in points(old_keys.dnssec, right)] == [Passed]


def test_old_servers_have_to_serve_until_the_last_stale_answer() -> None:
    waiting = facts(WWW, WWW, phase=Phase.SETTLE, judgement=judged(switched=-60))

    assert [type(point) for point in points(old_servers.old_serves, waiting)] == [Passed, Passed]
    assert told(
        points(old_servers.old_serves, waiting, gives(OLD[0], "@ SOA", Rcode.REFUSED), silent(OLD[1], "@ SOA"))
    ) == [
        (
            "problem ns1.old.example (198.51.100.1): The old server gave REFUSED; resolvers that still keep "
            "it need its answers."
        ),
        "unchecked ns2.old.example (198.51.100.2): no answer for the zone: timeout",
    ]
    cut_off = replace(gives(OLD[1], "@ SOA", Rcode.NOERROR), truncated=True)
    assert told(points(old_servers.old_serves, waiting, gives(OLD[0], "@ SOA", Rcode.NOTIMP), cut_off)) == [
        (
            "problem ns1.old.example (198.51.100.1): The old server gave NOTIMP; resolvers that still keep "
            "it need its answers."
        ),
        (
            "unchecked ns2.old.example (198.51.100.2): no answer for the zone: a truncated answer, and none over "
            "TCP"
        ),
    ]
    done = replace(waiting, judgement=LONG_AGO)
    assert told(points(old_servers.old_serves, done))[0].startswith("not-needed: the last stale answer was due ")
    assert told(points(old_servers.old_serves, facts(old_side(hosts=()), phase=Phase.SETTLE))) == [
        "unchecked example.test: no address of an old name server is known: --from names them"
    ]


@pytest.mark.parametrize(
    ("count", "kind"),
    [(None, "unchecked"), (3, "pass"), (50_000, "problem")],
)
def test_the_old_provider_s_count_is_what_the_person_states(count: int | None, kind: str) -> None:
    (line,) = told(points(old_servers.traffic, closing(settings=Settings(old_queries=count))))

    assert line.partition(" ")[0] == kind
    assert not old_servers.traffic.blocks
