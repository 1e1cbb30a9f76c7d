"""The plan of a move as instants: from what was measured to when what may be done. No IO here.

`measured` is what the instants rest on, `measuring` takes it from what was asked, `make` computes the steps,
`lifecycles` knows what providers do by themselves, and `runbook` says what to type.
"""

from migrator.timeline.make import make_timeline
from migrator.timeline.measured import Measured, Party
from migrator.timeline.steps import Kind, State, Step, Timeline

__all__ = ["Kind", "Measured", "Party", "State", "Step", "Timeline", "make_timeline"]
