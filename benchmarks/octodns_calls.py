"""octoDNS in an environment of its own, told to work on the fakes of this project."""

import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path

_PACKAGES = ("octodns", "octodns-bind", "octodns-route53", "octodns-azure", "octodns-cloudflare")
# Its providers for Route 53 and Cloudflare can be told where the service is; the one for Azure only knows the
# clouds of Microsoft.
_LOCAL = """\
import os

from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.dns import DnsManagementClient
from octodns_azure import AzureProvider


class LocalAzureProvider(AzureProvider):
    @property
    def dns_client(self):
        if self._dns_client is None:
            self._dns_client = DnsManagementClient(
                credential=object(),
                subscription_id=self._client_subscription_id,
                base_url=os.environ["AZURE_DNS_ENDPOINT"],
                authentication_policy=Bearer(),
            )
        return self._dns_client

    def _populate_traffic_managers(self):
        pass  # another service, which the fake does not play: a call less


class Bearer(SansIOHTTPPolicy):
    def on_request(self, request):
        request.http_request.headers["Authorization"] = "Bearer " + os.environ["AZURE_ACCESS_TOKEN"]
"""
# Its own name servers stay at the provider, as with us.
_CONFIG = """\
processors:
  own-name-servers: {{class: octodns.processor.filter.TypeRejectlistFilter, rejectlist: [NS]}}
providers:
  source:
    class: octodns_bind.ZoneFileSource
    directory: {folder}
    file_extension: .
  target:
    strict_supports: false
{settings}zones:
  {zone}.:
    sources: [source]
    processors: [own-name-servers]
    targets: [target]
"""


def install(scratch: Path) -> Path | None:
    """Return the environment of octoDNS, made on first use; None where it cannot be had."""
    home = scratch / "octodns-calls"
    if not (home / "bin" / "octodns-sync").exists():
        try:
            venv.create(home, with_pip=True)
            subprocess.run([str(home / "bin" / "pip"), "install", "--quiet", *_PACKAGES], check=True)
        except subprocess.CalledProcessError:
            return None
    (home / "local").mkdir(exist_ok=True)
    (home / "local" / "octodns_local.py").write_text(_LOCAL, encoding="utf-8")
    return home


def configure(folder: Path, file: Path, zone: str, provider: Mapping[str, object]) -> Path:
    """Write octoDNS's configuration for one zone file and one provider."""
    zones = folder / "zones"
    zones.mkdir(parents=True, exist_ok=True)
    (zones / f"{zone}.").write_bytes(file.read_bytes())
    settings = "".join(f"    {name}: {_yaml(found)}\n" for name, found in provider.items())
    config = folder / "config.yaml"
    config.write_text(_CONFIG.format(folder=zones, settings=settings, zone=zone), encoding="utf-8")
    return config


def _yaml(found: object) -> str:
    return str(found).lower() if isinstance(found, bool) else str(found)
