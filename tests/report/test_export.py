"""The report of an export, as a person sees it in 80 columns."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from migrator.codec.export import Export
from migrator.model.extras import Weighted
from migrator.model.finding import Finding, Position, Severity
from migrator.model.zone import ZoneSnapshot
from migrator.plain import plain_zone
from migrator.report.export import markdown, text
from migrator.report.findings import findings_markdown
from migrator.report.layout import COLOUR, PLAIN
from tests.snapshots import alias, name, rrset, zone

SNAPSHOT = replace(
    zone(
        alias("@", "A", "lb-1234567890.eu-central-1.elb.amazonaws.example."),
        alias("app", "A", "lb.example.net."),
        rrset("@", "MX", "10 mx1", "20 mx2.example.net."),
        rrset("w", "A", "192.0.2.1", variant="1", extras=(Weighted(1),)),
        rrset("w", "A", "192.0.2.2", variant="2", extras=(Weighted(0),)),
        name_servers=(name("ns-1.awsdns.example."), name("ns-2.awsdns.example.")),
    ),
    source="route53:example.org",
    read_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
)
BROKEN = Finding(
    "zone-file.syntax", Severity.ERROR, "www.example.org. A", "'192.0.2.' is no address.", Position("x.zone", 12)
)
FOLDER = "backups/example.org/20261201T090000Z-route53"


def export(snapshot: ZoneSnapshot = SNAPSHOT, *found: Finding) -> Export:
    findings = (*found, *plain_zone(snapshot).findings)
    return Export(FOLDER, "example.org.zone", snapshot, 3, findings)


def test_a_clean_export_is_a_short_page() -> None:
    clean = replace(zone(rrset("www", "A", "192.0.2.1")), source="example.org.zone")

    assert (
        text(export(clean), PLAIN, verbose=False)
        == f"""\
Zone     example.org.
From     example.org.zone
Backup   {FOLDER}
Digest   {clean.digest()}

  type   sets  records
  SOA       1        1
  NS        1        2
  A         1        1
  total     3        4

Name servers of the apex NS records:
  ns1.example.net.
  ns2.example.net.

4 records in 3 sets written, read back and compared: equal.
Next: dns-migrator diff {FOLDER} NEW"""
    )


def test_what_a_zone_file_cannot_say_is_grouped_below_the_counts() -> None:
    shown = text(export(SNAPSHOT, BROKEN), PLAIN, verbose=False)

    assert (
        shown.partition("Name servers")[2]
        == f"""\
 that the provider assigned:
  ns-1.awsdns.example.
  ns-2.awsdns.example.

Found in reading (1 error):
  error    zone-file.syntax
    www.example.org. A (x.zone:12)
      '192.0.2.' is no address.

What example.org.zone cannot say, and zone.json does (2 warnings, 1 notice):
  warning  plain.alias
    example.org. A
      The alias to lb-1234567890.eu-central-1.elb.amazonaws.example. is a
      comment: no DNS record says it here, so the name does not answer.
    -> Export with --resolve-aliases to have the addresses that it answers now
       in the zone file.
  warning  plain.routing
    w.example.org. A
      Routed by weight: the sets whose weight is not 0; the zone file serves 1
      of 2.
  notice   plain.alias-as-cname
    app.example.org. A
  (--verbose has 1 notice in words)

9 records in 7 sets written, read back and compared; see the errors above.
Next: dns-migrator diff {FOLDER} NEW"""
    )
    assert all(len(line) <= 80 for line in shown.splitlines())


@pytest.mark.parametrize(
    ("severity", "more"),
    [
        (Severity.WARNING, "and 4 more of this kind (--verbose shows them)"),
        (
            Severity.NOTICE,
            "h0.example.org. A, h1.example.org. A, h2.example.org. A, h3.example.org. A,\n    h4.exam",
        ),
    ],
)
def test_many_findings_of_a_kind_are_cut_unless_one_asks_for_all(severity: Severity, more: str) -> None:
    notes = tuple(Finding("plain.words", severity, f"h{i}.example.org. A", "Notes.") for i in range(9))
    done = Export(FOLDER, "z", zone(), 0, notes)

    short, long = (text(done, PLAIN, verbose=verbose) for verbose in (False, True))
    assert [f"h{i}.example.org. A" in short for i in range(9)] == [True] * 5 + [False] * 4
    assert more in short
    assert all(f"h{i}.example.org. A" in long for i in range(9))
    assert "more" not in long


def test_a_finding_about_a_line_alone_is_named_by_its_place() -> None:
    shown = text(export(SNAPSHOT, replace(BROKEN, subject="")), PLAIN, verbose=False)

    assert "\n    x.zone:12\n      '192.0.2.' is no address.\n" in shown


def test_errors_are_never_cut() -> None:
    errors = tuple(replace(BROKEN, subject=f"h{i}.example.org. A") for i in range(99))
    shown = text(Export(FOLDER, "z", zone(), 0, errors), PLAIN, verbose=False)

    assert all(f"h{i}.example.org. A" in shown for i in range(99))


def test_what_a_zone_says_does_not_drive_the_terminal() -> None:
    evil = replace(SNAPSHOT, source="\x1b]0;title\x07")

    shown = text(export(evil, replace(BROKEN, message="\x1b[2J")), PLAIN, verbose=True)
    assert "\x1b" not in shown
    assert "\\x1b[2J" in shown


def test_colours_name_the_severity() -> None:
    assert "\x1b[1;31merror  \x1b[0m" in text(export(SNAPSHOT, BROKEN), COLOUR, verbose=False)


def test_what_has_no_owner_is_named_in_markdown_by_its_place() -> None:
    nameless = Finding("zonefile.unreadable-line", Severity.ERROR, "", "Not read.", Position("x.zone", 3))

    assert findings_markdown([nameless]) == "- **error**: Not read. (zonefile.unreadable-line, `x.zone:3`)"


def test_markdown_is_ready_for_a_ticket() -> None:
    shown = markdown(export(SNAPSHOT, BROKEN))

    assert (
        shown
        == f"""\
## Backup of example.org.

- from: `route53:example.org`
- folder: `{FOLDER}`
- digest: `{SNAPSHOT.digest()}`
- name servers: `ns-1.awsdns.example.`, `ns-2.awsdns.example.`

| type | sets | records |
|---|---:|---:|
| SOA |    1 |       1 |
| NS |    1 |       2 |
| A |    4 |       4 |
| MX |    1 |       2 |
| total |    7 |       9 |

### Found in reading

- **error** `www.example.org. A`: '192.0.2.' is no address. (zone-file.syntax, `x.zone:12`)

### What example.org.zone cannot say, and zone.json does

- **warning** `example.org. A`: The alias to lb-1234567890.eu-central-1.elb.amazonaws.example. is a comment: no \
DNS record says it here, so the name does not answer. (plain.alias)
- **warning** `w.example.org. A`: Routed by weight: the sets whose weight is not 0; the zone file serves 1 of 2. \
(plain.routing)
- **notice** `app.example.org. A`: The alias to lb.example.net. is a CNAME in the zone file. (plain.alias-as-cname)

9 records in 7 sets written, read back and compared; see the errors above."""
    )
