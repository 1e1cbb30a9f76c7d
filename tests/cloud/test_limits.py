"""What a service keeps otherwise, or would refuse, is told by the plan before anything is written."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.round_trips import Clouds, Run, imported, run, three_clouds, words_of

HEAD = """\
$ORIGIN example.com.
$TTL 3600
@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300
@ NS ns1.example.net.
"""


OF_THE_SOA = {("@ SOA", "soa-values")}


@pytest.fixture
def clouds(tmp_path: Path) -> Iterator[Clouds]:
    with three_clouds(tmp_path) as running:
        yield running


def test_cloudflare_chooses_the_ttl_of_what_a_zone_file_marks_as_proxied(clouds: Clouds) -> None:
    Path("old.zone").write_text(
        f"{HEAD}"
        "www  3600 A 198.51.100.7 ; cf_tags=cf-proxied:true\n"
        "both 3600 A 198.51.100.8 ; cf_tags=cf-proxied:true\n"
        "both 3600 A 198.51.100.9\n"
    )

    found = imported(clouds, "old.zone", "cloudflare:example.com")

    assert words_of(found) - OF_THE_SOA == {("www A", "proxied-ttl"), ("both A", "proxied-ttl")}
    made = {raw["content"]: raw["ttl"] for raw in clouds.cloudflare.account.of_name("example.com").records}
    assert made == {"198.51.100.7": 1, "198.51.100.8": 1, "198.51.100.9": 3600}


def test_a_text_of_many_short_strings_is_cut_anew_for_cloudflare(clouds: Clouds) -> None:
    # 4,000 octets, which take 5,000 on the wire.
    Path("old.zone").write_text(f"{HEAD}many TXT {' '.join(['abcd'] * 1000)}\n")

    found = imported(clouds, "old.zone", "cloudflare:example.com")

    assert words_of(found) - OF_THE_SOA == {("many TXT", "text-rechunked")}


def test_the_quotes_count_among_the_characters_of_a_text_set_of_cloudflare(clouds: Clouds) -> None:
    # 8,160 octets, and 8,240 characters as they are written.
    Path("old.zone").write_text(HEAD + "".join(f'all TXT "{n:03}{"x" * 201}"\n' for n in range(40)))

    refused = run("import", "old.zone", "cloudflare:example.com", "--yes", "--format", "json")

    assert (refused.code, refused.json["refused"], clouds.writes()) == (4, ["--accept text-too-long"], [])
    (loss,) = (loss for loss in refused.json["losses"] if loss["what"] == "text-too-long")
    assert loss["message"] == (
        "The records of the set have 8,240 characters together, quotes and escapes included; Cloudflare takes "
        "8,192. It is left out."
    )


def test_a_set_that_no_request_of_route_53_can_carry_is_told(clouds: Clouds) -> None:
    Path("old.zone").write_text(HEAD + "".join(f'big TXT "{n:03}{"x" * 200}"\n' for n in range(180)))

    refused = run("import", "old.zone", "route53:example.com", "--yes", "--format", "json")

    assert (refused.code, refused.json["refused"], clouds.writes()) == (4, ["--accept text-too-long"], [])
    found = imported(clouds, "old.zone", "route53:example.com", "--accept", "text-too-long")
    assert found["ledger"]["dropped"] == 1


def test_a_large_set_of_route_53_is_replaced_or_told(clouds: Clouds) -> None:
    def large(word: str, count: int) -> str:
        return HEAD + "".join(f'big TXT "{word}{n:03}{"x" * 197}"\n' for n in range(count))

    Path("old.zone").write_text(large("old", 90))
    Path("new.zone").write_text(large("new", 90))
    Path("few.zone").write_text(large("new", 60))
    imported(clouds, "old.zone", "route53:example.com")

    def bring(name: str) -> Run:
        asked = (name, "route53:example.com", "--yes", "--allow-mass-replace", "--format", "json")
        return run("import", *asked)

    refused = bring("new.zone")
    assert (refused.code, refused.json["refused"]) == (4, ["--accept replacement-too-large"])
    assert [bring(name).code for name in ("few.zone", "new.zone", "new.zone")] == [0, 0, 0]
    (zone,) = clouds.route53.account.zones.values()
    (held,) = (raw for raw in zone.listed() if raw["Type"] == "TXT")
    assert sorted({str(record["Value"])[1:4] for record in held["ResourceRecords"]}) == ["new"]


def test_a_large_set_of_route_53_that_a_rollback_cannot_put_back_is_told_before_it_is_overwritten(
    clouds: Clouds,
) -> None:
    for word, count in (("old", 120), ("new", 70)):
        Path(f"{word}.zone").write_text(
            HEAD + "".join(f'big TXT "{word}{n:03}{"x" * 197}"\n' for n in range(count)) + f"{word} A 192.0.2.1\n"
        )
    imported(clouds, "old.zone", "route53:example.com")

    there = run("import", "new.zone", "route53:example.com", "--yes", "--allow-mass-replace", "--format", "json")
    back = run("rollback", "example.com", "--live", "--dry-run", "--format", "json")
    shown = run("rollback", "example.com", "--live", "--dry-run")

    assert there.code == 0
    assert [found["check"] for found in there.json["target_findings"]] == ["import.one-way"]
    assert there.json["target_findings"][0]["message"] == (
        "big.example.com. TXT: a rollback cannot put back the set that is there now (24,600 characters): no "
        "request of Route 53 takes it in the place of the new one."
    )
    reasons = {change["owner"]: change["detail"] for change in back.json["changes"]}
    assert reasons == {
        "big.example.com.": (
            "It takes 190 records and 38,950 characters in one request, and Route 53 takes 1,000 and 32,000. Take "
            "the change in smaller steps."
        ),
        "new.example.com.": "",
    }
    assert "Cannot be written: It takes 190 records and 38,950 characters" in " ".join(shown.out.split())


def test_sets_of_a_name_that_no_request_of_route_53_takes_together_are_told_before_anything_is_written(
    clouds: Clouds,
) -> None:
    Path("old.zone").write_text(f"{HEAD}big CNAME www.example.net.\nother A 192.0.2.1\n")
    texts = "".join(f'big TXT "{n:03}{"x" * 197}"\n' for n in range(120))
    issuers = "".join(f'big CAA 0 issue "{n:03}.{"x" * 50}.{"y" * 60}.{"z" * 60}.example"\n' for n in range(60))
    Path("new.zone").write_text(f"{HEAD}{texts}{issuers}other A 192.0.2.2\n")
    imported(clouds, "old.zone", "route53:example.com")
    before = clouds.writes()

    asked = ("import", "new.zone", "route53:example.com", "--delete-conflicting", "--allow-mass-replace")
    refused = run(*asked, "--yes", "--format", "json")
    planned = run(*asked, "--plan-out", "plan.json")

    assert (refused.code, planned.code, clouds.writes()) == (4, 4, before)
    assert refused.json["error"].startswith(
        "Nothing was written: no request carries these changes together, as they must be: big.example.com. "
    )
    assert {change["owner"] for change in refused.json["changes"] if change["detail"]} == {"big.example.com."}
    assert not Path("plan.json").exists()


def test_more_aliases_than_azure_takes_to_one_set_become_cnames(clouds: Clouds) -> None:
    zone = clouds.route53.account.create("example.com")
    address = {"TTL": 300, "ResourceRecords": [{"Value": "198.51.100.7"}]}
    target = {"HostedZoneId": zone.identifier, "DNSName": "www.example.com.", "EvaluateTargetHealth": False}
    zone.put({"Name": "www.example.com", "Type": "A", **address})
    for number in range(52):
        zone.put({"Name": f"h{number:02}.example.com", "Type": "A", "AliasTarget": target})

    found = imported(clouds, "route53:example.com", "azure:example.com?resource-group=new")

    messages = {loss["owner"]: loss["message"] for loss in found["losses"] if loss["what"] == "alias-as-cname"}
    words = "Azure DNS has no room for another alias to it: it becomes a CNAME to www.example.com."
    assert messages == {"h50.example.com.": words, "h51.example.com.": words}
    assert sum(bool(one.target) for one in clouds.azure.cloud.only_zone().sets.values()) == 50


@pytest.mark.parametrize("options", [(), ("--delete", "--allow-mass-delete")], ids=["kept", "to be deleted"])
def test_aliases_that_azure_has_already_take_room_from_those_that_come(
    clouds: Clouds, options: tuple[str, ...]
) -> None:
    address = {"TTL": 300, "ResourceRecords": [{"Value": "198.51.100.7"}]}

    def fill(prefix: str, count: int) -> None:
        zone = clouds.route53.account.create("example.com")
        target = {"HostedZoneId": zone.identifier, "DNSName": "www.example.com.", "EvaluateTargetHealth": False}
        zone.put({"Name": "www.example.com", "Type": "A", **address})
        for number in range(count):
            zone.put({"Name": f"{prefix}{number:02}.example.com", "Type": "A", "AliasTarget": target})

    fill("there", 30)
    imported(clouds, "route53:example.com", "azure:example.com?resource-group=new")
    clouds.route53.account.zones.clear()
    fill("h", 30)

    there = "azure:example.com?resource-group=new"
    found = run("import", "route53:example.com", there, *options, "--yes", "--format", "json")

    cnames = [loss["owner"] for loss in found.json["losses"] if loss["what"] == "alias-as-cname"]
    assert cnames == [f"h{number}.example.com." for number in range(20, 30)]
    assert (found.code, found.json["verified"]) == (0, True)


def test_a_key_that_is_too_long_for_cloudflare_is_told(clouds: Clouds) -> None:
    short, long = (b64encode(bytes(octets)).decode() for octets in (4096, 4097))
    Path("old.zone").write_text(f"{HEAD}short OPENPGPKEY {short}\nlong OPENPGPKEY {long}\n")

    refused = run("import", "old.zone", "cloudflare:example.com", "--yes", "--format", "json")

    assert (refused.code, refused.json["refused"], clouds.writes()) == (4, ["--accept value-too-long"], [])
    found = imported(clouds, "old.zone", "cloudflare:example.com", "--accept", "value-too-long")
    assert words_of(found) - OF_THE_SOA == {("long OPENPGPKEY", "value-too-long")}


def test_a_proxied_cname_of_a_zone_that_flattens_all_reaches_another_account(clouds: Clouds) -> None:
    account = clouds.cloudflare.account
    account.accounts["b" * 32] = "Another Account"
    old = account.create("example.com", plan="pro", settings={"flatten_all_cnames": True})
    new = account.create("example.com", plan="pro", account="b" * 32)
    old.seed({"type": "CNAME", "name": "www", "content": "shop.example.net", "proxied": True})

    imported(clouds, *(f"cloudflare:example.com?zone-id={zone.identifier}" for zone in (old, new)))

    assert [(raw["name"], raw["proxied"], raw["settings"]) for raw in new.records] == [
        ("www.example.com", True, {})
    ]
