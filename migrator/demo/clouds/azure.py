"""Azure DNS on loopback: a stateful fake of its REST API, of the Resource Manager before it, and of its login.

    with Azure() as azure:
        zone = azure.cloud.create(SUBSCRIPTION, "dns", "example.com")
        zone.put("www", "A", ARecords=[{"ipv4Address": "192.0.2.1"}])
        azure.fail(Fault("ListSets", throttled(1), times=3))
        ... the SDK with AZURE_DNS_ENDPOINT=azure.url AZURE_ACCESS_TOKEN=TOKEN ...
        assert azure.operations() == ["ListZones", "ListSets", ...]

With a `folder` it speaks https, with a throw-away certificate in that folder, and the real azure-identity
logs in to it.
"""

import ssl
from pathlib import Path
from urllib.parse import unquote

from migrator.demo.clouds import service
from migrator.demo.clouds.azure_api import arm_error, carry_out, error, expired, forbidden, operation_of, throttled
from migrator.demo.clouds.azure_login import certificate, openid_configuration, token
from migrator.demo.clouds.azure_zones import Cloud
from migrator.demo.clouds.loopback import Answer

SUBSCRIPTION = "01234567-89ab-cdef-0123-456789abcdef"
TOKEN = "fake-bearer-token-0123456789"
SECRET = "fake-client-secret"

Fault = service.Fault[Cloud]


def _operation_of(method: str, path: str) -> str:
    return "Token" if path.endswith("/oauth2/v2.0/token") else operation_of(method, path)


_DIALECT = service.Dialect(
    _operation_of,
    path_of=unquote,
    kind="application/json; charset=utf-8",
    headers=(("x-ms-request-id", "00000000-0000-0000-0000-000000000000"),),
    mishaps={
        "throttle": throttled(),
        "throttle-5s": throttled(5),
        "outage": error(503, "ServiceUnavailable", "The service is unavailable."),
        "denied": forbidden(),
        "expired": expired(),
    },
)


class Azure(service.Service[Cloud]):
    """The fake service; `url` is its endpoint while it runs, `busiest` how many requests it had at once."""

    def __init__(self, port: int = 0, *, folder: Path | None = None) -> None:
        self.cloud = Cloud()
        self.cloud.subscribe(SUBSCRIPTION)
        self.tokens = {TOKEN}
        self.secret = SECRET
        self.ca_bundle: Path | None = None
        tls: ssl.SSLContext | None = None
        if folder is not None:
            self.ca_bundle, key = certificate(folder)
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(self.ca_bundle, key)
        super().__init__(self.cloud, _DIALECT, self._carry_out, port=port, tls=tls)
        self.url = self.address

    def _carry_out(self, request: service.Request) -> Answer:
        """Carry out a request, if its token is good."""
        login = self._login(request)
        if login is not None:
            return login
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            message = "Authentication failed. The 'Authorization' header is missing."
            return arm_error(401, "AuthenticationFailed", message)
        if given not in self.tokens:
            return arm_error(401, "InvalidAuthenticationToken", "The access token is invalid.")
        return carry_out(self.cloud, request)

    def _login(self, request: service.Request) -> Answer | None:
        tenant, _, rest = request.path.strip("/").partition("/")
        if request.operation == "Token":
            issued = f"issued-{len(self.tokens)}"
            answer = token(request.body, self.secret, issued)
            if answer.status == 200:
                self.tokens.add(issued)
                if tenant in self.cloud.tenants.values():
                    self.cloud.logins[issued] = tenant
            return answer
        if rest == "v2.0/.well-known/openid-configuration":
            return openid_configuration(self.url, tenant)
        return None
