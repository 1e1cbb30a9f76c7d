"""The one that talks to Route 53: a boto3 client that counts its requests and keeps each answer as it came.

AWS settings are the usual ones: environment, shared files, SSO, roles, `AWS_ENDPOINT_URL_ROUTE_53`. Retries are
botocore's standard mode with ten tries in all (`AWS_MAX_ATTEMPTS` changes that): throttling, 5xx and dropped
connections are survived. Where no connection can be made, fewer tries are enough to know.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from migrator.interfaces import Budget, Calls, no_budget
from migrator.model.values import dataclass
from providers.route53 import answers, pacing
from providers.route53.answers import Native
from providers.route53.failures import RequestError, failure, is_unsendable, set_up_failure
from providers.route53.models import share_models
from providers.route53.pacing import Pace, account_of, budget_of

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.session import Session as Settings
    from types_boto3_route53 import Route53Client

# Route 53 is one global service; botocore wants a region all the same, and signs for this one.
_REGION = "us-east-1"
_TRIES = 10
_CONNECTION_TRIES = 8
_TIMEOUT_TRIES = 3
_GARBLED_TRIES = 3
_CONNECT_TIMEOUT = 10
_READ_TIMEOUT = 30
_SERVER_ERRORS = 500
# What botocore is given to check in the place of a body that has fields which it may not know.
_STAND_IN = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "-", "Type": "TXT"}}]}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its octets as received, and what they say."""

    body: bytes
    native: Native


@dataclass(frozen=True, slots=True)
class Login:
    """A session of boto3, and the settings that it was made from."""

    session: "Session"
    settings: "Settings"


