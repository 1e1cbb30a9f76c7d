"""The published test suite of RFC 7208: every case, each against the zone data of its scenario.

`rfc7208-tests.yml` is the openspf.org suite, release 2014.04, as it is; its licence stands beside it.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from dns.name import Name
from dns.rdata import Rdata, from_text
from dns.rdataclass import IN
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.TXT import TXT

from migrator.mail.spf.evaluate import NoRecords, check_host
from migrator.mail.spf.macros import Sender
from migrator.model.names import absolute

SUITE = Path(__file__).with_name("rfc7208-tests.yml")


class World:
    """The zone data of a scenario: owners with their records; `TIMEOUT` behind them is for all other types."""

    def __init__(self, data: dict[str, list[Any]]) -> None:
        self._at = {owner.lower().rstrip("."): entries for owner, entries in data.items()}

    def ask(self, name: Name, rdtype: RdataType, *, follow: bool = True) -> tuple[Rdata, ...] | NoRecords:
        entries = self._at.get(b".".join(name.labels[:-1]).decode("latin-1").lower(), [])
        kind = RdataType.to_text(rdtype)
        found = [entry for entry in entries if entry != "TIMEOUT"]
        records = [value for entry in found for each, value in entry.items() if each == kind]
        if kind == "TXT" and not records:
            records = [value for entry in found for each, value in entry.items() if each == "SPF"]
        records = [value for value in records if value != "NONE"]
        if "TIMEOUT" in records or (not records and "TIMEOUT" in entries):
            return NoRecords.FAILED
        alias = next((entry["CNAME"] for entry in found if "CNAME" in entry), None)
        if alias is not None and follow:
            return self.ask(absolute(alias), rdtype, follow=False)
        return tuple(_rdata(kind, value) for value in records) or NoRecords.VOID


def _rdata(kind: str, value: Any) -> Rdata:
    match kind:
        case "TXT":
            strings = [value] if isinstance(value, str) else value
            return TXT(IN, RdataType.TXT, [text.encode("utf-8") for text in strings] or [b""])
        case "MX":
            return from_text(IN, kind, f"{value[0]} {value[1]}.")
        case "A" | "AAAA":
            return from_text(IN, kind, value)
        case _:
            return from_text(IN, kind, f"{value.rstrip('.')}.")


def cases() -> Iterator[Any]:
    for scenario in yaml.safe_load_all(SUITE.read_bytes()):
        world = World(scenario["zonedata"])
        for name, case in scenario["tests"].items():
            yield pytest.param(case, world, id=f"{scenario['description']}: {name}".replace(" ", "-"))


CASES = list(cases())


@pytest.mark.parametrize(("case", "world"), CASES)
def test_the_result_is_the_one_of_the_suite(case: dict[str, Any], world: World) -> None:
    sender = Sender(ip_address(case["host"]), case["mailfrom"], case["helo"])

    result = check_host(sender, world.ask)

    assert result in ([case["result"]] if isinstance(case["result"], str) else case["result"])


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 203
