"""Route 53 on loopback: a stateful fake of its REST API, faithful where other emulators are not.

with Route53() as cloud:
    zone = cloud.account.create("example.com")
    zone.put({"Name": "www.example.com", "Type": "A", "TTL": 300, "ResourceRecords": [{"Value": "192.0.2.1"}]})
    cloud.fail(Fault("ListResourceRecordSets", throttled(), times=3))
    ... boto3 with AWS_ENDPOINT_URL_ROUTE_53=cloud.url ...
    assert cloud.operations() == ["ListHostedZonesByName", ...]
"""

import re
from urllib.parse import unquote

from migrator.demo.clouds import service
from migrator.demo.clouds.loopback import Answer
from migrator.demo.clouds.route53_api import ROUTES, VERSION, error, operation_of, throttled
from migrator.demo.clouds.route53_zones import Account

Fault = service.Fault[Account]

_DIALECT = service.Dialect(
    operation_of,
    path_of=lambda path: path.removeprefix(VERSION),
    kind="text/xml",
    headers=(("x-amzn-RequestId", "fake-request"),),
    mishaps={
        "throttle": throttled(),
        "outage": error(503, "ServiceUnavailable", "Service is unavailable"),
        "denied": error(403, "AccessDenied", "User is not authorized"),
        "expired": error(403, "ExpiredToken", "The security token included in the request is expired"),
    },
)


class Route53(service.Service[Account]):
    """The fake service; `url` is its endpoint while it runs, `keys` the only access keys that it knows."""

    def __init__(self, port: int = 0, *, keys: frozenset[str] | None = None) -> None:
        self.account = Account()
        self.keys = keys
        super().__init__(self.account, _DIALECT, self._carry_out, port=port)
        self.url = self.address

    def _carry_out(self, request: service.Request) -> Answer:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        for method, pattern, operation, act in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if method == request.method and found:
                assert operation == request.operation
                with self.account.lock:
                    return act(self.account, request, *map(unquote, found.groups()))
        return error(404, "UnknownOperationException", "There is no such operation")

    def _refusal(self, request: service.Request) -> Answer | None:
        signed = re.match(r"AWS4-HMAC-SHA256 Credential=([^/,]+)/", request.headers.get("authorization", ""))
        if not signed:
            return error(403, "MissingAuthenticationToken", "Missing Authentication Token")
        if self.keys is not None and signed[1] not in self.keys:
            return error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        return None
