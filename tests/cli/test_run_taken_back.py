"""`rollback` beside `run`: the import of a zone that serves the domain is not taken back by mistake."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.internet import OLD_HOSTS, REGISTRY_ADDRESSES
from migrator.journey.stages import Stage
from migrator.model.names import absolute
from migrator.state.migrations import Migrations
from migrator.state.store import open_store
from tests.cli.journeying import CF, R53, Journey, journey

REFUSED = (
    "dns-migrator: example.org: the parent leads to this zone, and was not seen to do so before the import: "
    "whoever asks for what goes would get no answer. Nothing was written. Give the registrar the old name servers "
    "first; --live takes it back all the same."
)


@pytest.fixture
def there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Journey]:
    """The parent was looked at, and the zone imported."""
    with journey(tmp_path, capsys, monkeypatch) as found:
        found.run("confirm", "example.org", "--to", CF, code=1)
        found.run("import", R53, CF, "--yes", "--accept", "weights-merged", "--quiet", code=0)
        yield found


def test_an_import_is_not_taken_back_once_the_parent_leads_to_the_zone(there: Journey) -> None:
    full = there.export(CF)
    there.switch()

    refused = there.run("rollback", "example.org", "--yes", code=4)

    assert refused.err.splitlines()[-1] == REFUSED
    assert there.export(CF) == full
    there.run("rollback", "example.org", "--yes", "--live", code=0)
    assert ("mail.example.org.", "A") not in there.export(CF)


def test_where_the_parent_does_not_answer_what_was_seen_last_counts(there: Journey) -> None:
    there.switch()
    there.run("confirm", "example.org", "--to", CF, code=0)
    there.move.cut_off()

    assert there.run("rollback", "example.org", "--yes", code=4).err.splitlines()[-1] == REFUSED


def test_nor_while_resolvers_may_still_be_led_to_the_zone_that_the_parent_has_left(there: Journey) -> None:
    there.switch()
    there.run("confirm", "example.org", "--to", CF, code=0)
    full = there.export(CF)
    for address in REGISTRY_ADDRESSES:
        there.move.net.delegate(OLD_HOSTS, address)

    refused = there.run("rollback", "example.org", "--yes", code=4).err.splitlines()[-1]

    assert re.fullmatch(
        r"dns-migrator: example\.org: the parent led to this zone, and resolvers may ask it until \S+Z = all "
        r"parents switched \S+Z \+ parent NS TTL 5 \+ apex NS TTL of this zone \d+: whoever asks for what goes "
        r"would get no answer\. Nothing was written\. Try again then; --live takes it back all the same\.",
        refused,
    )
    assert there.export(CF) == full
    there.run("rollback", "example.org", "--yes", "--live", code=0)


def test_before_the_switch_an_import_is_taken_back(there: Journey) -> None:
    there.run("rollback", "example.org", "--yes", code=0)

    assert ("mail.example.org.", "A") not in there.export(CF)


def test_what_was_imported_into_a_zone_that_served_the_domain_already_is_taken_back(there: Journey) -> None:
    there.run("rollback", "example.org", "--yes", code=0)
    there.switch()
    there.run("confirm", "example.org", "--to", CF)
    there.run("import", R53, CF, "--yes", "--accept", "weights-merged", "--quiet", code=0)

    there.run("rollback", "example.org", "--yes", code=0)

    assert ("mail.example.org.", "A") not in there.export(CF)


def test_the_way_back_that_an_abort_names_leads_back_from_the_import(there: Journey) -> None:
    there.run("ttl", "lower", "example.org", "--from", R53, "--to", "1", "--yes", "--wait", "2", code=0)
    there.stands_at(Stage.SWITCH)

    said = there.run("abort", "example.org", "--yes", "--database", "dns-migrator.db", code=0).err
    there.run("rollback", "example.org", "--target", CF, "--yes", code=0)

    assert f"goes back with 'dns-migrator rollback example.org --target {CF}', lowered TTLs" in said
    assert ("mail.example.org.", "A") not in there.export(CF)


def test_a_migration_that_would_do_it_again_is_told(there: Journey) -> None:
    with open_store(str(there.folder / "dns-migrator.db")) as store:
        Migrations(store).begin(absolute("example.org"), there.options)
    told = (
        "dns-migrator: example.org: a migration is under way and may do again what is taken back; "
        "'dns-migrator abort example.org' ends it, 'dns-migrator pause example.org' holds it."
    )

    assert told in there.run("rollback", "example.org", code=0).err.splitlines()
    there.run("pause", "example.org", code=0)
    assert told not in there.run("rollback", "example.org", "--yes", code=0).err


def test_an_abort_after_the_switch_names_the_registrar_first(there: Journey) -> None:
    there.stands_at(Stage.RESOLVERS)

    said = there.run("abort", "example.org", "--yes", code=0).err

    assert "nothing was undone. Give the registrar the old name servers first; what was imported goes back" in said


def test_a_target_is_named_as_the_import_named_it(there: Journey) -> None:
    identifier = there.accounts.old_zone.identifier
    (there.folder / "more.zone").write_text(
        "$ORIGIN example.org.\n$TTL 300\n@ SOA a. b. 1 2 3 4 5\n@ NS ns.example.net.\nlate A 192.0.2.9\n"
    )
    where = f"{R53}?zone-id={identifier}"
    there.run("import", "more.zone", where, "--yes", "--quiet", code=0)

    unknown = there.run("rollback", "example.org", "--target", R53, "--yes", code=2)
    there.run("rollback", "example.org", "--target", where, "--yes", "--live", code=0)

    assert f"is remembered here (--target '{CF}', '{where}'); --database names" in unknown.err
    assert ("late.example.org.", "A") not in there.export(R53)


def test_lowered_ttls_that_a_rollback_put_back_are_no_longer_open(there: Journey) -> None:
    there.run("ttl", "lower", "example.org", "--from", R53, "--to", "1", "--yes", "--wait", "2", code=0)
    there.stands_at(Stage.SWITCH)
    there.run("abort", "example.org", "--yes", code=0)
    before = there.run("report", "example.org").out

    there.run("rollback", "example.org", "--yes", code=0)

    assert "still have their lowered TTLs" in before
    assert "still have their lowered TTLs" not in there.run("report", "example.org").out
