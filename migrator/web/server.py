"""Listens, and says where; a polite end from outside ends it in order."""

from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette

from migrator.errors import InputError


class Announcing(uvicorn.Server):
    """A server that tells its port once it listens: with port 0 the system chooses one."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[int], None]) -> None:
        """Tell it later."""
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: object = None) -> None:
        """Listen, then tell."""
        assert sockets is None
        await super().startup()
        if self.started:
            self._tell(self.servers[0].sockets[0].getsockname()[1])


def listen(app: Starlette, host: str, port: int, tell: Callable[[int], None]) -> None:
    """Serve until somebody ends it; raises InputError where the address cannot be listened on.

    Requests are not logged: what is looked at is nobody's business, and no log can hold a token.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
    )
    try:
        with suppress(KeyboardInterrupt):
            Announcing(config, tell).run()
    except SystemExit as exc:
        raise InputError(f"{host}, port {port}: cannot be listened on; --host and --port name another.") from exc
