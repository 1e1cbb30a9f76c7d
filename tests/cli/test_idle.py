"""A migration in which nobody does anything says so, and what to type."""

from pathlib import Path

import pytest

from migrator.journey.options import Options
from migrator.model.names import absolute
from migrator.state.migrations import Migrations
from migrator.state.store import open_store
from tests.installed import run


@pytest.fixture
def begun(own_folder: Path) -> Path:
    with open_store("state.db") as store:
        Migrations(store).begin(absolute("example.org"), Options("route53:example.org", "cloudflare:example.org"))
    return own_folder


def status() -> str:
    """Return the last sentence of the status of the domain."""
    said = run("status", "example.org", "--database", "state.db").out
    return " ".join(said.rpartition("\n\n")[2].split())


@pytest.mark.usefixtures("begun")
def test_status_and_report_do_not_say_that_anybody_works_on_it() -> None:
    assert status() == (
        "example.org is at stage 1 of 13, backup: nobody works on it now; "
        "'dns-migrator run example.org --database state.db' goes on."
    )
    assert "to do, or being done, since" in run("report", "example.org", "--database", "state.db").out


@pytest.mark.usefixtures("begun")
def test_an_earlier_stage_of_what_is_paused_begins_when_it_is_resumed() -> None:
    assert run("pause", "example.org", "--database", "state.db").code == 0

    again = run("again", "example.org", "backup", "--database", "state.db")

    resume = "dns-migrator resume example.org --database state.db"
    assert (again.code, again.err) == (
        0,
        f"dns-migrator: example.org is to go on from backup; it is paused until: {resume}\n",
    )
    assert status() == f"example.org is at stage 1 of 13, backup: it is paused; '{resume}' goes on."
