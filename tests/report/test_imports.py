"""What people are told of an import: complete texts, 80 columns, the gravest first."""

import json
from dataclasses import replace

import pytest

from migrator.codec.imports import Calls, Imported, RolledBack, Work, import_json
from migrator.diff import compare
from migrator.model.change import Create, Replace
from migrator.model.extras import Alias, HealthCheck, Proxied, Weighted
from migrator.model.finding import Finding, Severity
from migrator.model.names import absolute
from migrator.plan import Choices, Sides, propose
from migrator.plan.steps import State, Step
from migrator.plan.undo import undo
from migrator.report import imports, rollback
from migrator.report.imports_markdown import changes_markdown, markdown, rollback_markdown
from migrator.report.layout import COLOUR, WIDTH
from tests.snapshots import name, rrset, zone
from tests.translate.targets import TARGETS

A, A2 = rrset("www", "A", "192.0.2.1"), rrset("www", "A", "192.0.2.2")
SOURCE = replace(
    zone(
        replace(rrset("shop", "A", "198.51.100.1", variant="one"), extras=(Weighted(70), HealthCheck("hc-1"))),
        replace(rrset("shop", "A", "198.51.100.2", variant="two"), extras=(Weighted(30),)),
        rrset("cdn", "A", ttl=None, extras=(Alias(name("d1.example.com."), "Z1"),)),
        rrset("key", "TXT", f'"{"k" * 200}"', ttl=20),
        rrset("x", "SSHFP", "1 1 dd465c09cfa51fb45020cc83316fff21b9ec74ac"),
        A2,
    ),
    source="route53:example.org",
)
STEPS_LEFT = Calls(4, 0, 3)


def imported(*accepts: str, existing: bool = True) -> Imported:
    there = replace(zone(A, rrset("own", "TXT", '"kept"')), source="azure:example.org") if existing else None
    proposal = propose(Sides(SOURCE, there, TARGETS["azure"]), Choices(frozenset(accepts)))
    steps = tuple(Step(change, State.PLANNED) for change in proposal.plan.changes)
    return Imported(proposal, Work("azure:example.org", steps, STEPS_LEFT))


ZONE_OFF = Finding(
    "cloudflare.zone-deactivated",
    Severity.WARNING,
    "example.org.",
    "The zone is switched off; nobody answers for it.",
)


def test_what_is_grave_of_the_zone_at_the_target_is_told_before_anything_is_written() -> None:
    quiet = (replace(ZONE_OFF, severity=Severity.NOTICE), replace(ZONE_OFF, subject="www.example.org. A"))
    sides = Sides(zone(A), zone(), TARGETS["cloudflare"], existing_findings=(ZONE_OFF, *quiet))
    proposal = propose(sides, Choices())
    found = Imported(proposal, Work("cloudflare:example.org", (), STEPS_LEFT))

    assert proposal.target_findings == (ZONE_OFF,)
    assert imports.plan_text(found).split("\n\n")[1] == (
        "The zone at the target (1 warning)\n"
        "  warning  cloudflare.zone-deactivated\n"
        "    example.org.\n"
        "      The zone is switched off; nobody answers for it."
    )
    assert "### The zone at the target\n\n" in markdown(found)
    assert "The zone is switched off; nobody answers for it. (cloudflare.zone-deactivated)\n" in markdown(found)
    assert [each["check"] for each in json.loads(import_json(found))["target_findings"]] == [ZONE_OFF.check]


UNDECIDED = """\
example.org: import
  from route53:example.org: 8 RRsets, 9 records
  to   azure:example.org: 4 RRsets, 5 records

To be decided before anything is written (3)
  error    health-check-lost  (1 set)
    shop.example.org A
      Azure DNS does not have the health check hc-1: always answered.
    -> Use the target provider's load balancer or traffic manager, or watch the
       servers with a service of your own.
  error    type-unsupported  (1 set)
    x.example.org SSHFP
      Azure DNS has no type SSHFP: 1 record left out.
    -> Choose another target for the zone, or delegate the name elsewhere, if
       something relies on the records.
  error    weights-merged  (1 set)
    shop.example.org A
      The weights (one 70, two 30) are lost: all their records are answered
      alike.
    -> Use the target provider's traffic manager or load balancer to keep the
       shares, or --accept routing-only=ID to keep the one set with that
       identifier.
  To accept: --accept weights-merged --accept health-check-lost --accept
    type-unsupported

What changes on the way (1 loss)
  notice   alias-as-cname  (1 set)
    cdn.example.org A

Plan: 3 to create, 1 to replace
  create   shop.example.org A  300 s
      + 198.51.100.1
      + 198.51.100.2
  create   cdn.example.org CNAME  300 s
      + d1.example.com.
  create   key.example.org TXT  20 s
      + "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
  replace  www.example.org A  300 s
      - 192.0.2.1
      + 192.0.2.2

Kept at the target, which the source does not have (1)
  own.example.org TXT

Ledger  8 sets read = 4 copied + 3 translated + 1 dropped; 0 unaccounted for; 2
        sets at the target already.
Calls   4 reads so far, 3 more to write.
"""


