"""Two zone files read together are what they are when read one after the other."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.backup.folder import write_backup
from migrator.concurrency.beside import beside, later
from migrator.errors import InputError
from migrator.interfaces import ReadResult
from migrator.model.locator import Locator
from migrator.model.zone import ZoneSnapshot
from migrator.plain import plain_zone
from migrator.zonefile.fast import byblocks
from providers import zonefile
from tests.providers.contract import ENVIRONMENT

START = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.53\n"
MANY = "".join(f'host{number} A 192.0.2.{number % 250}\n  TXT "number {number}"\n' for number in range(300))
PAIRS = {
    "equal": (MANY, MANY),
    "changed": (MANY, MANY.replace("host77 ", "Host77 ").replace("192.0.2.9\n", "192.0.2.10\n")),
    "gone and new": (MANY, MANY.replace("host5 A 192.0.2.5\n", "").replace("host6 ", "other6 ")),
    "with findings": (MANY + "x A 192.0.2.300\n", MANY + "x A 192.0.2.300\n"),
    "with findings on one side": (MANY, MANY + "y A 192.0.2.1\ny A 192.0.2.1\n"),
    "with owners read exactly": (MANY + "z HINFO a b\nz LOC 1 2 3 N 4 5 6 E 7m\n", MANY + "z HINFO a c\n"),
    "outside": (MANY, MANY + "www.example.net. A 192.0.2.1\n"),
    "in two layouts": (MANY, re.sub(r"(host\d+) A (\S+)\n  TXT", r"\1.example.org. 300 IN A \2\n\1 TXT", MANY)),
    "with carriage returns": (MANY, MANY.replace("host7 ", "other7 ").replace("\n", "\r\n")),
    "nothing in common": ("a A 192.0.2.1\n", MANY),
}


def locator(path: Path) -> Locator:
    return Locator("file", str(path), path=str(path))


def shown(result: ReadResult) -> tuple[object, ...]:
    snapshot: ZoneSnapshot = replace(result.snapshot, read_at=None)
    counts = result.snapshot.rrset_count(), result.snapshot.record_count(), result.snapshot.digest()
    return snapshot, snapshot.stray, counts, result.findings, [r.owner.labels for r in snapshot.rrsets]


NEVER = 1 << 30
HOW = {"aligned": (1, NEVER), "at once": (NEVER, 1), "one after the other": (NEVER, NEVER)}


@pytest.mark.parametrize(("aligned", "at_once"), HOW.values(), ids=HOW)
@pytest.mark.parametrize(("old", "new"), PAIRS.values(), ids=PAIRS)
def test_both_are_what_each_is_alone(
    old: str, new: str, aligned: int, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zonefile, "_WORTH_ALIGNING", aligned)
    monkeypatch.setattr(zonefile, "_LARGE", at_once)
    paths = tmp_path / "old.zone", tmp_path / "new.zone"
    for path, text in zip(paths, (old, new), strict=True):
        path.write_text(START + text)
    one, other = map(locator, paths)

    found = zonefile.read_both(one, other, ENVIRONMENT, beside, later)

    alone = [zonefile.open_reader(side, ENVIRONMENT).read() for side in (one, other)]
    assert [shown(result) for result in found] == [shown(result) for result in alone]


def test_files_that_are_in_no_blocks_are_not_looked_at_for_blocks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zonefile, "_WORTH_ALIGNING", 1)
    monkeypatch.setattr(zonefile, "_LARGE", 1)
    monkeypatch.setattr(byblocks, "_WORTH_ENDING", 0)
    monkeypatch.setattr(zonefile, "parse_apart", lambda *_: pytest.fail("they were looked at again"))
    paths = tmp_path / "old.zone", tmp_path / "new.zone"
    for path, kind in zip(paths, ("PC", "Mac"), strict=True):
        path.write_text(
            START + "".join(f"h{number} HINFO PC Linux\n" for number in range(300)) + f"z HINFO {kind} a\n"
        )
    one, other = map(locator, paths)

    found = zonefile.read_both(one, other, ENVIRONMENT, beside, later)

    alone = [zonefile.open_reader(side, ENVIRONMENT).read() for side in (one, other)]
    assert [shown(result) for result in found] == [shown(result) for result in alone]


@pytest.mark.parametrize("text", [new for _, new in PAIRS.values()], ids=PAIRS)
def test_a_file_that_is_glanced_at_is_what_it_is_when_read(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zonefile, "_WORTH_ALIGNING", 1)
    path = tmp_path / "new.zone"
    path.write_text(START + text)

    found = zonefile.glance(locator(path), ENVIRONMENT, later)

    assert shown(found) == shown(zonefile.open_reader(locator(path), ENVIRONMENT).read())


def test_a_file_that_is_glanced_at_may_include_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zonefile, "_WORTH_ALIGNING", 1)
    path = tmp_path / "new.zone"
    path.write_text(f"{START}{MANY}$INCLUDE more\n")
    (tmp_path / "more").write_text("inner A 192.0.2.1\n")

    found = zonefile.glance(locator(path), ENVIRONMENT, later)

    assert shown(found) == shown(zonefile.open_reader(locator(path), ENVIRONMENT).read())
    assert found.snapshot.record_count() == 604


def test_a_backup_is_read_without_making_its_sets(tmp_path: Path) -> None:
    path = tmp_path / "new.zone"
    path.write_text(START + MANY)
    whole = zonefile.open_reader(locator(path), ENVIRONMENT).read()
    plain = plain_zone(whole.snapshot)
    folder = write_backup(whole.snapshot, (), plain, provider="file", folder=tmp_path / "backup").folder

    for read in (
        zonefile.open_reader(locator(folder), ENVIRONMENT).read(),
        zonefile.glance(locator(folder), ENVIRONMENT, later),
    ):
        zone = read.snapshot.compact
        assert zone is not None
        assert (len(zone.texts), len(zone.objects), zone.made()) == (301, 1, frozenset())
        assert read.snapshot.native == whole.snapshot.native
        assert shown(read)[2:] == shown(whole)[2:]


def test_a_file_that_cannot_be_read_is_refused_whichever_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zonefile, "_WORTH_ALIGNING", 1)
    monkeypatch.setattr(zonefile, "_LARGE", 1)
    good, bad = tmp_path / "good.zone", tmp_path / "bad.zone"
    good.write_text(START + MANY)
    bad.write_text("nonsense\n")

    assert "bad.zone:1: 'nonsense' is relative, and no origin is known here" in _refusal(good, bad)
    assert "bad.zone:1: 'nonsense' is relative, and no origin is known here" in _refusal(bad, good)
    assert "none.zone: cannot be read: No such file or directory." in _refusal(good, tmp_path / "none.zone")


def _refusal(one: Path, other: Path) -> str:
    with pytest.raises(InputError) as raised:
        zonefile.read_both(locator(one), locator(other), ENVIRONMENT, beside, later)
    return str(raised.value)
