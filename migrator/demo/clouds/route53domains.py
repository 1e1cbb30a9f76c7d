"""Route 53 Domains on loopback, as far as name servers go: a registrar whose changes take their time.

with Route53Domains() as cloud:
    cloud.registrar.register("example.com", "ns1.example.net", "ns2.example.net")
    ... boto3 with AWS_ENDPOINT_URL_ROUTE_53_DOMAINS=cloud.url ...
    assert cloud.registrar.domains["example.com"] == [{"Name": "ns-1.example.org", "GlueIps": []}]
"""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from migrator.demo.clouds import service
from migrator.demo.clouds.loopback import Answer

_OVER = frozenset({"SUCCESSFUL", "FAILED", "ERROR"})


@dataclass
class Operation:
    """A change of a domain; what it becomes is seen after so many `looks`."""

    domain: str
    name_servers: list[dict[str, Any]]
    looks: int
    ends: str
    message: str
    status: str = "SUBMITTED"


@dataclass
class Registrar:
    """The domains of an account with their name servers; `looks`, `ends` and `message` are for changes to come."""

    domains: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)
    looks: int = 2
    ends: str = "SUCCESSFUL"
    message: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def register(self, domain: str, *name_servers: str) -> None:
        self.domains[domain] = [{"Name": name, "GlueIps": []} for name in name_servers]


Fault = service.Fault[Registrar]


def error(status: int, code: str, message: str) -> Answer:
    body = json.dumps({"__type": code, "message": message}).encode()
    return Answer(status, body, headers=(("x-amzn-ErrorType", code),))


def _get_domain_detail(registrar: Registrar, asked: dict[str, Any]) -> Answer:
    name = asked["DomainName"]
    if name not in registrar.domains:
        return error(400, "InvalidInput", f"Domain {name} not found in 123456789012 account.")
    return _said({"DomainName": name, "Nameservers": registrar.domains[name], "StatusList": ["ok"]})


def _update_domain_nameservers(registrar: Registrar, asked: dict[str, Any]) -> Answer:
    name, servers = asked["DomainName"], asked["Nameservers"]
    if name not in registrar.domains:
        return error(400, "InvalidInput", f"Domain {name} not found in 123456789012 account.")
    for server in servers:
        glue = server.setdefault("GlueIps", [])
        if f".{server['Name']}".endswith(f".{name}") and not glue:
            return error(400, "InvalidInput", f"Name server {server['Name']} requires glue IPs.")
        if sorted(":" in address for address in glue) not in ([], [False], [True], [False, True]):
            return error(400, "InvalidInput", "The list can contain only one IPv4 and one IPv6 address.")
    if any(one.domain == name and one.status not in _OVER for one in registrar.operations.values()):
        return error(400, "DuplicateRequest", "The request is already in progress for the domain.")
    identifier = str(uuid.uuid4())
    registrar.operations[identifier] = Operation(name, servers, registrar.looks, registrar.ends, registrar.message)
    return _said({"OperationId": identifier})


def _get_operation_detail(registrar: Registrar, asked: dict[str, Any]) -> Answer:
    identifier = asked["OperationId"]
    found = registrar.operations.get(identifier)
    if found is None:
        return error(400, "InvalidInput", f"Operation {identifier} not found.")
    found.looks -= 1
    if found.status not in _OVER:
        found.status = "IN_PROGRESS" if found.looks > 0 else found.ends
        if found.status == "SUCCESSFUL":
            registrar.domains[found.domain] = found.name_servers
    message = found.message if found.status in _OVER else ""
    return _said(
        {"OperationId": identifier, "Status": found.status, "Message": message, "DomainName": found.domain}
    )


def _said(found: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(found).encode())


_ACTS: dict[str, Callable[[Registrar, dict[str, Any]], Answer]] = {
    "GetDomainDetail": _get_domain_detail,
    "UpdateDomainNameservers": _update_domain_nameservers,
    "GetOperationDetail": _get_operation_detail,
}
_DIALECT = service.Dialect(
    operation_of=lambda method, path: f"{method} {path}",
    path_of=lambda path: path,
    kind="application/x-amz-json-1.1",
    headers=(("x-amzn-RequestId", "fake-request"),),
    mishaps={
        "throttle": error(400, "ThrottlingException", "Rate exceeded"),
        "outage": error(503, "ServiceUnavailable", "Service is unavailable"),
        "denied": error(400, "AccessDeniedException", "User is not authorized"),
        "expired": error(400, "ExpiredTokenException", "The security token included in the request is expired"),
    },
    target="x-amz-target",
)


class Route53Domains(service.Service[Registrar]):
    """The fake service; `url` is its endpoint while it runs."""

    def __init__(self, port: int = 0) -> None:
        self.registrar = Registrar()
        super().__init__(self.registrar, _DIALECT, self._carry_out, port=port)
        self.url = self.address

    def _carry_out(self, request: service.Request) -> Answer:
        if not request.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        if request.operation not in _ACTS:
            return error(400, "UnknownOperationException", "There is no such operation")
        with self.registrar.lock:
            return _ACTS[request.operation](self.registrar, request.json())
