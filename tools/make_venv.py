"""Make the virtual environment `.venv`, on a machine that has nothing but Python 3.11 and make.

Debian's python3 comes without ensurepip. Root gets Debian's package python3-venv then; for anybody else the
environment is made without pip, and pip is fetched from PyPI and checked against the digest that PyPI states.
"""

import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

OLDEST = (3, 11)
PIP_ON_PYPI = "https://pypi.org/pypi/pip/json"


def main() -> None:
    """Make the environment that the first argument names."""
    if sys.version_info < OLDEST:
        sys.exit(f"dns-migrator needs Python {OLDEST[0]}.{OLDEST[1]} or later; this is {sys.version.split()[0]}.")
    folder = Path(sys.argv[1])
    if _has_ensurepip() or _install_debian_package():
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
    else:
        _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder))
        _install_pip(folder / "bin" / "python")


def _has_ensurepip() -> bool:
    # Debian ships a stub of the module that refuses to work: only a try tells.
    tried = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return tried.returncode == 0


def _install_debian_package() -> bool:
    if os.geteuid() != 0 or sys.executable != "/usr/bin/python3" or shutil.which("apt-get") is None:
        return False
    print("Installing Debian's package python3-venv ...", file=sys.stderr)
    commands = ("apt-get -qq update", "apt-get -qq install --no-install-recommends -y python3-venv")
    return all(
        subprocess.run(command.split(), stdout=subprocess.DEVNULL, check=False).returncode == 0
        for command in commands
    )


def _install_pip(python: Path) -> None:
    try:
        with _open(PIP_ON_PYPI) as answer:
            files = json.load(answer)["urls"]
        wheel = next(file for file in files if file["packagetype"] == "bdist_wheel")
        with _open(urljoin(PIP_ON_PYPI, wheel["url"])) as answer:
            content = answer.read()
    except (urllib.error.URLError, ssl.SSLError) as exc:
        sys.exit(f"pip could not be fetched from PyPI ({exc}). On Debian: apt-get install python3-venv")
    if hashlib.sha256(content).hexdigest() != wheel["digests"]["sha256"]:
        sys.exit(f"{wheel['filename']} has not the digest that PyPI states; nothing was installed.")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / wheel["filename"]
        path.write_bytes(content)
        _run(str(python), str(path / "pip"), "install", "--quiet", "--no-index", str(path))


def _open(url: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - http.client's answer, used as a file
    context = ssl.create_default_context()
    for bundle in (os.environ.get("SSL_CERT_FILE"), os.environ.get("PIP_CERT")):
        if bundle:
            context.load_verify_locations(bundle)
    return urllib.request.urlopen(url, timeout=60, context=context)


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)


if __name__ == "__main__":
    main()
