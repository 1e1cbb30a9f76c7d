"""What goes wrong with Route 53 and Route 53 Domains, in one line each: what happened, and what to do. No IO here.

AWS's own words are shown where they help (which user lacks which permission), and never where they may repeat
what was signed: the answer to a wrong signature quotes the request with its session token.
"""

import re
from collections.abc import Mapping
from dataclasses import field

from migrator.errors import ProviderError
from migrator.model.values import dataclass
from providers.naming import printable
from providers.pages import is_page
from providers.route53 import answers

_THROTTLED = (
    "{action} was throttled {tries} times ({code}). The limit is the account's, whoever else uses it: run the "
    "command again in a minute, or set AWS_MAX_ATTEMPTS to a larger number."
)
_EXPIRED = (
    "the AWS credentials have expired ({code}). Get new ones ('aws sso login', or a new session) and run the "
    "command again."
)
_UNKNOWN_KEY = (
    "AWS does not know the access key ({code}). Look at AWS_ACCESS_KEY_ID, or at the profile that is used."
)
_WRONG_SIGNATURE = (
    "AWS refuses the signature ({code}): the secret key does not belong to the access key, or the clock of this "
    "machine is wrong."
)
_CLOCK = "AWS finds the request too old or too new ({code}): set the clock of this machine."
_UNSIGNED = "AWS finds no usable signature in the request ({code}). Is there a proxy that changes requests?"
_DENIED = (
    "these credentials may not call {action} ({code}). Allow it in the IAM policy; docs/route53.md has one to "
    "paste.{words}"
)
_NO_ZONE = (
    "there is no hosted zone of this id, or it was deleted meanwhile ({code}). 'dns-migrator zones route53:' "
    "lists the zones that these credentials see."
)
_NO_CHANGE = "AWS knows no such change any more ({code})."
_TOO_MANY_ZONES = (
    "the account has as many hosted zones as it may have ({code}). Delete one, or ask AWS for more (Service "
    "Quotas, Route 53).{words}"
)
_NO_SERVERS_LEFT = (
    "AWS has no four name servers left for another zone of this name ({code}): there are too many hosted zones of "
    "it, in whatever accounts. AWS Support can help the domain's owner.{words}"
)
_CONFLICTING_ZONE = (
    "the network is associated with another hosted zone of this name already ({code}). Name that zone with "
    "?zone-id=.{words}"
)
_NO_VPC = (
    "AWS finds no such network, or these credentials may not use it ({code}). Look at vpc-id= and "
    "vpc-region=.{words}"
)
_FAILED = "the service failed {tries} times at {action} ({code}). Run the command again later.{words}"
_REFUSED = "{action} was refused ({code}, HTTP {status}).{words}"

_BY_CODE: Mapping[str, str] = {
    "Throttling": _THROTTLED,
    "ThrottlingException": _THROTTLED,
    "ThrottledException": _THROTTLED,
    "RequestThrottled": _THROTTLED,
    "RequestThrottledException": _THROTTLED,
    "TooManyRequestsException": _THROTTLED,
    "RequestLimitExceeded": _THROTTLED,
    "BandwidthLimitExceeded": _THROTTLED,
    "SlowDown": _THROTTLED,
    "PriorRequestNotComplete": _THROTTLED,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": _WRONG_SIGNATURE,
    "InvalidSignatureException": _WRONG_SIGNATURE,
    "IncompleteSignatureException": _WRONG_SIGNATURE,
    "RequestExpired": _CLOCK,
    "RequestTimeTooSkewed": _CLOCK,
    "MissingAuthenticationToken": _UNSIGNED,
    "MissingAuthenticationTokenException": _UNSIGNED,
    "IncompleteSignature": _UNSIGNED,
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "NotAuthorized": _DENIED,
    "NotAuthorizedException": _DENIED,
    "OptInRequired": _DENIED,
    "NoSuchHostedZone": _NO_ZONE,
    "NoSuchChange": _NO_CHANGE,
    "TooManyHostedZones": _TOO_MANY_ZONES,
    "DelegationSetNotAvailable": _NO_SERVERS_LEFT,
    "ConflictingDomainExists": _CONFLICTING_ZONE,
    "InvalidVPCId": _NO_VPC,
}
_BY_STATUS: Mapping[int, str] = {403: _DENIED, 429: _THROTTLED}

