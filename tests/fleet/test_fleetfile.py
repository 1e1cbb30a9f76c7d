"""The list of a fleet: what is read of CSV and YAML, and every error with its place."""

import pytest

from migrator.errors import InputError
from migrator.journey.fleetfile import Row, read_fleet
from migrator.model.names import absolute

ORG, NET = absolute("example.org"), absolute("example.net")


def refusal(text: str, file: str = "list.csv") -> str:
    with pytest.raises(InputError) as caught:
        read_fleet(text, file)
    return str(caught.value)


def test_a_list_of_domains_alone_needs_no_heading() -> None:
    expected = (Row("list.csv:2", ORG), Row("list.csv:4", NET))

    assert read_fleet("# ours\nexample.org\n\n  Example.NET.\n", "list.csv") == expected


def test_a_domain_of_one_label_is_taken_for_a_heading_in_the_first_line_alone() -> None:
    expected = (Row("list.csv:1", absolute("test")), Row("list.csv:2", absolute("example")))

    assert read_fleet("test.\nexample\n", "list.csv") == expected


def test_columns_without_a_heading_stand_in_the_usual_order() -> None:
    text = "example.org,route53:{domain},cloudflare:,3,weights-merged;alias-addresses\n"
    accepts = ("weights-merged", "alias-addresses")

    assert read_fleet(text, "list.csv") == (Row("list.csv:1", ORG, "route53:{domain}", "cloudflare:", 3, accepts),)


def test_a_heading_says_which_column_is_which() -> None:
    text = (
        "Wave, To, Domain, From, Accept, Allow, Skip, Strategy, Selector\n"
        '2, cloudflare:, example.org, "zones/{domain}.zone", a;b, c, "ns.a=why, then;ns.b=so", unsigned, s1; s2\n'
        ",,example.net\n"
    )

    assert read_fleet(text, "list.csv") == (
        Row(
            "list.csv:2",
            ORG,
            "zones/{domain}.zone",
            "cloudflare:",
            2,
            ("a", "b"),
            ("c",),
            ("ns.a=why, then", "ns.b=so"),
            "unsigned",
            ("s1", "s2"),
        ),
        Row("list.csv:3", NET),
    )


def test_lines_may_end_in_carriage_returns_alone() -> None:
    assert read_fleet("domain\rexample.org\rexample.net\r", "list.csv") == (
        Row("list.csv:2", ORG),
        Row("list.csv:3", NET),
    )


def test_yaml_may_say_once_what_many_entries_share() -> None:
    text = "- &first\n  domain: example.org\n  wave: 2\n- <<: *first\n  domain: example.net\n"

    assert [(row.domain, row.wave) for row in read_fleet(text, "list.yaml")] == [(ORG, 2), (NET, 2)]


@pytest.mark.parametrize("head", ["", "domains:\n"])
def test_yaml_has_domains_and_mappings(head: str) -> None:
    text = head + (
        "- example.org\n"
        "- Domain: example.net\n"
        "  from: route53:{domain}\n"
        "  to: 'cloudflare:'\n"
        "  wave: 2\n"
        "  accept: [weights-merged, alias-addresses]\n"
        "  selector: s1;s2\n"
    )

    assert read_fleet(text, "list.YAML") == (
        Row("list.YAML: entry 1", ORG),
        Row(
            "list.YAML: entry 2",
            NET,
            "route53:{domain}",
            "cloudflare:",
            2,
            ("weights-merged", "alias-addresses"),
            selectors=("s1", "s2"),
        ),
    )


