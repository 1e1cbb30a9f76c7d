"""Amazon Route 53 Domains, the registrar: changes the name servers that the registry has for a domain.

Whoever switches a domain here does in one request what a person does in the registrar's web pages. The service is
asked for the change and then carries it out by itself, in minutes as a rule: `operation` says how far that is, and
only the parent's own name servers say that it has happened.

A switch can be asked for again: where the registrar has the wanted set already, nothing is sent; while a change is
under way, it refuses a second one (DuplicateRequest), and nothing is lost by waiting for the first.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from dns.name import Name

from migrator.errors import InputError
from migrator.model.names import absolute, folded, is_within
from migrator.model.values import dataclass
from providers.naming import printable, shown
from providers.route53.failures import Api, RequestError, failure, set_up_failure
from providers.route53.models import share_models

if TYPE_CHECKING:
    from boto3.session import Session

# The service is in one region: https://docs.aws.amazon.com/general/latest/gr/r53.html (2026-11-20)
_REGION = "us-east-1"
_TRIES = 10
_CONNECT_TIMEOUT = 10
_READ_TIMEOUT = 30
_API = Api(
    "Route 53 Domains",
    "route53domains",
    "AWS_ENDPOINT_URL_ROUTE_53_DOMAINS",
    {
        "DuplicateRequest": (
            "a change of this domain is under way at the registrar ({code}). Wait until it has ended, and ask "
            "again."
        ),
        "OperationLimitExceeded": (
            "the account has as many changes of domains under way as it may have ({code}). Ask again later.{words}"
        ),
        "TLDRulesViolation": "the rules of the top-level domain forbid {action} ({code}).{words}",
        "UnsupportedTLD": "Route 53 is no registrar for this top-level domain ({code}).{words}",
        "InvalidInput": "{action} was refused ({code}).{words}",
    },
)
_NOT_HERE = frozenset({"InvalidInput", "UnsupportedTLD"})


@dataclass(frozen=True, slots=True)
class NameServer:
    """A name server as a registry has it; `glue` are its addresses, where its name is within the domain."""

    name: Name
    glue: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registration:
    """A domain as its registrar has it; `statuses` are the registry's EPP codes (`clientUpdateProhibited`)."""

    domain: Name
    name_servers: tuple[NameServer, ...]
    statuses: tuple[str, ...] = ()


class Progressing(StrEnum):
    """How far a change is."""

    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Operation:
    """A change of a domain; `identifier` is empty where nothing was to change, `message` says why it failed."""

    identifier: str
    progress: Progressing
    message: str = ""


_PROGRESS = {"SUCCESSFUL": Progressing.DONE, "ERROR": Progressing.FAILED, "FAILED": Progressing.FAILED}


