"""`python -m migrator` is the command `dns-migrator`."""

from migrator.cli import command

command()