def test_the_whole_text_of_a_plan() -> None:
    assert imports.plan_text(imported()) == UNDECIDED


def test_what_is_accepted_is_told_and_no_longer_asked() -> None:
    text = imports.plan_text(imported("weights-merged", "health-check-lost", "type-unsupported"))

    assert "To be decided" not in text
    assert "What changes on the way (4 losses)\n  error    health-check-lost  (1 set)" in text


def test_a_new_zone_is_the_first_line_of_the_plan() -> None:
    lines = imports.plan_text(imported(existing=False)).splitlines()

    assert lines[lines.index("Plan: 4 to create") + 1] == "  create   the zone example.org"
    assert "  to   azure:example.org: not there yet" in lines


def test_many_creations_are_counted_and_every_replacement_is_shown() -> None:
    hosts = [rrset(f"h{n:02}", "A", "192.0.2.1") for n in range(40)]
    there = [replace(found, ttl=60) for found in hosts[:20]]
    proposal = propose(Sides(zone(*hosts), zone(*there), TARGETS["azure"]), Choices())
    work = Work("azure:example.org", tuple(Step(c, State.PLANNED) for c in proposal.plan.changes), Calls(1, 0))
    found = Imported(proposal, work)
    text, verbose = imports.plan_text(found), imports.plan_text(found, verbose=True)

    assert (text.count("  create  "), text.count("  replace "), "and 8 more to create" in text) == (12, 20, True)
    assert (verbose.count("  create  "), verbose.count("  replace ")) == (20, 20)
    assert "1 read so far, about one more for each of the 40 changes." in text
    assert "  replace  h00.example.org A  60 s, then 300 s" in text


def done(states: dict[str, State], **work: object) -> Imported:
    found = imported("weights-merged", "health-check-lost", "type-unsupported")
    steps = tuple(
        Step(step.change, states.get(step_owner(step), State.DONE), "why" if step_owner(step) in states else "")
        for step in found.work.steps
    )
    return replace(found, work=replace(found.work, steps=steps, calls=Calls(6, 4), **work))  # type: ignore[arg-type]


def step_owner(step: Step) -> str:
    change = step.change
    return (change.desired if isinstance(change, Create | Replace) else change.existing).owner.labels[0].decode()


def test_an_import_that_is_proved() -> None:
    found = done({}, applied=True, verified=True, backup="backups/example.org/x-azure")

    assert imports.outcome_text(found) == (
        "The target as it was: backups/example.org/x-azure\n"
        "4 changes written, read again and compared: as planned (6 reads, 4 writes).\n"
        "Next: dns-migrator diff route53:example.org azure:example.org\n"
    )


def test_the_next_command_names_each_new_server_and_fits_the_screen() -> None:
    found = done({}, applied=True, verified=True)
    names = tuple(absolute(f"ns-{number}.awsdns-01.example") for number in (7, 519, 1031, 1543))
    assert found.proposal.plan.existing is not None
    existing = replace(found.proposal.plan.existing, name_servers=names)
    plan = replace(found.proposal.plan, existing=existing)

    text = imports.outcome_text(replace(found, proposal=replace(found.proposal, plan=plan)))

    assert text.endswith(
        "Next: dns-migrator diff route53:example.org \\\n"
        "        dns:example.org@ns-7.awsdns-01.example \\\n"
        "        --server ns-519.awsdns-01.example --server ns-1031.awsdns-01.example \\\n"
        "        --server ns-1543.awsdns-01.example\n"
    )


def test_an_import_that_is_not_whole_names_every_change_that_is_not_done() -> None:
    states = {"shop": State.FAILED, "key": State.OVERTAKEN, "www": State.UNKNOWN, "cdn": State.PLANNED}
    found = done(states, error="1 of 4 changes is done.", exit_code=3)

    assert imports.outcome_text(found) == (
        "  FAILED     create shop.example.org A\n"
        "    why\n"
        "  not done   create cdn.example.org CNAME\n"
        "  left alone create key.example.org TXT\n"
        "  not known  replace www.example.org A\n"
        "1 of 4 changes is done.\n"
        "To take it back: dns-migrator rollback example.org\n"
    )


