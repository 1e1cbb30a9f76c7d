"""The newest backup of the old side is found, and one of the new side is not taken for it."""

from datetime import UTC, datetime
from pathlib import Path

from migrator.backup.folder import write_backup
from migrator.backup.kept import newest_backup
from migrator.model.names import absolute
from migrator.model.zone import ZoneSnapshot, assemble
from migrator.plain import plain_zone
from migrator.zonefile import read_zone

DOMAIN = absolute("example.test")
OLD, NEW = (absolute("ns1.old.example"),), (absolute("ns1.new.example"),)


def zone(server: str) -> ZoneSnapshot:
    text = f"$ORIGIN {DOMAIN}\n$TTL 300\n@ SOA {server} h.example. 1 2 3 4 5\n@ NS {server}\n"
    reading = read_zone(text.encode(), file="zone", origin=DOMAIN)
    return assemble(DOMAIN, reading.records, source="zone", read_at=datetime(2026, 12, 1, tzinfo=UTC)).snapshot


def put(root: Path, name: str, server: str) -> Path:
    snapshot = zone(server)
    folder = root / "example.test" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_backup(snapshot, (), plain_zone(snapshot), provider="route53", folder=folder)
    return folder


def test_the_newest_backup_of_the_old_side_counts(tmp_path: Path) -> None:
    put(tmp_path, "20261201T090000Z-route53", "ns1.old.example.")
    newest = put(tmp_path, "20261201T100000Z-route53", "ns1.old.example.")
    put(tmp_path, "20261201T110000Z-cloudflare", "ns1.new.example.")

    for old, new in ((OLD, NEW), ((), NEW), (OLD, ())):
        kept = newest_backup(DOMAIN, old, new, tmp_path)
        assert kept is not None
        assert (kept.place, kept.trouble, kept.zone is not None) == (str(newest), "", True)


def test_a_backup_that_a_later_write_has_overtaken_is_stepped_over(tmp_path: Path) -> None:
    kept_one = put(tmp_path, "20261201T090000Z-route53", "ns1.old.example.")
    overtaken = put(tmp_path, "20261201T100000Z-route53", "ns1.old.example.")
    (overtaken / "zone.json").write_text("{}")

    kept = newest_backup(DOMAIN, OLD, NEW, tmp_path, overtaken=[f"backups/example.test/{overtaken.name}"])

    assert kept is not None
    assert (kept.place, kept.trouble) == (str(kept_one), "")


def test_a_broken_backup_is_told_and_not_stepped_over(tmp_path: Path) -> None:
    put(tmp_path, "20261201T090000Z-route53", "ns1.old.example.")
    broken = put(tmp_path, "20261201T100000Z-route53", "ns1.old.example.")
    (broken / "zone.json").write_text("{}")

    kept = newest_backup(DOMAIN, OLD, NEW, tmp_path)

    assert kept is not None
    assert kept.zone is None
    assert "zone.json" in kept.trouble


def test_without_a_backup_there_is_none(tmp_path: Path) -> None:
    assert newest_backup(DOMAIN, OLD, NEW, tmp_path) is None
    put(tmp_path, "20261201T110000Z-cloudflare", "ns1.new.example.")
    assert newest_backup(DOMAIN, OLD, NEW, tmp_path) is None
