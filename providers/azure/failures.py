"""What goes wrong with Azure, in one line each: what happened, and what to do. No IO here.

Azure's own words are shown where they help (which application lacks which action), on one line and without
anything that looks like a token. What azure-identity says is not shown: it is a page about every way to log in.
"""

import json
import re
from collections.abc import Collection, Mapping

from migrator.errors import ProviderError
from providers.azure.settings import Settings
from providers.naming import printable
from providers.pages import is_page

_LISTS = "'dns-migrator zones azure:' lists the zones that these credentials see."
_EXPIRED = (
    "the access token has expired ({code}). Get a new one ('az login', or a new {variable}) and run "
    "the command again."
)
_NOT_ACCEPTED = (
    "Azure does not accept the access token ({code}). Is {variable} one for {host}, of the tenant that "
    "the subscription belongs to? 'az account get-access-token' prints one.{words}"
)
_DENIED = (
    "these credentials may not do this ({code}). Give them the role 'DNS Zone Contributor' on the resource group, "
    "or the role in docs/azure.md; a fresh assignment takes a few minutes.{words}"
)
_NOT_ALLOWED = "a policy or the state of the subscription forbids it ({code}).{words}"
_LOCKED = "a lock forbids to write here ({code}). 'az lock list' shows it.{words}"
_NO_GROUP = (
    "there is no resource group of this name in the subscription, or these credentials do not see it ({code}). "
    "'az group list' lists those that there are.{words}"
)
_NO_SUBSCRIPTION = (
    "these credentials do not see the subscription ({code}). Look at AZURE_SUBSCRIPTION_ID or ?subscription=; 'az "
    "account list' lists those that you have.{words}"
)
_NO_ZONE = f"there is no such DNS zone, or it was deleted meanwhile ({{code}}). {_LISTS}{{words}}"
_UNREGISTERED = (
    "the subscription has never used Azure DNS ({code}). Register it once: 'az provider register --namespace "
    "Microsoft.Network'."
)
# In a subscription among others: none is taken by chance, and this one may have a zone of the name, too.
_WHICH = (
    " That was the subscription {subscription}, one of {number} that these credentials see, and all are searched "
    "where none is named: name the one that is meant by ?subscription=ID or AZURE_SUBSCRIPTION_ID."
)
_OLD_API = (
    "this Azure does not know the API version {version} ({code}), which holds DS, TLSA, NAPTR and Traffic Manager "
    "links. Is AZURE_DNS_ENDPOINT that of an Azure cloud of today?{words}"
)
_FAILED = "the service failed {tries} at {action} ({code}). Run the command again later.{words}"
_REFUSED = "{action} was refused ({code}, HTTP {status}).{words}"
_THROTTLED = (
    "{action} was throttled {tries}, over {waited:.0f} seconds ({code}){asked}. The limit is the "
    "subscription's, whoever else uses it: run the command again in a few minutes."
)

_BY_CODE: Mapping[str, str] = {
    "ExpiredAuthenticationToken": _EXPIRED,
    "AuthenticationFailed": _NOT_ACCEPTED,
    "AuthenticationFailedMissingToken": _NOT_ACCEPTED,
    "InvalidAuthenticationToken": _NOT_ACCEPTED,
    "InvalidAuthenticationTokenTenant": _NOT_ACCEPTED,
    "InvalidAuthenticationTokenAudience": _NOT_ACCEPTED,
    "AuthorizationFailed": _DENIED,
    "LinkedAuthorizationFailed": _DENIED,
    "RequestDisallowedByPolicy": _NOT_ALLOWED,
    "ReadOnlyDisabledSubscription": _NOT_ALLOWED,
    "ScopeLocked": _LOCKED,
    "ResourceGroupNotFound": _NO_GROUP,
    "SubscriptionNotFound": _NO_SUBSCRIPTION,
    "InvalidSubscriptionId": _NO_SUBSCRIPTION,
    "ResourceNotFound": _NO_ZONE,
    "ParentResourceNotFound": _NO_ZONE,
    "NotFound": _NO_ZONE,
    "MissingSubscriptionRegistration": _UNREGISTERED,
    "NoRegisteredProviderFound": _OLD_API,
    "InvalidApiVersionParameter": _OLD_API,
    "InvalidResourceType": _OLD_API,
}
_BY_STATUS: Mapping[int, str] = {401: _NOT_ACCEPTED, 403: _DENIED, 404: _NO_ZONE}

