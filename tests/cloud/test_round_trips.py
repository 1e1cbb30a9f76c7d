"""A zone with one of everything, from every provider to every provider: equal, or listed as a loss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.feature_zones import fresh, make_feature_zone, zone_file
from tests.cloud.round_trips import (
    Clouds,
    flags_for,
    imported,
    own_digest,
    run,
    three_clouds,
    unexplained,
    words_of,
)

PROVIDERS = ("route53", "azure", "cloudflare")
# Losses that need no decision come after the bar.
FROM_ROUTE53 = """
health-check-lost: failover A, weighted A
standby-lost: failover A
geo-default-only: geo A
latency-merged: latency A
routing-dropped: near A
weights-heaviest: shares CNAME
weights-merged: weighted A
"""
FROM_ROUTE53_BESIDES = """
alias-as-cname: cdn A
target-health-lost: inside A
multivalue-merged: multi A
spf-as-txt: spf SPF
"""
FROM_AZURE = "alias-dropped: @ A, api CNAME\n"
FROM_CLOUDFLARE = """
apex-cname-dropped: @ CNAME
originless-placeholder: bare AAAA
cname-conflict: beside TXT
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
    ("route53", "route53"): ("", "alias-rewritten: inside A, inside AAAA"),
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
    ("cloudflare", "cloudflare"): ("", ""),
}


# What restoring a zone to the letter takes.
RESTORING = ("--delete", "--delete-conflicting", "--allow-mass-replace", "--allow-mass-delete")


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
    assert {loss["what"] for loss in found["losses"]} <= {"alias-rewritten"}
    assert found["ledger"]["dropped"] == 0
    assert own_digest(again) == own_digest(home)
