"""`dns-migrator export axfr:` from real servers, and its zone files loaded into real servers again."""

import base64
import json
from pathlib import Path

import pytest

from tests.lab.command import Command
from tests.lab.daemon import tool
from tests.lab.lab import Lab
from tests.lab.oracle import answers, questions_of, transferred
from tests.lab.servers import TSIG_NAME, TSIG_SECRET, Transfer
from tests.lab.zones import zone_text

# Something of everything that the three servers know: long and split texts, names that need escapes, service
# and certificate records, a signed and an unsigned delegation with glue, a wildcard, a type without a name.
RICH = r"""
@ A 192.0.2.1
@ A 192.0.2.2
@ AAAA 2001:db8::1
@ 3600 MX 10 mail
@ 3600 MX 20 mail.example.net.
@ TXT "v=spf1 mx include:example.net -all"
@ TXT "two" "strings" "and a \"quote\" and a \\ and \195\164"
@ CAA 0 issue "ca.example.net; policy=ev"
@ CAA 128 iodef "mailto:security@example.com"
mail A 192.0.2.25
MixedCase A 192.0.2.3
www CNAME @
_dmarc TXT "v=DMARC1; p=reject"
long._domainkey TXT ( "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvR7mHjTnq3Yb2c1pYd6xkGmVQx9"
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC9aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefghijklmnopqrstuv" )
_sip._tcp SRV 10 60 5060 sip.example.net.
_443._tcp TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
host SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789
@ HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.1
_dns SVCB 1 dns.example.net. alpn=dot port=853
4.3.2.1 NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
place LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
service URI 10 1 "https://www.example.com/path"
unknown TYPE65400 \# 4 0a0b0c0d
hash\035tag TXT "an owner with a hash"
sp\032ace TXT "an owner with a blank"
dot\.ted TXT "an owner with a dot inside a label"
semi\;colon TXT "a ; is no comment in here"
at\@sign TXT "and @ is no origin"
\000\255 TXT "octets"
* TXT "wildcard"
deep.empty.non.terminal A 192.0.2.4
unsigned NS ns1.unsigned
ns1.unsigned A 192.0.2.53
signed NS ns.example.net.
signed DS 12345 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
0 PTR host.example.net.
"""


RICH_ZONE = "rich.test."


@pytest.fixture(scope="module")
def rich(laboratory: Lab) -> Lab:
    """The laboratory with the rich zone at the old provider, and at the others but for BIND."""
    laboratory.serve(laboratory.old, RICH_ZONE, RICH, ttl=60)
    return laboratory


def test_a_transferred_zone_is_backed_up_record_for_record(rich: Lab, command: Command, tmp_path: Path) -> None:
    served = transferred(rich.old.servers[0], RICH_ZONE)
    locator = rich.locator("axfr", RICH_ZONE, rich.old.servers[0])

    run = command("export", locator, "-o", "out", "--format", "json")

    assert (run.code, run.err) == (0, "")
    document = run.document
    assert document["schema"] == "dns-migrator/export/1"
    assert document["records"] == len(served)
    assert document["rrsets"] == len({(owner, rdtype) for owner, rdtype, _, _ in served})
    assert document["by_type"] == {
        rdtype: sum(1 for row in served if row[1] == rdtype) for rdtype in {row[1] for row in served}
    }
    assert document["name_servers"] == ["ns1.example.net.", "ns2.example.net."]
    assert document["findings"] == []
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "SHA256SUMS",
        "raw",
        "rich.test.zone",
        "zone.json",
    ]
    assert json.loads((tmp_path / "out" / "zone.json").read_text())["digest"] == document["digest"]
    tool(["sha256sum", "--check", "--strict", "SHA256SUMS"], tmp_path / "out")


@pytest.mark.parametrize("checker", ["named-checkzone", "kzonecheck", "nsd-checkzone"])
def test_the_zone_file_of_a_backup_passes_every_checker(
    rich: Lab, command: Command, tmp_path: Path, checker: str
) -> None:
    assert command("export", rich.locator("axfr", RICH_ZONE, rich.old.servers[0]), "-o", "out").code == 0
    file = str(tmp_path / "out" / "rich.test.zone")

    arguments = {
        "named-checkzone": ["-i", "local", RICH_ZONE, file],
        "kzonecheck": ["-o", RICH_ZONE, file],
        "nsd-checkzone": [RICH_ZONE, file],
    }
    tool([checker, *arguments[checker]])


@pytest.mark.parametrize("program", ["old", "new-1", "bind-primary"])
def test_a_server_loads_the_backup_and_answers_as_before(
    rich: Lab, command: Command, tmp_path: Path, program: str
) -> None:
    source = rich.old.servers[0]
    before = transferred(source, RICH_ZONE)
    answered_before = answers(source, questions_of(before))
    assert command("export", rich.locator("axfr", RICH_ZONE, source), "-o", "out").code == 0
    text = (tmp_path / "out" / "rich.test.zone").read_text()

    server = next(server for server in rich.authorities() if server.name == program)
    server.remove(RICH_ZONE)
    server.put(RICH_ZONE, text)

    assert transferred(server, RICH_ZONE) == before
    assert answers(server, questions_of(before)) == answered_before


