"""The pages and the JSON: each is read from the state database when it is asked for."""

import asyncio
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from migrator.codec import board as board_codec
from migrator.codec import story as story_codec
from migrator.errors import InputError, MigratorError
from migrator.journey.stages import Stage
from migrator.journey.state import Status
from migrator.model.domains import domain_named
from migrator.model.names import for_people
from migrator.report.story.site import board_page, domain_page, login_page, message_page
from migrator.state.boards import read_board
from migrator.state.reading import read_known
from migrator.state.store import Store
from migrator.story.account import Account
from migrator.story.board import Board, Filter
from migrator.web.access import SESSION, Access
from migrator.web.guard import COOKIE, LOGIN, Guard

_MOST_FORM = 4096
_AFTER_WRONG = 1.0  # seconds: who guesses has to wait
_DIGITS = 6
# No database looks for any longer text, nor for one with a NUL in it.
_MOST_WORDS = 1000


def make_app(store: Store, access: Access) -> Starlette:
    """Return the application: read-only pages of this state database for who has access."""
    pages = Pages(store, access)
    return Starlette(
        routes=[
            Route("/", pages.board),
            Route("/domains/{domain:path}", pages.domain),
            Route("/api/migrations", pages.board_json),
            Route("/api/migrations/{domain:path}", pages.domain_json),
            Route(LOGIN, pages.login_form),
            Route(LOGIN, pages.log_in, methods=["POST"]),
        ],
        middleware=[Middleware(Guard, access=access)],
        exception_handlers={MigratorError: _troubled, HTTPException: _refused},
    )


class Pages:
    """What each path answers; those that read the database run in threads of their own."""

    def __init__(self, store: Store, access: Access) -> None:
        """Read from this database."""
        self._store, self._access = store, access

    def board(self, request: Request) -> Response:
        """Answer the board."""
        return HTMLResponse(board_page(self._board(request), _nonce(request)))

    def board_json(self, request: Request) -> Response:
        """Answer the board for scripts."""
        return JSONResponse(board_codec.document(self._board(request)))

    def domain(self, request: Request) -> Response:
        """Answer the page of a domain."""
        return HTMLResponse(domain_page(self._account(request), _nonce(request)))

    def domain_json(self, request: Request) -> Response:
        """Answer the report on a domain for scripts."""
        return JSONResponse(story_codec.document(self._account(request)))

    def login_form(self, request: Request) -> Response:
        """Answer the form that takes the token."""
        return HTMLResponse(login_page(_nonce(request), is_wrong=False))

    async def log_in(self, request: Request) -> Response:
        """Begin a session for who has the token."""
        fields = parse_qs(await _body(request))
        if not self._access.is_token("".join(fields.get("token", []))):
            await asyncio.sleep(_AFTER_WRONG)
            return HTMLResponse(login_page(_nonce(request), is_wrong=True), HTTPStatus.FORBIDDEN)
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            COOKIE,
            self._access.sessions.begin(),
            max_age=SESSION,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    def _board(self, request: Request) -> Board:
        return read_board(self._store, _filter(request))

    def _account(self, request: Request) -> Account:
        domain = domain_named(request.path_params["domain"])
        account = read_known(self._store, domain)
        if account is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"Nothing is known of {for_people(domain)}.")
        return account


def _filter(request: Request) -> Filter:
    """Return which moves the query wants; raises InputError for a word that is none."""
    given = request.query_params
    page = given.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) <= _DIGITS and int(page)):
        raise InputError(f"page={page}: a number from 1 on was expected.")
    try:
        stage = Stage(given["stage"]) if given.get("stage") else None
        status = Status(given["status"]) if given.get("status") else None
    except ValueError as exc:
        raise InputError(f"{exc}: no such stage or status.") from exc
    for name in ("q", "fleet"):
        if len(given.get(name, "")) > _MOST_WORDS or "\0" in given.get(name, ""):
            raise InputError(f"{name}: {_MOST_WORDS} characters at most were expected, and no NUL.")
    return Filter(stage, status, given.get("fleet", ""), given.get("q", "").strip(), int(page))


async def _body(request: Request) -> str:
    found = b""
    async for part in request.stream():
        found += part
        if len(found) > _MOST_FORM:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too long for a token.")
    return found.decode("utf-8", "replace")


def _troubled(request: Request, exc: Exception) -> Response:
    code = HTTPStatus.BAD_REQUEST if isinstance(exc, InputError) else HTTPStatus.SERVICE_UNAVAILABLE
    return _said(request, code, str(exc))


def _refused(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    return _said(request, HTTPStatus(exc.status_code), exc.detail)


def _said(request: Request, code: HTTPStatus, text: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": text}, code)
    return HTMLResponse(message_page(code.phrase, text, _nonce(request)), code)


def _nonce(request: Request) -> str:
    return str(request.state.nonce)
