"""`dns-migrator zones`, run as a user runs it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.demo.clouds.route53 import Fault, Route53
from tests.cloud.aws import point_aws_at
from tests.cloud.route53 import sample
from tests.installed import run as run_command

COMMAND = Path(sys.executable).with_name("dns-migrator")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Route53]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DNS_MIGRATOR_NETWORK", raising=False)
    cloud = Route53()
    sample(cloud.account)
    with cloud:
        point_aws_at(cloud.url, monkeypatch, tries=2)
        yield cloud


def run(*arguments: str) -> tuple[int, str, str]:
    done = run_command("zones", *arguments)
    return done.code, done.out, done.err


@pytest.mark.usefixtures("cloud")
def test_the_zones_of_an_account_are_a_table() -> None:
    assert run("route53:") == (
        0,
        """\
zone         id                     visibility  records  status
example.com  Z00000000000000000001  public           16  -
  ns-7.awsdns-01.com, ns-519.awsdns-01.net, ns-1031.awsdns-01.org,
  ns-1543.awsdns-01.co.uk
  sample
example.com  Z00000000000000000002  private           3  -
  inside
2 zones.
""",
        "",
    )


@pytest.mark.usefixtures("cloud")
def test_json_has_identifiers_to_use_in_locators() -> None:
    code, out, _ = run("route53:", "--format", "json")

    document = json.loads(out)
    assert (code, document["schema"]) == (0, "dns-migrator/zones/1")
    assert [(zone["name"], zone["id"], zone["visibility"]) for zone in document["zones"]] == [
        ("example.com.", "Z00000000000000000001", "public"),
        ("example.com.", "Z00000000000000000002", "private"),
    ]


REFUSED = {
    "foo:": "'foo:' is no known scheme",
    "some/path": "the scheme of a provider with accounts was expected",
    "file:": "the scheme of a provider with accounts was expected",
    "axfr:": "axfr:",
    "dns:": "'dns:'",
}


@pytest.mark.parametrize("scheme", REFUSED)
@pytest.mark.usefixtures("cloud")
def test_what_has_no_accounts_is_one_clear_line(scheme: str) -> None:
    code, out, err = run(scheme)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert REFUSED[scheme] in err


def test_an_account_that_cannot_be_asked_is_exit_code_3(cloud: Route53) -> None:
    cloud.fail(Fault(drop="before", times=1000))

    code, out, err = run("route53:")

    assert (code, out, err.count("\n")) == (3, "", 1)
