"""What the shell completes beside commands and options: ids and areas of checks, and stages."""

from collections.abc import Iterator


def checks_or_areas(incomplete: str) -> list[str]:
    """Return the ids and areas that go on so; behind a comma, with what stands before it."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _beginning(last, areas=True)]


def check_ids(incomplete: str) -> list[str]:
    """Return the ids that go on so."""
    return list(_beginning(incomplete, areas=False))


def checks_to_skip(incomplete: str) -> list[str]:
    """Return the ids that go on so, each ready for its reason; nothing where that has begun."""
    return [f"{id_}=" for id_ in _beginning(incomplete, areas=False)]


def stages(incomplete: str) -> list[str]:
    """Return the stages that go on so."""
    from migrator.journey.stages import STAGES

    return [stage for stage in map(str, STAGES) if stage.startswith(incomplete)]


def _beginning(begin: str, *, areas: bool) -> Iterator[str]:
    from migrator.checks.catalogue import catalogue

    every = catalogue()
    ids = [check.id for check in every]
    names = [*dict.fromkeys(check.area for check in every), *ids] if areas else ids
    return (name for name in names if name.startswith(begin))