@pytest.mark.parametrize("program", ["old", "new-1", "bind-primary"])
def test_a_transfer_that_asks_for_a_key_works_with_the_key_and_not_without(
    laboratory: Lab, command: Command, tmp_path: Path, program: str
) -> None:
    server = next(server for server in laboratory.authorities() if server.name == program)
    server.put("keyed.test.", zone_text("keyed.test.", "www A 192.0.2.1", ["ns1.example.net."]), Transfer.KEYED)
    locator = laboratory.locator("axfr", "keyed.test.", server)

    signed = command("export", f"{locator}?tsig={TSIG_NAME}:{TSIG_SECRET}", "-o", "out", "--format", "json")
    unsigned = command("export", locator, "-o", "without")
    wrong = command("export", f"{locator}?tsig={TSIG_NAME}:{'A' * 43}=", "-o", "wrong")

    assert signed.code == 0
    assert signed.document["records"] == len(transferred(server, "keyed.test.", keyed=True)) == 3
    for refused in (unsigned, wrong):
        assert (refused.code, refused.out) == (3, "")
        assert len(refused.err.splitlines()) == 1
        assert "keyed.test" in refused.err
        assert TSIG_SECRET not in refused.err
    assert not (tmp_path / "without").exists()
    assert not (tmp_path / "wrong").exists()
    written = [file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file()]
    said = [text.encode() for text in (signed.out, signed.err)]
    for secret in (TSIG_SECRET.encode(), base64.b64decode(TSIG_SECRET)):
        assert not any(secret in content for content in [*written, *said])


def test_a_refused_transfer_is_one_clear_line(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    laboratory.serve(laboratory.old, "closed.test.", transfer=Transfer.CLOSED)

    run = command("export", laboratory.locator("axfr", "closed.test.", laboratory.old.servers[0]))

    assert (run.code, run.out) == (3, "")
    assert len(run.err.splitlines()) == 1
    assert "the server refuses it" in run.err
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_one_clear_line(laboratory: Lab, command: Command) -> None:
    run = command("export", f"axfr:closed.test@{laboratory.block.address(7, 7)}")

    assert (run.code, run.out) == (3, "")
    assert len(run.err.splitlines()) == 1
    assert laboratory.block.address(7, 7) in run.err


def test_a_zone_is_transferred_over_ipv6(laboratory: Lab, command: Command) -> None:
    if laboratory.ipv6_port is None:
        pytest.skip("this machine has no IPv6 loopback address")
    laboratory.serve(laboratory.old, "six.test.", "www AAAA 2001:db8::1")

    run = command("export", f"axfr:six.test@[::1]:{laboratory.ipv6_port}", "-o", "out", "--format", "json")

    assert (run.code, run.document["by_type"]) == (0, {"AAAA": 1, "NS": 2, "SOA": 1})


def test_the_server_of_a_transfer_may_be_named(laboratory: Lab, command: Command) -> None:
    laboratory.serve(laboratory.old, "byname.test.", "www A 192.0.2.1")

    run = command("export", "axfr:byname.test@ns2.example.net", "-o", "out", "--format", "json")

    assert (run.code, run.document["records"]) == (0, 4)


def test_mixed_ttls_of_a_served_set_are_reported_and_not_repaired(laboratory: Lab, command: Command) -> None:
    lab = laboratory
    lab.serve(lab.old, "mixed.test.", "@ 60 A 192.0.2.1\n@ 300 A 192.0.2.2")
    served = {row[2] for row in transferred(lab.old.servers[0], "mixed.test.") if row[1] == "A"}

    run = command(
        "export", lab.locator("axfr", "mixed.test.", lab.old.servers[0]), "-o", "out", "--format", "json"
    )

    assert served == {60, 300}
    assert [(finding["subject"], finding["severity"]) for finding in run.document["findings"]] == [
        ("mixed.test. A", "warning")
    ]
    assert run.code == 0


def test_a_signed_zone_is_backed_up_with_its_signatures(laboratory: Lab, command: Command) -> None:
    lab = laboratory
    lab.serve_signed(lab.old, "signed-backup.test.", "www A 192.0.2.1")
    served = transferred(lab.old.servers[0], "signed-backup.test.")

    locator = lab.locator("axfr", "signed-backup.test.", lab.old.servers[0])
    run = command("export", locator, "-o", "out", "--format", "json")

    assert run.code == 0
    assert run.document["by_type"] == {
        rdtype: sum(1 for row in served if row[1] == rdtype) for rdtype in {row[1] for row in served}
    }


def test_a_large_zone_is_transferred_whole(laboratory: Lab, command: Command) -> None:
    records = "\n".join(f"h{number} A 192.0.2.{number % 256}" for number in range(20_000))
    laboratory.serve(laboratory.new, "large.test.", records)

    locator = laboratory.locator("axfr", "large.test.", laboratory.new.servers[0])
    run = command("export", locator, "-o", "out", "--format", "json")

    assert (run.code, run.document["records"]) == (0, 20_003)
