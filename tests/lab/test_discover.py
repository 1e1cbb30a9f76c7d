"""`dns-migrator discover` on real servers: a transfer, a walk along NSEC, and what guessing leaves out."""

from pathlib import Path

import pytest

from tests.lab.command import Command
from tests.lab.lab import Lab
from tests.lab.oracle import transferred
from tests.lab.servers import Transfer
from tests.lab.zones import zone_text

RECORDS = """
@ A 192.0.2.1
@ MX 10 mail
@ TXT "v=spf1 mx -all"
mail A 192.0.2.25
www CNAME @
google._domainkey TXT "v=DKIM1; p=abc"
nobody-guesses-this A 192.0.2.99
*.wild TXT "made up"
lists NS ns.lists
ns.lists A 192.0.2.90
"""
# What a signer makes is no part of what is moved.
SIGNER = {"RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY"}


def test_a_zone_that_a_server_gives_away_is_whole(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    zone = "given.test."
    laboratory.serve(laboratory.old, zone, RECORDS, ttl=60)
    laboratory.delegate(zone, laboratory.old.name_servers, ttl=5)

    run = command("discover", zone, "--format", "json", "-o", "found.zone", "--rate", "500")

    assert (run.code, run.document["complete"]) == (0, True)
    served = {(owner, rdtype) for owner, rdtype, _, _ in transferred(laboratory.old.servers[0], zone)}
    assert {(rrset["owner"], rrset["rdtype"]) for rrset in run.document["rrsets"]} == served
    again = command("diff", "found.zone", laboratory.locator("axfr", zone, laboratory.old.servers[0]))
    assert again.code == 0


def test_a_zone_signed_with_nsec_is_walked_to_its_end(laboratory: Lab, command: Command) -> None:
    zone = "walked.test."
    knot = laboratory.new.servers[0]
    text = zone_text(zone, RECORDS, laboratory.new.name_servers, ttl=60)
    knot.put_signed(zone, text, acl="")  # type: ignore[attr-defined]
    where = f"{knot.addresses[0]}:{laboratory.port}"

    run = command("discover", zone, "--server", where, "--format", "json", "--rate", "500", "--no-guess")

    found = {(rrset["owner"], rrset["rdtype"]) for rrset in run.document["rrsets"]}
    assert run.code == 0
    assert run.document["complete"] is True, run.out
    assert run.document["verdict"] == "All names of walked.test are known, by NSEC walk."
    assert found == {
        (zone, "SOA"),
        (zone, "NS"),
        (zone, "A"),
        (zone, "MX"),
        (zone, "TXT"),
        (f"mail.{zone}", "A"),
        (f"www.{zone}", "CNAME"),
        (f"google._domainkey.{zone}", "TXT"),
        (f"nobody-guesses-this.{zone}", "A"),
        (f"*.wild.{zone}", "TXT"),
        (f"lists.{zone}", "NS"),
        (f"ns.lists.{zone}", "A"),
    }
    assert not {rdtype for _, rdtype in found} & SIGNER


@pytest.mark.parametrize("provider", ["old", "new"])
def test_what_nobody_guesses_is_missing_and_the_command_says_so(
    laboratory: Lab, command: Command, tmp_path: Path, provider: str
) -> None:
    zone = f"guessed-{provider}.test."
    side = getattr(laboratory, provider)
    for server in side.servers:
        server.put(zone, zone_text(zone, RECORDS, side.name_servers, ttl=60), Transfer.CLOSED)
    laboratory.delegate(zone, side.name_servers, ttl=5)

    run = command("discover", zone, "-o", "found.zone", "--rate", "500")

    assert run.code == 0
    assert "Not proven to be complete" in run.out
    text = (tmp_path / "found.zone").read_text()
    assert text.startswith("; dns-migrator discover: Not proven to be complete")
    assert "; found by the list of DKIM selectors" in text
    assert "nobody-guesses-this" not in text
    lint = command(
        "check", zone, "--phase", "prepare", "--from", "found.zone", "--only", "inventory", "--format", "json"
    )
    assert lint.document["results"][0]["status"] == "warn"
