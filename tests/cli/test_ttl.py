"""`dns-migrator ttl`, run as a user runs it: Route 53 and Cloudflare with live name servers, files by hand."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from migrator.demo.accounts import Accounts
from migrator.demo.authority import Authority
from migrator.demo.hierarchy import snapshot_of
from migrator.demo.internet import NEW_HOSTS, OLD_HOSTS, REGISTRY_ADDRESSES, Internet
from tests.cli.moving import Move, Run, begun, small_internet, zone_text
from tests.providers.route53_writing import hurry

BODY = """\
api 3600 A 192.0.2.1
www 7200 CNAME api
@ MX 10 mail
mail 120 A 192.0.2.25
*.wild 3600 A 192.0.2.7
child NS ns1.example.net.
"""


@dataclass
class Cloud:
    """Both accounts of the demo with their name servers, and the command in a folder."""

    accounts: Accounts
    move: Move

    def run(self, *arguments: str, code: int | None = None) -> Run:
        return self.move.run(*arguments, "--wait", "2", "--format", "json", code=code)

    def ttls(self, locator: str) -> dict[tuple[str, str], int]:
        """What is in the zone at its provider."""
        self.move.run("export", locator, "-o", "seen", "-f", "json", code=0)
        found: dict[tuple[str, str], int] = {}
        folder = self.move.folder / "seen"
        for rrset in json.loads((folder / "zone.json").read_text())["rrsets"]:
            found[rrset["owner"], rrset["rdtype"]] = rrset["ttl"]
        shutil.rmtree(folder)
        return found


@pytest.fixture
def cloud(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    old = snapshot_of(zone_text(OLD_HOSTS, BODY, ttl=3600), "old.zone")
    new = snapshot_of(zone_text(NEW_HOSTS, BODY, ttl=3600), "new.zone")
    with closing(Accounts(old, new)) as accounts, closing(Internet(accounts.old, accounts.new)) as net:
        for name, text in accounts.settings.items():
            monkeypatch.setenv(name, text)
        hurry(monkeypatch)
        net.write_profile(tmp_path)
        yield Cloud(accounts, Move(net, Authority(), Authority(), tmp_path, capsys))


def zone_of(found: Run) -> dict[str, Any]:
    (zone,) = found.json["zones"]
    assert isinstance(zone, dict)
    return zone


def changes(zone: dict[str, Any]) -> dict[str, tuple[int, int, str]]:
    return {
        f"{each['owner']} {each['rdtype']}": (each["from"], each["to"], each["outcome"])
        for each in zone["changes"]
    }


R53, CF = "route53:example.org", "cloudflare:example.org"


def test_ttls_at_route_53_are_lowered_shown_by_every_server_and_put_back(cloud: Cloud) -> None:
    before = cloud.ttls(R53)

    zone = zone_of(cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0))
    after = cloud.ttls(R53)

    assert changes(zone) == {
        "example.org. SOA": (before["example.org.", "SOA"], 300, "done"),
        "example.org. NS": (before["example.org.", "NS"], 300, "done"),
        "api.example.org. A": (3600, 300, "done"),
        "example.org. MX": (3600, 300, "done"),
        "*.wild.example.org. A": (3600, 300, "done"),
        "www.example.org. CNAME": (7200, 300, "done"),
    }
    assert (zone["applied"], zone["verified"], zone["shown"], zone["error"]) == (True, True, True, None)
    assert {each["address"] for each in zone["servers"]} == set(OLD_HOSTS.values())
    assert {each["state"] for each in zone["servers"]} == {"shown"}
    assert zone["kept"] == [
        {
            "owner": "child.example.org.",
            "rdtype": "NS",
            "variant": "",
            "ttl": 3600,
            "reason": "it belongs to a delegation, which the move does not change",
        }
    ]
    assert zone["low_already"] == 3, "mail and the two of shop"
    assert zone["backup"] is not None
    assert zone["earliest_cutover"] is not None
    assert {key for key, ttl in after.items() if ttl > 300} == {("child.example.org.", "NS")}

    restored = zone_of(cloud.run("ttl", "restore", "example.org", "--yes", code=0))

    assert {outcome for _, _, outcome in changes(restored).values()} == {"done"}
    assert (restored["shown"], restored["changed_since"], restored["gone"]) == (True, [], [])
    assert cloud.ttls(R53) == before
    history = cloud.move.run("history", "example.org", "-f", "json", code=0).json
    assert [each["event"] for each in history["ttls"]] == ["lowered"] * 6 + ["restored"] * 6
    assert " lowered www.example.org CNAME: 7200 -> 300 s at" in cloud.move.run("history", "example.org").out


def test_what_cloudflare_cannot_lower_is_listed(cloud: Cloud) -> None:
    cloud.accounts.switch_proxy_on("api.example.org")

    zone = zone_of(cloud.run("ttl", "lower", "example.org", "--from", CF, "--to", "30", "--yes", code=0))

    assert (zone["verified"], zone["shown"]) == (True, True)
    assert {owner: to for owner, (_, to, _) in changes(zone).items()} == {
        "example.org. CNAME": 60,
        "example.org. MX": 60,
        "www.example.org. CNAME": 60,
        "mail.example.org. A": 60,
        "*.wild.example.org. A": 60,
    }
    assert {f"{each['owner']} {each['rdtype']}": each["reason"] for each in zone["kept"]} == {
        "example.org. SOA": "Cloudflare sets the TTL of the SOA itself",
        "example.org. NS": "Cloudflare sets the TTL of the apex NS set itself",
        "api.example.org. A": "Cloudflare chooses its TTL itself (automatic, or behind its proxy)",
        "child.example.org. NS": "it belongs to a delegation, which the move does not change",
        "shop.example.org. A": "Cloudflare takes no TTL below 60 s",
    }
    assert "example.org. CNAME" not in {f"{each['owner']} {each['rdtype']}" for each in zone["servers"]}, (
        "flattened"
    )


def test_without_consent_nothing_is_written_or_remembered(cloud: Cloud) -> None:
    before = cloud.ttls(R53)

    found = cloud.move.run("ttl", "lower", "example.org", "--from", R53, code=0)

    assert "Plan: 6 sets\n" in found.out
    assert "  www.example.org CNAME  7200 -> 300 s\n" in found.out
    assert found.err.endswith("This is the plan; nothing was written. Add --yes to apply it.\n")
    assert cloud.ttls(R53) == before
    assert cloud.move.run("ttl", "restore", "example.org", code=2).err.startswith(
        "dns-migrator: dns-migrator.db: no lowered TTLs of example.org are remembered here"
    )


@pytest.mark.parametrize(
    ("only", "lowered"),
    [
        (["A"], {"api.example.org. A", "*.wild.example.org. A"}),
        (["A,MX"], {"api.example.org. A", "example.org. MX", "*.wild.example.org. A"}),
        (["www"], {"www.example.org. CNAME"}),
        (["www.example.org"], {"www.example.org. CNAME"}),
        (["@", "--only", "MX"], {"example.org. MX"}),
        (["AAAA"], set()),
    ],
)
def test_only_some_are_lowered_where_that_is_wanted(cloud: Cloud, only: list[str], lowered: set[str]) -> None:
    zone = zone_of(cloud.run("ttl", "lower", "example.org", "--from", R53, "--only", *only, "--dry-run", code=0))

    assert changes(zone).keys() == lowered


def test_a_ttl_that_somebody_changed_meanwhile_is_reported_and_left_alone(cloud: Cloud) -> None:
    cloud.run(
        "ttl", "lower", "example.org", "--from", R53, "--only", "www,api", "--only", "A,CNAME", "--yes", code=0
    )
    body = BODY.replace("www 7200", "www 900").replace("api 3600", "api 300")
    (cloud.move.folder / "other.zone").write_text(zone_text(OLD_HOSTS, body, 3600))
    cloud.move.run("import", "other.zone", R53, "--yes", "--database", "other.db", code=0)

    zone = zone_of(cloud.run("ttl", "restore", "example.org", "--yes", code=1))

    assert zone["changed_since"] == [
        {
            "owner": "www.example.org.",
            "rdtype": "CNAME",
            "variant": "",
            "original": 7200,
            "lowered": 300,
            "present": 900,
        }
    ]
    assert changes(zone) == {"api.example.org. A": (300, 3600, "done")}
    assert cloud.ttls(R53)["www.example.org.", "CNAME"] == 900


def test_lowered_twice_the_first_originals_return(cloud: Cloud) -> None:
    before = cloud.ttls(R53)
    for seconds in ("1800", "300"):
        cloud.run("ttl", "lower", "example.org", "--from", R53, "--to", seconds, "--yes", code=0)

    cloud.run("ttl", "restore", "example.org", "--yes", code=0)

    assert cloud.ttls(R53) == before
    again = cloud.move.run("ttl", "restore", "example.org", "--yes", code=0)
    assert again.err == "dns-migrator: All TTLs of example.org that were lowered are back already.\n"


def test_the_same_command_again_writes_nothing_and_asks_the_servers_again(cloud: Cloud) -> None:
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)

    zone = zone_of(cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0))

    assert (zone["changes"], zone["calls"]["writes"], zone["shown"]) == ([], 0, True)
    assert len(zone["servers"]) == 6 * len(OLD_HOSTS)


def test_the_new_zone_gets_the_originals_too(cloud: Cloud) -> None:
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)
    cloud.move.run("import", R53, CF, "--yes", "--accept", "weights-merged", code=0)
    assert cloud.ttls(CF)["www.example.org.", "CNAME"] == 300

    found = cloud.run("ttl", "restore", "example.org", "--to", CF, "--yes", code=0)

    assert [zone["zone"] for zone in found.json["zones"]] == [R53, CF]
    assert cloud.ttls(CF)["www.example.org.", "CNAME"] == 7200
    assert cloud.ttls(CF)["example.org.", "MX"] == 3600


def test_who_copies_keeps_or_compares_a_lowered_zone_is_told_so(cloud: Cloud) -> None:
    lowered = re.compile(
        r"example\.org has 6 TTLs as lowered at route53:example\.org since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ; (.*)"
    )

    def told(*arguments: str) -> list[str]:
        return lowered.findall(cloud.move.run(*arguments).err)

    before = [told("import", R53, CF, "--dry-run"), told("export", R53, "-o", "before")]
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)
    imported = told("import", R53, CF, "--dry-run", "--quiet")
    exported = told("export", R53, "-o", "low")
    account = told("export", "route53:", "-o", "all")
    compared = cloud.move.run("diff", CF, R53, "-f", "json").json["notes"]

    assert before == [[], []]
    assert imported == [
        "they are copied so. After the move: dns-migrator ttl restore example.org --to cloudflare:example.org"
    ]
    assert exported == ["the backup has them so. After the move: dns-migrator ttl restore example.org"]
    assert account == ["its backup has them so. After the move: dns-migrator ttl restore example.org"]
    assert told("import", "low", CF, "--dry-run") == imported
    assert told("export", R53, "-o", "quiet", "--quiet") == []
    assert len(compared) == 1
    assert re.fullmatch(
        r"Lowered for a move since \S+Z, and not put back yet: 6 TTLs of route53:example\.org\. "
        r"After the move: `dns-migrator ttl restore example\.org`\.",
        compared[0],
    )

    cloud.run("ttl", "restore", "example.org", "--yes", code=0)

    assert told("import", R53, CF, "--dry-run") == []
    assert cloud.move.run("diff", CF, R53, "-f", "json").json["notes"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("import", R53, CF, "--dry-run"),
        ("export", R53, "-o", "one"),
        ("export", "route53:", "-o", "all"),
        ("diff", CF, R53),
    ],
)
def test_who_is_told_so_gets_a_command_that_finds_the_originals(cloud: Cloud, words: tuple[str, ...]) -> None:
    database = ("--database", "a move.db")
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", *database, code=0)

    done = cloud.move.run(*words, *database)

    told = " ".join(f"{done.out}{done.err}".split())
    command = re.search(
        r"After the move: `?dns-migrator (ttl restore [^`.]+\.org(?: --to \S+)? --database 'a move\.db')", told
    )
    assert command is not None
    cloud.run(*shlex.split(command[1]), "--yes", code=0)
    assert cloud.move.run("ttl", "restore", "example.org", *database).err == (
        "dns-migrator: All TTLs of example.org that were lowered are back already.\n"
    )


def test_the_looks_before_and_after_are_the_evidence_of_the_plan(cloud: Cloud) -> None:
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)

    document = cloud.move.run("plan", "example.org", "--from", R53, "--to", CF, "-f", "json").json

    steps = {step["id"]: step for step in document["steps"]}
    assert steps["lower-ttls"]["state"] == "done"
    assert "lower TTL first seen" in steps["earliest-cutover"]["rests_on"]


def test_a_rollback_takes_the_lowering_back_as_well(cloud: Cloud) -> None:
    before = cloud.ttls(R53)
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)

    cloud.move.run("rollback", "example.org", "--yes", code=0)

    assert cloud.ttls(R53) == before
    again = cloud.run("ttl", "restore", "example.org", "--yes", code=0)
    assert "All TTLs of example.org that were lowered are back already." in again.err
    assert again.json["zones"] == []


def test_a_restoring_that_was_taken_back_can_be_made_again(cloud: Cloud) -> None:
    before = cloud.ttls(R53)
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)
    cloud.run("ttl", "restore", "example.org", "--yes", code=0)

    cloud.move.run("rollback", "example.org", "--yes", code=0)
    repeated = cloud.move.run("rollback", "example.org", "--yes", code=0)
    assert cloud.ttls(R53) != before
    cloud.run("ttl", "restore", "example.org", "--yes", code=0)

    assert cloud.ttls(R53) == before
    assert "the target is as it was before the TTLs were put back" in " ".join(repeated.out.split())


def test_an_import_that_a_rollback_does_not_come_to_is_named(cloud: Cloud) -> None:
    more = zone_text(OLD_HOSTS, "more A 192.0.2.9\n", 3600)
    (cloud.move.folder / "more.zone").write_text(more)
    cloud.move.run("import", "more.zone", R53, "--yes", code=0)
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)

    taken_back = cloud.move.run("rollback", "example.org", "--yes", code=0)

    assert (
        "stays, since TTLs were written after it; to have the zone as it was before: import the" in taken_back.err
    )


@pytest.fixture(scope="module")
def internet() -> Iterator[tuple[Internet, Authority, Authority]]:
    with small_internet() as found:
        yield found


@pytest.fixture
def move(
    internet: tuple[Internet, Authority, Authority], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Move:
    found = begun(internet, tmp_path, capsys)
    found.write("old", BODY, ttl=3600)
    found.serve_old(BODY, ttl=3600)
    return found


def by_hand(move: Move, *arguments: str, code: int) -> Run:
    return move.run("ttl", *arguments, "--network", "network.toml", "--wait", "0", code=code)


LOWER = ("lower", "example.org", "--from", "old.zone")


def test_a_zone_file_is_changed_by_hand_and_verified_live(move: Move) -> None:
    text = by_hand(move, *LOWER, code=1).out
    waiting = zone_of(by_hand(move, *LOWER, "-f", "json", code=1))
    move.write("old", BODY.replace("3600", "300").replace("7200", "300"))
    move.serve_old(BODY.replace("3600", "300").replace("7200", "300"))
    done = zone_of(by_hand(move, *LOWER, "-f", "json", code=0))

    assert "To change by hand: 6 sets\n" in text
    assert text.endswith(
        "This program does not write to this zone: change these TTLs where the zone is\nkept.\n"
        "4 of 4 addresses still show another TTL: run the command again to ask again.\n"
    )
    assert max(map(len, text.splitlines())) <= 80
    assert (waiting["by_hand"], waiting["applied"], waiting["shown"]) == (True, False, False)
    assert (done["changes"], done["shown"], len(done["servers"])) == ([], True, 6 * len(OLD_HOSTS))


def test_the_originals_of_a_zone_file_are_remembered_for_the_hand_too(move: Move) -> None:
    by_hand(move, *LOWER, code=1)
    low = BODY.replace("3600", "300").replace("7200", "300")
    move.write("old", low)
    move.serve_old(low)

    zone = zone_of(by_hand(move, "restore", "example.org", "-f", "json", code=1))
    move.write("old", BODY, ttl=3600)
    move.serve_old(BODY, ttl=3600)
    back = zone_of(by_hand(move, "restore", "example.org", "-f", "json", code=0))

    assert changes(zone)["www.example.org. CNAME"] == (300, 7200, "planned")
    assert (zone["by_hand"], zone["shown"]) == (True, False)
    assert (back["changes"], len(back["back_already"])) == ([], 6)


def test_a_zone_file_that_was_never_lowered_does_not_say_what_is_served(move: Move) -> None:
    by_hand(move, *LOWER, code=1)
    move.serve_old(BODY.replace("3600", "300").replace("7200", "300"))

    low = by_hand(move, "restore", "example.org", code=1).out
    again = zone_of(by_hand(move, "restore", "example.org", "-f", "json", code=1))
    move.serve_old(BODY, ttl=3600)
    back = zone_of(by_hand(move, "restore", "example.org", "-f", "json", code=0))
    over = by_hand(move, "restore", "example.org", code=0)

    assert low.endswith(
        "This program does not write to this zone: change these TTLs where the zone is\nkept.\n"
        "4 of 4 addresses still show another TTL: run the command again to ask again.\n"
    )
    assert (len(again["back_already"]), again["shown"], back["shown"]) == (6, False, True)
    assert over.err == "dns-migrator: All TTLs of example.org that were lowered are back already.\n"


def test_servers_that_do_not_answer_leave_it_open(move: Move) -> None:
    (move.folder / "old.zone").write_text(
        "$ORIGIN example.org.\n$TTL 3600\n@ SOA ns1.silent host 1 7200 900 1209600 300\n"
        "@ NS ns1.silent\nns1.silent A 127.53.99.1\nwww A 192.0.2.1\n"
    )
    profile = move.folder / "network.toml"
    profile.write_text(profile.read_text().replace("timeout = 1.0", "timeout = 0.1"))

    zone = zone_of(by_hand(move, *LOWER, "-f", "json", code=3))

    assert zone["shown"] is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("lower", "example.org", "--from", "dns:example.org@127.53.2.1"), "live servers answer, but do not list"),
        (("lower", "example.net", "--from", "old.zone"), "is the zone example.org, not example.net"),
        (("lower", "example.net", "--from", "route53:example.org"), "is not the zone example.net"),
        ((*LOWER, "--only", "www,NOSUCH"), "--only NOSUCH: old.zone has nothing at this name."),
        (
            (*LOWER, "--only", "www,mx"),
            "--only mx: old.zone has nothing at this name; the type is written in capitals: MX.",
        ),
        (
            (*LOWER, "--only", "https://example.org/"),
            "'https://example.org/' is no domain: it looks like a URL; did you mean example.org?",
        ),
        ((*LOWER, "--only", "www.example.net."), "neither a type in capitals nor a name in example.org"),
        ((*LOWER, "--yes", "--dry-run"), "--yes writes and --dry-run does not"),
        (("restore", "example.org"), "no lowered TTLs of example.org are remembered here"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(move: Move, arguments: tuple[str, ...], says: str) -> None:
    found = by_hand(move, *arguments, code=2)

    assert says in found.err
    assert found.err.count("\n") == 1


def test_a_ttl_that_there_cannot_be_is_refused(move: Move) -> None:
    assert "2147483647" in by_hand(move, *LOWER, "--to", "2147483648", code=2).err


def test_ttls_are_not_put_back_while_the_switch_is_under_way(cloud: Cloud) -> None:
    cloud.run("ttl", "lower", "example.org", "--from", R53, "--yes", code=0)
    before = cloud.ttls(R53)
    cloud.move.net.delegate(NEW_HOSTS, REGISTRY_ADDRESSES[0])

    mixed = cloud.move.run("ttl", "restore", "example.org", "--to", CF, "--yes", code=4)
    cloud.move.net.delegate(NEW_HOSTS, REGISTRY_ADDRESSES[1])
    switched = cloud.move.run("ttl", "restore", "example.org", "--to", CF, "--yes", code=4)

    assert mixed.err == (
        "dns-migrator: example.org: the switch is under way, and longer TTLs would prolong it: not every server "
        "of the parent has switched. Nothing was written; --early puts the TTLs back all the same.\n"
    )
    assert "prolong it: old answers live until 20" in switched.err
    assert cloud.ttls(R53) == before
    cloud.run("ttl", "restore", "example.org", "--to", CF, "--early", "--yes", code=0)