_NO_CREDENTIALS = (
    "no AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, log in with 'aws sso login', "
    "or name a profile: route53:example.com?profile=NAME."
)
_INCOMPLETE = (
    "the AWS credentials are incomplete: {missing} is missing. Set it, or name a profile: "
    "route53:example.com?profile=NAME."
)
_NO_PROFILE = (
    "the AWS configuration has no profile '{profile}'{profiles}. Give another ?profile=NAME, or make it with 'aws "
    "configure --profile NAME'."
)
_NO_SSO = "the SSO session is absent or has expired. Run 'aws sso login' and then the command again."
_NOT_FETCHED = "the AWS credentials cannot be fetched. Look at the profile that is used."
_NO_ROLE = "the AWS credentials of this machine's role cannot be fetched. Look at its metadata service."
_NO_TRUST = "the certificate of {host} is not trusted. Behind a proxy that opens TLS, set AWS_CA_BUNDLE."
_NO_PROXY = "the proxy for {host} cannot be reached. Look at HTTPS_PROXY and NO_PROXY."
_TOO_LATE = "{host} did not answer {action} in time. Look at the network, and run the command again."
_UNREACHABLE = "{host} cannot be reached. Look at the network, at proxies, and at {variable}."
_BROKEN_OFF = "the connection to {host} broke off again and again. Look at the network, and run the command again."
_NO_HEADER = (
    "the AWS credentials cannot be sent: one of them has a line break. Look at the ends of AWS_SESSION_TOKEN and "
    "AWS_ACCESS_KEY_ID, or at ~/.aws/credentials."
)
_NOT_SENT = "botocore refuses to send {action}: a parameter has a form that {service} forbids."
_UNUSABLE = (
    "the AWS settings cannot be used: {kind}. Look at the AWS_ variables of the environment and at ~/.aws/config."
)
# From the special to the general: the first class that the exception belongs to decides.
_BY_EXCEPTION: tuple[tuple[str, str], ...] = (
    ("NoCredentialsError", _NO_CREDENTIALS),
    ("PartialCredentialsError", _INCOMPLETE),
    ("ProfileNotFound", _NO_PROFILE),
    ("SSOError", _NO_SSO),
    ("TokenRetrievalError", _NO_SSO),
    ("CredentialRetrievalError", _NOT_FETCHED),
    ("MetadataRetrievalError", _NO_ROLE),
    ("SSLError", _NO_TRUST),
    ("ProxyConnectionError", _NO_PROXY),
    ("ConnectTimeoutError", _TOO_LATE),
    ("ReadTimeoutError", _TOO_LATE),
    ("EndpointConnectionError", _UNREACHABLE),
    ("HTTPClientError", _BROKEN_OFF),
    ("ParamValidationError", _NOT_SENT),
    ("BotoCoreError", _UNUSABLE),
)
_SETTINGS = (
    "the AWS settings cannot be used. Look at {variable}, which must be a URL such as "
    "https://route53.amazonaws.com, at the other AWS_ variables, and at ~/.aws/config."
)
_NOT_ROUTE53 = (
    "the answer of {host} to {action} is not what {service} answers. Is there a login page or a firewall between, "
    "or does {variable} name another service?"
)
# What every other request of the same login would meet too.
_OF_ACCOUNT = frozenset(
    {
        _EXPIRED,
        _UNKNOWN_KEY,
        _WRONG_SIGNATURE,
        _CLOCK,
        _UNSIGNED,
        _NO_CREDENTIALS,
        _INCOMPLETE,
        _NO_PROFILE,
        _NO_SSO,
        _NOT_FETCHED,
        _NO_ROLE,
        _NO_TRUST,
        _NO_HEADER,
        _UNUSABLE,
        _SETTINGS,
    }
)
_ACCESS_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b")
_LONGEST_QUOTE = 300
_SERVER_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Api:
    """A service of AWS in messages: its name, the prefix of its permissions, the variable with its endpoint.

    `by_code` are sentences for codes that are its own.
    """

    service: str
    prefix: str
    variable: str
    by_code: Mapping[str, str] = field(default_factory=dict)


ROUTE53 = Api("Route 53", "route53", "AWS_ENDPOINT_URL_ROUTE_53")


class RequestError(ProviderError):
    """One operation that failed for good.

    `code` is AWS's, empty where no answer came, and `messages` its own words. `in_doubt`: a try may have been
    carried out although its answer never came.
    """

    def __init__(
        self,
        text: str,
        *,
        code: str = "",
        status: int = 0,
        messages: tuple[str, ...] = (),
        in_doubt: bool = False,
        of_account: bool = False,
    ) -> None:
        super().__init__(text, of_account=of_account)
        self.code = code
        self.status = status
        self.messages = messages
        self.in_doubt = in_doubt

    @property
    def is_about_credentials(self) -> bool:
        """Whether every other call would fail in the same way."""
        return _BY_CODE.get(self.code) in {_EXPIRED, _UNKNOWN_KEY, _WRONG_SIGNATURE, _CLOCK, _UNSIGNED, _THROTTLED}


