"""Cloudflare on loopback: a stateful fake of its API for DNS.

with Cloudflare() as cloud:
    zone = cloud.account.create("example.com", plan="pro")
    zone.seed({"type": "A", "name": "www", "content": "192.0.2.1", "proxied": True})
    cloud.fail(Fault("ListRecords", throttled(300), times=3))
    ... the SDK with CLOUDFLARE_BASE_URL=cloud.url and CLOUDFLARE_API_TOKEN=test-token ...
    assert cloud.operations() == ["ListZones", "ListRecords", ...]
"""

from migrator.demo.clouds import service
from migrator.demo.clouds.cloudflare_api import PREFIX, answer, error, gateway, operation_of, throttled
from migrator.demo.clouds.cloudflare_zones import Account

TOKEN = "test-token"

Fault = service.Fault[Account]

_DIALECT = service.Dialect(
    operation_of,
    path_of=lambda path: path.removeprefix(PREFIX),
    kind="application/json",
    headers=(("cf-ray", "fake-request"),),
    mishaps={
        "throttle": throttled(2),
        "block": throttled(60),
        "outage": gateway(503),
        "denied": error(403, 10000, "Authentication error"),
        "expired": error(403, 9109, "Invalid access token"),
    },
)


class Cloudflare(service.Service[Account]):
    """The fake service; `url` is its endpoint while it runs."""

    def __init__(self, port: int = 0) -> None:
        self.account = Account()
        super().__init__(self.account, _DIALECT, lambda request: answer(self.account, request), port=port)
        self.url = f"{self.address}{PREFIX}"
