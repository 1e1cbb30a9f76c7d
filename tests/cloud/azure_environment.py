"""Azure settings of a test: a throw-away token, nothing of the person who runs it, little patience."""

import os

import pytest

from migrator.demo.clouds.azure import SECRET, TOKEN, Azure
from providers.patience import Patience

SECRETS = (TOKEN, SECRET)
# As much insistence as the real one, in a hundredth of the time.
QUICK = Patience(throttled=1.5, failures=6, connections=5, shortest_pause=0.005, longest_pause=0.05)


def point_azure_at(azure: Azure, monkeypatch: pytest.MonkeyPatch, *, subscription: str = "") -> None:
    """Let everything of Azure in this process talk to the fake, and to nobody else, with a ready-made token."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "MSI_", "IDENTITY_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AZURE_DNS_ENDPOINT", azure.url)
    monkeypatch.setenv("AZURE_ACCESS_TOKEN", TOKEN)
    if subscription:
        monkeypatch.setenv("AZURE_SUBSCRIPTION_ID", subscription)
    if azure.ca_bundle is not None:
        monkeypatch.setenv("AZURE_CA_BUNDLE", str(azure.ca_bundle))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("providers.azure.service.PATIENCE", QUICK)


def log_in_with_secret(azure: Azure, monkeypatch: pytest.MonkeyPatch, *, secret: str = SECRET) -> None:
    """Take the real azure-identity instead of a ready-made token; the fake must speak https."""
    monkeypatch.delenv("AZURE_ACCESS_TOKEN")
    monkeypatch.setenv("AZURE_TENANT_ID", "00000000-0000-0000-0000-0000000000aa")
    monkeypatch.setenv("AZURE_CLIENT_ID", "00000000-0000-0000-0000-0000000000bb")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", secret)
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", azure.url)
    monkeypatch.setenv("AZURE_DISABLE_INSTANCE_DISCOVERY", "1")
