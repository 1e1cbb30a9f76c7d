"""Listens, and says where; a polite end from outside ends it in order."""

import errno
import logging
import os
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
    trouble = _Trouble()
    log = logging.getLogger("uvicorn.error")
    log.addFilter(trouble)
    try:
        with suppress(KeyboardInterrupt):
            Announcing(config, tell).run()
    except SystemExit as exc:
        raise InputError(f"{host}, port {port}: {_why(trouble.found)}") from exc
    finally:
        log.removeFilter(trouble)


class _Trouble(logging.Filter):
    """Keeps what the system says of an address, which would be logged as it is."""

    found: OSError | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what the system says, and let all else be logged."""
        if not isinstance(record.msg, OSError):
            return True
        self.found = record.msg
        return False


def _why(exc: OSError | None) -> str:
    match None if exc is None else exc.errno:
        case errno.EADDRINUSE:
            return "another program listens there. --port names another port; --port 0 lets the system choose one."
        case errno.EACCES:
            return "only an administrator may listen there; --port names another port, from 1024 on."
        case errno.EADDRNOTAVAIL:
            return "this machine has no such address; --host names one that it has."
        case int(number) if number > 0:
            return f"cannot be listened on: {os.strerror(number)}. --host and --port name another place."
        case _:
            return "cannot be listened on; --host and --port name another place."
