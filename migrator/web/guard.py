"""What stands before every answer: the method, the host, the token; and the headers that every answer gets."""

import secrets
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from migrator.web.access import Access

COOKIE = "dns_migrator_session"
LOGIN = "/login"
_READS = frozenset({"GET", "HEAD"})
_POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets through what may see the pages, and gives each answer its headers and its nonce."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        """Stand before the pages."""
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        answer = self._refusal(scope) or self._app
        await answer(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to who may not see the pages; None for who may."""
        headers, path = Headers(scope=scope), scope["path"]
        if not self._access.knows_host(headers.get("host", "")):
            return PlainTextResponse("This address is not served under that name.\n", HTTPStatus.FORBIDDEN)
        if scope["method"] not in _READS and not (scope["method"] == "POST" and path == LOGIN):
            return PlainTextResponse(
                "Nothing can be changed here.\n", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}
            )
        if path == LOGIN or self._access.admits(headers.get("authorization", ""), _session(headers)):
            return None
        if path.startswith("/api/"):
            said = {"error": "A token is needed: Authorization: Bearer TOKEN."}
            return JSONResponse(said, HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})
        return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)


def _session(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value
