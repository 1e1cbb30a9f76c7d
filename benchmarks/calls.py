"""The requests that an export, an import and a small change take, counted by the fakes.

`python -m benchmarks.calls`. The zone has N RRsets, A records, every second one with two values. `import` goes
from a zone file into a new zone (at Cloudflare into an empty one of a plan that holds it) and includes finding the
zone, reading it before and reading it again as proof; `change` imports the file again with ten sets altered;
`export` is a backup. The floor is what the limits of the service leave for that: finding the zone, reading all
that a backup must hold (name servers and settings too), reading it again, and the fullest batches.

With `--octodns`, octoDNS does the same work on the same fakes: `octodns-sync --doit` and `octodns-dump`. It does
not read again what it wrote, and keeps nothing but the records. The apex NS set is excluded there: where octoDNS
sets it in a full batch, it forgets that UPSERT counts twice, and Route 53 refuses the batch.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import octodns_calls
from migrator.demo.clouds import azure, cloudflare, route53
from tests.cloud.aws import ACCESS_KEY, SECRET_KEY

ZONE = "example.com"
_CHANGED = 10
_SETTINGS = ("AWS_", "AZURE_", "CLOUDFLARE_")


@dataclass(frozen=True, slots=True)
class Cloud:
    """A fake that runs: how it is reached, what it was asked, and how octoDNS names it."""

    environment: Mapping[str, str]
    methods: Callable[[], Sequence[str]]
    octodns: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Calls:
    """Requests that read and that write."""

    reads: int
    writes: int

    def __str__(self) -> str:
        return f"{self.reads:,} + {self.writes:,}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calls", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 300, 1_000, 3_000], help="RRsets in the zone")
    parser.add_argument("--providers", nargs="+", default=list(CLOUDS), choices=list(CLOUDS))
    parser.add_argument("--scratch", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--octodns", action="store_true", help="also octoDNS, where it can be installed")
    arguments = parser.parse_args()
    scratch: Path = arguments.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    home = octodns_calls.install(scratch) if arguments.octodns else None
    if arguments.octodns and home is None:
        print("octoDNS cannot be installed here: its requests are not counted.")
    for scheme in arguments.providers:
        print(f"\n{scheme}: requests that read + requests that write")
        peer = f" {'octoDNS':>13}" if home else ""
        print(f"  {'RRsets':>6} {'work':8} {'floor':>12} {'dns-migrator':>13}{peer}")
        for size in arguments.sizes:
            ours = _ours(scheme, size, scratch)
            theirs = _theirs(scheme, size, scratch, home) if home else {}
            for work, floor in FLOORS[scheme](size).items():
                last = f" {theirs[work]!s:>13}" if home else ""
                print(f"  {size:>6,} {work:8} {floor!s:>12} {ours[work]!s:>13}{last}", flush=True)


# ---- the least that the services allow


def _floor_route53(size: int) -> dict[str, Calls]:
    """Count the list of zones, pages of 300, the name servers; batches of 1,000, a look at how they spread."""
    pages, values = _whole(size + 2, 300), size + size // 2
    return {
        "import": Calls(2 + pages, 1 + _whole(values, 1_000)),
        "change": Calls(3 + 2 * pages, 1),
        "export": Calls(2 + pages, 0),
    }


def _floor_azure(size: int) -> dict[str, Calls]:
    """Count the list of zones, pages of 1,000; one PUT a set."""
    pages = _whole(size + 2, 1_000)
    return {
        "import": Calls(1 + pages, 1 + size),
        "change": Calls(1 + 2 * pages, _CHANGED),
        "export": Calls(1 + pages, 0),
    }


def _floor_cloudflare(size: int) -> dict[str, Calls]:
    """Count the list of zones, records, settings, DNSSEC, of a source load balancers too; batches of 3,500."""
    return {
        "import": Calls(1 + 3 + 3, _whole(size + size // 2, 3_500)),
        "change": Calls(1 + 3 + 3, 1),
        "export": Calls(1 + 4, 0),
    }


FLOORS = {"route53": _floor_route53, "azure": _floor_azure, "cloudflare": _floor_cloudflare}


def _whole(number: int, parts: int) -> int:
    return -(-number // parts)


# ---- the same work by either program


def _ours(scheme: str, size: int, scratch: Path) -> dict[str, Calls]:
    folder = scratch / "calls" / scheme / f"{size}"
    shutil.rmtree(folder, ignore_errors=True)
    old, new = _files(folder, size)
    command = [sys.executable, "-m", "migrator"]
    target = f"{scheme}:{ZONE}"
    flags = [target, "--yes", "--allow-mass-replace"]
    with CLOUDS[scheme](size) as cloud:
        return {
            "import": _counted(cloud, [*command, "import", str(old), *flags], folder),
            "change": _counted(cloud, [*command, "import", str(new), *flags], folder),
            "export": _counted(cloud, [*command, "export", target, "-o", "backup"], folder),
        }


def _theirs(scheme: str, size: int, scratch: Path, home: Path) -> dict[str, Calls]:
    folder = scratch / "calls" / f"{scheme}-octodns" / f"{size}"
    shutil.rmtree(folder, ignore_errors=True)
    old, new = _files(folder, size)
    sync = [str(home / "bin" / "octodns-sync"), "--doit", "--force", "--config-file"]
    dump = [str(home / "bin" / "octodns-dump"), "--lenient", "--output-dir", "dump", "--config-file"]
    with CLOUDS[scheme](size) as cloud:
        first, second = (
            str(octodns_calls.configure(folder / file.stem, file, ZONE, cloud.octodns)) for file in (old, new)
        )
        return {
            "import": _counted(cloud, [*sync, first], folder, home),
            "change": _counted(cloud, [*sync, second], folder, home),
            "export": _counted(cloud, [*dump, second, f"{ZONE}.", "target"], folder, home),
        }


def _counted(cloud: Cloud, command: Sequence[str], folder: Path, home: Path | None = None) -> Calls:
    """Run a command to its end, and count what the fake was asked meanwhile."""
    before = len(cloud.methods())
    environment = {name: text for name, text in os.environ.items() if not name.startswith(_SETTINGS)}
    environment |= cloud.environment
    if home is not None:
        environment["PYTHONPATH"] = str(home / "local")
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout[-999:]}{done.stderr[-2999:]}")
    methods = cloud.methods()[before:]
    reads = sum(method == "GET" for method in methods)
    return Calls(reads, len(methods) - reads)


def _files(folder: Path, size: int) -> tuple[Path, Path]:
    folder.mkdir(parents=True)
    old, new = folder / "old.zone", folder / "new.zone"
    for file, last in ((old, 1), (new, 2)):
        file.write_text("\n".join(_lines(size, last)) + "\n", encoding="ascii")
    return old, new


def _lines(size: int, last: int) -> Iterator[str]:
    yield f"$ORIGIN {ZONE}.\n$TTL 300"
    yield "@ IN SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 300"
    yield "@ IN NS ns1.example.net.\n@ IN NS ns2.example.net."
    for number in range(size):
        ends = [last if number < _CHANGED else 1] + [3] * (number % 2)
        yield from (f"h{number} IN A 192.0.2.{end}" for end in ends)


# ---- the services


@contextmanager
def _route53(_size: int) -> Iterator[Cloud]:
    with route53.Route53() as running:
        environment = {
            "AWS_ENDPOINT_URL_ROUTE_53": running.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        octodns = {"class": "octodns_route53.Route53Provider", "access_key_id": ACCESS_KEY}
        octodns["secret_access_key"] = SECRET_KEY
        yield Cloud(environment, lambda: [request.method for request in running.requests], octodns)


@contextmanager
def _azure(_size: int) -> Iterator[Cloud]:
    with azure.Azure() as running:
        running.cloud.group(azure.SUBSCRIPTION, "dns")
        environment = {
            "AZURE_DNS_ENDPOINT": running.url,
            "AZURE_ACCESS_TOKEN": azure.TOKEN,
            "AZURE_SUBSCRIPTION_ID": azure.SUBSCRIPTION,
        }
        octodns = {
            "class": "octodns_local.LocalAzureProvider",
            "client_id": "x",
            "key": "x",
            "directory_id": "x",
            "sub_id": azure.SUBSCRIPTION,
            "resource_group": "dns",
        }
        yield Cloud(environment, lambda: [request.method for request in running.requests], octodns)


@contextmanager
def _cloudflare(size: int) -> Iterator[Cloud]:
    with cloudflare.Cloudflare() as running:
        running.account.create(ZONE, plan="pro", quota=2 * size + 100)
        environment = {"CLOUDFLARE_BASE_URL": running.url, "CLOUDFLARE_API_TOKEN": cloudflare.TOKEN}
        octodns: dict[str, object] = {
            "class": "octodns_cloudflare.CloudflareProvider",
            "token": cloudflare.TOKEN,
            "api_url": running.url,
            "pagerules": False,
        }
        yield Cloud(environment, lambda: [request.method for request in running.requests], octodns)


CLOUDS: Mapping[str, Callable[[int], AbstractContextManager[Cloud]]] = {
    "route53": _route53,
    "azure": _azure,
    "cloudflare": _cloudflare,
}


if __name__ == "__main__":
    main()
