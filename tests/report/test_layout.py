"""Text that fits 80 columns: commands are cut where a shell puts them together again."""

import shlex

import pytest

from migrator.report.layout import WIDTH, folded

LONG = "dns-migrator check example.org --phase prepare --from old.zone --to new.zone --network network.toml"


def test_a_short_command_stays_on_its_line() -> None:
    assert folded("dns-migrator explain ns.udp", "  $ ", "      ") == "  $ dns-migrator explain ns.udp"


def test_a_long_command_is_cut_before_an_option_which_keeps_its_value() -> None:
    assert folded(LONG, "     $ ", "         ").splitlines() == [
        "     $ dns-migrator check example.org --phase prepare --from old.zone \\",
        "         --to new.zone --network network.toml",
    ]


@pytest.mark.parametrize(
    "command",
    [
        LONG,
        LONG + """ --database 'my  state of the "art".db' --switch""",
        """dns-migrator diff 'it'"'"'s a name with words of which none is parted' "another, as long as that" x""",
        f"dns-migrator diff --server {'x' * 100} --server {'y' * 75} last\\ words",
        f"dns-migrator diff {'x' * 71} {'y' * 72} {'z' * 73}",
    ],
)
def test_a_shell_takes_the_lines_for_the_command(command: str) -> None:
    found = folded(command, "", "    ")

    assert "\n" in found
    assert shlex.split(found.replace("\\\n", "")) == shlex.split(command)
    assert all(len(line) <= WIDTH or len(shlex.split(line.removesuffix("\\"))) == 1 for line in found.splitlines())
