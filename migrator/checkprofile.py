"""A profile of the checks (TOML): severities, checks to leave out, and the numbers that they judge by.

[severity]
"zone.soa" = "notice"

[skip]
"ns.case" = "the old provider is known for it"

[settings]
lowered_ttl = 300          # seconds: what a TTL is lowered to before the switch
highest_ns_ttl = 3600      # of the NS set at the apex of the old zone
backup_age = 86400         # how old the backup may be
selectors = ["s1", "s2"]   # DKIM selectors that are used
frozen = true              # nobody changes the old zone until the end
"""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from migrator.checks.facts import Settings
from migrator.files.given import toml_of
from migrator.model.finding import Severity
from migrator.model.values import dataclass
from migrator.settings import Table

_LONGEST = 10 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class CheckProfile:
    """What the file says, ids as they stand in it."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)


def load_check_profile(path: Path | None) -> CheckProfile:
    """Return the profile of a file, or that of no file; raises InputError that names the file and the key."""
    if path is None:
        return CheckProfile()
    table = Table(str(path), toml_of(path, "the profile of checks"), path.parent)
    profile = CheckProfile(_severities(table), _skipped(table), _settings(table, path))
    table.refuse_unknown()
    return profile


def _severities(table: Table) -> dict[str, Severity]:
    found = _table(table, "severity")
    for id_, text in found.items():
        if text not in tuple(Severity):
            raise table.wrong(f'severity."{id_}"', f"one of {', '.join(Severity)} was expected, not {text!r}")
    return {id_: Severity(str(text)) for id_, text in found.items()}


def _skipped(table: Table) -> dict[str, str]:
    found = _table(table, "skip")
    for id_, reason in found.items():
        if not isinstance(reason, str) or not reason.strip():
            raise table.wrong(f'skip."{id_}"', "the reason was expected, as a text in quotes")
    return {id_: str(reason) for id_, reason in found.items()}


def _settings(table: Table, path: Path) -> Settings:
    own = Table(str(path), _table(table, "settings"), path.parent, "settings.")
    usual = Settings()
    selectors = own.take("selectors", [])
    if not isinstance(selectors, list) or not all(isinstance(each, str) for each in selectors):
        raise own.wrong("selectors", f"a list of texts was expected, not {selectors!r}")
    settings = Settings(
        lowered_ttl=own.integer("lowered_ttl", usual.lowered_ttl, 0, _LONGEST),
        highest_ns_ttl=own.integer("highest_ns_ttl", usual.highest_ns_ttl, 0, _LONGEST),
        backup_age=own.integer("backup_age", usual.backup_age, 0, _LONGEST),
        selectors=tuple(selectors),
        frozen=own.truth("frozen", default=usual.frozen),
    )
    own.refuse_unknown()
    return settings


def _table(table: Table, key: str) -> Mapping[str, object]:
    found = table.take(key, {})
    if not isinstance(found, dict):
        raise table.wrong(key, f"a table was expected, under [{key}]")
    return found
