"""What the rules of one zone share, and the zones that zone-file text cannot write."""

from migrator.checks.facts import ZoneSide
from migrator.checks.points import Noted, Passed, Problem
from migrator.checks.zone.clashes import apex, cname_clash, hidden
from migrator.checks.zone.forms import private_address
from migrator.checks.zone.targets import target_missing
from migrator.cutover.look import Side
from migrator.model.extras import Flattened, Weighted
from migrator.model.finding import Phase, Severity
from migrator.model.zone import assemble_rrsets
from tests.checks.build import DOMAIN, NOW, facts, new_side, points, server, told, zone
from tests.checks.zone.linting import linted
from tests.snapshots import alias, rrset
from tests.snapshots import zone as of_org

CLASH = "www CNAME a.example.net.\nwww A 192.0.2.1"
SECOND_SOA = "sub SOA ns1 host 1 2 3 4 5"


def test_a_pass_says_what_was_looked_at() -> None:
    (found,) = points(cname_clash, facts("", "www A 192.0.2.1"))

    assert found == Passed(
        "example.test.",
        "No CNAME or DNAME stands beside what it excludes. Looked at: 3 RRsets.",
        (Noted("new.zone", "3 RRsets, 4 records", NOW),),
    )


def test_the_old_zone_is_judged_before_the_import_and_the_new_one_after_it() -> None:
    known = {phase: facts(CLASH, "", phase=phase) for phase in (Phase.PREPARE, Phase.READY)}

    assert isinstance(points(cname_clash, known[Phase.PREPARE])[0], Problem)
    assert isinstance(points(cname_clash, known[Phase.READY])[0], Passed)


def test_a_new_side_of_live_servers_is_judged_by_the_zone_that_they_are_to_serve() -> None:
    live = new_side(None, unread="they do not list it", extra_servers=(server("ns1.new.example."),))

    (found,) = points(cname_clash, facts(CLASH, live))

    assert isinstance(found, Problem)


def test_what_cannot_be_read_is_unchecked() -> None:
    known = facts("", ZoneSide(Side.NEW, "route53:example.test", unread="no credentials"))

    assert told(points(cname_clash, known)) == ["unchecked example.test.: no credentials"]


def test_only_who_named_no_zone_is_told_to_name_one() -> None:
    unnamed = ZoneSide(Side.NEW, unread="nothing was named")
    failed = ZoneSide(Side.NEW, "route53:example.test", unread="an expired token", has_failed=True)

    found = [points(cname_clash, facts("", side))[0] for side in (unnamed, failed)]

    assert [getattr(each, "remedy", None) for each in found] == ["Name the zone with --to, such as --to FILE.", ""]


def test_without_any_zone_nothing_is_judged() -> None:
    known = facts(ZoneSide(Side.OLD), None)

    assert told(points(cname_clash, known)) == ["unchecked example.test.: the zone of the old side is not known"]


def test_a_fault_of_the_old_zone_is_a_warning_for_the_move() -> None:
    for phase in (Phase.PREPARE, Phase.READY):
        (found,) = points(apex, facts(SECOND_SOA, SECOND_SOA, phase=phase))
        assert isinstance(found, Problem)
        assert found.severity is Severity.WARNING
        assert found.message.endswith(" The old zone has the same fault.")
    (found,) = points(apex, facts("", SECOND_SOA))
    assert isinstance(found, Problem)
    assert found.severity is None


def test_a_clash_stays_an_error_whoever_has_it() -> None:
    (found,) = points(cname_clash, facts(CLASH, CLASH))

    assert isinstance(found, Problem)
    assert found.severity is None


def test_routed_sets_of_one_name_are_no_clash() -> None:
    routed = [
        rrset("www", "CNAME", f"{target}.example.net.", variant=target, extras=(Weighted(1),)) for target in "ab"
    ]

    assert [line.partition(":")[0] for line in linted(cname_clash, of_org(*routed))] == ["pass example.org."]


def test_a_zone_without_its_apex_is_a_warning() -> None:
    bare = assemble_rrsets(
        DOMAIN, [found for found in zone("www A 192.0.2.1").rrsets if found.rdtype == 1]
    ).snapshot

    lacks = "record; name servers do not load such a zone, unless they add their own."
    assert linted(apex, bare) == [
        f"warning example.test. SOA: The apex has no SOA {lacks}",
        f"warning example.test. NS: The apex has no NS {lacks}",
    ]


def test_a_dname_at_the_apex_hides_no_name_server_of_the_zone() -> None:
    outside = "@ NS ns1.old.example.\n@ NS ns2.old.example.\n@ DNAME example.net."
    within = "@ NS ns1\n@ NS ns2.old.example.\n@ DNAME example.net."

    assert [line.partition(":")[0] for line in linted(apex, zone(outside))] == ["pass example.test."]
    hides = "The DNAME at the apex hides ns1.example.test., which the zone is served by; BIND does not load it."
    assert linted(apex, zone(within)) == [f"problem example.test. DNAME: {hides}"]


def test_what_a_dname_hides_is_graver_than_what_a_delegation_does() -> None:
    hides = "It hides 1 RRset of this zone from everybody (w.sub.example.test. A)."

    assert linted(hidden, zone("sub NS ns1.example.net.\nw.sub A 192.0.2.1")) == [
        f"notice sub.example.test. NS: {hides}"
    ]
    assert linted(hidden, zone("sub DNAME example.net.\nw.sub A 192.0.2.1")) == [
        f"warning sub.example.test. DNAME: {hides} Knot and NSD refuse the whole zone."
    ]


def test_an_alias_leads_to_an_address() -> None:
    whole = of_org(alias("@", "A", "www"), alias("x", "A", "gone"), rrset("www", "A", "192.0.2.1"))

    assert linted(target_missing, whole) == [
        "warning x.example.org. A: It points at gone.example.org., which the zone does not have."
    ]


def test_special_addresses_are_a_laboratorys_own() -> None:
    assert told(private_address.judge(facts("www A 127.0.0.1", None))) == [
        "not-needed: the network profile allows special addresses"
    ]


def test_a_cname_that_its_provider_answers_as_addresses_excludes_nothing() -> None:
    flattened = rrset("@", "CNAME", "host.example.net.", extras=(Flattened(),))

    assert [line.partition(":")[0] for line in linted(cname_clash, of_org(flattened))] == ["pass example.org."]
