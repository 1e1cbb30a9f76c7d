"""What is marked of blocks that nobody read is what is marked of the texts that they stand for."""

from typing import Any

from dns.name import from_text

from migrator.meaning.marks import Marks, marks_of_all
from migrator.model.compact import CompactZone
from migrator.zonefile.fast.building import Builder
from migrator.zonefile.fast.compact import Source
from migrator.zonefile.fast.over import read_by_blocks

_ZONE = b"""\
$TTL 300
@        IN SOA ns1 hostmaster 1 7200 3600 1209600 3600
         IN NS  ns1
ns1      IN A   192.0.2.1
a        IN MX  10 mail
b        IN MX  10 mail
b        IN MX  20 mail2
c        IN CNAME mail
d        IN SRV 1 2 3 mail
e        IN TXT "v=spf1 a mx -all"
f        IN TXT "v=SPF1 include:a.example a:b.example. -all"
g        IN TXT "v=spf1 include:a.example a:b.example. -all"
h        IN TXT "v=spf1 exists:%{i}.c.example -all"
i        IN TXT "v=sp" "f1 include:a.example -all"
j        IN TXT "words" "v=spf1 include:a.example -all"
s1._domainkey   IN TXT "v=DKIM1; p="
s2._domainkey   IN CNAME s2.keys.example.
s3._domainkey.a IN NS ns1
*.w      IN TXT "any"
cut      IN NS  ns1
cut      IN NS  ns2.cut
ns2.cut  IN A   192.0.2.2
mail     IN A   192.0.2.3
mail2    IN A   192.0.2.4
"""


def test_marks_of_blocks_are_those_of_their_texts() -> None:
    source = Source(_ZONE, "example.org.zone", from_text("example.org."))
    found = read_by_blocks(source)
    assert found is not None
    blocks = found.texts
    assert len(blocks.blocks) > len(blocks.plain)

    def marks(texts: Any) -> Marks:
        return marks_of_all(CompactZone(texts, {}, 0, 0, Builder()))

    noted, read = marks(blocks), marks(dict(blocks))

    assert _said(noted) == _said(read)
    assert {
        key.decode(): sorted(owner.decode() for owner in noted.pointing_at(key)) for key in noted.targets()
    } == {
        "mail.example.org.": ["a.example.org.", "b.example.org.", "c.example.org.", "d.example.org."],
        "mail2.example.org.": ["b.example.org."],
        "ns1.example.org.": ["cut.example.org.", "s3._domainkey.a.example.org."],
        "ns2.cut.example.org.": ["cut.example.org."],
        "s2.keys.example.": ["s2._domainkey.example.org."],
        "a.example.": ["f.example.org.", "g.example.org.", "i.example.org."],
        "b.example.": ["f.example.org.", "g.example.org."],
        "%{i}.c.example.": ["h.example.org."],
    }


def _said(marks: Marks) -> tuple[object, ...]:
    pointing = {key: sorted(marks.pointing_at(key)) for key in marks.targets()}
    sets = (marks.covers, marks.mail, marks.selectors, marks.aliases, marks.wildcards, marks.macros)
    return pointing, *map(sorted, sets)
