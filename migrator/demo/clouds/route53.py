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
    """The fake service; `url` is its endpoint while it runs, `keys` the only access keys that it knows.

    Every key opens `account`, but for those that `open_account` was told.
    """

    def __init__(self, port: int = 0, *, keys: frozenset[str] | None = None) -> None:
        self.account = Account()
        self.keys = keys
        self._others: dict[str, Account] = {}
        super().__init__(self.account, _DIALECT, self._carry_out, port=port)
        self.url = self.address

    def open_account(self, key: str) -> Account:
        """Make another account, which this access key opens."""
        self._others[key] = Account(self.account.numbers)
        return self._others[key]

    def _carry_out(self, request: service.Request) -> Answer:
        signed = re.match(r"AWS4-HMAC-SHA256 Credential=([^/,]+)/", request.headers.get("authorization", ""))
        if not signed:
            return error(403, "MissingAuthenticationToken", "Missing Authentication Token")
        if self.keys is not None and signed[1] not in self.keys:
            return error(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        account = self._others.get(signed[1], self.account)
        for method, pattern, operation, act in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if method == request.method and found:
                assert operation == request.operation
                with account.lock:
                    return act(account, request, *map(unquote, found.groups()))
        return error(404, "UnknownOperationException", "There is no such operation")
