"""Which programs of the laboratory this machine lacks, and the Debian packages that have them."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

PACKAGE_LIST = Path(__file__).with_name("packages.txt")
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")

PACKAGE_OF: Mapping[str, str] = {
    "dig": "bind9-dnsutils",
    "kdig": "knot-dnsutils",
    "keymgr": "knot",
    "knotd": "knot",
    "kzonecheck": "knot-dnssecutils",
    "ldns-keygen": "ldnsutils",
    "ldns-signzone": "ldnsutils",
    "named": "bind9",
    "named-checkzone": "bind9-utils",
    "nsd": "nsd",
    "nsd-checkzone": "nsd",
    "nsd-control": "nsd",
    "setpriv": "util-linux",
    "unbound": "unbound",
}
# Not part of the laboratory. Its back end for zone files is a package that has no program.
OF_POWERDNS: Mapping[str, str] = {"pdns_server": "pdns-server"}
POWERDNS_READS_FILES = "pdns-backend-bind"


def program(name: str) -> str | None:
    """Return the path of a program, also where the user's PATH leaves the system folders out."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS))
    return shutil.which(name, path=path)


def missing_packages(package_of: Mapping[str, str] = PACKAGE_OF) -> tuple[str, ...]:
    """Return the Debian packages whose programs are not installed."""
    return tuple(sorted({package for name, package in package_of.items() if program(name) is None}))


def why_not(package_of: Mapping[str, str] = PACKAGE_OF) -> str:
    """Return the reason why no laboratory can start here, or nothing."""
    packages = missing_packages(package_of)
    if not packages:
        return ""
    return f"no laboratory: the name servers are missing (apt-get install {' '.join(packages)})"


def is_required(environment: Mapping[str, str]) -> bool:
    """Tell whether a laboratory that cannot start is a failure and nothing to skip."""
    return environment.get("CI") == "true" or environment.get("DNS_MIGRATOR_LAB") == "required"
