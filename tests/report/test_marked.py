"""Text on a page: what is code in it, and what must not be parted."""

import pytest

from migrator.report.marked import prose, whole


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("as it is", "as it is"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("at 2026-12-01T09:00:00Z, then", 'at <span class="whole">2026-12-01T09:00:00Z,</span> then'),
        ("ns-7.example  ns8.example", '<span class="whole">ns-7.example</span>  ns8.example'),
        ("see --ttl-lowered-at", 'see <span class="whole">--ttl-lowered-at</span>'),
        ("see --from - or not", 'see <span class="whole">--from</span> - or not'),
        ("a `b` c", "a `b` c"),
    ],
)
def test_what_has_a_hyphen_is_not_parted(text: str, markup: str) -> None:
    assert whole(text) == markup


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        (
            "run `check --phase close` first.",
            'run <code>check <span class="whole">--phase</span> close</code> first.',
        ),
        ("`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"),
        (
            "Run again: dns-migrator export route53:a",
            'Run again: <code><span class="whole">dns-migrator</span> export route53:a</code>',
        ),
        (
            "Import: dns-migrator import OLD NEW.",
            'Import: <code><span class="whole">dns-migrator</span> import OLD NEW</code>.',
        ),
        (
            "Import: dns-migrator import a,b c, or add: www A 192.0.2.1",
            'Import: <code><span class="whole">dns-migrator</span> import a,b c</code>, or add: www A 192.0.2.1',
        ),
        ('Add: x 300 IN TXT "a `b` c"', "Add: x 300 IN TXT &#34;a `b` c&#34;"),
    ],
)
def test_a_command_in_a_sentence_is_code(text: str, markup: str) -> None:
    assert prose(text) == markup
