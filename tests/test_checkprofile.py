"""The profile of checks: what a person has decided, and what cannot be meant."""

from pathlib import Path

import pytest

from migrator.checkprofile import CheckProfile, load_check_profile
from migrator.checks.facts import Settings
from migrator.errors import InputError
from migrator.model.finding import Severity


def load(folder: Path, text: str) -> CheckProfile:
    file = folder / "mine.toml"
    file.write_text(text, "utf-8")
    return load_check_profile(file)


def test_without_a_file_everything_is_as_it_is() -> None:
    assert load_check_profile(None) == CheckProfile({}, {}, Settings())


def test_a_profile_changes_severities_and_numbers(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        """\
[severity]
"zone.soa" = "notice"
[skip]
"ns.case" = "known"
[settings]
lowered_ttl = 60
highest_ns_ttl = 300
backup_age = 3600
selectors = ["s1", "s2"]
frozen = true
""",
    )

    assert found == CheckProfile(
        {"zone.soa": Severity.NOTICE},
        {"ns.case": "known"},
        Settings(60, 300, None, 3600, ("s1", "s2"), frozen=True),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "x: unknown key; there are severity, skip, settings."),
        ("[settings]\nttl = 1", "settings.ttl: unknown key; there are selectors, lowered_ttl,"),
        ('[settings]\nlowered_ttl = "5m"', "settings.lowered_ttl: a whole number from 0 to"),
        ("[settings]\nselectors = [1]", "settings.selectors: a list of texts was expected, not [1]."),
        (
            '[severity]\n"a.b" = "grave"',
            "severity.\"a.b\": one of error, warning, notice was expected, not 'grave'.",
        ),
        ('[skip]\n"a.b" = ""', 'skip."a.b": the reason was expected, as a text in quotes.'),
        ("severity = 1", "severity: a table was expected, under [severity]."),
        ("[", "the profile of checks is not TOML: "),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        load(tmp_path, text)

    assert str(raised.value).startswith(f"{tmp_path / 'mine.toml'}: {message}")


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "octets").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InputError, match="the profile of checks cannot be read: No such file"):
        load_check_profile(tmp_path / "none.toml")
    with pytest.raises(InputError, match="octets: the profile of checks is not UTF-8 text"):
        load_check_profile(tmp_path / "octets")
