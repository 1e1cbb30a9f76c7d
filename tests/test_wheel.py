"""The wheel that people install: whole, and able to show the demo where there is no checkout."""

import os
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WAIT = 120.0
PACKAGES = ("migrator", "providers")
# Imports each module, which shows that none needs tests/ or another file of the checkout.
IMPORT_ALL = f"""
import importlib, pkgutil
for package in {PACKAGES}:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{{package}}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=WAIT,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which borrows the dependencies of this one and not the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "-q",
            "--python",
            str(folder),
            "install",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
        timeout=WAIT,
    )
    return folder / "bin"


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONUNBUFFERED": "1"}


def test_the_wheel_has_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    samples = ROOT / "sample_zones"
    expected |= {f"migrator/{path.relative_to(ROOT).as_posix()}" for path in samples.rglob("*") if path.is_file()}
    assert packed == expected


def test_every_module_can_be_imported_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "python", "-c", IMPORT_ALL],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_demo_needs_no_checkout(installed: Path, tmp_path: Path) -> None:
    """Until the import is written: what comes after it runs nothing new."""
    with subprocess.Popen(
        [installed / "dns-migrator", "demo"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as demo:
        assert demo.stdout is not None
        seen = []
        for line in demo.stdout:
            seen.append(line)
            if "read again and compared: as planned" in line:
                break
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=WAIT)

    assert "read again and compared: as planned" in seen[-1], "".join(seen)
