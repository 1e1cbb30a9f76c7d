"""What the environment says of Azure: endpoint, token, subscription, certificates. Reads it once; asks nobody.

AZURE_SUBSCRIPTION_ID              the subscription; without it, all that the credentials see are searched
AZURE_ACCESS_TOKEN                 a bearer token, instead of DefaultAzureCredential
AZURE_DNS_ENDPOINT                 the URL of Azure Resource Manager, of another cloud or of a test
AZURE_AUTHORITY_HOST               where tokens come from, in another cloud; azure-identity reads it itself
AZURE_CA_BUNDLE                    certificates to trust instead of the usual ones
AZURE_DISABLE_INSTANCE_DISCOVERY   1: ask no public service whether the authority is one of Microsoft's

A locator may name another variable with a token (`?token-env=OTHER_TOKEN`), or another tenant to log in to
(`?tenant=ID`): the subscription and the token of the environment, which are of the usual login, then do not count.
"""

import os
import re
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from migrator.errors import ProviderError
from migrator.model.values import dataclass
from providers.loopback import is_loopback

_TOKEN = "AZURE_ACCESS_TOKEN"  # noqa: S105 - the name of a variable
_PUBLIC_CLOUD = "https://management.azure.com"
_TRUE = frozenset({"1", "true", "yes", "on"})
_VISIBLE = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach Azure and as whom; `endpoint` has no final slash. Its text form never shows the token."""

    endpoint: str
    token: str = field(default="", repr=False)
    subscription: str = ""
    ca_bundle: str = ""
    instance_discovery: bool = True
    tenant: str = ""
    variable: str = _TOKEN

    @property
    def host(self) -> str:
        """The host of the endpoint, for messages."""
        return urlsplit(self.endpoint).hostname or ""

    @property
    def encrypted(self) -> bool:
        """Whether the endpoint is asked over TLS."""
        return urlsplit(self.endpoint).scheme == "https"

    @property
    def scope(self) -> str:
        """What a token must be good for: in every cloud of Microsoft, its Resource Manager."""
        return f"{self.endpoint}/.default"


def from_environment(variable: str | None = None, tenant: str = "") -> Settings:
    """Return the settings; raises ProviderError where one cannot be used.

    `variable` and `tenant` are what a locator says of who asks.
    """
    ca_bundle = os.environ.get("AZURE_CA_BUNDLE", "")
    if ca_bundle and not Path(ca_bundle).exists():
        raise ProviderError(f"Azure DNS: AZURE_CA_BUNDLE names '{ca_bundle}', and there is no such file.")
    usual = variable is None and not tenant
    return Settings(
        endpoint=_endpoint(os.environ.get("AZURE_DNS_ENDPOINT", "").strip() or _PUBLIC_CLOUD),
        token="" if tenant else _token(variable),
        subscription=os.environ.get("AZURE_SUBSCRIPTION_ID", "").strip() if usual else "",
        ca_bundle=ca_bundle,
        instance_discovery=os.environ.get("AZURE_DISABLE_INSTANCE_DISCOVERY", "").strip().lower() not in _TRUE,
        tenant=tenant,
        variable=variable or _TOKEN,
    )


def _token(variable: str | None) -> str:
    name = variable or _TOKEN
    token = os.environ.get(name, "").strip()
    if variable is not None and not token:
        raise ProviderError(
            f"Azure DNS: token-env= names the environment variable {name}, which is not set. 'az account "
            "get-access-token --tenant ID --query accessToken -o tsv' prints what belongs there."
        )
    if token and not _VISIBLE.fullmatch(token):
        raise ProviderError(
            f"Azure DNS: {name} is no bearer token: it has blanks or letters beyond ASCII. 'az account "
            "get-access-token --query accessToken -o tsv' prints one."
        )
    return token


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of a URL, or None where it is none: equal for the same server."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    return parts.scheme, parts.hostname.lower(), port


def _endpoint(text: str) -> str:
    origin = origin_of(text)
    parts = urlsplit(text) if origin else None
    if origin is None or parts is None or parts.query or parts.fragment or parts.username is not None:
        raise ProviderError(
            "Azure DNS: AZURE_DNS_ENDPOINT must be the URL of Azure Resource Manager, such as "
            "https://management.azure.com or https://management.usgovcloudapi.net."
        )
    scheme, host, _ = origin
    if scheme == "http" and not is_loopback(host):
        raise ProviderError(
            f"Azure DNS: AZURE_DNS_ENDPOINT names {host} over plain http, which would show the token to everybody "
            "on the way. Use https; http is for this machine (127.0.0.1) alone."
        )
    return text.rstrip("/")
