"""`file:` locators: zone files with their includes, backup folders, zone.json, and what is none of these."""

import os
import socket
from pathlib import Path

import pytest

import providers
from migrator.backup.folder import write_backup
from migrator.codec import zone as codec
from migrator.errors import InputError, MigratorError
from migrator.interfaces import Environment, Provider, ReadResult
from migrator.model.extras import Alias, Weighted
from migrator.model.names import absolute
from migrator.model.zone import NativeDocument
from migrator.plain import plain_zone
from providers import localfiles, zonefile

SOA = "@ 60 SOA ns1.example.net. host.example.net. 1 2 3 4 5\n@ 60 NS ns1.example.net.\n"


class Refusing:
    """An environment's client and host look-up: a zone file asks nobody."""

    def ask(self, *_: object) -> tuple[()]:
        raise AssertionError("a zone file asks the network")

    def transfer(self, *_: object) -> object:
        raise AssertionError("a zone file asks the network")

    def __call__(self, *_: object) -> tuple[str, ...]:
        raise AssertionError("a zone file asks the network")


def environment(*, outside: bool = False) -> Environment:
    asked = Refusing()
    return Environment(asked, asked, allow_include_outside=outside)  # type: ignore[arg-type]


def read(locator: str | Path, *, outside: bool = False) -> ReadResult:
    return zonefile.open_reader(providers.parse_locator(str(locator)), environment(outside=outside)).read()


def refusal(locator: str | Path) -> str:
    with pytest.raises(InputError) as refused:
        read(locator)
    text = str(refused.value)
    assert "\n" not in text
    return text


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def checks(result: ReadResult) -> list[str]:
    return [finding.check for finding in result.findings]


def test_the_module_is_a_provider_and_registered() -> None:
    found: Provider = providers.load("file")

    assert found is zonefile


def test_a_zone_file_is_read_with_its_own_octets_beside_it(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf; \xff\r\n" + SOA.encode() + b"www 60 A 192.0.2.1\r\n"
    path = write(tmp_path / "example.com.zone", content)
    result = read(path)

    assert result.snapshot.origin == absolute("example.com.")
    assert result.snapshot.record_count() == 3
    assert result.snapshot.source == str(path)
    assert result.snapshot.native == (NativeDocument("example.com.zone", content),)
    assert result.snapshot.name_servers == ()
    assert result.snapshot.read_at is not None
    assert result.findings == ()
    assert result.reads == 0


@pytest.mark.parametrize(
    ("name", "option", "text", "zone", "found"),
    [
        ("example.com.zone", "", SOA, "example.com.", []),
        ("db.example.com", "", SOA, "example.com.", []),
        ("0%252F25.2.0.192.in-addr.arpa.zone", "", SOA, "0/25.2.0.192.in-addr.arpa.", []),
        ("root.zone", "", SOA, ".", []),
        ("x.txt", "?origin=example.com", SOA, "example.com.", []),
        ("x.txt", "?origin=example.com.", SOA, "example.com.", []),
        ("example.net.zone", "?origin=example.com", SOA, "example.com.", []),
        ("x.txt", "?origin=bücher.example", SOA, "xn--bcher-kva.example.", []),
        ("x.txt", "", "$ORIGIN example.com.\n" + SOA, "example.com.", []),
        ("x.txt", "", SOA.replace("@", "example.com."), "example.com.", []),
        ("example.com-2026-03-01.zone", "", "$ORIGIN example.com.\n" + SOA, "example.com.", []),
        ("example.net.zone", "", "$ORIGIN example.com.\n" + SOA, "example.com.", ["zonefile.file-name"]),
        ("example.net.zone", "", SOA.replace("@", "example.com."), "example.com.", ["zonefile.file-name"]),
    ],
)
def test_whose_zone_a_file_is(
    tmp_path: Path, name: str, option: str, text: str, zone: str, found: list[str]
) -> None:
    write(tmp_path / name.replace("%25", "%"), text)
    result = read(f"file:{tmp_path}/{name}{option}")

    assert result.snapshot.origin == absolute(zone)
    assert checks(result) == found


def test_a_file_that_does_not_say_its_zone_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "main.zone", SOA)

    assert refusal(path) == (
        f"{path}:1: '@' is relative, and no origin is known here: the file does not say which zone it is. "
        "Add ?origin=ZONE."
    )


