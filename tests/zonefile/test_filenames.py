"""Which zone a file name speaks of."""

import pytest

from migrator.model.names import absolute
from migrator.zonefile import zone_of_file_name


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("example.com.zone", "example.com."),
        ("example.com", "example.com."),
        ("example.com.", "example.com."),
        ("Example.COM.txt", "example.com."),
        ("db.example.com", "example.com."),
        ("EXAMPLE.COM.DNS", "example.com."),
        ("Db.Example.com.Zone.Signed", "example.com."),
        ("example.xn--p1ai.zone", "example.xn--p1ai."),
        ("example.com.db", "example.com."),
        ("example.com.zone.signed", "example.com."),
        ("example.com.dns", "example.com."),
        ("2.0.192.in-addr.arpa.zone", "2.0.192.in-addr.arpa."),
        ("0%2F25.2.0.192.in-addr.arpa.zone", "0/25.2.0.192.in-addr.arpa."),
        ("xn--bcher-kva.example.zone", "xn--bcher-kva.example."),
        ("bücher.example", "xn--bcher-kva.example."),
        ("root.zone", "."),
        ("root", "."),
        ("main.zone", None),
        ("com.zone", None),
        ("zonefile.txt", None),
        ("zone", None),
        ("README", None),
        ("example.com.bak", None),
        ("example.com.zone.old", None),
        ("example.com.zone~", None),
        ("example.com,v", None),
        ("example.com-2026-11-22.txt", None),
        ("example.com_old.zone", None),
        ("example.com.zone.dpkg-old", None),
        ("127.0.0.1", None),
        ("my zone.com", None),
        ("a..b.zone", None),
        (".hidden", None),
        ("x" * 70 + ".com", None),
    ],
)
def test_file_names(name: str, zone: str | None) -> None:
    assert zone_of_file_name(name) == (absolute(zone) if zone else None)
