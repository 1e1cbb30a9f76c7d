"""`dns-migrator diff` of a zone file, or a transfer, against what real servers answer."""

from pathlib import Path
from typing import Any

import pytest

from tests.lab.command import Command, Run
from tests.lab.lab import Lab
from tests.lab.servers import Authority
from tests.lab.zones import zone_text

SAME, FINDINGS, USAGE, UNCHECKED = 0, 1, 2, 3

MAIL = """\
@ MX 10 mail
@ TXT "v=spf1 mx -all"
mail A 192.0.2.25
_dmarc TXT "v=DMARC1; p=reject"
"""
DKIM = 's1._domainkey TXT "v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEAq8N1bCPG3Fv0wJqHVXfVd2K0mkYzGqzqz0sJ3xk0W1Y="\n'
WEB = "@ A 192.0.2.10\nwww CNAME @\n"
CHILD = "shop NS ns1.shop\nns1.shop A 192.0.2.53\n"
WHOLE = WEB + MAIL + DKIM + CHILD


def write(folder: Path, zone: str, records: str) -> str:
    """Write the old zone as a file and return its name."""
    file = folder / f"{zone.rstrip('.')}.zone"
    file.write_text(zone_text(zone, records, ["ns1.example.net.", "ns2.example.net."]))
    return file.name


def differences(run: Run, *kinds: str) -> list[tuple[str, str, str, str]]:
    """Return (kind, owner, type, severity) of the differences, those that are expected anyhow left out."""
    return sorted(
        (found["kind"], found["owner"], found["rdtype"], found["severity"])
        for found in run.document["differences"]
        if found["kind"] in (kinds or {"missing", "extra", "changed", "ttl", "unchecked"})
    )


def difference(run: Run, owner: str, rdtype: str) -> dict[str, Any]:
    """Return the one difference at this owner and type."""
    (found,) = [d for d in run.document["differences"] if (d["owner"], d["rdtype"]) == (owner, rdtype)]
    assert isinstance(found, dict)
    return found


def named(lab: Lab, name: str) -> Authority:
    return next(server for server in lab.authorities() if server.name == name)


@pytest.mark.parametrize("program", ["old", "new-1", "bind-primary"])
def test_a_server_that_answers_everything_as_the_file_is_the_same(
    laboratory: Lab, command: Command, tmp_path: Path, program: str
) -> None:
    server = named(laboratory, program)
    server.put("same.test.", zone_text("same.test.", WHOLE, ["ns1.example.org.", "ns2.example.org."]))

    locator = laboratory.locator("dns", "same.test.", server)
    run = command("diff", write(tmp_path, "same.test.", WHOLE), locator, "--format", "json")

    assert run.code == SAME, run.err
    assert run.document["schema"] == "dns-migrator/diff/1"
    assert run.document["verdict"] == "same"
    assert differences(run) == []
    assert [mail["verdict"] for mail in run.document["mail"]] == ["same"]


@pytest.mark.parametrize("program", ["old", "new-1", "bind-primary"])
def test_what_a_server_lacks_is_missing_with_what_it_breaks(
    laboratory: Lab, command: Command, tmp_path: Path, program: str
) -> None:
    server = named(laboratory, program)
    server.put("lacks.test.", zone_text("lacks.test.", WEB + MAIL, ["ns1.example.org."]))

    locator = laboratory.locator("dns", "lacks.test.", server)
    run = command("diff", write(tmp_path, "lacks.test.", WHOLE), locator, "--format", "json")

    assert run.code == FINDINGS
    assert run.document["verdict"] == "different"
    assert ("missing", "s1._domainkey.lacks.test.", "TXT", "error") in differences(run)
    assert ("missing", "shop.lacks.test.", "NS", "error") in differences(run)
    assert difference(run, "s1._domainkey.lacks.test.", "TXT")["role"] == "mail.dkim"
    assert difference(run, "shop.lacks.test.", "NS")["role"] == "delegation"
    assert [(mail["domain"], mail["verdict"]) for mail in run.document["mail"]] == [("lacks.test.", "lost")]