def test_findings_of_the_reading_come_before_those_of_the_zone(tmp_path: Path) -> None:
    text = SOA + "a 60 A x\nb 60 CNAME a\nb 60 TXT t\nc.example.net. 60 A 192.0.2.1\n"
    path = write(tmp_path / "example.com.zone", text)
    result = read(path)

    assert [(finding.check, str(finding.position)) for finding in result.findings] == [
        ("zonefile.unreadable-rdata", f"{path}:3"),
        ("zone.out-of-zone", f"{path}:6"),
        ("zone.cname-and-other-data", f"{path}:4"),
    ]


@pytest.mark.parametrize(
    ("also", "found"),
    [
        ("", []),
        ("example.com.\t300\tIN\tA\t192.0.2.1\n", ["error The CNAME stands beside A; "]),
        ("www.example.com.\t300\tIN\tTXT\tx\n", ["error The CNAME stands beside TXT; "]),
    ],
)
def test_a_cname_that_cloudflare_flattens_is_no_error_of_its_export(
    tmp_path: Path, also: str, found: list[str]
) -> None:
    text = (
        ";;\n;; Domain:     example.com.\n;; Exported:   2026-11-22 03:04:05\n;;\n"
        "example.com\t3600\tIN\tSOA\ta.example.net. b.example.net. 1 10000 2400 604800 3600\n"
        "example.com.\t86400\tIN\tNS\ta.example.net.\n"
        "example.com.\t1\tIN\tCNAME\tshop.example.net. ; cf_tags=cf-proxied:false\n"
        "example.com.\t300\tIN\tMX\t10 mx.example.net.\n"
        f"www.example.com.\t300\tIN\tCNAME\tshop.example.net. ; cf_tags=cf-proxied:true\n{also}"
    )
    findings = read(write(tmp_path / "example.com.txt", text)).findings

    clashes = [f"{each.severity} {each.message}" for each in findings if each.check == "zone.cname-and-other-data"]
    assert [told.partition("a name with")[0] for told in clashes] == found


DIG = "\n; <<>> DiG 9.18.49 <<>> @192.0.2.53 example.com axfr\n; (1 server found)\n;; global options: +cmd\n"
DUMPED = "example.com. 60 IN SOA a. b. 1 2 3 4 5\nexample.com. 60 IN NS a.example.net.\n"
ENDED = ";; Query time: 4 msec\n;; XFR size: 3 records (messages 1, bytes 99)\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{DIG}{DUMPED}; Transfer failed.\n", 7),
        (f"{DUMPED}; Transfer failed.", 3),
        (f"{DUMPED}; Transfer failed.\n".replace("\n", "\r\n"), 3),
        (
            f"{DIG}{DUMPED};; communications error to 192.0.2.53#53: timed out\n;; no servers could be reached\n",
            8,
        ),
        (f"{DUMPED};; connection timed out; no servers could be reached\n\n; kept by ops\n\n", 3),
        # What a first server did not give, a second one has given.
        (f"{DIG};; communications error to 192.0.2.52#53: timed out\n{DUMPED}{ENDED}", 0),
        (f"{DUMPED}; Transfer failed.\n{DIG}{DUMPED}{ENDED}", 0),
        (f"{DUMPED}; Transfer failed. Then it worked.\n", 0),
        (f"{DUMPED}; Transfer failed.\n" + "\n" * 5000, 0),
    ],
)
def test_what_dig_printed_of_a_transfer_that_broke_off_is_an_error(tmp_path: Path, text: str, line: int) -> None:
    path = write(tmp_path / "example.com.zone", text)
    found = [str(each.position) for each in read(path).findings if each.check == "zonefile.incomplete"]

    assert found == ([f"{path}:{line}"] if line else [])


def test_aliases_and_routing_of_cli53_become_sets(tmp_path: Path) -> None:
    text = (
        "@ 86400 AWS ALIAS A lb.example.net. Z1 false\n"
        'w 60 A 192.0.2.1 ; AWS routing="WEIGHTED" weight=3 identifier="one"\n'
    )
    path = write(tmp_path / "example.com.zone", SOA + text)
    sets = {(s.owner.to_text(), s.rdtype.name, s.key.variant): s for s in read(path).snapshot.rrsets}

    assert sets["example.com.", "A", ""].extras == (Alias(absolute("lb.example.net."), "Z1"),)
    assert sets["example.com.", "A", ""].ttl is None
    assert sets["w.example.com.", "A", "one"].extras == (Weighted(3),)


