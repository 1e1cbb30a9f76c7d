"""The export of a whole account for people: 80 columns, what is missing first, a line for each backup."""

from collections import Counter
from dataclasses import replace

from migrator.codec.export_batch import ExportBatch, Outcome, ZoneExport
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.report.export_batch import markdown, one_reason, text
from migrator.report.layout import COLOUR

WHOLE = ZoneExport(
    absolute("example.com."),
    "Z1",
    "public",
    Outcome.WRITTEN,
    0,
    "all/example.com",
    1234,
    500,
    Counter({Severity.WARNING: 2, Severity.NOTICE: 1}),
    ((Severity.WARNING, "plain.alias"), (Severity.NOTICE, "route53.alias")),
    report="Zone     example.com.\n",
)
INSIDE = ZoneExport(absolute("example.com."), "Z2", "private", Outcome.WRITTEN, 0, "all/example.com@Z2", 3, 2)
DENIED = [
    ZoneExport(absolute(f"{n}.example.org."), f"Z{n}", "public", Outcome.FAILED, 3, message=f"No call for Z{n}.")
    for n in range(10, 17)
]
ALONE = ZoneExport(absolute("example.net."), "Z3", "public", Outcome.FAILED, 4, message="example.net: a defect.")


def batch(*zones: ZoneExport) -> ExportBatch:
    return ExportBatch("route53:", "all", zones, 21)


def test_what_is_whole_is_a_line_each() -> None:
    assert (
        text(batch(WHOLE, replace(WHOLE, zone=absolute("bücher.example."), rules=(), found=Counter(), report="")))
        == """\
route53: 2 zones
  into  all

zone            records  worst       folder
example.com       1,234  2 warnings  example.com
bücher.example    1,234  -           example.com

Findings (--verbose has them in words)
  warning  plain.alias: example.com
  notice   route53.alias: example.com

Zone     example.com.

2 zones with 2,468 records written, read back and compared (21 requests).
Next: dns-migrator diff --batch all NEW
"""
    )


def test_what_is_missing_comes_first_and_is_named_once_for_each_reason() -> None:
    assert (
        text(batch(WHOLE, INSIDE, *DENIED, ALONE, replace(DENIED[0], outcome=Outcome.NOT_TRIED)))
        == """\
route53: 11 zones
  into  all

Not exported (9)
  10.example.org, 11.example.org, 12.example.org, 13.example.org, 14.example.org
      and 3 more: No call for ….
  example.net: example.net: a defect.
  Not tried, since the same is in the way of every zone: 1 of them.

zone                   records  worst       folder
example.com              1,234  2 warnings  example.com
example.com (private)        3  -           example.com@Z2

Findings (--verbose has them in words)
  warning  plain.alias: example.com
  notice   route53.alias: example.com

Zone     example.com.

2 zones with 1,237 records written, read back and compared; 9 zones not exported
(21 requests).
"""
    )


def test_verbose_names_every_zone() -> None:
    assert "and 2 more: No call" in text(batch(WHOLE, *DENIED))
    assert "16.example.org: No call" in " ".join(text(batch(WHOLE, *DENIED), verbose=True).split())


def test_no_line_is_longer_than_80_columns() -> None:
    long = absolute(f"{'a' * 60}.{'b' * 60}.example.")
    zones = (replace(WHOLE, zone=long, folder=f"all/{'a' * 60}.{'b' * 60}.example"), replace(ALONE, zone=long))

    found = text(batch(*zones)).splitlines()
    assert [line for line in found if len(line) > 80 and "a" * 60 not in line] == []


def test_colour_is_of_the_gravest() -> None:
    assert f"{COLOUR.good}1 zone with" in text(batch(INSIDE), COLOUR)
    assert f"{COLOUR.error}1 zone with" in text(batch(INSIDE, ALONE), COLOUR)


def test_markdown_has_all_of_it() -> None:
    assert (
        markdown(batch(WHOLE, ALONE))
        == """\
## Backup of 2 zones of `route53:`

- **not exported**: example.net: example.net: a defect.

| zone | records | worst | folder |
|---|---:|---|---|
| example.com | 1,234 | 2 warnings | `all/example.com` |

- **warning** plain.alias: example.com
- **notice** route53.alias: example.com

1 zone with 1,234 records written, read back and compared; 1 zone not exported (21 requests)."""
    )


def test_where_nothing_was_written_for_one_reason_one_line_says_it() -> None:
    assert one_reason(batch(*DENIED)) == "None of the 7 zones of route53: could be exported: No call for …."
    assert one_reason(batch(ALONE)) == "The one zone of route53: could not be exported: example.net: a defect."
    assert [one_reason(each) for each in (batch(*DENIED, ALONE), batch(WHOLE, *DENIED))] == ["", ""]
