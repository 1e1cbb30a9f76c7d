"""`dns-migrator serve`: a read-only web page of all moves."""

import os
from typing import Annotated

import typer

from migrator.cli.choices import DEFAULT_DATABASE
from migrator.cli.options import DatabaseOption
from migrator.errors import InputError

_HOST = "The address to listen on; one that others reach needs --token-env."
_PORT = "The port to listen on; 0 lets the system choose."
_ENVIRONMENT = "The environment variable with the token that who looks must have; never the token itself."
_MOST_PORT = 65535


def serve(
    *,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help=_HOST)] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=_MOST_PORT, metavar="PORT", help=_PORT)] = 8053,
    token_env: Annotated[str, typer.Option("--token-env", metavar="NAME", help=_ENVIRONMENT)] = "",
    database: DatabaseOption = DEFAULT_DATABASE,
) -> None:
    """Show all moves on a web page, live and read-only: where each stands, what it waits for, its report."""
    from migrator.cli import screen
    from migrator.cli.expecting import expect_database
    from migrator.network.loopback import is_loopback
    from migrator.state.store import open_store
    from migrator.web.access import access_to
    from migrator.web.pages import make_app
    from migrator.web.server import listen

    access = access_to(host, _token(token_env))
    expect_database(database)
    shown = f"[{host}]" if ":" in host else host

    def tell(number: int) -> None:
        screen.note(f"dns-migrator: Serving on http://{shown}:{number}/ (Ctrl-C ends it).")
        if not is_loopback(host):
            screen.note("dns-migrator: A token travels in the clear here: put a proxy with TLS in front.")

    with open_store(database) as store:
        listen(make_app(store, access), host, port, tell)


def _token(name: str) -> str:
    """Return the token; raises InputError where the variable that is named holds none."""
    if not name:
        return ""
    token = os.environ.get(name, "").strip()
    if not token:
        raise InputError(f"--token-env {name}: there is no such environment variable, or it is empty.")
    return token