# $INCLUDE.


def test_included_files_are_read_from_the_folder_of_the_including_file_and_kept(tmp_path: Path) -> None:
    text = SOA + "$INCLUDE sub/a.inc\n$INCLUDE ./sub/../b.inc x.example.com.\n"
    top = write(tmp_path / "zones/example.com.zone", text)
    write(tmp_path / "zones/sub/a.inc", "a 60 A 192.0.2.1\n$INCLUDE c.inc\n")
    write(tmp_path / "zones/sub/c.inc", "c 60 A 192.0.2.3\n")
    write(tmp_path / "zones/b.inc", "b 60 A 192.0.2.2\nbroken\n")
    result = read(top)

    owners = [rrset.owner.to_text() for rrset in result.snapshot.rrsets]
    assert owners == ["example.com."] * 2 + ["a.example.com.", "c.example.com.", "b.x.example.com."]
    assert [(document.name, len(document.content)) for document in result.snapshot.native] == [
        ("example.com.zone", len(text)),
        ("sub/a.inc", 32),
        ("sub/c.inc", 17),
        ("b.inc", 24),
    ]
    assert [str(finding.position) for finding in result.findings] == [f"{tmp_path}/zones/b.inc:2"]
    assert result.reads == 0


@pytest.mark.parametrize(
    "path", ["../secret.inc", "/etc/hostname", "link.inc", "folder/secret.inc", "sub/../../secret.inc"]
)
def test_an_include_outside_of_the_folder_is_refused_unless_it_is_allowed(tmp_path: Path, path: str) -> None:
    write(tmp_path / "secret.inc", "a 60 A 192.0.2.1\n")
    top = write(tmp_path / "zones/example.com.zone", f"{SOA}$INCLUDE {path}\n")
    (tmp_path / "zones/sub").mkdir()
    (tmp_path / "zones/link.inc").symlink_to(tmp_path / "secret.inc")
    (tmp_path / "zones/folder").symlink_to(tmp_path)

    text = refusal(top)
    assert text.startswith(f"{top}:3: $INCLUDE: ")
    assert text.endswith(f"lies outside the folder of {top}; move it there, or add --allow-include-outside.")
    if path != "/etc/hostname":
        assert read(top, outside=True).snapshot.record_count() == 3


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("gone.inc", "gone.inc: cannot be read: No such file or directory."),
        ("sub", "sub: is a folder; a zone file is a regular file."),
        (".", "zones: is a folder; a zone file is a regular file."),
        ("pipe", "pipe: is a pipe; a zone file is a regular file."),
        ("example.com.zone", "example.com.zone includes itself, through this line."),
        ("./sub/../example.com.zone", "example.com.zone includes itself, through this line."),
        ('""', "zones: is a folder; a zone file is a regular file."),
        ('"\\000"', "the path has a NUL octet in it."),
    ],
)
def test_an_include_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, path: str, words: str) -> None:
    top = write(tmp_path / "zones/example.com.zone", f"{SOA}$INCLUDE {path}\n")
    (tmp_path / "zones/sub").mkdir()
    os.mkfifo(tmp_path / "zones/pipe")

    text = refusal(top)
    assert text.startswith(f"{top}:3: $INCLUDE: ")
    assert text.endswith(words)


def test_a_zone_in_the_working_folder_includes_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "example.com.zone", f"{SOA}$INCLUDE a.inc\n")
    write(tmp_path / "a.inc", "a 60 A 192.0.2.1\n")
    monkeypatch.chdir(tmp_path)

    assert read("example.com.zone").snapshot.record_count() == 3


# What is no zone file.


