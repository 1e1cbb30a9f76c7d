"""Results on a terminal of 40 or 60 columns: they fit, but for words that stay whole, and say the same."""

from collections.abc import Iterator

import pytest

from migrator.checks.catalogue import catalogue
from migrator.demo.hierarchy import snapshot_of
from migrator.diff import compare
from migrator.report.diff import text
from migrator.report.explain import list_text
from migrator.report.layout import WIDTH, columns, fit, folded, table

OLD = """$ORIGIN example.org.
$TTL 300
@ SOA ns1.example.net. host 1 2 3 4 5
@ NS ns1.example.net.
@ MX 10 mail
@ TXT "v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.net include:_other.example.com ~all"
mail A 192.0.2.25
www A 192.0.2.80
"""


@pytest.fixture(autouse=True)
def screen() -> Iterator[None]:
    """Leave the usual screen to others."""
    yield
    fit(WIDTH)


@pytest.mark.parametrize(("wanted", "given"), [(20, 40), (40, 40), (79, 79), (80, 80), (200, 80)])
def test_a_screen_has_40_to_80_columns(wanted: int, given: int) -> None:
    fit(wanted)

    assert columns() == given


@pytest.mark.parametrize("width", [40, 60])
def test_a_comparison_fits(width: int) -> None:
    changed = OLD.replace("www A", "web A").replace(" mx ", " ")
    old, new = snapshot_of(OLD, "old.zone"), snapshot_of(changed, "new.zone")
    fit(WIDTH)
    usual = text(compare(old, new))
    fit(width)
    narrow = text(compare(old, new))

    assert max(map(len, narrow.splitlines())) <= width < max(map(len, usual.splitlines()))
    assert "www.example.org A" in narrow


@pytest.mark.parametrize("width", [40, 60])
def test_the_list_of_checks_fits(width: int) -> None:
    fit(width)
    shown = list_text(catalogue())

    assert max(map(len, shown.splitlines())) <= width
    assert all(f"  {check.id}\n" in shown for check in catalogue())


def test_tables_are_shortened_in_their_widest_columns() -> None:
    fit(40)

    assert table(("server", "state"), [("ns1.a-long-name-of-a-server.example.net", "old")]) == (
        "server                             state\nns1.a-long-name-…rver.example.net  old"
    )


def test_commands_are_cut_where_the_screen_ends() -> None:
    fit(40)
    shown = folded("dns-migrator check example.org --phase prepare --from old.zone", "$ ")

    assert shown == "$ dns-migrator check example.org \\\n    --phase prepare --from old.zone"