def set_up_failure(exc: Exception, profiles: tuple[str, ...], api: Api = ROUTE53) -> ProviderError:
    """Return the error for settings or credentials that botocore cannot use."""
    sentence = _sentence_of(exc) or _SETTINGS
    known = f" (there are: {', '.join(profiles)})" if profiles else ""
    text = sentence.format(**_said_of(exc, api), profiles=known, host="", action="")
    return ProviderError(f"{api.service}: {text}", of_account=True)


def failure(
    exc: Exception,
    operation: str,
    host: str,
    body: bytes,
    secrets: tuple[str, ...],
    *,
    in_doubt: bool = False,
    api: Api = ROUTE53,
) -> RequestError:
    """Return the error for one operation that failed for good; `body` is the last answer, if any came as XML."""
    from botocore.exceptions import ClientError

    action = f"{api.prefix}:{operation}"
    if isinstance(exc, ClientError) and (_status(exc.response) >= _SERVER_ERRORS or not is_page(body)):
        return _refusal(exc.response, action, body, secrets, api, in_doubt=in_doubt)
    sentence = _sentence_of(exc) or _NOT_ROUTE53
    text = sentence.format(**_said_of(exc, api), profiles="", host=host, action=action)
    return RequestError(f"{api.service}: {text}", in_doubt=in_doubt, of_account=sentence in _OF_ACCOUNT)


def _refusal(
    response: Mapping[str, object],
    action: str,
    body: bytes,
    secrets: tuple[str, ...],
    api: Api,
    *,
    in_doubt: bool,
) -> RequestError:
    """Return the error for an answer with an error status."""
    metadata = _mapping(response, "ResponseMetadata")
    error = _mapping(response, "Error")
    status = _status(response)
    retries = metadata.get("RetryAttempts")
    code = str(error.get("Code") or answers.error_code(body) or status)
    fallback = _FAILED if status >= _SERVER_ERRORS else _REFUSED
    sentence = api.by_code.get(code) or _BY_CODE.get(code) or _BY_STATUS.get(status, fallback)
    messages = answers.error_messages(body)
    text = sentence.format(
        action=action,
        code=code,
        status=status,
        tries=(retries if isinstance(retries, int) else 0) + 1,
        words=_quoted(error.get("Message") or " ".join(messages), secrets),
    )
    shown = tuple(_harmless(message, secrets) for message in messages)
    return RequestError(
        f"{api.service}: {text}",
        code=code,
        status=status,
        messages=shown,
        in_doubt=in_doubt,
        of_account=sentence in _OF_ACCOUNT,
    )


def _status(response: Mapping[str, object]) -> int:
    status = _mapping(response, "ResponseMetadata").get("HTTPStatusCode")
    return status if isinstance(status, int) else 0


def _sentence_of(exc: Exception) -> str:
    from botocore import exceptions

    if is_unsendable(exc):
        return _NO_HEADER
    return next((text for name, text in _BY_EXCEPTION if isinstance(exc, getattr(exceptions, name))), "")


def is_unsendable(exc: Exception | None) -> bool:
    """Tell whether the request never left, since what it would carry is no header: no other try is better."""
    from botocore.exceptions import HTTPClientError

    cause = exc.__context__ if isinstance(exc, HTTPClientError) else None
    return isinstance(cause, ValueError) and str(cause).startswith("Invalid header value")


def _said_of(exc: Exception, api: Api) -> dict[str, str]:
    """Return what an exception of botocore tells, but not its text: it may hold what a helper program printed."""
    arguments: object = getattr(exc, "kwargs", {})
    given = arguments if isinstance(arguments, Mapping) else {}
    return {
        "kind": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(exc).__name__).lower(),
        "missing": str(given.get("cred_var", "a part")),
        "profile": str(given.get("profile", "")),
        "service": api.service,
        "variable": api.variable,
    }


def _mapping(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    inner = found.get(key)
    return inner if isinstance(inner, Mapping) else {}


def _quoted(message: object, secrets: tuple[str, ...]) -> str:
    """Return AWS's own words as an addition to a sentence, on one line, without anything secret."""
    if not isinstance(message, str) or not message.strip():
        return ""
    return f" AWS says: {_harmless(message, secrets)[:_LONGEST_QUOTE]}"


def _harmless(message: str, secrets: tuple[str, ...]) -> str:
    words = printable(message)
    for secret in secrets:
        words = words.replace(secret, "***")
    return " ".join(_ACCESS_KEY.sub("***", words).split())