class Registrar:
    """Route 53 Domains as one set of credentials sees it; use it in a `with` block."""

    def __init__(self, profile: str | None = None) -> None:
        """Find settings and credentials; raises ProviderError where they cannot be used. Asks nothing yet."""
        from boto3.session import Session
        from botocore.exceptions import BotoCoreError, ProfileNotFound
        from botocore.session import Session as Settings

        settings = Settings(profile=profile)
        try:
            self._session = Session(botocore_session=settings)
            share_models(settings)
            self._client = _client_of(self._session, settings.get_config_variable("max_attempts"))
        except ProfileNotFound as exc:
            raise set_up_failure(exc, tuple(settings.available_profiles), _API) from exc
        except (BotoCoreError, ValueError) as exc:
            raise set_up_failure(exc, (), _API) from exc
        self._host = urlsplit(self._client.meta.endpoint_url).hostname or "route53domains.us-east-1.amazonaws.com"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def registration(self, domain: Name) -> Registration | None:
        """Return the domain as the registrar has it; None where it is registered elsewhere.

        Raises RequestError where the service fails.
        """
        try:
            found = self._ask("GetDomainDetail", "DomainName", DomainName=shown(domain))
        except RequestError as exc:
            if exc.code in _NOT_HERE:
                return None
            raise
        servers = tuple(
            NameServer(absolute(f"{each['Name'].rstrip('.')}."), tuple(each.get("GlueIps") or ()))
            for each in found.get("Nameservers") or ()
        )
        return Registration(domain, servers, tuple(found.get("StatusList") or ()))

    def switch(self, domain: Name, name_servers: Iterable[NameServer]) -> Operation:
        """Have the registry delegate the domain to these name servers, and to no others.

        Raises InputError where glue is missing or more than the registrar takes, or the domain is registered
        elsewhere; RequestError where the service refuses or fails, with the code `DuplicateRequest` while another
        change is under way.
        """
        wanted = tuple(_checked(domain, server) for server in name_servers)
        if not wanted:
            raise InputError(f"{shown(domain)}: there are no name servers to switch to.")
        present = self.registration(domain)
        if present is None:
            raise InputError(
                f"{shown(domain)}: this AWS account has no such domain at Route 53 Domains. Enter the name "
                "servers where the domain is registered, or use the account's own ?profile=."
            )
        if _set_of(domain, present.name_servers) == _set_of(domain, wanted):
            return Operation("", Progressing.DONE, "The registrar has these name servers already.")
        servers = [{"Name": shown(server.name), "GlueIps": list(server.glue)} for server in wanted]
        found = self._ask("UpdateDomainNameservers", "OperationId", DomainName=shown(domain), Nameservers=servers)
        return Operation(str(found["OperationId"]), Progressing.UNDER_WAY)

    def operation(self, identifier: str) -> Operation:
        """Return how far a change is; raises RequestError where the service fails, or knows no such change."""
        found = self._ask("GetOperationDetail", "Status", OperationId=identifier)
        told = (found.get("Message"), found.get("StatusFlag"))
        progress = _PROGRESS.get(str(found["Status"]), Progressing.UNDER_WAY)
        return Operation(identifier, progress, " ".join(printable(str(each)) for each in told if each))

    def _ask(self, operation: str, member: str, **parameters: object) -> Mapping[str, Any]:
        """Return the answer, which has this member: botocore makes an empty one of an answer that is no JSON."""
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            found: Mapping[str, Any] = getattr(self._client, xform_name(operation))(**parameters)
            if not found.get(member):
                raise ValueError(member)  # noqa: TRY301 - what botocore would have raised
        except (ClientError, BotoCoreError, ResponseParserError, ValueError) as exc:
            raise failure(exc, operation, self._host, b"", self._secrets(), api=_API) from exc
        return found

    def _secrets(self) -> tuple[str, ...]:
        from botocore.credentials import Credentials

        found = self._session.get_credentials()
        if type(found) is not Credentials:
            return ()
        return tuple(filter(None, (found.access_key, found.secret_key, found.token)))


def _client_of(session: "Session", tries: int | None) -> Any:
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": _TRIES if tries is None else tries},
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
    )
    return session.client("route53domains", region_name=_REGION, config=config)


def _checked(domain: Name, server: NameServer) -> NameServer:
    """Return the name server with the glue that the registry needs of it, or none.

    The list can contain one IPv4 and one IPv6 address, and is required only for a subdomain of the domain:
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_domains_Nameserver.html (2026-11-20)
    """
    if not is_within(server.name, domain):
        return NameServer(server.name)
    versions = [ipaddress.ip_address(address).version for address in server.glue]
    if not versions:
        raise InputError(
            f"{shown(domain)}: the name server {shown(server.name)} is within the domain, and nobody would find "
            "it without its addresses (glue), which were not given."
        )
    if len(set(versions)) < len(versions):
        raise InputError(
            f"{shown(domain)}: the name server {shown(server.name)} has the addresses {', '.join(server.glue)}; "
            "Route 53 Domains takes one IPv4 and one IPv6 address of each."
        )
    return server


def _set_of(domain: Name, servers: Iterable[NameServer]) -> list[tuple[tuple[bytes, ...], frozenset[str]]]:
    """Return the servers in a form that is equal for equal delegations."""
    return sorted(
        (
            (
                folded(server.name),
                frozenset(str(ipaddress.ip_address(address)) for address in server.glue)
                if is_within(server.name, domain)
                else frozenset(),
            )
            for server in servers
        ),
        key=lambda pair: (pair[0], sorted(pair[1])),
    )
