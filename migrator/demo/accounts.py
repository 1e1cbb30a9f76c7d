"""The two accounts of the demo, at fakes of Route 53 and Cloudflare, and how commands reach them.

Nothing of the person's own accounts is seen or touched: every setting of a provider in the environment gives way
to made-up keys that only the services of this process know, and no credential file is read.
"""

import os
import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType

from migrator.demo.clouds.cloudflare import TOKEN, Cloudflare
from migrator.demo.clouds.route53 import Route53
from migrator.demo.hierarchy import home_zone, homes_of
from migrator.demo.internet import DOMAIN, NEW_HOSTS, OLD_HOSTS, cdn_zone
from migrator.demo.published import Published, cloudflare_zone, route53_zone
from migrator.demo.seeds import cloudflare_records, route53_sets
from migrator.demo.served import ServedZone
from migrator.model.names import for_people
from migrator.model.zone import ZoneSnapshot

SETTINGS_FILE = "settings.sh"
_ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
_SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105 - the example of AWS's own documentation
_FOREIGN = ("AWS_", "AZURE_", "CLOUDFLARE_", "DNS_MIGRATOR_")
_PROXIES = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)
_SHELL = """\
# The network of the demo, and made-up keys for the two accounts inside it. For a shell: . ./{file}
# Your own settings of this kind are put aside in that shell.
for name in $(env | sed -En 's/^(({prefixes})[A-Za-z0-9_]*|{proxies})=.*/\\1/p'); do unset "$name"; done
"""
_PROGRAM = """\
# The program of the demo, where this shell finds no other.
command -v {name} > /dev/null || export PATH="$PATH":{folder}
"""


class Accounts:
    """Both services run from the constructor on until `close`; `old` and `new` are their name servers.

    `route53` and `cloudflare` are the services, `old_zone` and `new_zone` what they hold of the domain.
    """

    def __init__(self, old_zone: ZoneSnapshot, new_zone: ZoneSnapshot) -> None:
        """Start both: the old with a whole zone, the new with what somebody typed in so far."""
        with ExitStack() as started:
            self.route53 = started.enter_context(Route53(keys=frozenset({_ACCESS_KEY})))
            self.cloudflare = started.enter_context(Cloudflare())
            self._started = started.pop_all()
        self.old_zone = self.route53.account.create(for_people(DOMAIN))
        self.old_zone.name_servers = tuple(map(for_people, OLD_HOSTS))
        self.old_zone.record_sets.clear()
        self.old_zone.put(*route53_sets(old_zone, self.old_zone.name_servers))
        self.new_zone = self.cloudflare.account.create(
            for_people(DOMAIN), status="pending", name_servers=tuple(map(for_people, NEW_HOSTS))
        )
        self.new_zone.seed(*cloudflare_records(new_zone))
        self.old, self.new = self._name_servers()

    def close(self) -> None:
        """Stop both services."""
        self._started.close()

    @property
    def settings(self) -> dict[str, str]:
        """What a command needs in its environment to reach these accounts and no other."""
        return settings_of(self.route53, self.cloudflare)

    def write_settings(self, folder: Path, program: Path | None = None) -> None:
        """Write the settings into the folder as a shell reads them, and where the program is."""
        head = _SHELL.format(file=SETTINGS_FILE, prefixes="|".join(_FOREIGN), proxies="|".join(_PROXIES))
        # Named as a whole path, the profile is found from any folder.
        settings = {**self.settings, "DNS_MIGRATOR_NETWORK": str((folder / "network.toml").resolve())}
        lines = [f"export {name}={shlex.quote(text)}\n" for name, text in settings.items()]
        if program is not None:
            lines.append(_PROGRAM.format(name=program.name, folder=shlex.quote(str(program.parent))))
        (folder / SETTINGS_FILE).write_text(head + "".join(lines), "utf-8")

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return the environment for a command: the person's, with these settings instead of any like them."""
        return environment_of(inherited, self.settings)

    def switch_proxy_on(self, owner: str) -> None:
        """Do what somebody does in Cloudflare's dashboard: proxy every record of this name."""
        with self.cloudflare.account.lock:
            for record in self.new_zone.named(owner):
                record.update(proxied=True, ttl=1)

    def activate(self) -> None:
        """Do what Cloudflare does once the parent delegates to it."""
        with self.cloudflare.account.lock:
            self.new_zone.status = "active"

    def _name_servers(self) -> tuple[Published, Published]:
        """Return the name servers of both: what they answer is what the accounts hold at that moment."""
        cdn = ServedZone(cdn_zone())

        def lookup(name: Name, rdtype: RdataType) -> Sequence[Rdata]:
            return [rdata for rrset in cdn.reply(name, rdtype).answer for rdata in rrset.rdatas]

        old = Published(
            [home_zone(home, OLD_HOSTS) for home in homes_of(OLD_HOSTS)],
            self.route53.account.lock,
            lambda: self.old_zone.record_sets,
            lambda: route53_zone(self.old_zone, lookup),
        )
        new = Published(
            [home_zone(home, NEW_HOSTS) for home in homes_of(NEW_HOSTS)],
            self.cloudflare.account.lock,
            lambda: self.new_zone.records,
            lambda: cloudflare_zone(self.new_zone, lookup),
        )
        return old, new


def settings_of(route53: Route53, cloudflare: Cloudflare) -> dict[str, str]:
    """Return the settings with which a command reaches these two services."""
    return {
        "AWS_ENDPOINT_URL_ROUTE_53": route53.url,
        "AWS_ACCESS_KEY_ID": _ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": _SECRET_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CLOUDFLARE_BASE_URL": cloudflare.url,
        "CLOUDFLARE_API_TOKEN": TOKEN,
        "DNS_MIGRATOR_NETWORK": "network.toml",
        "NO_PROXY": "127.0.0.1",
    }


def environment_of(inherited: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return what was inherited, with these settings instead of any of their kind."""
    kept = {
        name: text for name, text in inherited.items() if not name.startswith(_FOREIGN) and name not in _PROXIES
    }
    return {**kept, **settings}
