"""The providers of this program, played on loopback, as the contract needs them."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from migrator.demo.clouds import azure, azure_api, cloudflare, cloudflare_api, route53, route53_api
from tests.cloud.aws import SECRETS as AWS_SECRETS
from tests.cloud.aws import point_aws_at
from tests.cloud.azure_environment import point_azure_at
from tests.cloud.cloudflare_environment import point_cloudflare_at
from tests.providers.contract import ZONE, Fault, Service
from tests.providers.route53_writing import hurry

_TTL = 3600


@dataclasses.dataclass
class Route53Service:
    """Route 53; two hosted zones of one name differ in their ids."""

    cloud: route53.Route53
    environment: pytest.MonkeyPatch
    scheme = "route53"
    secrets = AWS_SECRETS

    def add_zone(self) -> str:
        return f"route53:{ZONE}?zone-id={self.cloud.account.create(ZONE).identifier}"

    def zones(self) -> int:
        return len(self.cloud.account.zones)

    def put(self, owner: str, rdtype: str, *texts: str) -> None:
        self._zone.remove(_absolute(owner), rdtype)
        records = [{"Value": text} for text in texts]
        self._zone.put({"Name": _absolute(owner), "Type": rdtype, "TTL": _TTL, "ResourceRecords": records})

    def remove(self, owner: str, rdtype: str) -> None:
        self._zone.remove(_absolute(owner), rdtype)

    def put_unknown(self) -> str:
        records = [{"Value": "192.0.2.1"}]
        self._zone.put(
            {
                "Name": f"new.{ZONE}",
                "Type": "A",
                "TTL": _TTL,
                "ResourceRecords": records,
                "Moon": {"Phase": "waning"},
            }
        )
        return "waning"

    def sent(self) -> tuple[int, int]:
        return _counted([request.method for request in self.cloud.requests])

    def fail(self, fault: Fault, *, writes: bool = False, skip: int = 0, times: int = 1) -> None:
        answers = {
            "throttled": route53_api.throttled(),
            "busy": route53_api.error(503, "ServiceUnavailable", "busy"),
            "expired": route53_api.error(403, "ExpiredToken", " ".join(self.secrets)),
            "denied": route53_api.error(403, "AccessDenied", " ".join(self.secrets)),
        }
        operation = "ChangeResourceRecordSets" if writes else "*"
        drop = _DROPS.get(fault, "")
        self.cloud.fail(route53.Fault(operation, answers.get(fault), drop=drop, skip=skip, times=times))

    def mend(self) -> None:
        self.cloud.fail_no_more()

    def log_out(self) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            self.environment.delenv(name)

    def mistype(self) -> str:
        self.cloud.keys = frozenset({"AKIAOTHER"})
        self.environment.setenv("AWS_SECRET_ACCESS_KEY", "AnotherSecretKey/bPxRfiCYEXAMPLEKEY000000")
        return "AnotherSecretKey/bPxRfiCYEXAMPLEKEY000000"

    @property
    def _zone(self) -> Any:
        return next(iter(self.cloud.account.zones.values()))


@dataclasses.dataclass
class AzureService:
    """Azure DNS; two zones of one name stand in two resource groups."""

    cloud: azure.Azure
    environment: pytest.MonkeyPatch
    scheme = "azure"
    secrets = (azure.TOKEN,)

    def add_zone(self) -> str:
        group = f"group-{len(self.cloud.cloud.zones)}"
        self.cloud.cloud.create(azure.SUBSCRIPTION, group, ZONE)
        return f"azure:{ZONE}?resource-group={group}"

    def zones(self) -> int:
        return len(self.cloud.cloud.zones)

    def put(self, owner: str, rdtype: str, *texts: str) -> None:
        self._zone.put(owner, rdtype, TTL=_TTL, **_azure_records(rdtype, texts))

    def remove(self, owner: str, rdtype: str) -> None:
        self._zone.remove(owner, rdtype)

    def put_unknown(self) -> str:
        self._zone.put("new", "A", TTL=_TTL, ARecords=[{"ipv4Address": "192.0.2.1"}], moon="waning")
        return "waning"

    def sent(self) -> tuple[int, int]:
        return _counted([request.method for request in self.cloud.requests])

    def fail(self, fault: Fault, *, writes: bool = False, skip: int = 0, times: int = 1) -> None:
        secrets = " ".join(self.secrets)
        answers = {
            "throttled": azure_api.throttled(),
            "busy": azure_api.error(503, "ServiceUnavailable", "busy"),
            "expired": azure_api.expired(),
            "denied": azure_api.arm_error(403, "AuthorizationFailed", secrets),
        }
        operation = "PutSet" if writes else "*"
        drop = _DROPS.get(fault, "")
        self.cloud.fail(azure.Fault(operation, answers.get(fault), drop=drop, skip=skip, times=times))

    def mend(self) -> None:
        self.cloud.fail_no_more()

    def log_out(self) -> None:
        self.environment.setenv("AZURE_ACCESS_TOKEN", "")
        self.environment.setenv("AZURE_CLIENT_ID", "")
        # Nobody to ask, and nothing to run: neither a metadata service nor the command line tools.
        self.environment.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")

    def mistype(self) -> str:
        self.environment.setenv("AZURE_ACCESS_TOKEN", "another-bearer-token-000")
        return "another-bearer-token-000"

    @property
    def _zone(self) -> Any:
        return next(iter(self.cloud.cloud.zones.values()))


@dataclasses.dataclass
class CloudflareService:
    """Cloudflare; two zones of one name belong to two accounts."""

    cloud: cloudflare.Cloudflare
    environment: pytest.MonkeyPatch
    scheme = "cloudflare"
    secrets = ("v1-SecretTokenThatNobodyMaySee",)

    def add_zone(self) -> str:
        number = len(self.cloud.account.zones)
        account = "ab"[number] * 32
        self.cloud.account.accounts.setdefault(account, f"Example Account {number}")
        zone = self.cloud.account.create(ZONE, account=account, plan="pro")
        return f"cloudflare:{ZONE}?zone-id={zone.identifier}"

    def zones(self) -> int:
        return len(self.cloud.account.zones)

    def put(self, owner: str, rdtype: str, *texts: str) -> None:
        self.remove(owner, rdtype)
        for text in texts:
            self._zone.seed({"type": rdtype, "name": owner, "ttl": _TTL, **_cloudflare_content(rdtype, text)})

    def remove(self, owner: str, rdtype: str) -> None:
        for record in self._zone.named(owner, rdtype):
            self._zone.records.remove(record)

    def put_unknown(self) -> str:
        self.put("new", "A", "192.0.2.1")
        self._zone.named("new", "A")[0]["moon"] = "waning"
        return "waning"

    def sent(self) -> tuple[int, int]:
        return _counted([request.method for request in self.cloud.requests])

    def fail(self, fault: Fault, *, writes: bool = False, skip: int = 0, times: int = 1) -> None:
        secrets = " ".join(self.secrets)
        answers = {
            "throttled": cloudflare_api.throttled(1),
            "busy": cloudflare_api.gateway(503),
            "expired": cloudflare_api.error(403, 9109, f"Invalid access token {secrets}"),
            "denied": cloudflare_api.error(403, 10000, f"Authentication error {secrets}"),
        }
        operation = "Batch" if writes else "*"
        drop = _DROPS.get(fault, "")
        self.cloud.fail(cloudflare.Fault(operation, answers.get(fault), drop=drop, skip=skip, times=times))

    def mend(self) -> None:
        self.cloud.fail_no_more()

    def log_out(self) -> None:
        self.environment.delenv("CLOUDFLARE_API_TOKEN")

    def mistype(self) -> str:
        self.environment.setenv("CLOUDFLARE_API_TOKEN", "v1-AnotherTokenOfSomebody")
        return "v1-AnotherTokenOfSomebody"

    @property
    def _zone(self) -> Any:
        return next(iter(self.cloud.account.zones.values()))


_DROPS: dict[Fault, str] = {"dropped": "before", "lost": "after"}


@contextmanager
def route53_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    hurry(monkeypatch)
    with route53.Route53() as cloud:
        point_aws_at(cloud.url, monkeypatch, tries=2)
        yield Route53Service(cloud, monkeypatch)


@contextmanager
def azure_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with azure.Azure() as cloud:
        point_azure_at(cloud, monkeypatch, subscription=azure.SUBSCRIPTION)
        cloud.cloud.group(azure.SUBSCRIPTION, "group-0")
        yield AzureService(cloud, monkeypatch)


@contextmanager
def cloudflare_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr("providers.cloudflare.service.sleep", lambda _seconds: None)
    with cloudflare.Cloudflare() as cloud:
        (token,) = CloudflareService.secrets
        cloud.account.tokens[token] = cloud.account.tokens[cloudflare.TOKEN]
        point_cloudflare_at(cloud.url, monkeypatch, token)
        yield CloudflareService(cloud, monkeypatch)


Start = Callable[[pytest.MonkeyPatch], AbstractContextManager[Service]]
SERVICES: Mapping[str, Start] = {
    "route53": route53_service,
    "azure": azure_service,
    "cloudflare": cloudflare_service,
}


def _absolute(owner: str) -> str:
    return ZONE if owner == "@" else f"{owner}.{ZONE}"


def _counted(methods: list[str]) -> tuple[int, int]:
    reads = methods.count("GET")
    return reads, len(methods) - reads


def _strings(text: str) -> list[str]:
    return text.removeprefix('"').removesuffix('"').split('" "')


def _azure_records(rdtype: str, texts: tuple[str, ...]) -> dict[str, Any]:
    match rdtype:
        case "A":
            return {"ARecords": [{"ipv4Address": text} for text in texts]}
        case "CNAME":
            return {"CNAMERecord": {"cname": texts[0]}}
        case "MX":
            pairs = [text.split() for text in texts]
            return {"MXRecords": [{"preference": int(number), "exchange": host} for number, host in pairs]}
        case _:
            return {"TXTRecords": [{"value": _strings(text)} for text in texts]}


def _cloudflare_content(rdtype: str, text: str) -> dict[str, Any]:
    if rdtype == "MX":
        number, host = text.split()
        return {"priority": int(number), "content": host.removesuffix(".")}
    return {"content": text.removesuffix(".") if rdtype == "CNAME" else text}
