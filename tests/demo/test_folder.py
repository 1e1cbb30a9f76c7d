"""What the demo does to its folder, and to one that is not its own."""

from pathlib import Path

import pytest

from migrator.demo.folder import MARK, prepare
from migrator.errors import InputError


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("exists", [False, True])
def test_a_new_or_empty_folder_is_marked(tmp_path: Path, *, exists: bool) -> None:
    folder = tmp_path / "deep" / "demo"
    if exists:
        folder.mkdir(parents=True)

    prepare(folder)

    assert names(folder) == {MARK, "reports"}


def test_a_former_demo_is_replaced_and_what_a_person_added_stays(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "settings.sh").write_text("export CLOUDFLARE_API_TOKEN='of the former run'")
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "zone.json").write_text("{}")
    (tmp_path / "reports" / "diff-before.txt").write_text("old report")
    (tmp_path / "dns-migrator.db").write_text("memory of the former run")
    (tmp_path / "my-notes.txt").write_text("mine")

    prepare(tmp_path)

    assert names(tmp_path) == {MARK, "reports", "my-notes.txt"}
    assert list((tmp_path / "reports").iterdir()) == []


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(InputError, match="is not empty and no former demo's"):
        prepare(tmp_path)

    assert names(tmp_path) == {"thesis.txt"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")

    with pytest.raises(InputError, match="demo: cannot be written: File exists"):
        prepare(tmp_path / "demo")
