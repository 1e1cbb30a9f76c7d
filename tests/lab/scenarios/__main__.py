"""`python -m tests.lab.scenarios NAME ...` prints what `check` says of scenarios; without a name, lists them."""

import sys
import tempfile
from pathlib import Path

from tests.lab.lab import Lab
from tests.lab.scenarios.perform import expected, perform
from tests.lab.scenarios.scenario import load
from tests.lab.scenarios.stage import Stage
from tests.lab.waiting import LabError


def main(names: list[str]) -> int:
    """Print the reports of the scenarios, and return 1 where one is not as its data say."""
    scenarios = {each.name: each for each in load()}
    unknown = [name for name in names if name not in scenarios]
    if unknown or not names:
        for each in scenarios.values():
            print(f"{each.name:32} {each.title}")
        print("".join(f"\nThere is no scenario {name}." for name in unknown))
        return 2
    chosen = [scenarios[name] for name in names]
    as_expected = True
    try:
        with Lab() as lab, Stage(lab, chosen) as stage, tempfile.TemporaryDirectory() as folder:
            for each in chosen:
                outcome = perform(stage, each, Path(folder) / each.name)
                print(f"{each.title}\n\n{outcome.report}")
                as_expected &= (outcome.verdict, outcome.ids) == expected(each)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
