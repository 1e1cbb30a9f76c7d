"""`run` with a signed zone: a person removes the DS, and nothing goes on before it is gone from every cache."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.lab.command import Command
from tests.lab.lab import Lab
from tests.lab.waiting import wait_until
from tests.lab.zones import zone_text

DOMAIN = "going-insecure.test."
ZONE = DOMAIN.rstrip(".")
BODY = "@ A 192.0.2.1\nwww CNAME @\n@ MX 10 mail\nmail A 192.0.2.25\n"
TTL, DS_TTL = 1, 6
SAID = {
    "dnssec": r"no server of the parent has it since then \((?P<since>.+)\)",
    "expire": r"since (?P<end>\S+) = DS gone since (?P<since>\S+) \+ max\(parent DS TTL 6, old DNSKEY TTL 1\)",
}


class Run:
    """The run of one domain, gone on with as far as it comes."""

    def __init__(self, command: Command) -> None:
        self._command = command

    def __call__(self, *arguments: str) -> dict[str, Any]:
        """Go on; returns where it stands then."""
        self._command("run", ZONE, "--no-wait", *arguments)
        found: dict[str, Any] = self._status()["migrations"][0]
        return found

    def events(self) -> list[dict[str, Any]]:
        return list(self._status()["migrations"][0]["events"])

    def _status(self) -> Any:
        return self._command("status", ZONE, "-f", "json").document


def test_a_signed_zone_goes_insecure_before_the_switch(laboratory: Lab, command: Command, tmp_path: Path) -> None:
    lab = laboratory
    signed = lab.serve_signed(lab.old, DOMAIN, BODY, ttl=TTL)
    lab.serve(lab.new, DOMAIN, BODY, ttl=TTL)
    lab.delegate(DOMAIN, lab.old.name_servers, ttl=DS_TTL, ds=[signed.ds])
    (tmp_path / "new.zone").write_text(zone_text(DOMAIN, "", lab.new.name_servers, ttl=TTL))
    run = Run(command)
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
