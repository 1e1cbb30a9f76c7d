"""Zones in the forms of other programs, of which the reader can make nothing: told for what they look like."""

import pytest
from dns.name import Name

from migrator.errors import ZoneFileError
from migrator.model.names import absolute
from migrator.zonefile.foreign import foreign
from tests.zonefile.alike import exactly, fast
from tests.zonefile.shown import START, read

FORMS = {
    "YAML": "---\n'':\n  - type: MX\n    ttl: 300\nwww:\n  type: A\n  value: 192.0.2.1\n",
    "YAML, as octoDNS": "# words\nwww:\n  type: A\n  value: 192.0.2.1\n",
    "data of tinydns": "# words\n.example.org:192.0.2.53:a:259200\n+www.example.org:192.0.2.1:300\n",
    "a table with commas": "name,type,ttl,value\nwww.example.org,A,300,192.0.2.1\n",
}


@pytest.mark.parametrize("origin", [absolute("example.org."), None])
@pytest.mark.parametrize("form", FORMS)
def test_a_zone_in_another_form_is_told_for_what_it_looks_like(form: str, origin: Name | None) -> None:
    text = FORMS[form].encode()

    refusal = exactly(text, origin=origin).refused

    assert f"It looks like {form}" in refusal
    assert "Name the zone where it is served (route53:, azure:, cloudflare:, or axfr:" in refusal
    assert "Add ?origin=ZONE" not in refusal
    assert fast(text, origin=origin).refused == refusal


@pytest.mark.parametrize("text", ["", "# words\n", "www A 192.0.2.1\n", "These are words,\nand no zone.\n"])
def test_nothing_is_said_of_other_text(text: str) -> None:
    assert foreign(text.encode()) == ""


def test_a_zone_file_with_a_line_of_such_a_form_is_read() -> None:
    assert len(read(f"---\n{START}").records) == 2

    with pytest.raises(ZoneFileError, match=r"No record of the file can be read\. The line cannot be read"):
        read("www\nname,type,value\n")