_NO_CREDENTIALS = (
    "no Azure credentials were found. Run 'az login', or set AZURE_TENANT_ID, AZURE_CLIENT_ID and "
    "AZURE_CLIENT_SECRET, or AZURE_ACCESS_TOKEN."
)
_INCOMPLETE = (
    "the Azure credentials are incomplete: {missing} not set, and no other way to log in was found. Set it, or "
    "run 'az login'."
)
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes (2026-11-20)
_ENTRA: Mapping[str, str] = {
    "AADSTS7000215": "Microsoft Entra does not accept the client secret ({code}). Look at AZURE_CLIENT_SECRET: it "
    "is the secret's value, not its id.",
    "AADSTS7000222": "the client secret has expired ({code}). Make a new one for the application, and set "
    "AZURE_CLIENT_SECRET.",
    "AADSTS700016": "the tenant has no such application ({code}). Look at AZURE_CLIENT_ID and AZURE_TENANT_ID.",
    "AADSTS700082": "the login has expired ({code}). Run 'az login', and then the command again.",
    "AADSTS70043": "the login has expired ({code}). Run 'az login', and then the command again.",
    "AADSTS90002": "there is no such tenant ({code}). Look at AZURE_TENANT_ID.",
    "AADSTS900023": "there is no such tenant ({code}). Look at AZURE_TENANT_ID.",
}
_LOGIN_REFUSED = (
    "Microsoft Entra refuses the credentials{code}. Look at AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET "
    "and AZURE_AUTHORITY_HOST, or run 'az login'."
)
_NO_AUTHORITY = (
    "no token could be fetched: the login service of Azure cannot be reached. Look at the network, at proxies, "
    "and at AZURE_AUTHORITY_HOST."
)
_NO_AUTHORITY_TRUST = (
    "the certificate of the login service of Azure is not trusted. Behind a proxy that opens TLS, set "
    "AZURE_CA_BUNDLE."
)
_NO_TRUST = "the certificate of {host} is not trusted. Behind a proxy that opens TLS, set AZURE_CA_BUNDLE."
_NO_PROXY = "the proxy for {host} cannot be reached. Look at HTTPS_PROXY and NO_PROXY."
_TOO_LATE = "{host} did not answer {action} in time. Look at the network, and run the command again."
_UNREACHABLE = "{host} cannot be reached. Look at the network, at proxies, and at AZURE_DNS_ENDPOINT."
_BROKEN_OFF = "the connection to {host} broke off {tries}. Look at the network, and run the command again."
_UNUSABLE = (
    "the Azure settings cannot be used. Look at the AZURE_ variables: AZURE_AUTHORITY_HOST must "
    "be an https URL or a host name, AZURE_TENANT_ID an id or a domain."
)
_NOT_AZURE = (
    "the answer of {host} to {action} is not what Azure answers. Is there a login page or a firewall between, or "
    "does AZURE_DNS_ENDPOINT name another service?"
)
# What every other request of the same login would meet too.
_OF_ACCOUNT = frozenset(
    {
        _EXPIRED,
        _NOT_ACCEPTED,
        _NO_CREDENTIALS,
        _INCOMPLETE,
        *_ENTRA.values(),
        _LOGIN_REFUSED,
        _NO_AUTHORITY,
        _NO_AUTHORITY_TRUST,
        _NO_TRUST,
        _UNUSABLE,
    }
)
_TOKEN = re.compile(r"\b(?:Bearer\s+)?eyJ[\w-]+(?:\.[\w-]+)*|(?<=Bearer )\S+")
_AADSTS = re.compile(r"AADSTS\d+")
_LONGEST_QUOTE = 300
_SERVER_ERRORS = 500
_NO_CONNECTION = re.compile(r"HTTPS?Connection|Failed to (?:resolve|establish)|timed out|Connection aborted")
_LOGIN_VARIABLES = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
# What an application may have instead of a secret.
_OTHER_PROOFS = ("AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE")


class UnregisteredError(ProviderError):
    """The subscription has never used Azure DNS, so that there is no zone in it."""


def said(body: bytes) -> tuple[str, str]:
    """Return code and message of an error body, in the provider's form or in that of the Resource Manager."""
    try:
        found = json.loads(body)
    except ValueError:
        return "", ""
    if isinstance(found, Mapping) and isinstance(found.get("error"), Mapping):
        found = found["error"]
    if not isinstance(found, Mapping):
        return "", ""
    code, message = found.get("code"), found.get("message")
    return (code if isinstance(code, str) else ""), (message if isinstance(message, str) else "")


def quoted(message: str, secrets: tuple[str, ...] = ()) -> str:
    """Return words of the service on one line, without anything secret."""
    words = printable(message)
    for secret in secrets:
        words = words.replace(secret, "***")
    return " ".join(_TOKEN.sub("***", words).split())[:_LONGEST_QUOTE]