def test_other_rdata_and_other_ttls_are_told_apart(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    changed = WEB.replace("192.0.2.10", "192.0.2.99") + MAIL.replace("mail A", "mail 60 A")
    lab.serve(lab.new, "changed.test.", changed)

    locator = lab.locator("dns", "changed.test.", lab.new.servers[0])
    run = command("diff", write(tmp_path, "changed.test.", WEB + MAIL), locator, "--format", "json")

    assert run.code == FINDINGS
    assert differences(run) == [
        ("changed", "changed.test.", "A", "error"),
        ("ttl", "mail.changed.test.", "A", "notice"),
    ]
    assert difference(run, "changed.test.", "A")["lost"] == ["192.0.2.10"]
    assert difference(run, "changed.test.", "A")["gained"] == ["192.0.2.99"]


def test_a_wildcard_does_not_hide_a_missing_name(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    """The wildcard answers for the forgotten name, even with the very same address."""
    lab = laboratory
    records = WEB + "api A 192.0.2.40\nold A 192.0.2.41\n"
    lab.serve(lab.new, "wild.test.", WEB + "* A 192.0.2.40\n")

    locator = lab.locator("dns", "wild.test.", lab.new.servers[0])
    run = command("diff", write(tmp_path, "wild.test.", records), locator, "--format", "json")

    assert run.code == FINDINGS
    found = differences(run)
    assert ("changed", "old.wild.test.", "A", "error") in found or (
        "missing",
        "old.wild.test.",
        "A",
        "error",
    ) in found
    assert any(owner == "*.wild.test." for _, owner, _, _ in found)


def test_several_servers_are_each_compared(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    first, second = lab.new.servers
    lab.serve(lab.new, "several.test.", WHOLE, only=first)
    lab.serve(lab.new, "several.test.", WEB + MAIL + CHILD, only=second)

    both = f"{lab.locator('dns', 'several.test.', first)},{second.addresses[0]}"
    run = command("diff", write(tmp_path, "several.test.", WHOLE), both, "--format", "json")
    text = command("diff", "several.test.zone", both)

    assert run.code == text.code == FINDINGS
    assert [found[:3] for found in differences(run)] == [("missing", "s1._domainkey.several.test.", "TXT")]
    assert second.addresses[0] in text.out


def test_a_server_that_is_silent_is_unchecked_and_never_missing(
    laboratory: Lab, command: Command, tmp_path: Path
) -> None:
    lab = laboratory
    lab.serve(lab.new, "silent.test.", WEB + MAIL)
    server = lab.new.servers[0]

    with lab.stopped(server):
        locator = lab.locator("dns", "silent.test.", server)
        run = command("diff", write(tmp_path, "silent.test.", WEB + MAIL), locator, "--format", "json")

    assert run.code == UNCHECKED
    assert {kind for kind, *_ in differences(run)} == {"unchecked"}
    assert run.document["counts"]["missing"] == 0
    assert run.document["verdict"] != "same"


def test_one_silent_server_of_two_leaves_it_unchecked(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    lab.serve(lab.new, "onesilent.test.", WEB + MAIL)
    first, second = lab.new.servers

    with lab.stopped(second):
        both = f"{lab.locator('dns', 'onesilent.test.', first)},{second.addresses[0]}"
        run = command("diff", write(tmp_path, "onesilent.test.", WEB + MAIL), both, "--format", "json")

    assert run.code == UNCHECKED
    assert {kind for kind, *_ in differences(run)} == {"unchecked"}


@pytest.mark.parametrize("program", ["old", "new-1", "bind-primary"])
def test_a_server_without_the_zone_fails(laboratory: Lab, command: Command, tmp_path: Path, program: str) -> None:
    locator = laboratory.locator("dns", "refused.test.", named(laboratory, program))
    run = command("diff", write(tmp_path, "refused.test.", WEB + MAIL), locator)

    assert run.code == FINDINGS
    assert "REFUSED" in run.out + run.err


def test_a_signed_server_is_the_same_as_the_plain_file(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    lab.serve_signed(lab.new, "nowsigned.test.", WEB + MAIL + CHILD)

    locator = lab.locator("dns", "nowsigned.test.", lab.new.servers[0])
    run = command("diff", write(tmp_path, "nowsigned.test.", WEB + MAIL + CHILD), locator, "--format", "json")

    assert (run.code, run.document["verdict"]) == (SAME, "same")
    assert [finding["check"] for finding in run.document["findings"]] == ["live.signing"]


def test_a_signed_delegation_without_its_ds_is_found(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    ds = f"shop DS 12345 13 2 {'ab' * 32}\n"
    lab.serve(lab.new, "childds.test.", WEB + CHILD)

    locator = lab.locator("dns", "childds.test.", lab.new.servers[0])
    run = command("diff", write(tmp_path, "childds.test.", WEB + CHILD + ds), locator, "--format", "json")

    assert run.code == FINDINGS
    assert [found[:3] for found in differences(run)] == [("missing", "shop.childds.test.", "DS")]


def test_long_texts_arrive_over_tcp(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    long = "".join(f'@ TXT "{number:03} {"x" * 240}"\n' for number in range(40))
    lab.serve(lab.new, "long.test.", WEB + long)

    locator = lab.locator("dns", "long.test.", lab.new.servers[0])
    run = command("diff", write(tmp_path, "long.test.", WEB + long), locator, "--format", "json")

    assert (run.code, run.document["verdict"]) == (SAME, "same")


def test_two_transfers_are_compared_both_ways(laboratory: Lab, command: Command) -> None:
    lab = laboratory
    lab.serve(lab.old, "both.test.", WHOLE)
    lab.serve(lab.new, "both.test.", WEB + MAIL + CHILD + "extra A 192.0.2.77\n")

    old = lab.locator("axfr", "both.test.", lab.old.servers[0])
    run = command("diff", old, lab.locator("axfr", "both.test.", lab.new.servers[1]), "--format", "json")

    assert run.code == FINDINGS
    assert [found[:3] for found in differences(run)] == [
        ("extra", "extra.both.test.", "A"),
        ("missing", "s1._domainkey.both.test.", "TXT"),
    ]


def test_a_server_that_is_only_asked_is_no_old_side(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    locator = lab.locator("dns", "same.test.", lab.old.servers[0])

    run = command("diff", locator, write(tmp_path, "same.test.", WEB))

    assert (run.code, run.out) == (USAGE, "")
    assert "discover" in run.err
    assert len(run.err.splitlines()) == 1