SERVER_HINT = " Of a name server, name the zone too: axfr:ZONE@{0}, or dns:ZONE@{0} as the new side of a diff."


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("example.org", " Of a domain, say where its zone is: route53:{0}, azure:{0} or cloudflare:{0}."),
        ("Example.co.uk.", " Of a domain, say where its zone is: route53:{0}, azure:{0} or cloudflare:{0}."),
        ("route53", " To name a zone there: route53:ZONE."),
        ("192.0.2.53", SERVER_HINT),
        ("ns1.example.net", SERVER_HINT),
        ("dns.example.net.", SERVER_HINT),
        ("example.org.zone", ""),
        ("db.example.old", ""),
        ("./example.org", ""),
        ("zone", ""),
    ],
)
@pytest.mark.usefixtures("own_folder")
def test_who_names_a_domain_alone_is_told_how_zones_are_named(path: str, hint: str) -> None:
    assert refusal(path) == f"{path}: cannot be read: No such file or directory.{hint.format(path)}"


def test_paths_that_hold_no_zone_are_refused_by_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        secret = write(tmp_path / "secret.zone", SOA)
        secret.chmod(0)

        assert (
            refusal(tmp_path / "gone.zone") == f"{tmp_path}/gone.zone: cannot be read: No such file or directory."
        )
        assert refusal(tmp_path / "pipe") == f"{tmp_path}/pipe: is a pipe; a zone file is a regular file."
        assert refusal(tmp_path / "socket").startswith(f"{tmp_path}/socket: cannot be read: ")
        assert refusal("/dev/zero") == "/dev/zero: is a device; a zone file is a regular file."
        assert (
            refusal(tmp_path) == f"{tmp_path}: a folder without zone.json, so no backup: name a zone file in it."
        )
        if os.geteuid():
            assert refusal(secret) == f"{secret}: cannot be read: Permission denied."
    assert refusal(write(tmp_path / "a.com.zone", "")) == f"{tmp_path}/a.com.zone: The file holds no record."
    assert "no text, or UTF-16" in refusal(write(tmp_path / "b.com.zone", SOA.encode("utf-16")))


def test_a_file_beyond_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "example.com.zone", SOA)
    monkeypatch.setattr(localfiles, "LARGEST_FILE", len(SOA))
    assert read(path).snapshot.record_count() == 2

    monkeypatch.setattr(localfiles, "LARGEST_FILE", len(SOA) - 1)
    assert refusal(path).endswith("MiB are read at most.")


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ("file:", "the path is missing, as in file:example.com.zone."),
        ("file:x.zone?orign=a", "there is no option 'orign'; file: knows origin."),
        ("file:x.zone?origin=", "origin= is empty"),
        ("file:x.zone?origin=a..b", "'a..b' is not a domain name"),
        ("file:a%00b", "is no path: an octet of it is 0."),
    ],
)
def test_locators_that_cannot_be_meant(locator: str, words: str) -> None:
    assert words in refusal(locator)


def test_a_file_has_no_account_to_list_and_no_assigned_name_servers(tmp_path: Path) -> None:
    locator = providers.parse_locator(str(write(tmp_path / "example.com.zone", SOA)))

    with pytest.raises(InputError, match="there is no account to list"):
        zonefile.list_zones(locator, environment())
    assert zonefile.assigned_name_servers(locator, environment()) == ()


# Backups.


def backup_of(tmp_path: Path) -> Path:
    top = write(tmp_path / "example.com.zone", SOA + "$INCLUDE sub/a.inc\nwww 60 A 192.0.2.1\n")
    write(tmp_path / "sub/a.inc", "a 60 A 192.0.2.2\n")
    result = read(top)
    plain = plain_zone(result.snapshot)
    return write_backup(
        result.snapshot, result.findings, plain, provider="file", folder=tmp_path / "backup"
    ).folder


def test_a_backup_folder_gives_back_the_zone_and_the_files_it_was_made_of(tmp_path: Path) -> None:
    folder = backup_of(tmp_path)
    before, after = read(tmp_path / "example.com.zone").snapshot, read(folder).snapshot

    assert after.rrsets == before.rrsets
    assert after.digest() == before.digest()
    assert after.source == before.source
    assert sorted(after.native, key=lambda d: d.name) == sorted(before.native, key=lambda d: d.name)


