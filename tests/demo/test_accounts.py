"""How commands reach the demo's accounts, and nothing of the person's own."""

import os
import subprocess
from pathlib import Path

import pytest

from migrator.demo.accounts import SETTINGS_FILE, Accounts

OWN = {
    "AWS_PROFILE": "production",
    "AWS_SESSION_TOKEN": "secret",
    "AZURE_CLIENT_SECRET": "secret",
    "CLOUDFLARE_EMAIL": "me@example.net",
    "CLOUDFLARE_API_TOKEN": "secret",
    "DNS_MIGRATOR_DATABASE": "postgresql://production",
    "HTTPS_PROXY": "http://proxy.example.net",
    "http_proxy": "http://proxy.example.net",
}
NOTHING_OF_A_PROVIDER = {"PATH": os.environ["PATH"], "HOME": "/home/me", "LANG": "C.UTF-8"}


def test_a_person_s_own_settings_give_way_and_everything_else_stays(accounts: Accounts) -> None:
    found = accounts.environment(NOTHING_OF_A_PROVIDER | OWN)

    assert found == NOTHING_OF_A_PROVIDER | accounts.settings
    assert not set(OWN.values()) & set(found.values())


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_settings_file_does_the_same_in_a_shell(accounts: Accounts, tmp_path: Path, shell: str) -> None:
    tmp_path = tmp_path / "it's here"
    tmp_path.mkdir()
    accounts.write_settings(tmp_path)

    done = subprocess.run(
        [shell, "-c", f"set -eu; . ./{SETTINGS_FILE}; env"],
        cwd=tmp_path,
        env=NOTHING_OF_A_PROVIDER | OWN,
        capture_output=True,
        text=True,
        check=True,
    )

    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    of_the_shell = {"PWD", "OLDPWD", "SHLVL", "_", "name"}
    kept = {name: text for name, text in found.items() if name not in of_the_shell}
    # Whoever goes to another folder afterwards still has the profile.
    profile = {"DNS_MIGRATOR_NETWORK": str(tmp_path / "network.toml")}
    assert kept == accounts.environment(NOTHING_OF_A_PROVIDER | OWN) | profile
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_settings_file_leads_to_the_program_only_where_a_shell_finds_none(
    accounts: Accounts, tmp_path: Path, shell: str
) -> None:
    own, other = tmp_path / "it's here" / "bin", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir(parents=True)
        (folder / "dns-migrator").write_text("#!/bin/sh\n")
        (folder / "dns-migrator").chmod(0o755)
    accounts.write_settings(tmp_path, own / "dns-migrator")

    def found(path: str) -> str:
        words = [shell, "-c", f"set -eu; . ./{SETTINGS_FILE}; command -v dns-migrator"]
        environment = {"PATH": path, "HOME": "/home/me"}
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    assert found("/usr/bin:/bin") == str(own / "dns-migrator")
    assert found(f"{other}:/usr/bin:/bin") == str(other / "dns-migrator")
