"""Which Regexp of a NAPTR record BIND loads: by our own rule, and by what it says itself."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from migrator.plain.regexps import is_loadable
from tests.lab.missing import program, why_not

LOADED = (
    b"",
    b"!^.*$!sip:info@example.com!",
    b"!^.*$!sip:info@example.com!i",
    rb"!^\+441632960083$!tel:+44-1632-960-083!",
    rb"!^(.*)@(.*)$!sip:\1@\2!ii",
    b"/a|b/x/",
    rb"!a\!b!x!",
    rb"!(a)(b)\2!x!",
    b"!a{1}b{1,}c{1,2}!x!",
    b"!a{x}!x!",
    b"![a-z]!x!",
    b"![]a]!x!",
    b"![^]a-]!x!",
    b"![[:alnum:]-]!x!",
    b"![a[b]!x!",
    b"![[.a.]]!x!",
    b"![[=a=]]!x!",
    b"!()!x!",
    b"!a)!x!",
    b"!caf\xe9!x!",
)
REFUSED = (
    b"!",
    b"!!",
    b"!!!",
    b"!a!b",
    b"!a!b!x",
    b"!a!b!!",
    b"!a!b!i!",
    b"1a1b1",
    b"iaibi",
    b"\\a\\b\\",
    b"\0a\0b\0",
    b"!a\0!b!",
    b"!(!x!",
    b"!(|a)!x!",
    b"!(a|)!x!",
    b"!a|!x!",
    b"!|a!x!",
    b"!*a!x!",
    b"!a**!x!",
    b"!^*!x!",
    b"!a{2,1}!x!",
    b"!a{256}!x!",
    b"!a{1!x!",
    b"!{1}!x!",
    b"!a{1}{2}!x!",
    b"!a{1,2,3}!x!",
    rb"!\1!x!",
    b"!a!b!\\",
    b"!a!b\\",
    rb"!a!\1!",
    rb"!(a)!\2!",
    rb"!(a)!\0!",
    b"![a!x!",
    b"![]!x!",
    b"![z-a]!x!",
    b"![a-c-e]!x!",
    b"![[:nothing:]]!x!",
    b"![[.a]!x!",
    b"![a-[:alpha:]]!x!",
)


@pytest.mark.parametrize("regexp", LOADED)
def test_an_expression_that_can_be_read_is_loaded(regexp: bytes) -> None:
    assert is_loadable(regexp)


@pytest.mark.parametrize("regexp", REFUSED)
def test_what_is_no_expression_is_refused(regexp: bytes) -> None:
    assert not is_loadable(regexp)


@pytest.mark.lab
@pytest.mark.xdist_group("lab")
def test_bind_says_the_same(tmp_path: Path) -> None:
    checker = program("named-checkzone")
    if checker is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why_not())
    expressions = [*LOADED, *REFUSED]
    head = ["$TTL 60", "@ SOA a. b. 1 2 3 4 5", "@ NS a."]
    texts = ["".join(f"\\{octet:03d}" for octet in expression) for expression in expressions]
    lines = [f'n{i} NAPTR 1 1 "u" "E2U+sip" "{text}" .' for i, text in enumerate(texts)]
    file = tmp_path / "naptr.zone"
    file.write_text("".join(f"{line}\n" for line in (*head, *lines)))

    done = subprocess.run(
        [checker, "-i", "local", "example.org", str(file)], capture_output=True, text=True, check=False
    )
    told = {int(line) for line in re.findall(r"naptr\.zone:(\d+): syntax error", done.stdout + done.stderr)}

    assert [expressions[line - len(head) - 1] for line in sorted(told)] == list(REFUSED)
