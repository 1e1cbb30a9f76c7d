"""Content that takes the place of a file, where the file is somebody else's."""

from pathlib import Path

import pytest

from migrator.files.replacing import replace_content


def test_who_may_not_give_a_file_away_replaces_it_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "example.org.zone"
    target.write_bytes(b"old")
    asked = []

    def refuse(_: object, owner: int, group: int) -> None:
        asked.append((owner, group))
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.chown", refuse)
    before = target.stat()

    replace_content(target, b"new")

    assert target.read_bytes() == b"new"
    assert asked == [(before.st_uid, before.st_gid), (-1, before.st_gid)]
