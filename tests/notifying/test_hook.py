"""A command of the person's own, as a real process: what it is given, and what becomes of one that fails."""

import errno
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import pytest

from migrator.errors import InputError
from migrator.notices import document
from migrator.notifying import Notifier
from migrator.notifying.hook import Hook
from migrator.notifying.tries import Patience
from tests.notifying.receiver import NOTICE, receiving

SECONDS = Patience(tries=2, shortest_pause=0.01)


def script(folder: Path, text: str) -> str:
    """A command line that runs this Python."""
    file = folder / "a hook.py"
    file.write_text(text)
    return f"{sys.executable} '{file}' '$HOME; touch x'"


def notifier(line: str, **environment: str) -> Notifier:
    given = {"DNS_MIGRATOR_HOOK": line, "PATH": os.environ["PATH"], **environment}
    found = Notifier.from_environment(given, patience=SECONDS)
    assert found is not None
    return found


def test_it_reads_the_notice_and_its_environment_and_no_shell_runs(own_folder: Path) -> None:
    line = script(
        own_folder,
        "import json, os, sys\n"
        "names = ('DNS_MIGRATOR_DOMAIN', 'DNS_MIGRATOR_STAGE', 'DNS_MIGRATOR_STATUS', 'DNS_MIGRATOR_WEBHOOK')\n"
        "found = [json.load(sys.stdin), sys.argv[1:], [os.environ.get(name) for name in names]]\n"
        "print('nothing of this is seen')\n"
        "open('told.json', 'w').write(json.dumps(found))\n",
    )
    with receiving() as receiver:
        assert failure(notifier(line, DNS_MIGRATOR_WEBHOOK=receiver.url)) == ""

        assert len(receiver.told) == 1
    assert json.loads(Path("told.json").read_text()) == [
        document(NOTICE),
        ["$HOME; touch x"],
        ["example.com.", "switch", "asking", None],
    ]


def test_a_failure_is_tried_again(own_folder: Path) -> None:
    line = script(
        own_folder,
        "import pathlib, sys\n"
        "seen = pathlib.Path('seen')\n"
        "first = not seen.exists()\n"
        "seen.write_text('x')\n"
        "sys.exit(first)\n",
    )
    assert failure(notifier(line)) == ""

    assert Path("seen").exists()


def failure(found: Notifier) -> str:
    (trouble,) = found.send([NOTICE])
    return trouble


WHO = f"example.com: the command of DNS_MIGRATOR_HOOK ({sys.executable})"
ENDS = {
    "an exit code": (
        "import sys\nprint('first\\nno \\x1b[31mroute', file=sys.stderr)\nsys.exit(3)\n",
        f"{WHO} ended with exit code 3: no \\x1b[31mroute; given up after 2 tries.",
    ),
    "a signal": (
        "import os\nos.kill(os.getpid(), 9)\n",
        f"{WHO} was killed by signal 9; given up after 2 tries.",
    ),
}


@pytest.mark.parametrize("case", ENDS)
def test_it_is_given_up_with_the_last_line_that_it_wrote(own_folder: Path, case: str) -> None:
    text, expected = ENDS[case]

    assert failure(notifier(script(own_folder, text))) == expected


def test_what_takes_too_long_is_killed_with_all_that_it_started(own_folder: Path) -> None:
    text = "(sleep 1.5; touch late) & echo waiting >&2; sleep 60"
    hook = Hook(("sh", "-c", text), "HOOK", {"PATH": os.environ["PATH"]}, seconds=0.5)
    began = time.monotonic()

    assert failure(Notifier((hook,), Patience(tries=1))) == (
        "example.com: the command of HOOK (sh) did not end within 0.5 seconds: waiting; given up after 1 try."
    )
    time.sleep(1.5)
    assert (Path("late").exists(), time.monotonic() - began < 10) == (False, True)


def test_what_it_leaves_running_is_not_waited_for(own_folder: Path) -> None:
    began = time.monotonic()
    hook = Hook(("sh", "-c", "sleep 5 & exit 0"), "HOOK", dict(os.environ))

    assert failure(Notifier((hook,))) == ""
    assert time.monotonic() - began < 4


def test_a_command_that_is_not_there_is_not_tried_again(own_folder: Path) -> None:
    assert failure(notifier("./absent --now")) == (
        "example.com: the command of DNS_MIGRATOR_HOOK (./absent) cannot be run: No such file or directory."
    )


def test_a_moment_without_room_is_waited_for(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tempfile.TemporaryFile
    trouble = iter([OSError(errno.ENOSPC, "No space left on device")])

    def full_once() -> IO[bytes]:
        for exc in trouble:
            raise exc
        return made()

    monkeypatch.setattr("migrator.notifying.hook.tempfile.TemporaryFile", full_once)

    assert failure(notifier(script(own_folder, "pass\n"))) == ""


def test_both_ways_are_tried_and_both_failures_said(own_folder: Path) -> None:
    with receiving() as receiver:
        receiver.answers.append((403, {}))
        text = failure(notifier("./absent", DNS_MIGRATOR_WEBHOOK=receiver.url))

    assert text == (
        "example.com: the webhook of DNS_MIGRATOR_WEBHOOK refuses notices (HTTP 403). Is the URL still the right "
        "one?\n"
        "example.com: the command of DNS_MIGRATOR_HOOK (./absent) cannot be run: No such file or directory."
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("notify 'me", "the hook: the command line cannot be read: No closing quotation."),
        ("''", "the hook: there is no command in it."),
    ],
)
def test_a_command_line_that_is_none_is_refused(line: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        Notifier.from_environment({}, hook=line)

    assert str(caught.value) == expected
