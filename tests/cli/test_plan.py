"""`dns-migrator plan`, run as a user runs it, on the small internet of the demo."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from migrator.clock import instant
from migrator.demo.authority import Authority
from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, Internet
from migrator.model.names import absolute, for_people
from migrator.state.documents import Documents
from migrator.state.store import open_store
from tests.cli.moving import Move, Run, begun, small_internet


@pytest.fixture(scope="module")
def internet() -> Iterator[tuple[Internet, Authority, Authority]]:
    with small_internet() as found:
        yield found


@pytest.fixture
def move(
    internet: tuple[Internet, Authority, Authority], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Move:
    return begun(internet, tmp_path, capsys)


def plan(move: Move, *more: str, code: int | None = None) -> Run:
    sides = ("--from", "old.zone", "--to", "new.zone", "--network", "network.toml")
    return move.run("plan", "example.org", *sides, *more, code=code)


def steps(found: Run) -> dict[str, dict[str, object]]:
    return {step["id"]: step for step in found.json["steps"]}


def seconds(found: Run, id_: str) -> int:
    """From the measurement to the step."""
    at = steps(found)[id_]["at"]
    assert isinstance(at, str)
    return int((datetime.fromisoformat(at) - datetime.fromisoformat(found.json["at"])).total_seconds())


def test_high_ttls_are_lowered_first_and_waited_for(move: Move) -> None:
    move.write("old", ttl=86_400)
    move.serve_old(ttl=86_400)

    found = plan(move, "--format", "json", code=0)
    document = found.json

    with open_store(str(move.folder / "dns-migrator.db")) as store:
        kept = Documents(store).of(absolute("example.org"), document["schema"])
        assert [json.loads(each.text) for each in kept] == [document]
    assert (document["schema"], document["domain"], document["verdict"], document["strategy"]) == (
        "dns-migrator/timeline/1",
        "example.org.",
        "safe",
        "unsigned",
    )
    assert {measure["name"]: measure["seconds"] for measure in document["measures"]} == {
        "parent NS TTL": 5,
        "parent DS TTL": None,
        "old apex NS TTL": 86_400,
        "new apex NS TTL": 300,
        "old negative TTL": 300,
        "new negative TTL": 300,
        "old DNSKEY TTL": None,
        "new DNSKEY TTL": None,
        "longest TTL that changes": 0,
    }
    assert [each["subject"] for each in document["above"]] == ["example.org. NS", "example.org. SOA"]
    assert steps(found)["lower-ttls"]["state"] == "ahead"
    assert seconds(found, "earliest-cutover") == 86_400
    assert seconds(found, "switch") == 86_400
    assert seconds(found, "delegation-settled") == 86_400 + 5 + 300
    assert steps(found)["remove-ds"]["state"] == "not-needed"
    assert document["earliest_switch"] == steps(found)["switch"]["at"]


def test_the_memory_shows_since_when_lower_ttls_are_served(move: Move) -> None:
    move.serve_old(ttl=86_400)
    plan(move)
    move.serve_old()

    found = plan(move, "--format", "json", code=0)

    lowered = steps(found)["lower-ttls"]
    assert lowered["state"] == "done"
    assert seconds(found, "earliest-cutover") in range(86_395, 86_401)
    assert "lower TTL first seen" in str(steps(found)["earliest-cutover"]["rests_on"])


def test_sets_that_differ_are_measured_too(move: Move) -> None:
    move.serve_old("@ A 192.0.2.1\nwww 7200 A 192.0.2.9\n")
    move.write("old", "@ A 192.0.2.1\nwww 7200 A 192.0.2.9\n")

    document = plan(move, "--format", "json", code=0).json

    assert document["above"] == [{"subject": "www.example.org. A", "ttl": 7200}]
    assert document["measures"][-1]["seconds"] == 7200


@pytest.mark.parametrize(("hours", "code", "verdict"), [(1, 1, "too-early"), (25, 0, "safe")])
def test_a_wished_switch_is_held_against_the_earliest_safe_one(
    move: Move, hours: int, code: int, verdict: str
) -> None:
    move.write("old", ttl=86_400)
    move.serve_old(ttl=86_400)
    wish = instant(datetime.now(UTC) + timedelta(hours=hours))

    document = plan(move, "--switch-at", wish, "--format", "json", code=code).json
    text = plan(move, "--switch-at", wish, code=code).out

    assert (document["verdict"], document["switch_at"]) == (verdict, wish)
    assert ("is too early: safe from" in " ".join(text.split())) == (code == 1)
    assert (document["too_early"] is None) == (code == 0)


def test_a_time_in_the_past_is_refused(move: Move) -> None:
    found = plan(move, "--switch-at", "2020-01-01T00:00:00Z", code=2)

    assert (found.out, found.err) == (
        "",
        "dns-migrator: --switch-at 2020-01-01T00:00:00Z is past: name an instant to come.\n",
    )


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        ("--switch-at", "9999-12-31T23:59:59Z", "--switch-at 9999-12-31T23:59:59Z is more than a century ahead"),
        ("--ttl-lowered-at", "2099-01-01T00:00:00Z", "--ttl-lowered-at: 2099-01-01T00:00:00Z is yet to come"),
        ("--switch-at", "tomorrow", "--switch-at: 'tomorrow' is no time such as 2026-12-01T09:00:00Z."),
        ("--switch-at", "2099-01-01T00:00:00", "--switch-at: '2099-01-01T00:00:00' is a time without its zone"),
        ("--ttl-lowered-at", "once", "--ttl-lowered-at: 'once' is no time such as"),
        ("--strategy", "hope", "--strategy hope: one of unsigned, go-insecure"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(move: Move, option: str, text: str, says: str) -> None:
    found = plan(move, option, text, code=2)

    assert found.err.startswith(f"dns-migrator: {says}")
    assert found.err.count("\n") == 1


def test_a_ttl_that_there_cannot_be_is_refused(move: Move) -> None:
    assert "2147483647" in plan(move, "--lowered-ttl", "2147483648", code=2).err


def test_what_nobody_answers_is_not_guessed(move: Move) -> None:
    (move.folder / "old.zone").write_text(
        "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1.silent host 1 7200 900 1209600 300\n"
        "@ NS ns1.silent\nns1.silent A 127.53.99.1\n"
    )
    profile = move.folder / "network.toml"
    profile.write_text(profile.read_text().replace("timeout = 1.0", "timeout = 0.1"))

    found = plan(move, "--format", "json", code=3)

    assert found.json["verdict"] == "incomplete"
    assert found.json["earliest_switch"] is None
    switch = steps(found)["switch"]
    assert (switch["state"], switch["at"], switch["rests_on"]) == ("unknown", None, None)
    assert re.sub(r":\d+\)", ")", found.json["unmeasured"][0]) == (
        "ns1.silent.example.org (127.53.99.1) does not show the TTL of example.org. NS: connection refused "
        "(nothing listens on the UDP port)"
    )


def test_names_that_could_not_be_looked_up_are_not_said_to_be_missing(move: Move) -> None:
    move.cut_off()

    found = plan(move, "--format", "json", code=3)

    listed = ", ".join(map(for_people, OLD_HOSTS))
    assert found.json["unmeasured"][0] == (
        f"no address of an old name server could be looked up ({listed}: no server of . gave an answer of use): "
        "try again, or name one by its address, as in --from dns:example.org@ADDRESS"
    )


def test_addresses_that_only_the_parent_could_give_are_unknown_where_it_is_silent(move: Move) -> None:
    move.cut_off()
    (move.folder / "old.zone").write_text(
        "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 7200 900 1209600 300\n@ NS ns1\n"
    )

    assert "(ns1.example.org: inside the domain, and the parent could not be asked)" in str(
        plan(move, "--format", "json", code=3).json["unmeasured"][0]
    )


def test_a_new_zone_that_is_still_to_be_made_is_planned_with(move: Move) -> None:
    move.write("old", ttl=86_400)
    move.serve_old(ttl=86_400)
    (move.folder / "new.zone").unlink()

    document = plan(move, "--format", "json", code=0).json

    assert "the new zone: it is not there yet: the import makes it" in document["remarks"]
    assert document["to"] == {"locator": "new.zone", "scheme": "file", "name_servers": []}
    assert document["earliest_switch"] is not None


@pytest.mark.parametrize("name", ["route53", "Example.ORG", "ns1.example.net", "192.0.2.53"])
def test_a_provider_a_domain_or_a_server_is_no_zone_that_is_still_to_be_made(move: Move, name: str) -> None:
    scheme = "route53" if name == "route53" else "cloudflare"

    found = plan(move, "--to", name, code=2)

    meant = f"as in {scheme}:example.org; a new file of that name is file:{name}"
    assert found.out == ""
    assert found.err == f"dns-migrator: {name}: there is no such file. Say where the zone is to go, {meant}.\n"


@pytest.mark.parametrize("side", ["from", "to"])
def test_a_side_that_could_not_be_read_leaves_the_switch_open(move: Move, side: str) -> None:
    refused = f"axfr:example.org@{next(iter(OLD_HOSTS.values()))}"

    found = plan(move, f"--{side}", refused, "--format", "json", code=3)

    named = "old" if side == "from" else "new"
    (said,) = found.json["unmeasured"]
    assert found.json["verdict"] == "incomplete"
    assert said.startswith(f"the {named} zone: the {named} side cannot be read: The transfer of example.org from ")
    assert said not in found.json["remarks"]
    assert steps(found)["switch"]["unknown"] == [said]


def test_a_parent_that_lists_neither_side_leaves_the_switch_open(move: Move) -> None:
    move.delegate({absolute("ns1.parking.test."): "192.0.2.9"})

    found = plan(move, "--format", "json", code=3)

    (said,) = found.json["unmeasured"]
    assert said == (
        "the parent lists ns1.parking.test, which belongs to neither side: --from names the side that serves the "
        "domain now"
    )


def test_a_parent_that_lists_a_part_of_both_sides_is_a_switch_under_way(move: Move) -> None:
    move.delegate({next(iter(OLD_HOSTS)): "", next(iter(NEW_HOSTS)): ""})

    assert plan(move, "--format", "json", code=0).json["unmeasured"] == []


def test_what_nobody_saw_before_the_first_look_is_said(move: Move) -> None:
    first = plan(move, "--format", "json", code=0)
    stated = plan(move, "--format", "json", "--ttl-lowered-at", "2026-01-01T00:00:00Z", code=0)

    assert "is not known: if TTLs were lowered shortly before" in str(steps(first)["earliest-cutover"]["advice"])
    assert steps(stated)["earliest-cutover"]["state"] == "done"


def test_what_became_of_a_stated_instant_is_said(move: Move) -> None:
    long_ago = ("--ttl-lowered-at", "0001-01-01T00:00:00Z", "--format", "json")

    used = plan(move, *long_ago, code=0).json["remarks"]
    move.write("old", ttl=86_400)
    move.serve_old(ttl=86_400)
    still_high = plan(move, *long_ago, code=0).json["remarks"]
    move.serve_old()
    seen_later = plan(move, *long_ago, code=0)
    move.delegate(NEW_HOSTS)
    switched = plan(move, *long_ago, code=0).json["remarks"]
    move.cut_off()
    nothing_seen = plan(move, *long_ago, code=3).json["remarks"]

    assert used == ["--ttl-lowered-at 0001-01-01T00:00:00Z is stated, and was not seen"]
    assert still_high == [
        "--ttl-lowered-at 0001-01-01T00:00:00Z is not used: example.org. NS still has 86400 s at an old server"
    ]
    lowered = steps(seen_later)["lower-ttls"]["at"]
    assert seen_later.json["remarks"] == [
        f"--ttl-lowered-at 0001-01-01T00:00:00Z is not used: looks saw longer TTLs until {lowered}"
    ]
    assert switched == ["--ttl-lowered-at 0001-01-01T00:00:00Z is not used: the switch is made"]
    assert nothing_seen[-1] == ("--ttl-lowered-at 0001-01-01T00:00:00Z is not used: no old server showed its TTLs")


def test_after_the_switch_the_plan_goes_on_from_when_it_was_seen(move: Move) -> None:
    move.delegate(NEW_HOSTS)

    found = plan(move, "--format", "json", code=0)

    assert (found.json["switched"], steps(found)["switch"]["state"]) == (True, "done")
    assert steps(found)["lower-ttls"]["rests_on"] == "the parent lists the new set already"
    assert plan(move, "--switch-at", "2099-01-01T00:00:00Z", code=2).err.startswith(
        "dns-migrator: --switch-at: the parent lists the new name servers since 2"
    )


def test_the_text_fits_a_terminal_and_the_runbook_can_be_typed(move: Move) -> None:
    move.write("old", ttl=86_400)
    move.serve_old(ttl=86_400)

    out = plan(move, "--database", "my state.db", code=0).out

    options = "--network network.toml --database 'my state.db'"
    whole = re.sub(r" \\\n +", " ", out)
    commands = [line.strip() for line in whole.splitlines() if line.startswith("     $ ")]
    assert max(map(len, out.splitlines())) <= 80
    assert commands == [
        f"$ dns-migrator check example.org --phase prepare --from old.zone --to new.zone {options}",
        "$ dns-migrator export old.zone --network network.toml",
        f"$ dns-migrator import old.zone new.zone {options}",
        "$ dns-migrator diff old.zone new.zone --network network.toml",
        f"$ dns-migrator ttl lower example.org --from old.zone --to 300 {options}",
        f"$ dns-migrator check example.org --phase ready --from old.zone --to new.zone {options}",
        f"$ dns-migrator confirm example.org --from old.zone --to new.zone --watch {options}",
        f"$ dns-migrator check example.org --phase switch --from old.zone --to new.zone {options}",
        f"$ dns-migrator check example.org --phase settle --from old.zone --to new.zone {options}",
        f"$ dns-migrator ttl restore example.org --to new.zone {options}",
        f"$ dns-migrator check example.org --phase close --from old.zone --to new.zone {options}",
    ]
    assert "replace all name servers by exactly: ada.ns.cloudflare.com" in " ".join(out.split())


@pytest.mark.parametrize(
    ("format_", "beginning"),
    [
        ("text", "example.org: plan of the move\n"),
        ("markdown", "# example.org: plan of the move\n"),
        ("json", '{\n "schema": "dns-migrator/timeline/1",'),
        ("html", '<!DOCTYPE html>\n<html lang="en">'),
        ("ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"),
    ],
)
def test_every_form_can_be_had_and_goes_to_a_file(move: Move, format_: str, beginning: str) -> None:
    plan(move, "--format", format_, "--output", "plan.out", code=0)

    written = (move.folder / "plan.out").read_bytes().decode()
    assert written.startswith(beginning)
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", written)


@pytest.mark.parametrize(("zone", "expected"), [("XXX-99", "+00:00"), ("<+14>-14", "+14:00")])
def test_a_time_zone_that_there_cannot_be_leaves_utc(
    zone: str, expected: str, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        found = plan(move, "--format", "json", code=0)
    time.tzset()

    assert {step["local"][-6:] for step in found.json["steps"] if step["local"]} == {expected}


def test_a_strategy_is_not_told_where_no_parent_can_be_asked(move: Move) -> None:
    profile = move.folder / "network.toml"
    profile.write_text(profile.read_text().replace("timeout = 1.0", "timeout = 0.1"))
    (move.folder / "named.root").write_text(". 3600 NS a.silent.\na.silent. 3600 A 127.53.99.1\n")
    sides = ("--from", "old.zone", "--to", "new.zone", "--network", "network.toml")

    planned = plan(move, code=3).out
    checked = move.run("check", "example.org", "--phase", "prepare", *sides).out

    assert "  DNSSEC not known: no server of the parent says whether there is a DS\n" in planned
    assert "not known: no server of the parent says whether there is a DS\n" in checked
