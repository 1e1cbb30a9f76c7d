"""What a command loads: only what it needs, since everything else is time that each call takes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.installed import COMMAND

SDKS = ("azure", "boto3", "botocore", "cloudflare", "httpx", "sqlalchemy")
NETWORK = ("migrator.dnsclient", "migrator.live", "migrator.network", "dns.query", "dns.resolver")
# What writes, what reads backups, what needs a large file or a second process, and types that are not there.
NOT_FOR_SMALL_FILES = (
    "migrator.codec.sums",
    "migrator.codec.zone",
    "migrator.mail.spf.evaluate",
    "migrator.zonefile.fast.over",
    "migrator.zonefile.writer",
    "dns.rdtypes.ANY.TXT",
    "dns.rdtypes.IN.SVCB",
    "json",
    "pickle",
)
# What dnspython and Python's own modules load, and what comparing files has no use for.
PUT_OFF = (
    *("email", "zipfile", "dns.edns", "dns.rrset", "hashlib", "idna.core", "socket", "stringprep", "_random"),
    *("threading", "weakref"),
)
STOOD_FOR = ("copy", "ntpath")
_LOADED = """\
import sys
from migrator.cli import main
try:
    main()
except SystemExit:
    pass
finally:
    there = [name for name, module in sys.modules.items() if getattr(module, "__spec__", None) is not None]
    print(*sorted(there), sep="\\n", file=sys.stderr)
"""
ZONE = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.%d\n"


def loaded(*arguments: str) -> set[str]:
    """The modules that are there when a command has ended."""
    command = [sys.executable, "-c", _LOADED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def loaded_by_inspect() -> set[str]:
    """The modules that Python's own `inspect` loads, which data classes need: more with a later Python."""
    command = [sys.executable, "-c", "import inspect, sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def of(modules: set[str], packages: tuple[str, ...]) -> set[str]:
    return {name for name in modules if any(name == each or name.startswith(f"{each}.") for each in packages)}


@pytest.mark.parametrize("arguments", [("--help",), ("diff", "--help"), ("--version",)])
def test_help_loads_neither_dnspython_nor_an_sdk(arguments: tuple[str, ...]) -> None:
    assert of(loaded(*arguments), (*SDKS, *NETWORK, "dns")) == set()


def test_a_zone_file_is_judged_without_anything_of_the_network(tmp_path: Path) -> None:
    (tmp_path / "1.zone").write_text(ZONE % 1, encoding="ascii")

    found = loaded("lint", str(tmp_path / "1.zone"))

    others = ("typer", "pydantic", "rich", "cryptography", "dns.dnssec", "ssl", "pickle")
    assert of(found, (*SDKS, *NETWORK, *others)) == set()


def test_two_zone_files_are_compared_without_anything_of_the_network(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.zone").write_text(ZONE % number, encoding="ascii")

    found = loaded("diff", str(tmp_path / "1.zone"), str(tmp_path / "2.zone"))

    assert "migrator.diff.compare" in found
    assert of(found, (*SDKS, *NETWORK, "typer", "pydantic", "rich", "jinja2")) == set()


def test_a_comparison_of_small_files_loads_nothing_that_only_others_need(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.zone").write_text(ZONE % number, encoding="ascii")

    found = loaded("diff", str(tmp_path / "1.zone"), str(tmp_path / "2.zone"))

    assert of(found, (*NOT_FOR_SMALL_FILES, *STOOD_FOR)) == set()


def test_a_comparison_of_folders_loads_nothing_that_writes_backups_or_whole_reports(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "example.org.zone").write_text(ZONE % 1, encoding="ascii")

    found = loaded("diff", "--batch", str(tmp_path / "1"), str(tmp_path / "2"))

    others = (
        "migrator.backup.folder",
        "migrator.codec.diff",
        "migrator.report.diff",
        "migrator.zonefile.writer",
        "json",
    )
    assert "migrator.batch" in found
    assert of(found, others) == set()


def test_changed_strings_load_nothing_that_makes_messages(tmp_path: Path) -> None:
    for number in (1, 2):
        text = f'{ZONE % number}www TXT "v=spf1 include:example.net -all" "{number}"\n'
        (tmp_path / f"{number}.zone").write_text(text, encoding="ascii")

    found = loaded("diff", str(tmp_path / "1.zone"), str(tmp_path / "2.zone"))

    assert "dns.rdtypes.ANY.TXT" in found
    assert of(found, PUT_OFF) == of(loaded_by_inspect(), PUT_OFF)


def test_what_was_put_off_is_there_when_it_is_used() -> None:
    uses = """\
from migrator.cli.putoff import put_off
put_off()
import dns.name, dns.rdtypes.ANY.TXT, dns.renderer, importlib.metadata, inspect, sys
from dns.rdatatype import TXT
print([name for name in ("idna.core", "stringprep", "_random") if name in sys.modules])
print(dns.name.from_text("b\xfccher.example", idna_codec=dns.name.IDNA_2008_Practical))
print("email" in sys.modules, "dns.edns" in sys.modules)
print(dns.rdtypes.ANY.TXT.TXT(1, TXT, "abc").to_wire())
print(importlib.metadata.version("dnspython") == dns.version.version if hasattr(dns, "version") else None)
import importlib.metadata as again
from importlib.metadata import entry_points
from importlib.metadata._meta import SimplePath
print(again is sys.modules["importlib.metadata"], again.__file__ is not None, dns.renderer.Renderer.__module__)
import idna.codec, random
print("b\xfccher".encode("idna"), idna.codec.Codec, idna.encode("b\xfccher"), random.Random(1).randint(5, 5))
print(inspect.getsource(put_off).splitlines()[0])
"""
    done = subprocess.run([sys.executable, "-c", uses], capture_output=True, text=True, check=True)

    expected = ["[]", "xn--bcher-kva.example.", "False False", r"b'\x03abc'", "True", "True True dns.renderer"]
    expected += ["b'xn--bcher-kva' <class 'idna.codec.Codec'> b'xn--bcher-kva' 5", "def put_off() -> None:"]
    assert done.stdout.splitlines() == expected


def test_the_end_looks_through_no_object_that_is_left() -> None:
    ends = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 1000))\n"

    command = [sys.executable, "-c", f"{ends}from migrator.cli import main\nmain()", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "True"


def test_the_command_ends_its_process_when_all_is_said_and_done() -> None:
    ends = "import atexit; atexit.register(print, 'the end', flush=True)\n"
    late = "import weakref\nclass Left: pass\nleft = Left()\nweakref.ref(left, print)\n"

    command = [sys.executable, "-c", f"{ends}{late}from migrator.cli import command\ncommand()", "diff", "x", "y"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "the end\n")
    assert done.stderr == "dns-migrator: x: cannot be read: No such file or directory.\n"


def test_the_command_waits_for_threads() -> None:
    waits = "threading.main_thread().join(), print('done', flush=True)"

    code = f"import threading\nthreading.Thread(target=lambda: ({waits})).start()\n"
    code += "from migrator.cli import command\ncommand()"
    done = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "done"


def test_the_command_tells_that_the_disk_is_full() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([COMMAND, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (2, "dns-migrator: No space left on device.\n")
