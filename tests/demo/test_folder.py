"""What the demo does to its folder, and to one that is not its own."""

from pathlib import Path

import pytest

from migrator.demo.folder import MARK, prepared
from migrator.errors import InputError


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("exists", [False, True])
def test_a_new_or_empty_folder_is_marked(tmp_path: Path, *, exists: bool) -> None:
    folder = tmp_path / "deep" / "demo"
    if exists:
        folder.mkdir(parents=True)

    with prepared(folder):
        pass

    assert names(folder) == {MARK, "reports"}


def test_a_former_demo_is_replaced_and_what_a_person_added_stays(tmp_path: Path) -> None:
    with prepared(tmp_path):
        pass
    (tmp_path / "settings.sh").write_text("export CLOUDFLARE_API_TOKEN='of the former run'")
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "zone.json").write_text("{}")
    (tmp_path / "reports" / "diff-before.txt").write_text("old report")
    (tmp_path / "dns-migrator.db").write_text("memory of the former run")
    (tmp_path / "my-notes.txt").write_text("mine")

    with prepared(tmp_path):
        pass

    assert (tmp_path / MARK).read_text().count("The demo of dns-migrator made this folder") == 1
    assert names(tmp_path) == {MARK, "reports", "my-notes.txt"}
    assert list((tmp_path / "reports").iterdir()) == []


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(InputError, match="is not empty and no former demo's"), prepared(tmp_path):
        pytest.fail("it begins")

    assert names(tmp_path) == {"thesis.txt"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")

    with pytest.raises(InputError, match="demo: cannot be written: File exists"), prepared(tmp_path / "demo"):
        pytest.fail("it begins")


def test_the_folder_of_a_demo_that_is_running_is_left_alone(tmp_path: Path) -> None:
    with prepared(tmp_path):
        (tmp_path / "settings.sh").write_text("of the running one")
        with (
            pytest.raises(InputError, match="a demo is running in this folder; end it with Ctrl-C"),
            prepared(tmp_path),
        ):
            pytest.fail("it begins")

        assert (tmp_path / "settings.sh").read_text() == "of the running one"
