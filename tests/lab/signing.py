"""Zones signed offline by ldns-signzone, so that any server can serve them signed."""

from dataclasses import dataclass
from pathlib import Path

from tests.lab.daemon import tool


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed zone and the DS rdata that its parent should have."""

    text: str
    ds: str


def sign(zone: str, text: str, folder: Path) -> Signed:
    """Sign the zone with one fresh ECDSA key for everything."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "plain.zone"
    plain.write_text(text)
    base = folder / tool(["ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone], folder).strip()
    signed = folder / "signed.zone"
    tool(["ldns-signzone", "-o", zone, "-f", str(signed), str(plain), str(base)])
    # `example.test. IN DS 12345 13 2 0123...`
    ds = base.with_name(f"{base.name}.ds").read_text().split("\tDS\t")[1]
    return Signed(signed.read_text(), " ".join(ds.split()))