def test_its_zone_json_and_its_zone_file_serve_alone(tmp_path: Path) -> None:
    folder = backup_of(tmp_path)

    assert read(folder / "zone.json").snapshot.digest() == read(folder).snapshot.digest()
    assert read(folder / "example.com.zone").snapshot.digest() == read(folder).snapshot.digest()
    assert "holds the zone example.com, not example.net" in refusal(f"file:{folder}/zone.json?origin=example.net")
    assert read(f"file:{folder}?origin=example.com").snapshot.origin == absolute("example.com.")


@pytest.mark.parametrize("name", ["zone.json", "raw/example.com.zone", "example.com.zone"])
def test_a_backup_that_was_changed_or_is_not_whole_is_refused(tmp_path: Path, name: str) -> None:
    folder = backup_of(tmp_path)
    content = (folder / name).read_bytes()

    (folder / name).write_bytes(content + b"\n")
    assert "not the file that was written" in refusal(folder)
    (folder / name).unlink()
    assert name in refusal(folder)


def test_a_backup_without_its_sums_is_refused(tmp_path: Path) -> None:
    folder = backup_of(tmp_path)
    (folder / "SHA256SUMS").unlink()

    assert refusal(folder) == f"{folder}/SHA256SUMS: cannot be read: No such file or directory."


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        (b"\xff", "SHA256SUMS: not UTF-8 at octet 0."),
        (b"x", "SHA256SUMS:1: not a line of sha256sum"),
        (b"0" * 64 + b"  raw/../../a\n", "'raw/../../a' leads out of the backup"),
    ],
)
def test_sums_that_are_none_are_refused(tmp_path: Path, sums: bytes, words: str) -> None:
    folder = backup_of(tmp_path)
    (folder / "SHA256SUMS").write_bytes(sums)

    assert words in refusal(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON"),
        (b"{}", "schema"),
        (b'{"schema": "dns-migrator/diff/1"}', "dns-migrator/diff/1"),
        (b'{"schema": "\xff"}', "not UTF-8 at octet 12"),
        (b"\xef\xbb\xbf{}", "no 'schema' that names the kind of document; dns-migrator/zone/1 was expected."),
        (b'[{"name": "www"}]', "holds a JSON list; a zone file or the zone.json of a backup was expected."),
        (b"\xef\xbb\xbf [\n]", "holds a JSON list; a zone file or the zone.json of a backup was expected."),
        (b"[1,2,3]", "holds a JSON list; a zone file or the zone.json of a backup was expected."),
        (b"[\n  -1.5e3\n]\n", "holds a JSON list; a zone file or the zone.json of a backup was expected."),
        (
            b'{"ResourceRecordSets": []}',
            "JSON of a provider is not read: name the zone where it is served, by route53:",
        ),
        (b'[{"name": "x"}]', "JSON of a provider is not read: name the zone where it is served, by route53:"),
        (b"[null, true]", "holds a JSON list; a zone file or the zone.json of a backup was expected."),
    ],
)
def test_json_that_is_no_zone_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = write(tmp_path / "zone.json", content)

    assert words in refusal(path)
    assert str(path) in refusal(path)


def test_an_owner_that_is_a_number_in_brackets_is_no_json(tmp_path: Path) -> None:
    path = write(tmp_path / "example.com.zone", b"[1] 300 IN A 192.0.2.1\n@ 300 IN A 192.0.2.1\n")

    owners = [rrset.owner.to_text() for rrset in read(path).snapshot.rrsets]

    assert owners == ["example.com.", "[1].example.com."]


@pytest.mark.parametrize("start", ["\n ", "\ufeff", "\ufeff\r\n"])
def test_a_zone_json_may_have_any_name_and_begin_with_a_byte_order_mark(tmp_path: Path, start: str) -> None:
    snapshot = read(write(tmp_path / "example.com.zone", SOA)).snapshot
    path = write(tmp_path / "copy", start + codec.dumps(snapshot))

    assert read(path).snapshot.rrsets == snapshot.rrsets


def test_an_owner_that_begins_with_a_bracket_makes_no_json(tmp_path: Path) -> None:
    path = write(tmp_path / "example.com.zone", "[ 60 A 192.0.2.1\n" + SOA)

    assert read(path).snapshot.record_count() == 3


def test_errors_are_of_the_kind_that_ends_with_exit_code_2() -> None:
    with pytest.raises(MigratorError) as refused:
        read("no/such.zone")

    assert refused.value.exit_code == 2
