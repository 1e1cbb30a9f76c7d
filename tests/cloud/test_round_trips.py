"""A zone with one of everything, from every provider to every provider: equal, or listed as a loss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.clouds.azure import SUBSCRIPTION
from tests.cloud.feature_zones import ZONE, fresh, make_feature_zone, zone_file
from tests.cloud.round_trips import (
    OLD,
    Clouds,
    flags_for,
    imported,
    own_digest,
    run,
    three_clouds,
    unexplained,
    words_of,
)
from tests.faulty import ALL, FaultyServer, Reply

PROVIDERS = ("route53", "azure", "cloudflare")
# Losses that need no decision come after the bar.
FROM_ROUTE53 = """
health-check-lost: failover A, weighted A
standby-lost: failover A
geo-default-only: geo A, office A
latency-merged: latency A
routing-dropped: near A
weights-heaviest: shares CNAME
weights-merged: weighted A
traffic-policy-snapshot: policy A
unknown-field: moon A
unreadable-set: future TYPE65473
"""
FROM_ROUTE53_BESIDES = """
alias-as-cname: cdn A
target-health-lost: inside A
multivalue-merged: multi A
spf-as-txt: spf SPF
"""
FROM_AZURE = """
alias-dropped: @ A, api CNAME
unknown-field: moon A
unreadable-set: future TYPE65473
"""
FROM_CLOUDFLARE = """
apex-cname-dropped: @ CNAME
originless-placeholder: bare AAAA
cname-conflict: beside TXT
managed-record: routed MX
unknown-field: four A, inner A
unreadable-set: future TYPE65473
origin-exposed: mixed A, proxied A
"""
FROM_CLOUDFLARE_BESIDES = """
automatic-ttl: auto A, mixed A, proxied A
flattening-lost: flat CNAME
record-ttls: mixed A, ttls A
"""
ONLY_CLOUDFLARE_HAS = "cert CERT, dnskey DNSKEY, loc LOC, pgp OPENPGPKEY, smimea SMIMEA, uri URI"
AZURE_LACKS = "https HTTPS, sshfp SSHFP, svcb SVCB"
# By direction: what needs a decision, and what is said besides.
LOSSES = {
    ("route53", "route53"): ("traffic-policy-snapshot: policy A", "alias-rewritten: inside A, inside AAAA"),
    ("route53", "azure"): (
        f"alias-dropped: @ A\ntype-unsupported: {AZURE_LACKS}\n{FROM_ROUTE53}",
        f"alias-rewritten: inside A, inside AAAA\n{FROM_ROUTE53_BESIDES}",
    ),
    ("route53", "cloudflare"): (
        FROM_ROUTE53,
        f"alias-flattened: @ A\nsoa-values: @ SOA\nalias-as-cname: inside A, inside AAAA\n{FROM_ROUTE53_BESIDES}",
    ),
    ("azure", "route53"): (
        FROM_AZURE,
        "empty-set: empty A\nalias-rewritten: inside A\nnotes-lost: noted A",
    ),
    ("azure", "azure"): ("", "alias-rewritten: inside A"),
    ("azure", "cloudflare"): (
        FROM_AZURE,
        "soa-values: @ SOA\nempty-set: empty A\nalias-as-cname: inside A\nnotes-converted: noted A",
    ),
    ("cloudflare", "route53"): (
        f"type-unsupported: {ONLY_CLOUDFLARE_HAS}\n{FROM_CLOUDFLARE}",
        f"notes-lost: noted A, tagged A\n{FROM_CLOUDFLARE_BESIDES}",
    ),
    ("cloudflare", "azure"): (
        f"type-unsupported: {ONLY_CLOUDFLARE_HAS}, {AZURE_LACKS}\n{FROM_CLOUDFLARE}",
        f"notes-converted: noted A, tagged A\n{FROM_CLOUDFLARE_BESIDES}",
    ),
    ("cloudflare", "cloudflare"): ("managed-record: routed MX", ""),
}


# What restoring a zone to the letter takes; what belongs to another product, no import can bring back.
BEYOND = {"traffic-policy-snapshot", "managed-record"}
RESTORING = (
    *("--delete", "--delete-conflicting", "--allow-mass-replace", "--allow-mass-delete"),
    *(part for word in sorted(BEYOND) for part in ("--accept", word)),
)


@pytest.fixture
def clouds(tmp_path: Path) -> Iterator[Clouds]:
    with three_clouds(tmp_path) as running:
        yield running


def losses_in(table: str) -> set[tuple[str, str]]:
    lines = [line.partition(": ") for line in table.splitlines() if line]
    return {(subject, word) for word, _, subjects in lines for subject in subjects.split(", ")}


def accepting(table: str) -> list[str]:
    return [part for word in sorted({word for _, word in losses_in(table)}) for part in ("--accept", word)]


@pytest.mark.parametrize(("source", "target"), LOSSES)
def test_a_zone_with_everything_arrives_or_is_listed(
    clouds: Clouds, tmp_path: Path, source: str, target: str
) -> None:
    there = make_feature_zone(clouds, source, tmp_path / "example.com.zone")
    here = fresh(clouds, target)
    decided, besides = LOSSES[source, target]
    if decided:
        before = clouds.writes()
        refused = run("import", there, here, "--yes", "--format", "json")
        wanted = {f"--accept {word}" for _, word in losses_in(decided)}
        assert (refused.code, set(refused.json["refused"])) == (4, wanted)
        assert clouds.writes() == before
    found = imported(clouds, there, here, *accepting(decided))
    assert words_of(found) == losses_in(decided) | losses_in(besides)
    assert {loss["what"] for loss in found["losses"] if loss["severity"] == "error"} == {
        word for _, word in losses_in(decided)
    }


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_difference_that_no_loss_speaks_of_would_be_seen(clouds: Clouds, tmp_path: Path, provider: str) -> None:
    there = make_feature_zone(clouds, provider, tmp_path / "example.com.zone")
    changed = tmp_path / "changed.zone"
    changed.write_text(zone_file(frozenset({"A", "MX"})))
    seen = [line.split(":")[0] for line in unexplained(there, f"file:{changed}", [])]
    assert {"missing docs.example.com. CNAME", "missing naptr.example.com. NAPTR"} <= set(seen)


@pytest.mark.parametrize("away", PROVIDERS)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_zone_comes_back_whole_with_its_backup(clouds: Clouds, tmp_path: Path, provider: str, away: str) -> None:
    home = make_feature_zone(clouds, provider, tmp_path / "example.com.zone")
    exported = run("export", home, "-o", "backup")
    assert exported.code == 0, exported.err
    abroad = fresh(clouds, away, group="abroad")
    imported(clouds, home, abroad, *accepting(LOSSES[provider, away][0]))
    again = fresh(clouds, provider, group="again")
    imported(clouds, abroad, again, *flags_for(abroad, again))
    assert (own_digest(again) == own_digest(home)) == (provider == away)
    found = imported(clouds, "backup", again, *RESTORING)
    assert {loss["what"] for loss in found["losses"]} <= {"alias-rewritten"} | BEYOND
    assert found["ledger"]["dropped"] == sum(loss["what"] == "managed-record" for loss in found["losses"])
    assert own_digest(again) == own_digest(home)


# What a zone of another plan than Pro, whose features the zone of Cloudflare has, cannot hold.
FLAT = "flattening-lost: flat CNAME"
PLANS = {
    (
        "cloudflare",
        "free",
    ): f"managed-record: routed MX\nnotes-converted: tagged A\n{FLAT}\nflattened-anyway: @ CNAME",
    ("cloudflare", "business"): "managed-record: routed MX",
    ("cloudflare", "enterprise"): "managed-record: routed MX",
    ("enterprise", "free"): f"notes-converted: tagged A\nnotes-lost: tagged A\nttl-raised: quick A\n{FLAT}\n"
    "soa-values: @ SOA",
    ("enterprise", "pro"): "ttl-raised: quick A\nsoa-values: @ SOA",
    ("enterprise", "business"): "ttl-raised: quick A\nsoa-values: @ SOA",
    ("enterprise", "enterprise"): "",
}


def enterprise_zone(clouds: Clouds) -> str:
    """A zone with what only the Enterprise plan has: TTLs of half a minute, its own SOA, long comments."""
    zone = clouds.cloudflare.account.create(ZONE, plan="enterprise")
    zone.seed(
        {"type": "A", "name": "quick", "content": "192.0.2.1", "ttl": 30},
        {"type": "A", "name": "tagged", "content": "192.0.2.2", "tags": ["a:b"], "comment": "long " * 50},
        {"type": "CNAME", "name": "flat", "content": "flat.example.net", "settings": {"flatten_cname": True}},
    )
    zone.settings["soa"] |= {"rname": "hostmaster.example.net", "refresh": 7200}
    return f"cloudflare:{ZONE}?zone-id={zone.identifier}"


@pytest.mark.parametrize(("source", "plan"), PLANS)
def test_what_another_plan_of_cloudflare_does_not_hold_is_listed(
    clouds: Clouds, tmp_path: Path, source: str, plan: str
) -> None:
    if source == "enterprise":
        there = enterprise_zone(clouds)
    else:
        there = make_feature_zone(clouds, source, tmp_path / "example.com.zone")
    made = clouds.cloudflare.account.create(ZONE, plan=plan, newer_types=frozenset({"FOO"}))
    here = f"cloudflare:{ZONE}?zone-id={made.identifier}"
    found = imported(clouds, there, here, "--accept", "managed-record")
    assert words_of(found) == losses_in(PLANS[source, plan])
    own_soa = (source, plan) == ("enterprise", "enterprise")
    assert (made.settings["soa"]["rname"] == "hostmaster.example.net") == own_soa


def test_a_plan_holds_so_many_records_and_no_more(clouds: Clouds) -> None:
    zone = clouds.cloudflare.account.create(ZONE, plan="business")
    zone.seed(*({"type": "A", "name": f"h{n}", "content": "192.0.2.1", "ttl": 300} for n in range(250)))
    there = f"cloudflare:{ZONE}?zone-id={zone.identifier}"
    free, pro = (clouds.cloudflare.account.create(ZONE, plan=plan).identifier for plan in ("free", "pro"))
    refused = run("import", there, f"cloudflare:{ZONE}?zone-id={free}", "--yes", "--format", "json")
    assert (refused.code, refused.json["refused"]) == (4, ["--accept zone-too-large"])
    assert {loss["message"] for loss in refused.json["losses"]} == {
        "The zone has 250 records; Cloudflare takes 200."
    }
    found = imported(clouds, there, f"cloudflare:{ZONE}?zone-id={pro}")
    assert (found["losses"], found["calls"]["writes"]) == ([], 1)


# ---- aliases as what they answer now


def network(*resolvers: FaultyServer) -> str:
    """A network profile with these resolvers; silence is noticed at once."""
    panel = "".join(f'[[resolvers]]\nname = "r"\naddress = "127.0.0.1:{r.server.port}"\n' for r in resolvers)
    Path("network.toml").write_text(f"timeout = 0.2\nattempts = 1\nallow_special_addresses = true\n{panel}")
    return "network.toml"


CDN = "d111111abcdef8.cloudfront.net"


def test_an_alias_at_the_apex_is_written_as_the_addresses_that_it_answers_now(
    clouds: Clouds, tmp_path: Path
) -> None:
    there = make_feature_zone(clouds, "route53", tmp_path / "example.com.zone")
    here = fresh(clouds, "azure")
    decided = LOSSES["route53", "azure"][0].replace("alias-dropped", "alias-addresses")
    with FaultyServer(
        {(CDN, "A"): Reply(answer=[f"{CDN}. 90 A 192.0.2.88", f"{CDN}. 90 A 192.0.2.89"])}
    ) as server:
        options = ("--resolve-aliases", "--network", network(server))
        refused = run("import", there, here, *options, "--yes", "--format", "json")
        assert refused.code == 4
        assert "--accept alias-addresses" in refused.json["refused"]
        (loss,) = (loss for loss in refused.json["losses"] if loss["what"] == "alias-addresses")
        assert "do not follow it" in loss["message"]
        found = imported(clouds, there, here, *options, *accepting(decided))
    assert ("@ A", "alias-addresses") in words_of(found)
    zone = clouds.azure.cloud.only_zone()
    assert zone.sets["A", "@"].properties["ARecords"] == [
        {"ipv4Address": "192.0.2.88"},
        {"ipv4Address": "192.0.2.89"},
    ]
    assert zone.sets["A", "@"].properties["TTL"] == 90


def test_an_alias_that_no_resolver_answers_is_told_and_left_out_by_a_person_alone(
    clouds: Clouds, tmp_path: Path
) -> None:
    there = make_feature_zone(clouds, "route53", tmp_path / "example.com.zone")
    here = fresh(clouds, "azure")
    with FaultyServer({(None, None): Reply(drop=ALL)}) as silent:
        done = run(
            "import", there, here, "--resolve-aliases", "--network", network(silent), "--yes", "--format", "json"
        )
    assert (done.code, "--accept alias-dropped" in done.json["refused"]) == (4, True)
    assert [found["subject"] for found in done.json["findings"] if found["check"] == "import.alias-unchecked"] == [
        f"{CDN}. A"
    ]


def test_an_apex_cname_is_written_as_the_addresses_that_it_answers_now(clouds: Clouds, tmp_path: Path) -> None:
    there = make_feature_zone(clouds, "cloudflare", tmp_path / "example.com.zone")
    here = fresh(clouds, "route53")
    decided = LOSSES["cloudflare", "route53"][0].replace("apex-cname-dropped", "apex-cname-addresses")
    answers: dict[tuple[str | None, str | None], Reply | list[Reply]] = {
        ("shop.example.net", "A"): Reply(answer=["shop.example.net. 120 A 192.0.2.90"]),
        ("shop.example.net", "AAAA"): Reply(answer=["shop.example.net. 120 AAAA 2001:db8::90"]),
    }
    with FaultyServer(answers) as server:
        options = ("--resolve-aliases", "--network", network(server))
        found = imported(clouds, there, here, *options, *accepting(decided))
    assert ("@ CNAME", "apex-cname-addresses") in words_of(found)
    (zone,) = clouds.route53.account.zones.values()
    apex = {raw["Type"]: raw["ResourceRecords"] for raw in zone.record_sets if raw["Name"] == f"{ZONE}."}
    assert (apex["A"], apex["AAAA"]) == ([{"Value": "192.0.2.90"}], [{"Value": "2001:db8::90"}])


@pytest.mark.parametrize(("source", "target"), [(s, t) for s in PROVIDERS[:2] for t in PROVIDERS[:2]])
def test_an_alias_within_the_zone_leads_to_the_same_in_the_new_zone(
    clouds: Clouds, source: str, target: str
) -> None:
    if source == "azure":
        old = clouds.azure.cloud.create(SUBSCRIPTION, OLD, ZONE)
        old.put("www", "A", TTL=300, ARecords=[{"ipv4Address": "192.0.2.1"}])
        old.put("@", "A", TTL=300, targetResource={"id": f"{old.identifier}/A/www"})
        there = f"azure:{ZONE}?resource-group={OLD}"
    else:
        zone = clouds.route53.account.create(ZONE)
        zone.put({"Name": f"www.{ZONE}", "Type": "A", "TTL": 300, "ResourceRecords": [{"Value": "192.0.2.1"}]})
        own = {"HostedZoneId": zone.identifier, "DNSName": f"www.{ZONE}.", "EvaluateTargetHealth": False}
        zone.put({"Name": ZONE, "Type": "A", "AliasTarget": own})
        there = f"route53:{ZONE}?zone-id={zone.identifier}"
    here = fresh(clouds, target)
    imported(clouds, there, here)

    found = run("diff", there, here, "--format", "json")
    assert (found.code, {each["kind"] for each in found.json["differences"]}) == (0, {"expected", "equivalent"})
