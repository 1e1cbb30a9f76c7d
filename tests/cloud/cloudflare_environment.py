"""Cloudflare settings of a test: a throw-away token, and nothing of the person who runs it."""

import os

import pytest

from migrator.demo.clouds.cloudflare import TOKEN


def point_cloudflare_at(url: str, monkeypatch: pytest.MonkeyPatch, token: str = TOKEN) -> None:
    """Let every Cloudflare client of this process talk to `url` and to nobody else."""
    for name in [name for name in os.environ if name.startswith("CLOUDFLARE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", url)
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", token)
