"""A provider in a package of its own: the example of docs/writing-a-provider.md, installed and used."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "writing-a-provider.md"
_NAMES = {"pyproject.toml", "jsonfolder/__init__.py", "jsonfolder/convert.py", "zones/example.com.json"}


def files() -> dict[str, str]:
    """The files that the document shows, by the name that stands before each."""
    text = DOCUMENT.read_text(encoding="utf-8")
    found = {}
    for name in _NAMES:
        announced = text.index(f"`{name}`")
        begin = text.index("\n", text.index("```", text.index("\n\n", announced))) + 1
        found[name] = text[begin : text.index("\n```", begin) + 1]
    return found


def wheel(folder: Path, sources: dict[str, str]) -> Path:
    """A wheel of these sources, as a build backend makes it (PEP 427)."""
    project = tomllib.loads(sources["pyproject.toml"])["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    entries = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items())
        for group, points in project["entry-points"].items()
    )
    content = {name: text for name, text in sources.items() if name.endswith(".py")}
    info = f"{stem}.dist-info"
    content[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    content[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content[f"{info}/entry_points.txt"] = entries
    record = "".join(f"{name},sha256={_digest(text)},{len(text.encode())}\n" for name, text in content.items())
    content[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    made = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return made


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def install(folder: Path, sources: dict[str, str]) -> Path:
    """Install a wheel of the sources with pip, and return where."""
    site = folder / "site"
    options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", "--target", str(site)]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, str(wheel(folder, sources))], check=True, cwd=folder
    )
    return site


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder in which the example is installed, and the one with its zones."""
    folder = tmp_path_factory.mktemp("plugin")
    sources = files()
    (folder / "zones").mkdir()
    (folder / "zones" / "example.com.json").write_text(sources["zones/example.com.json"], encoding="utf-8")
    return install(folder, sources), folder / "zones"


def run(
    site: Path, *arguments: str, zones: Path | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONWARNINGS": "error", "COLUMNS": "80"}
    if zones is not None:
        environment["JSON_ZONES"] = str(zones)
    command = [sys.executable, "-m", "migrator", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)


def test_a_plugin_s_zones_are_listed(installed: tuple[Path, Path]) -> None:
    done = run(installed[0], "zones", "jsonfolder:", zones=installed[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert "example.com.json" in done.stdout


def test_a_plugin_s_zone_is_exported_with_everything_that_stood_there(
    installed: tuple[Path, Path], tmp_path: Path
) -> None:
    arguments = ("export", "jsonfolder:example.com", "-o", str(tmp_path / "b"), "--format", "json")
    done = run(installed[0], *arguments, zones=installed[1])
    assert done.returncode == 1  # one record cannot be read
    report = json.loads(done.stdout)
    assert (report["records"], report["calls"]) == (4, {"reads": 1})
    assert [(f["check"], f["severity"]) for f in report["findings"] if f["check"].startswith("jsonfolder")] == [
        ("jsonfolder.unknown-field", "warning"),
        ("jsonfolder.unreadable", "error"),
    ]
    zone = json.loads((tmp_path / "b" / "zone.json").read_text(encoding="utf-8"))
    assert zone["source"] == "jsonfolder:example.com"
    extras = [extra for rrset in zone["rrsets"] for extra in rrset["extras"]]
    assert {"kind": "note", "text": "the old one"} in extras
    assert {"kind": "opaque", "source": "jsonfolder", "field": "rack", "document": "7"} in extras
    assert [extra["field"] for extra in extras if "192.0.2.999" in extra.get("document", "")] == ["record-5"]
    raw = (tmp_path / "b" / "raw" / "example.com.json").read_text(encoding="utf-8")
    assert raw == (installed[1] / "example.com.json").read_text(encoding="utf-8")


def test_a_plugin_s_zone_is_a_side_of_a_diff_and_a_source_of_an_import(
    installed: tuple[Path, Path], tmp_path: Path
) -> None:
    site, zones = installed
    target = tmp_path / "example.com.zone"
    accepted = ["--accept", "unreadable-set", "--accept", "unknown-field"]
    done = run(
        site, "import", "jsonfolder:example.com", str(target), *accepted, "--yes", zones=zones, folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "192.0.2.25" in target.read_text(encoding="utf-8")
    same = run(
        site, "diff", "jsonfolder:example.com", str(target), "--format", "json", zones=zones, folder=tmp_path
    )
    differences = json.loads(same.stdout)["differences"]
    assert [
        (each["kind"], each["owner"], each["rdtype"]) for each in differences if each["kind"] != "expected"
    ] == [
        ("missing", "example.com.", "TYPE65285"),  # what could not be read
        ("changed", "mail.example.com.", "A"),  # what a zone file cannot say
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "jsonfolder:"), "the zone is missing"),
        (("export", "jsonfolder:example.com?x=1"), "takes no options"),
        (("export", "jsonfolder:example.org"), "there is no"),
        (("import", "example.com.zone", "jsonfolder:example.com"), "is only read"),
        (("export", "nobody:example.com"), "(axfr:, azure:, cloudflare:, dns:, file:, jsonfolder:, route53:)"),
    ],
)
def test_what_the_plugin_refuses_is_one_line(
    installed: tuple[Path, Path], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "example.com.zone").write_text(
        "$ORIGIN example.com.\n@ 60 SOA a b 1 2 3 4 5\n@ 60 NS a.example.net.\n"
    )
    done = run(installed[0], *arguments, zones=installed[1], folder=tmp_path)
    assert done.returncode in {2, 3}
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


BROKEN = {
    "cannot be loaded": {"jsonfolder/__init__.py": "import no_such_module_anywhere\n"},
    "lacks list_zones, open_writer": {
        "jsonfolder/__init__.py": "def open_reader(*_): ...\ndef assigned_name_servers(*_): ...\n"
    },
}


@pytest.mark.parametrize("words", list(BROKEN))
def test_a_plugin_that_cannot_be_used_is_one_line(tmp_path: Path, words: str) -> None:
    site = install(tmp_path, {"pyproject.toml": files()["pyproject.toml"], **BROKEN[words]})
    done = run(site, "export", "jsonfolder:example.com", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "dns-migrator: The provider 'jsonfolder:' of the package dns-migrator-jsonfolder"
    )
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_two_packages_with_one_scheme_are_refused(installed: tuple[Path, Path], tmp_path: Path) -> None:
    other = files()["pyproject.toml"].replace("dns-migrator-jsonfolder", "another-jsonfolder")
    site = install(tmp_path, {"pyproject.toml": other, "another.py": ""})
    both = f"{installed[0]}{os.pathsep}{site}"
    done = run(Path(both), "export", "jsonfolder:example.com", folder=tmp_path)
    assert done.returncode == 2
    assert (
        "Several packages have a provider 'jsonfolder:': another-jsonfolder, dns-migrator-jsonfolder."
        in done.stderr
    )