class Service:
    """Route 53 as one set of credentials sees it; use it in a `with` block.

    `calls` counts what was sent, each retry too.
    """

    def __init__(
        self,
        profile: str | None,
        calls: Calls | None = None,
        pace: Pace | None = None,
        budget: Budget = no_budget,
        login: "Login | None" = None,
    ) -> None:
        """Find settings and credentials; raises ProviderError where they cannot be used. Asks nothing yet.

        `login` is that of another service, which is used too: nobody types a code of MFA for each thread.
        """
        self.calls = Calls() if calls is None else calls
        self._body = b""
        self._to_send = b""
        self._in_doubt = False
        self._profile = profile
        self._pace = pace
        self._login, self._client = _opened(profile, login)
        endpoint = self._client.meta.endpoint_url
        self._host = urlsplit(endpoint).hostname or "route53.amazonaws.com"
        self._endpoint = endpoint
        self._budget = budget_of(f"{profile} {endpoint}", pace or pacing.PACE)
        self._shared = budget
        events = self._client.meta.events
        events.register_first("needs-retry.route-53", self._doubt)
        events.register_first("needs-retry.route-53", _stop_early)
        events.register("before-call.route-53.ChangeResourceRecordSets", self._fill)
        if budget is not no_budget:
            # Before the request is signed: a signature is good for minutes.
            events.register_first("request-created.route-53", self._take_turn)
        events.register("before-send.route-53", self._count)
        events.register("before-parse.route-53", self._keep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def beside(self) -> "Service":
        """Return another with the same login, for another thread; it counts its own requests."""
        return Service(self._profile, None, self._pace, self._shared, self._login)

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self.calls.reads + self.calls.writes

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, operation: str, parameters: Mapping[str, str]) -> Reply:
        """Return the answer to one operation that only reads (`GetHostedZone`), after as many tries as it takes.

        Raises RequestError with one line that says what went wrong and what to do.
        """
        return self._answered(operation, parameters, _GARBLED_TRIES)

    def tell(self, operation: str, parameters: Mapping[str, object]) -> Reply:
        """Return the answer to one operation that writes.

        Raises RequestError; where that is in doubt, only reading tells what was done.
        """
        return self._answered(operation, parameters, 1)

    def change(self, identifier: str, body: bytes) -> Reply:
        """Return the answer to ChangeResourceRecordSets with a body of our own; raises as `tell` does."""
        self._to_send = body
        return self.tell("ChangeResourceRecordSets", {"HostedZoneId": identifier, "ChangeBatch": _STAND_IN})

    def _answered(self, operation: str, parameters: Mapping[str, object], tries: int) -> Reply:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        self._in_doubt = False
        garbled = 0
        while True:
            try:
                return self._asked(operation, parameters)
            except (ClientError, BotoCoreError) as exc:
                raise self._failure(exc, operation) from exc
            except (ResponseParserError, ValueError) as exc:
                # botocore does not notice an answer that was cut short, and so does not ask again. ValueError:
                # it reads the numbers of an answer with int(), and answers.parse has its own kind.
                garbled += 1
                self._in_doubt = True
                if garbled == tries:
                    raise self._failure(exc, operation) from exc

    def _asked(self, operation: str, parameters: Mapping[str, object]) -> Reply:
        from botocore import xform_name

        self._body = b""
        getattr(self._client, xform_name(operation))(**parameters)
        return Reply(self._body, answers.parse(self._body, operation))

    def _failure(self, exc: Exception, operation: str) -> RequestError:
        return failure(exc, operation, self._host, self._body, self._secrets(), in_doubt=self._in_doubt)

    def _take_turn(self, **_: object) -> None:
        found = self._login.session.get_credentials()
        account = "" if found is None or not found.access_key else account_of(found.access_key)
        self._shared("route53", f"{self._endpoint} {account}")

    def _count(self, *, request: "AWSPreparedRequest", **_: object) -> None:
        if self._shared is no_budget:
            self._budget.take()
        if request.method == "GET":
            self.calls.reads += 1
        else:
            self.calls.writes += 1

    def _fill(self, *, params: dict[str, object], **_: object) -> None:
        params["body"] = self._to_send

    def _doubt(
        self, *, response: "tuple[AWSResponse, object] | None", caught_exception: Exception | None, **_: object
    ) -> None:
        """Note a try that may have been carried out without our learning of it."""
        from botocore.exceptions import (
            ConnectTimeoutError,
            EndpointConnectionError,
            ProxyConnectionError,
            SSLError,
        )

        if response is not None:
            self._in_doubt |= response[0].status_code >= _SERVER_ERRORS
        elif not isinstance(
            caught_exception, EndpointConnectionError | ConnectTimeoutError | ProxyConnectionError | SSLError
        ):
            self._in_doubt = True

    def _keep(self, *, response_dict: Mapping[str, object], **_: object) -> None:
        body = response_dict.get("body")
        self._body = body if isinstance(body, bytes) else b""

    def _secrets(self) -> tuple[str, ...]:
        """Return what must never be seen in a message, as far as it is known without asking anybody."""
        from botocore.credentials import Credentials

        found = self._login.session.get_credentials()
        # The refreshable kinds ask for new credentials when they are looked at.
        if type(found) is not Credentials:
            return ()
        return tuple(filter(None, (found.access_key, found.secret_key, found.token)))


def _opened(profile: str | None, login: Login | None) -> "tuple[Login, Route53Client]":
    """Return a login, which may be there already, and a client of its own for it."""
    from boto3.session import Session
    from botocore.exceptions import BotoCoreError, ProfileNotFound
    from botocore.session import Session as Settings

    settings = Settings(profile=profile) if login is None else login.settings
    try:
        if login is None:
            login = Login(Session(botocore_session=settings), settings)
            share_models(settings)
        return login, _client_of(login)
    except ProfileNotFound as exc:
        raise set_up_failure(exc, tuple(settings.available_profiles)) from exc
    except (BotoCoreError, ValueError) as exc:
        raise set_up_failure(exc, ()) from exc


def _client_of(login: Login) -> "Route53Client":
    from botocore.config import Config

    tries = login.settings.get_config_variable("max_attempts")
    config = Config(
        retries={"mode": "standard", "total_max_attempts": _TRIES if tries is None else tries},
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
    )
    session = login.session
    return session.client("route53", region_name=session.region_name or _REGION, config=config)


def _stop_early(*, attempts: int, caught_exception: Exception | None, **_: object) -> None:
    """Raise what was caught where more tries only cost the user time."""
    from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

    match caught_exception:
        case EndpointConnectionError() if attempts >= _CONNECTION_TRIES:
            raise caught_exception
        case ConnectTimeoutError() | ReadTimeoutError() if attempts >= _TIMEOUT_TRIES:
            raise caught_exception
        case Exception() if is_unsendable(caught_exception):
            raise caught_exception
        case _:
            pass
