"""`run` where names alone do not tell how far a move is.

A signed zone: a person removes the DS, and nothing goes on before it is gone from every cache. Name servers that
keep their names: the glue of the parent's servers shows the switch.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.lab.command import Command
from tests.lab.lab import Lab
from tests.lab.waiting import wait_until
from tests.lab.zones import zone_text

DOMAIN = "going-insecure.test."
KEPT = "keeping-names.test."
BODY = "@ A 192.0.2.1\nwww CNAME @\n@ MX 10 mail\nmail A 192.0.2.25\n"
TTL, DS_TTL = 1, 6
SAID = {
    "dnssec": r"no server of the parent has it since then \((?P<since>.+)\)",
    "expire": r"since (?P<end>\S+) = DS gone since (?P<since>\S+) \+ max\(parent DS TTL 6, old DNSKEY TTL 1\)",
}


class Run:
    """The run of one domain, gone on with as far as it comes."""

    def __init__(self, command: Command, domain: str) -> None:
        self._command = command
        self._zone = domain.rstrip(".")

    def __call__(self, *arguments: str) -> dict[str, Any]:
        """Go on; returns where it stands then."""
        self._command("run", self._zone, "--no-wait", *arguments)
        found: dict[str, Any] = self._status()["migrations"][0]
        return found

    def events(self) -> list[dict[str, Any]]:
        return list(self._status()["migrations"][0]["events"])

    def _status(self) -> Any:
        return self._command("status", self._zone, "-f", "json").document


def test_a_signed_zone_goes_insecure_before_the_switch(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    signed = lab.serve_signed(lab.old, DOMAIN, BODY, ttl=TTL)
    lab.serve(lab.new, DOMAIN, BODY, ttl=TTL)
    lab.delegate(DOMAIN, lab.old.name_servers, ttl=DS_TTL, ds=[signed.ds])
    (tmp_path / "new.zone").write_text(zone_text(DOMAIN, "", lab.new.name_servers, ttl=TTL))
    run = Run(command, DOMAIN)
    source = lab.locator("axfr", DOMAIN, lab.old.servers[0])

    run(
        *("--from", source, "--to", "new.zone", "--yes", "--every", "1"),
        *("--lowered-ttl", str(TTL), "--strategy", "go-insecure"),
    )
    asked = run.events()[-1]
    # The registrar has told one server of the registry so far.
    lab.delegate(DOMAIN, lab.old.name_servers, ttl=DS_TTL, everywhere=False)
    half = run()
    lab.delegate(DOMAIN, lab.old.name_servers, ttl=DS_TTL)
    wait_until(lambda: run()["stage"] == "switch", "the switch", 60)

    assert (asked["stage"], asked["event"]) == ("dnssec", "asks")
    assert asked["text"] == (
        "remove the DS at the registrar, and keep the old zone signed: the parent has a DS of the old keys; the "
        "plan assumes that it is removed now"
    )
    assert (half["stage"], half["status"]) == ("dnssec", "asking")
    done = {event["stage"]: event for event in run.events() if event["event"] == "done"}
    gone, expired = (re.fullmatch(wanted, done[stage]["text"]) for stage, wanted in SAID.items())
    assert gone is not None, done["dnssec"]
    assert expired is not None, done["expire"]
    assert gone["since"] == expired["since"]
    since, end = (datetime.fromisoformat(expired[name]) for name in ("since", "end"))
    assert end - since == timedelta(seconds=DS_TTL), "the longer one of the TTLs of the DS and of the keys"
    assert datetime.fromisoformat(done["expire"]["at"]) >= end
    assert done["ready"]["text"].startswith("ready: go (")


def test_name_servers_that_keep_their_names_have_moved_when_the_glue_has(
    laboratory: Lab, command: Command, tmp_path: Path
) -> None:
    lab = laboratory
    names = (f"ns1.{KEPT}", f"ns2.{KEPT}")
    old, new = (
        dict(zip(names, ([address] for address in side.addresses), strict=True)) for side in (lab.old, lab.new)
    )
    lab.serve(lab.old, KEPT, BODY + hosts(old), ttl=TTL, name_servers=names)
    lab.serve(lab.new, KEPT, BODY + hosts(new), ttl=TTL, name_servers=names)
    lab.delegate(KEPT, names, ttl=TTL, glue=old)
    (tmp_path / "new.zone").write_text(zone_text(KEPT, hosts(new), names, ttl=TTL))
    run = Run(command, KEPT)
    source = lab.locator("axfr", KEPT, lab.old.servers[0])

    run("--from", source, "--to", "new.zone", "--yes", "--every", "1", "--lowered-ttl", str(TTL))
    wait_until(lambda: run()["stage"] == "switch", "the switch", 60)
    asked = run.events()[-1]
    # The registrar has told one server of the registry so far.
    lab.delegate(KEPT, names, ttl=TTL, glue=new, everywhere=False)
    wait_until(lambda: run()["stage"] == "parent", "the first server of the registry", 60)
    half = run.events()[-1]
    lab.delegate(KEPT, names, ttl=TTL, glue=new)
    wait_until(lambda: run()["status"] == "complete", "the end", 120)

    told = ", ".join(f"{name.rstrip('.')} {address}" for name, (address,) in new.items())
    assert (asked["stage"], asked["event"]) == ("switch", "asks")
    assert asked["text"] == (
        "the name servers keep their names and move: have the registrar give their host records these addresses, "
        f"and no others: {told}"
    )
    assert (half["event"], half["text"]) == (
        "waits",
        "the parent: 1 of 2 servers have the new addresses of the name servers",
    )
    done = {event["stage"]: event["text"] for event in run.events() if event["event"] == "done"}
    assert done["switch"] == "the parent: 1 of 2 servers have the new addresses of the name servers"
    assert [done[stage].partition(" (")[0] for stage in ("parent", "resolvers")] == ["switch: go", "settle: go"]
    assert done["close"].startswith("nobody needs the old zone any more: close: go (")


def hosts(places: Mapping[str, Sequence[str]]) -> str:
    """Return the address records of name servers inside a zone."""
    return "".join(f"{name} A {address}\n" for name, addresses in places.items() for address in addresses)
