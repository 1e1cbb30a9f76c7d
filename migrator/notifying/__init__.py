"""Tells people what happens in migrations: a webhook that Slack understands, a command of one's own, or both.

notifier = Notifier.from_environment()
if notifier is not None:
    notifier.send([notice])

The webhook's URL is a secret: whoever has it can write there. It comes from the environment, is kept in memory
alone, and stands in no log, no error and no database.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

from migrator.errors import NotifyError
from migrator.notices import Notice
from migrator.notifying.hook import Hook, hook_of
from migrator.notifying.tries import PATIENCE, Patience, tried
from migrator.notifying.webhook import Webhook, webhook_of

WEBHOOK = "DNS_MIGRATOR_WEBHOOK"
HOOK = "DNS_MIGRATOR_HOOK"


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends notices wherever the person wants them."""

    ways: tuple[Webhook | Hook, ...]
    patience: Patience = PATIENCE

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        webhook: str = WEBHOOK,
        hook: str | None = None,
        patience: Patience = PATIENCE,
    ) -> Self | None:
        """Return a notifier; None where nobody wants to be told.

        `webhook` is the name of the variable with the URL, `hook` a command line in the place of the variable
        DNS_MIGRATOR_HOOK. Raises InputError where one of them cannot be used.
        """
        given = os.environ if environment is None else environment
        url = given.get(webhook, "").strip()
        line = given.get(HOOK, "") if hook is None else hook
        ways: list[Webhook | Hook] = []
        if url:
            ways.append(webhook_of(url, webhook))
        if line.strip():
            # The command of one's own needs no URL of somebody else's.
            inherited = {name: found for name, found in given.items() if name != webhook}
            ways.append(hook_of(line, HOOK if hook is None else "the hook", inherited))
        return cls(tuple(ways), patience) if ways else None

    def send(self, notices: Sequence[Notice]) -> None:
        """Send notices every way there is, in as few messages as each takes.

        Raises NotifyError when some of them were given up. That can take minutes: `patience` says how many tries
        there are, and the pauses between them.
        """
        failures = [failure for way in self.ways for failure in self._failures(way, notices)]
        if failures:
            raise NotifyError("\n".join(failures))

    def _failures(self, way: Webhook | Hook, notices: Sequence[Notice]) -> Iterator[str]:
        for first in range(0, len(notices), way.at_once):
            try:
                tried(partial(way.deliver, notices[first : first + way.at_once]), self.patience)
            except NotifyError as exc:
                yield str(exc)
