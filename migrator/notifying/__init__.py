"""Tells people what happens in migrations: a webhook that Slack understands, a command of one's own, or both.

notifier = Notifier.from_environment()
if notifier is not None:
    for trouble in notifier.send([notice]):
        print(trouble)

The webhook's URL is a secret: whoever has it can write there. It comes from the environment, is kept in memory
alone, and stands in no log, no error and no database.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Self

from migrator.errors import NotifyError
from migrator.model.values import dataclass
from migrator.notices import Notice
from migrator.notifying.hook import Hook, hook_of
from migrator.notifying.tries import PATIENCE, Patience, tried
from migrator.notifying.webhook import Webhook, webhook_of

WEBHOOK = "DNS_MIGRATOR_WEBHOOK"
HOOK = "DNS_MIGRATOR_HOOK"
# So many notices are one message, where one can hold several.
_AT_ONCE = 50


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

    def send(self, notices: Sequence[Notice]) -> Iterator[str]:
        """Send notices every way there is, in as few messages as each takes.

        Yields once for each notice, in their order and as soon as it was told: nothing, or why somebody was not
        told of it, or of others in the same message. That can take minutes: `patience` says how many tries there
        are, and the pauses between them.
        """
        for first in range(0, len(notices), _AT_ONCE):
            batch = notices[first : first + _AT_ONCE]
            troubles = list(self._troubles(batch, together=True))
            for notice in batch:
                troubles += self._troubles([notice], together=False)
                yield "\n".join(troubles)
                troubles.clear()

    def _troubles(self, notices: Sequence[Notice], *, together: bool) -> Iterator[str]:
        for way in self.ways:
            if way.takes_many is together:
                try:
                    tried(partial(way.deliver, notices), self.patience)
                except NotifyError as exc:
                    yield str(exc)