def refusal(
    status: int, body: bytes, action: str, settings: Settings, version: str, tries: int, secrets: tuple[str, ...]
) -> ProviderError:
    """Return the error for an answer with an error status."""
    if status < _SERVER_ERRORS and is_page(body):
        return not_azure(action, settings.host)
    code, message = said(body)
    fallback = _FAILED if status >= _SERVER_ERRORS else _REFUSED
    sentence = _BY_CODE.get(code) or _BY_STATUS.get(status, fallback)
    words = f" Azure says: {quoted(message, secrets)}" if message.strip() else ""
    return _error(
        sentence, code=quoted(code, secrets) or str(status), status=status, action=action, host=settings.host,
        version=version, tries=tries, words=words, variable=settings.variable,
    )  # fmt: skip


def in_one_of(subscriptions: Collection[str], subscription: str, exc: ProviderError) -> ProviderError:
    """Return the error for a failure in one of several subscriptions that are searched."""
    if len(subscriptions) == 1 or exc.of_account:
        return exc
    return ProviderError(f"{exc}{_WHICH.format(subscription=subscription, number=len(subscriptions))}")


def throttled(body: bytes, action: str, tries: int, waited: float, asked: float | None) -> ProviderError:
    """Return the error for a limit that did not pass in the time that was given to it."""
    code, _ = said(body)
    more = "" if asked is None else f"; Azure asks to wait {asked:.0f} more"
    return _error(_THROTTLED, code=quoted(code) or "429", action=action, tries=tries, waited=waited, asked=more)


def not_azure(action: str, host: str) -> ProviderError:
    """Return the error for an answer that makes no sense."""
    return _error(_NOT_AZURE, action=action, host=host)


def login_failure(exc: Exception, environment: Mapping[str, str]) -> ProviderError:
    """Return the error for credentials that azure-identity could not use; `environment` tells which are set.

    Its exceptions do not tell why each way to log in failed; their text alone does.
    """
    text = str(exc)
    code = _AADSTS.search(text)
    if code is not None:
        sentence = _ENTRA.get(code[0])
        return _error(sentence or _LOGIN_REFUSED, code=code[0] if sentence else f" ({code[0]})")
    if "CERTIFICATE_VERIFY_FAILED" in text or "SSLError" in text:
        return _error(_NO_AUTHORITY_TRUST)
    if _NO_CONNECTION.search(text):
        return _error(_NO_AUTHORITY)
    if "Authentication failed:" in text:
        return _error(_LOGIN_REFUSED, code="")
    missing = [name for name in _LOGIN_VARIABLES if not environment.get(name)]
    other = any(environment.get(name) for name in _OTHER_PROOFS)
    one_short = len(missing) == 1 and bool(environment.get("AZURE_CLIENT_ID")) and not other
    if (environment.get("AZURE_CLIENT_SECRET") and missing) or one_short:
        return _error(_INCOMPLETE, missing=f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'}")
    return _error(_NO_CREDENTIALS)


def connection_failure(exc: Exception, action: str, host: str, tries: int) -> ProviderError:
    """Return the error for a connection that did not come about or did not hold."""
    from azure.core.exceptions import (
        IncompleteReadError,
        ServiceRequestError,
        ServiceRequestTimeoutError,
        ServiceResponseError,
        ServiceResponseTimeoutError,
    )
    from requests.exceptions import ProxyError

    match exc, getattr(exc, "inner_exception", None):
        case _ if "CERTIFICATE_VERIFY_FAILED" in str(exc):
            sentence = _NO_TRUST
        case _, ProxyError():
            sentence = _NO_PROXY
        case ((ServiceRequestTimeoutError() | ServiceResponseTimeoutError()), _):
            sentence = _TOO_LATE
        case ServiceRequestError(), _:
            sentence = _UNREACHABLE
        case ((ServiceResponseError() | IncompleteReadError()), _):
            sentence = _BROKEN_OFF
        case _:
            sentence = _NOT_AZURE
    return _error(sentence, action=action, host=host, tries=tries)


def settings_failure() -> ProviderError:
    """Return the error for settings that the SDK refuses before anything is asked."""
    return _error(_UNUSABLE)


def _error(sentence: str, *, tries: int = 1, **said_of_it: object) -> ProviderError:
    said_of_it["tries"] = "once" if tries == 1 else f"{tries} times"
    kind = UnregisteredError if sentence == _UNREGISTERED else ProviderError
    return kind(f"Azure DNS: {sentence.format(**said_of_it)}", of_account=sentence in _OF_ACCOUNT)
