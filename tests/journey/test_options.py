"""What a person decided, in the words of `import`, and in those that stand in the log."""

import shlex

import pytest

from migrator.journey.options import Options, import_options, words_beside
from migrator.plan import Risk

DECIDED = Options(
    "old.zone",
    "cloudflare:example.org",
    accepts=("origin-exposed", "weights-merged"),
    allows=("mass-delete",),
    delete=True,
    delete_conflicting=True,
    identifiers=("a b=c",),
)


def test_the_import_is_decided_in_its_own_words_which_a_shell_takes() -> None:
    assert shlex.split(" ".join(import_options(DECIDED))) == [
        *("--accept", "origin-exposed", "--accept", "weights-merged", "--allow-mass-delete"),
        *("--delete", "--delete-conflicting", "--identifier", "a b=c"),
    ]
    assert import_options(Options("old.zone", "cloudflare:example.org")) == ()


@pytest.mark.parametrize("risk", Risk)
def test_import_takes_every_risk_that_a_migration_can_take(risk: Risk) -> None:
    from typer.main import get_command

    from migrator.cli import app

    command = getattr(get_command(app), "commands", {})["import"]

    assert [*import_options(Options("", "", allows=(risk,)))] == [
        option for parameter in command.params for option in parameter.opts if option == f"--allow-{risk}"
    ]


BESIDE = {
    "nothing": (DECIDED, DECIDED, ()),
    "all": (
        Options("", ""),
        DECIDED,
        (
            *("origin-exposed", "weights-merged", "--allow mass-delete", "--delete", "--delete-conflicting"),
            "--identifier a b=c",
        ),
    ),
    "one more of each": (
        Options("", "", accepts=("weights-merged",), skips=("ns.aa=late",)),
        Options("", "", accepts=("weights-merged", "alias-dropped"), skips=("ns.aa=late", "ns.udp=late")),
        ("alias-dropped", "--skip ns.udp=late"),
    ),
    "others": (
        Options("", "", lowered_ttl=60, every=60, frozen=True),
        Options("", "", yes=True, strategy="unsigned", old_queries=0, frozen=True),
        ("--yes", "--strategy unsigned", "--lowered-ttl 300", "--old-queries 0", "--every 300"),
    ),
}


@pytest.mark.parametrize("case", BESIDE)
def test_the_log_names_every_decision_that_is_new(case: str) -> None:
    known, options, words = BESIDE[case]

    assert words_beside(known, options) == words
