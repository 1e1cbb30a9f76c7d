"""The SDK's client with its own ways kept in check. The only module that imports the SDK at its top.

What differs from the client as it comes: `api-version` is the one that knows DS, TLSA, NAPTR and links to Traffic
Manager (9.0.0 of the SDK pins an older one, and its typed models drop what they do not know, so JSON goes through
as it is); no resource provider is registered behind the user's back (that is a write, made by a read); nothing is
redirected, with a token in hand; and retries are made by `service.py`, which must know whether a write that it
sends again may have been carried out the first time.
"""

import logging
from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.pipeline import PipelineRequest, policies
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import DefaultAzureCredential
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
from azure.mgmt.dns import DnsManagementClient

from providers.azure.settings import Settings

API_VERSION = "2023-07-01-preview"
_NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_USER_AGENT = "dns-migrator"
# Seconds that a login service may take, and how often it is asked again: the SDK would wait 300 for a metadata
# service that never answers, four times over.
_LOGIN_TIMEOUT = 10
_LOGIN_RETRIES = 1
# Without a handler of their own, Python prints the SDKs' warnings to the user's terminal.
for _name in ("azure", "msal", "urllib3"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Pipeline:
    """Sends one request and returns one answer, whatever its status; raises the SDK's exceptions."""

    def __init__(self, settings: Settings, sent: Callable[[str], None]) -> None:
        """Set up the client; `sent` is told the method of each request as it leaves."""
        verify: dict[str, Any] = {"connection_verify": settings.ca_bundle} if settings.ca_bundle else {}
        # The SDK sends no token of a credential without TLS unless it is told to, request by request.
        self._unencrypted = not settings.encrypted and not settings.token
        self._credential: DefaultAzureCredential | None = None
        authentication: Any
        if settings.token:
            authentication = _Bearer(settings.token)
        else:
            self._credential = DefaultAzureCredential(
                disable_instance_discovery=not settings.instance_discovery,
                connection_timeout=_LOGIN_TIMEOUT,
                read_timeout=_LOGIN_TIMEOUT,
                retry_connect=_LOGIN_RETRIES,
                retry_read=_LOGIN_RETRIES,
                additionally_allowed_tenants=[settings.tenant] if settings.tenant else [],
                **verify,
            )
            asking = _OfTenant(self._credential, settings.tenant) if settings.tenant else self._credential
            authentication = ARMChallengeAuthenticationPolicy(asking, settings.scope)
        chain = [
            policies.RequestIdPolicy(),
            policies.UserAgentPolicy(base_user_agent=_USER_AGENT),
            policies.ProxyPolicy(),
            authentication,
            _Told(sent),
        ]
        self._client = DnsManagementClient(
            self._credential or _NoCredential(),
            # The client wants one, and only its own operations use it.
            settings.subscription or _NO_SUBSCRIPTION,
            base_url=settings.endpoint,
            api_version=API_VERSION,
            policies=chain,
            **verify,
        )

    def send(self, request: HttpRequest, *, connect_timeout: float, read_timeout: float) -> HttpResponse:
        """Return the answer with its body read."""
        options: dict[str, Any] = {"connection_timeout": connect_timeout, "read_timeout": read_timeout}
        if self._unencrypted:
            options["enforce_https"] = False
        # Private until the next release of the SDK makes it public under the name without the underscore.
        send = getattr(self._client, "send_request", None) or self._client._send_request  # noqa: SLF001
        response: HttpResponse = send(request, **options)
        return response

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        if self._credential is not None:
            self._credential.close()


class _Bearer(SansIOHTTPPolicy[Any, Any]):
    """Adds the user's own token; `settings.py` has seen to it that it is sent over TLS or to this machine."""

    def __init__(self, token: str) -> None:
        self._token = token

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {self._token}"


class _OfTenant:
    """Logs in to another tenant than the usual one, by whatever credential the environment has."""

    def __init__(self, credential: DefaultAzureCredential, tenant: str) -> None:
        self._credential = credential
        self._tenant = tenant

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return self._credential.get_token(*scopes, **{**options, "tenant_id": self._tenant})


class _Told(SansIOHTTPPolicy[Any, Any]):
    """Stands last, so that it sees what really leaves."""

    def __init__(self, sent: Callable[[str], None]) -> None:
        self._sent = sent

    def on_request(self, request: PipelineRequest[Any]) -> None:
        self._sent(request.http_request.method)


class _NoCredential:
    """Satisfies the client where a token is given: nobody asks it."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        raise AssertionError("the token is given")
