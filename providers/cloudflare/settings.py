"""What the environment says of Cloudflare: who asks, and where. Reads it once; asks nobody.

    CLOUDFLARE_API_TOKEN                  an API token: the usual way
    CLOUDFLARE_API_KEY, CLOUDFLARE_EMAIL  the old global key, with the address of the login it belongs to
    CLOUDFLARE_BASE_URL                   another endpoint than https://api.cloudflare.com/client/v4

A locator may name another variable that holds the token (`?token-env=OTHER_TOKEN`): then that one alone counts.

What the SDK would do with a token and an address together (5.9.0): send the address and forget the token.
"""

import os
import re
from dataclasses import field
from urllib.parse import urlsplit

from migrator.errors import ProviderError
from migrator.model.values import dataclass
from providers.loopback import is_loopback

_TOKEN = "CLOUDFLARE_API_TOKEN"  # noqa: S105 - the name of a variable
_PUBLIC = "https://api.cloudflare.com/client/v4"
_VISIBLE = re.compile(r"[!-~]+")
_SCHEMES = frozenset({"https", "http"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach Cloudflare and as whom: a token, or a key with an address. The text form shows neither."""

    base_url: str
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    variable: str = _TOKEN

    @property
    def host(self) -> str:
        """The host that is asked, for messages."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def encrypted(self) -> bool:
        """Whether it is asked over TLS."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def account(self) -> str:
        """Whose requests are counted together, as far as the settings tell: a secret, where it is a token."""
        return f"{self.base_url} {self.email or self.token}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a message."""
        return tuple(filter(None, (self.token, self.key)))


def from_environment(variable: str | None = None) -> Settings:
    """Return the settings; raises ProviderError where there are none, or two that exclude each other.

    `variable` is the one that a locator names for the token.
    """
    if variable is not None:
        return _of_variable(variable)
    token, key, email = (
        os.environ.get(name, "").strip() for name in (_TOKEN, "CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL")
    )
    base_url = _base_url()
    if token and key:
        raise ProviderError(
            "Cloudflare: CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_KEY are both set, and only one can be used. "
            "Unset one of them; the token is the better one, since it can be limited to one zone."
        )
    if token:
        return Settings(base_url, token=_visible(_TOKEN, token))
    if not key:
        raise ProviderError(
            "Cloudflare: no credentials were found. Set CLOUDFLARE_API_TOKEN (docs/cloudflare.md says how to "
            "make one), or CLOUDFLARE_API_KEY together with CLOUDFLARE_EMAIL."
        )
    if not email:
        raise ProviderError(
            "Cloudflare: CLOUDFLARE_API_KEY is set and CLOUDFLARE_EMAIL, the address of the login that the key "
            "belongs to, is not. If the key is an API token, set it as CLOUDFLARE_API_TOKEN instead."
        )
    return Settings(base_url, key=_visible("CLOUDFLARE_API_KEY", key), email=_visible("CLOUDFLARE_EMAIL", email))


def _of_variable(variable: str) -> Settings:
    token = os.environ.get(variable, "").strip()
    if not token:
        raise ProviderError(
            f"Cloudflare: token-env= names the environment variable {variable}, which is not set. Set it to an "
            "API token (docs/cloudflare.md says how to make one)."
        )
    return Settings(_base_url(), token=_visible(variable, token), variable=variable)


def _visible(name: str, found: str) -> str:
    if not _VISIBLE.fullmatch(found):
        raise ProviderError(
            f"Cloudflare: {name} cannot be used: it has blanks or letters beyond ASCII. Give the bare text, "
            "without quotes and without the word Bearer."
        )
    return found


def _base_url() -> str:
    given = os.environ.get("CLOUDFLARE_BASE_URL", "").strip() or _PUBLIC
    try:
        parts = urlsplit(given)
        sound = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or parts.query or parts.fragment or parts.username is not None:
        raise ProviderError(f"Cloudflare: CLOUDFLARE_BASE_URL must be a URL such as {_PUBLIC}.")
    host = parts.hostname or ""
    if parts.scheme == "http" and not is_loopback(host):
        raise ProviderError(
            f"Cloudflare: CLOUDFLARE_BASE_URL names {host} over plain http, which would show the credentials to "
            "everybody on the way. Use https; http is for this machine (127.0.0.1) alone."
        )
    return given.rstrip("/")
