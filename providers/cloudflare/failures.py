"""What goes wrong with Cloudflare, in one line each: what happened, and what to do. No IO here.

Cloudflare's own words are shown where they help, never with a credential in them.
"""

from collections.abc import Iterable, Mapping

from migrator.errors import ProviderError
from providers.cloudflare.answers import Problem, Reply
from providers.cloudflare.settings import Settings
from providers.naming import printable

_REJECTED = (
    "does not accept the credentials ({code}): the token is wrong, has expired, was switched off, or may not be "
    "used from this address. Look at {variable}, and at "
    "https://dash.cloudflare.com/profile/api-tokens."
)
_KEY = (
    "does not accept the key ({code}): CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL do not belong together, or the "
    "key was replaced. A token (CLOUDFLARE_API_TOKEN) is the better way."
)
_FORM = (
    "finds that the credentials do not have the form of any ({code}). An API token belongs in "
    "CLOUDFLARE_API_TOKEN, the global key in CLOUDFLARE_API_KEY, and neither has quotes around it."
)
_DENIED = (
    "refuses to {action} ({code}): the token is wrong, or it lacks a permission, or it does not see this zone. "
    "docs/cloudflare.md lists the permissions; 'dns-migrator zones cloudflare:' lists the zones that it sees."
)
_NO_ZONE = (
    "has no zone of this id that these credentials see ({code}). 'dns-migrator zones cloudflare:' lists those "
    "that they see."
)
_BANNED = "does not take this domain ({code}).{words} Only Cloudflare's support can change that."
_SUBDOMAIN = (
    "takes only registered domains ({code}).{words} A zone for a name below one is for Enterprise accounts; "
    "import the records into the zone above it."
)
_TAKEN = (
    "has the domain already, in an account that these credentials do not see, or deleted lately "
    "({code}).{words} Give the credentials of that account, or ask its owner to remove it."
)
_QUOTA = "has no room for more records in this zone ({code}).{words} Remove some, or take a larger plan."
_BY_CODE: Mapping[int, str] = {
    1000: _REJECTED,
    1001: _NO_ZONE,
    1061: _TAKEN,
    1097: _BANNED,
    1099: _SUBDOMAIN,
    1105: _TAKEN,
    1116: _SUBDOMAIN,
    6003: _FORM,
    6100: _FORM,
    6102: _FORM,
    6103: _FORM,
    6111: _FORM,
    7000: _NO_ZONE,
    7003: _NO_ZONE,
    9103: _KEY,
    9106: _FORM,
    9109: _REJECTED,
    10000: _DENIED,
    81045: _QUOTA,
}
_BY_STATUS: Mapping[int, str] = {401: _REJECTED, 403: _DENIED, 404: _NO_ZONE}
_REFUSED = "refuses to {action} ({code}).{words}"
_FAILED = (
    "failed {tries} to {action} ({code}). Run the command again later; https://www.cloudflarestatus.com says more."
)
_THROTTLED = (
    "allows no more requests now ({code}), after {waited} of waiting{more}. The limit is 1,200 in five minutes "
    "for a login, whoever else uses it: run the command again later."
)
_NOT_CLOUDFLARE = (
    "is not what answers at {host}: the answer to '{action}' is no JSON of its API (HTTP {status}). Is there a "
    "login page or a firewall between, or is CLOUDFLARE_BASE_URL wrong?"
)
_UNREACHABLE = (
    "cannot be reached at {host} ({reason}). Look at the network, at proxies, and at CLOUDFLARE_BASE_URL."
)
_UNTRUSTED = "shows a certificate at {host} that is not trusted. Behind a proxy that opens TLS, set SSL_CERT_FILE."
_TOO_LATE = (
    "did not answer in time when asked to {action}, {tries}. Look at the network, and run the command again."
)
_BROKEN_OFF = (
    "broke the connection off when asked to {action}, {tries}. Look at the network, and run the command again."
)
# What every other request of the same login would meet too.
_OF_ACCOUNT = frozenset({_REJECTED, _KEY, _FORM, _UNTRUSTED})
_LONGEST_QUOTE = 300
_AUTH_FORM = frozenset({6003, 6100, 6102, 6103, 6111})


