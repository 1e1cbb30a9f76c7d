"""The steps of the demo as data: what a person would type, why, and what must come of it. Nothing is run here."""

from collections.abc import Callable
from dataclasses import dataclass

from migrator.demo.internet import (
    DOMAIN,
    NEW_ADDRESSES,
    NEW_NAME_SERVERS,
    OLD_ADDRESSES,
    REGISTRY_ADDRESSES,
    Internet,
)
from migrator.model.names import for_people


@dataclass(frozen=True, slots=True)
class Run:
    """A command of dns-migrator, the exit code that the story needs, and words that its output must have.

    `meaning` says what the exit code tells a script. `report` is the file that a quiet command writes.
    `sections` are the headings to show of a report whose other sections stood there before; empty for all.
    """

    words: str
    code: int
    meaning: str = ""
    output_has: tuple[str, ...] = ()
    report: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concatenate:
    """A shell command that joins zone files: `cat A B > C`."""

    files: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something that happens outside this machine in real life; `zone_file` is loaded by the new provider."""

    who: str
    told: str
    act: Callable[[Internet], None] = lambda _: None
    zone_file: str = ""


@dataclass(frozen=True, slots=True)
class WaitForInstant:
    """Wait until an instant that a report names, and no longer than the demo has patience."""

    report: str
    key: str
    told: str


Action = Run | Concatenate | Elsewhere | WaitForInstant


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, why an expert takes it, and what is done."""

    title: str
    why: str
    actions: tuple[Action, ...]


_ZONE = for_people(DOMAIN)
_CONFIRM = f"confirm {_ZONE} --expect {','.join(map(for_people, NEW_NAME_SERVERS))}"


def _reported(words: str, code: int, report: str) -> Run:
    """Return the same command with its result in a file, of the format that the ending says."""
    format_ = {"txt": "", "md": " -f markdown", "json": " -f json"}[report.rpartition(".")[2]]
    return Run(f"{words}{format_} -o {report}", code, report=report)


def _switch_first(internet: Internet) -> None:
    internet.register(NEW_NAME_SERVERS)
    internet.delegate(NEW_NAME_SERVERS, REGISTRY_ADDRESSES[0])


def _switch_second(internet: Internet) -> None:
    internet.delegate(NEW_NAME_SERVERS, REGISTRY_ADDRESSES[1])


STEPS = (
    Step(
        "Back up the zone at the old provider",
        "Before anything changes: a copy that loses nothing, that any name server can load, and that is read "
        f"back before it is called a backup. Here by zone transfer; route53:{_ZONE} or a zone file do as well.",
        (Run(f"export axfr:{_ZONE}@{OLD_ADDRESSES[0]} -o backup", 0, output_has=("backup",)),),
    ),
    Step(
        "Compare it with the zone at the new provider",
        "new-incomplete.zone is what a colleague typed in at the new provider. The web site works, so it looks "
        "right. The comparison goes record by record, and says what each gap would break.",
        (
            Run(
                "diff backup new-incomplete.zone",
                1,
                "a script would stop here",
                ("mail2026._domainkey", "MX", "lab", "DMARC"),
            ),
            _reported("diff backup new-incomplete.zone", 1, "reports/before.txt"),
            _reported("diff backup new-incomplete.zone", 1, "reports/before.md"),
            _reported("diff backup new-incomplete.zone", 1, "reports/before.json"),
        ),
    ),
    Step(
        "Mend the new zone and compare again",
        "missing.zone has the records that were forgotten. What may differ between two providers (SOA, NS at "
        "the apex, a TTL) is shown, and is no error.",
        (
            Concatenate(("new-incomplete.zone", "missing.zone"), "new.zone"),
            Run("diff backup new.zone", 0, "nothing is in the way", ("The same",)),
            _reported("diff backup new.zone", 0, "reports/after.json"),
        ),
    ),
    Step(
        "Ask the new provider's name servers",
        "A zone file is not a server. Every name and type of the old zone is asked of both new servers, and "
        "names made up at random too, for a wildcard would hide a gap.",
        (
            Elsewhere("new provider", "loads new.zone into its name servers", zone_file="new.zone"),
            Run(f"diff backup dns:{_ZONE}@{','.join(NEW_ADDRESSES)}", 0, "both serve it all", ("The same",)),
        ),
    ),
    Step(
        "Look at the delegation before the switch",
        "The registry's name servers decide where the world goes, so each of them is asked, from the root down, "
        "and no cache stands between. What is seen is remembered in dns-migrator.db: a TTL counts from the moment "
        "when the old name servers were seen last.",
        (Run(_CONFIRM, 1, "not done yet", ("not-started",)),),
    ),
    Step(
        "Switch the name servers at the registrar",
        "The one step that is yours: type the new name servers into the registrar's form. A registry has many "
        "servers, and they do not turn at the same moment.",
        (
            Elsewhere(
                "registrar", "takes the new name servers; one server of the registry has them", _switch_first
            ),
            Run(_CONFIRM, 1, "not done yet", ("mixed",), sections=("Parent", "Findings")),
            Elsewhere("registry", "the other server follows", _switch_second),
            Run(
                _CONFIRM,
                0,
                "done, though old answers live on",
                ("switched",),
                sections=("Parent", "Resolvers", "When old answers end", "Next"),
            ),
            _reported(_CONFIRM, 0, "reports/switched.json"),
        ),
    ),
    Step(
        "Wait for the last old answer",
        "Resolvers keep the old delegation until its TTL has run out: two days below many a top-level domain, "
        "some seconds here. The report names the instant, and until then the old zone must stay.",
        (
            WaitForInstant("reports/switched.json", "last_stale_answer", "The last old answer goes at"),
            Run(_CONFIRM, 0, "done", ("settled",), sections=("Parent", "Resolvers", "Next")),
            _reported(_CONFIRM, 0, "reports/settled.json"),
        ),
    ),
)