_COLUMNS = "domain, from, to, wave, accept, allow, skip, strategy, selector"
_LABEL = "a domain of one label ends in a dot here."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"list.csv: no domain in it; one a line was expected, or the columns {_COLUMNS}."),
        ("domain,to\n", f"list.csv: no domain in it; one a line was expected, or the columns {_COLUMNS}."),
        ("domain,target\n", f"list.csv:1: no column is called target; there are {_COLUMNS}."),
        ("domain,to,to\n", "list.csv:1: two columns are called to."),
        ("domain,to\nexample.org,a:,b:\n", "list.csv:2: 3 columns, where the heading has 2."),
        ("example.org\nexample.net,file\n", "list.csv:2: 2 columns, where the heading has 1."),
        ("domain,wave\nexample.org,-1\n", "list.csv:2: wave -1: a number from 0 to 9999 was expected."),
        ("domain,wave\nexample.org,²\n", "list.csv:2: wave ²: a number from 0 to 9999 was expected."),
        ("domain,wave\nexample.org,10000\n", "list.csv:2: wave 10000: a number from 0 to 9999 was expected."),
        (
            f"domain,wave\nexample.org,{'9' * 5000}\n",
            f"list.csv:2: wave {'9' * 20}...: a number from 0 to 9999 was expected.",
        ),
        ("domain,to\n,cloudflare:\n", "list.csv:2: the domain is missing."),
        (
            "domain\nexample.org\nexample.net\nEXAMPLE.org.\n",
            "list.csv:4: example.org stands at list.csv:2 already.",
        ),
        ("domain\nexample..org\n", "list.csv:2: "),
        ("Domian\nexample.org\n", f"list.csv:1: 'Domian' is no domain: a heading has {_COLUMNS}; {_LABEL}"),
        ("from,zone_name\n,x.org\n", f"list.csv:1: 'from' is no domain: a heading has {_COLUMNS}; {_LABEL}"),
        ("# ours\nDomäne,to\n", f"list.csv:2: 'Domäne' is no domain: a heading has {_COLUMNS}; {_LABEL}"),
        ("Domain;To\n", "list.csv:1: 'Domain;To' is no domain; a comma divides columns."),
        (
            "example.org;route53:;cloudflare:\n",
            "list.csv:1: 'example.org;route53:;cloudflare:' is no domain; a comma divides columns.",
        ),
        ("example.org\troute53:\n", "list.csv:1: 'example.org\\troute53:' is no domain; a comma divides columns."),
        ('domain\nexample.org\n"example.net\nexample.com\n', "list.csv:4: no CSV: unexpected end of data."),
        ("domain\nexample.org\0\n", "list.csv:2: 'example.org\\x00' is no domain."),
        (
            "domain\nhttps://example.org/\n",
            "list.csv:2: 'https://example.org/' is no domain: it looks like a URL; did you mean example.org?",
        ),
        (
            "example.org route53:\n",
            "list.csv:1: 'example.org route53:' is no domain: a blank is no part of it; did you mean example.org?",
        ),
    ],
)
def test_what_is_wrong_with_csv_is_told_with_its_line(text: str, message: str) -> None:
    found = refusal(text)

    assert found.startswith(message) if message.endswith(" ") else found == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "list.yaml: a list of domains was expected, or `domains:` with one."),
        ("domains: example.org\n", "list.yaml: a list of domains was expected, or `domains:` with one."),
        ("zones:\n- example.org\n", "list.yaml: a list of domains was expected, or `domains:` with one."),
        ("- example.org\n- {domain: [\n", "list.yaml:3: no YAML: "),
        ("- example.org\n- 12\n", "list.yaml: entry 2: a domain, or one with its sides, was expected."),
        (
            "- domain: example.org\n  target: x\n",
            f"list.yaml: entry 1: no column is called target; there are {_COLUMNS}.",
        ),
        (
            "- domain: example.org\n  wave: yes\n",
            "list.yaml: entry 1: wave: one text was expected, found True.",
        ),
        (
            "- domain: [example.org, example.net]\n",
            "list.yaml: entry 1: domain: one text was expected, found ['example.org', 'example.net'].",
        ),
        ("- wave: 1\n", "list.yaml: entry 1: the domain is missing."),
        (
            "- example.org\n- domain: Example.org\n",
            "list.yaml: entry 2: example.org stands at list.yaml: entry 1 already.",
        ),
        ("- domain: 2026-13-45\n", "list.yaml: no YAML: "),
        ("- " * 3000, "list.yaml: no YAML: "),
        (f"- domain: example.org\n  wave: 0x{'f' * 5000}\n", "list.yaml:2: no YAML: too long a number."),
        (
            "- domain: example.org\n  domain: example.net\n",
            "list.yaml:2: no YAML: domain stands twice in one entry.",
        ),
        (
            "- domain: example.org\n  wave: 1\n  Wave: 2\n",
            "list.yaml:3: no YAML: Wave stands twice in one entry.",
        ),
        (
            "domains: [example.org]\ndomains: [example.net]\n",
            "list.yaml:2: no YAML: domains stands twice in one entry.",
        ),
    ],
)
def test_what_is_wrong_with_yaml_is_told_with_its_place(text: str, message: str) -> None:
    found = refusal(text, "list.yaml")

    assert found.startswith(message) if message.endswith(" ") else found == message