def refusal(reply: Reply, action: str, settings: Settings) -> ProviderError:
    """Return the error for an answer that says no; `action` completes "refuses to ..."."""
    if reply.native is None or (not reply.refused and reply.status not in _BY_STATUS):
        return not_cloudflare(reply, action, settings.host)
    known = next((p for p in reply.problems if p.code in _BY_CODE), None)
    sentence = _BY_CODE[known.code] if known else _BY_STATUS.get(reply.status, _REFUSED)
    if reply.codes & _AUTH_FORM:
        sentence = _FORM
    code = shown_codes(reply)
    words = said(reply.problems, settings.secrets)
    return _error(sentence, action=action, code=code, words=words, variable=settings.variable)


def failed(reply: Reply, action: str, host: str, tries: int) -> ProviderError:
    """Return the error for a service that keeps failing."""
    if reply.status < 500:  # noqa: PLR2004 - an answer with success that is none of the API's
        return not_cloudflare(reply, action, host)
    return _error(_FAILED, action=action, code=shown_codes(reply), tries=_times(tries))


def throttled(reply: Reply, waited: float, asked: float | None) -> ProviderError:
    """Return the error for a block that lasts longer than is waited for."""
    more = "" if asked is None else f", and asks for {duration(asked)} more"
    return _error(_THROTTLED, code=shown_codes(reply), waited=duration(waited), more=more)


def not_cloudflare(reply: Reply, action: str, host: str) -> ProviderError:
    """Return the error for an answer that is none of the API's."""
    return _error(_NOT_CLOUDFLARE, action=action, host=host, status=reply.status)


def unconnected(exc: BaseException, action: str, host: str, tries: int) -> ProviderError:
    """Return the error for an exchange that brought no answer; `exc` is httpx's own exception."""
    import httpx

    if "CERTIFICATE_VERIFY_FAILED" in str(exc):
        return _error(_UNTRUSTED, host=host)
    match exc:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            reason = "the proxy refuses" if isinstance(exc, httpx.ProxyError) else "no connection"
            return _error(_UNREACHABLE, host=host, reason=reason)
        case httpx.TimeoutException():
            return _error(_TOO_LATE, action=action, tries=_times(tries))
        case _:
            return _error(_BROKEN_OFF, action=action, tries=_times(tries))


def said(problems: Iterable[Problem], secrets: Iterable[str] = ()) -> str:
    """Return Cloudflare's own words as an addition to a sentence, on one line, without anything secret."""
    words = "; ".join(
        dict.fromkeys(problem.message.strip().rstrip(".") for problem in problems if problem.message)
    )
    for secret in secrets:
        words = words.replace(secret, "***")
    words = " ".join(printable(words).split())[:_LONGEST_QUOTE]
    return f" Cloudflare says: {words}." if words else ""


def shown_codes(reply: Reply) -> str:
    """Return the status and the codes of an answer, as a sentence names them."""
    codes = ", ".join(str(problem.code) for problem in reply.problems if problem.code)
    return f"HTTP {reply.status}, code {codes}" if codes else f"HTTP {reply.status}"


def duration(seconds: float) -> str:
    """Return seconds as people say them."""
    whole = round(seconds)
    return f"{whole} seconds" if whole < 120 else f"{round(whole / 60)} minutes"  # noqa: PLR2004


def _times(tries: int) -> str:
    return "once" if tries == 1 else f"{tries} times"


def _error(sentence: str, **parts: object) -> ProviderError:
    return ProviderError("Cloudflare " + sentence.format(**parts), of_account=sentence in _OF_ACCOUNT)