def test_a_target_that_differs_after_all_is_shown() -> None:
    differences = compare(zone(A), zone(A2)).differences
    found = done({}, applied=True, differences=differences, appeared=(rrset("new", "TXT", '"x"'),))
    text = imports.outcome_text(found)

    assert text.startswith("Read again, the target differs\n  changed  www.example.org A\n")
    assert "Not planned, and there now: new.example.org TXT\n" in text
    assert "The target was read again and is not as planned; see above.\n" in text


def rolled_back(**work: object) -> RolledBack:
    undoing = undo([(Create(A), Replace(A, A2))], zone(replace(A2, ttl=77), rrset("b", "A", "192.0.2.3")))
    steps = tuple(Step(change, State.PLANNED) for change in undoing.changes)
    base = Work("azure:example.org", steps, Calls(1, 0, 0))
    return RolledBack(undoing, replace(base, **work), "2026-11-20 09:00:00 UTC", "a.zone", zone_was_made=True)  # type: ignore[arg-type]


def test_a_rollback_lists_what_somebody_changed_since() -> None:
    assert (
        rollback.plan_text(rolled_back())
        == """\
example.org: rollback
  at     azure:example.org
  undoes the import of 2026-11-20 09:00:00 UTC from a.zone

Changed since by somebody else, and left alone (1)
  www.example.org A

Plan: nothing to change

The import made the zone itself. A rollback empties it and leaves it there:
delete it with the provider's own tools, once no delegation leads to it.
"""
    )
    assert rollback.outcome_text(rolled_back(applied=True, verified=True)) == (
        "Nothing was taken back (1 read, 0 writes). 1 set changed since by somebody else\nstayed.\n"
    )
    assert "### Changed since by somebody else" in rollback_markdown(rolled_back(), "done")


LONG = " ".join(f"include:_spf{number:02}.example.net" for number in range(4))


def test_markdown_shows_where_long_values_part_and_counts_what_stays() -> None:
    old = rrset("@", "TXT", f'"v=spf1 {LONG} ip4:192.0.2.1 {LONG} -all"', '"proof=1"', ttl=300)
    new = rrset("@", "TXT", f'"v=spf1 {LONG} ip4:192.0.2.7 {LONG} -all"', '"proof=1"', ttl=300)

    row = "\n".join(changes_markdown([Step(Replace(old, new), State.DONE)])).splitlines()[-1]
    before, after = row.split(" | ")[2:4]

    assert "ip4:192.0.2.1 " in before
    assert "ip4:192.0.2.7 " in after
    assert before.endswith("<br>and 1 that stays")
    assert after.endswith("<br>and 1 that stays")


def test_markdown_has_the_decisions_the_changes_and_the_losses() -> None:
    text = markdown(imported())

    assert text.startswith(
        "## Import of example.org\n\n- from: `route53:example.org`\n- to: `azure:example.org`\n"
    )
    assert "- `--accept weights-merged`" in text
    assert "| create | `cdn.example.org CNAME` |  | 300 s<br>`d1.example.com.` |  |" in text
    assert "- **notice** `alias-as-cname`: `cdn.example.org A`." in text


NASTY = "\\x1b[2J"


@pytest.mark.parametrize("verbose", [True, False])
def test_nothing_in_a_zone_drives_the_terminal_or_breaks_the_table(*, verbose: bool) -> None:
    nasty = replace(rrset("a", "A", "198.51.100.1"), extras=(Proxied(),))
    source = replace(zone(nasty, rrset("p", "TXT", r'"a|b`c\027[2J"')), source="cloudflare:x\x1b[2J")
    note = Finding("zonefile.x", Severity.WARNING, "a\x1b[2J", "bad\x1b[2J")
    proposal = propose(Sides(source, None, TARGETS["azure"], source_findings=(note,)), Choices())
    work = Work("azure:x\x1b[2J", tuple(Step(c, State.PLANNED) for c in proposal.plan.changes), Calls(0, 0, 1))
    found = Imported(proposal, replace(work, error="no\x1b[2J"))
    everything = imports.plan_text(found, verbose=verbose) + imports.outcome_text(found) + markdown(found)

    assert "\x1b" not in everything
    assert max(map(len, imports.plan_text(found).splitlines())) <= WIDTH
    assert imports.plan_text(found, COLOUR).count("\x1b[0m") > 3
    assert NASTY.encode() in everything.encode()
