"""Writes `docs/translation.md`: the table of directions is what the code does with one example a row.

python -m tests.translate.page > docs/translation.md
"""

from collections.abc import Sequence
from dataclasses import dataclass

from migrator.model.extras import (
    Alias,
    AutomaticTTL,
    ClientNetwork,
    Failover,
    Flattened,
    ForRecord,
    Geolocation,
    HealthCheck,
    Latency,
    Managed,
    Metadata,
    MultiValueAnswer,
    Note,
    Opaque,
    Proxied,
    RecordTTL,
    Tags,
    TrafficPolicy,
    Weighted,
)
from migrator.model.finding import Severity
from migrator.model.names import ROOT
from migrator.model.rrset import RRset
from migrator.model.zone import ZoneSnapshot
from migrator.translate import WORDS, Relation, Translation, Word, translate
from tests.snapshots import NS, SOA, alias, name, rrset, zone
from tests.translate.targets import TARGETS
from tests.translate.telling import fates

COLUMNS = {"route53": "Route 53", "azure": "Azure DNS", "cloudflare": "Cloudflare", "file": "zone file"}
OWN_APEX = (
    rrset("@", "SOA", "ns1.target.example. hostmaster.target.example. 1 1 1 1 1", ttl=3600),
    rrset("@", "NS", "ns1.target.example.", ttl=3600),
)
WEB = rrset("web", "A", "192.0.2.80")
SPF = '"v=spf1 -all"'
CDN = "d1.cloudfront.net."
PUBLIC_IP = Alias(ROOT, "/subscriptions/1/publicIPAddresses/web")


@dataclass(frozen=True, slots=True)
class Row:
    """One feature, the provider whose it is, and the sets that have it."""

    feature: str
    scheme: str
    sets: tuple[RRset, ...]
    answers: tuple[RRset, ...] = ()
    snapshot: ZoneSnapshot | None = None


def a(variant: str, last: int, *extras: object) -> RRset:
    return rrset("www", "A", f"192.0.2.{last}", variant=variant, extras=extras)  # type: ignore[arg-type]


def looked_up(*texts: str) -> RRset:
    return rrset(CDN, "A", *texts)


def alias_line(owner: str, target: str) -> tuple[RRset, ...]:
    return tuple(rrset(owner, rdtype, extras=(Alias(name(target)),)) for rdtype in ("A", "AAAA"))


ROWS = (
    Row("alias to a set of the same zone, below the apex", "route53", (WEB, alias("www", "A", "web"))),
    Row("the same, at the apex", "route53", (WEB, alias("@", "A", "web"))),
    Row("alias to an AWS service, below the apex", "route53", (alias("www", "A", CDN), alias("www", "AAAA", CDN))),
    Row(
        "the same, with HTTPS besides",
        "route53",
        (alias("www", "A", CDN), alias("www", "AAAA", CDN), alias("www", "HTTPS", CDN)),
    ),
    Row("the same, beside other data", "route53", (alias("www", "A", CDN), rrset("www", "MX", "10 mx"))),
    Row("alias to an AWS service, at the apex", "route53", (alias("@", "A", CDN),)),
    Row("the same, with the addresses looked up", "route53", (alias("@", "A", CDN),), (looked_up("203.0.113.1"),)),
    Row("ALIAS or ANAME of a zone file, below the apex", "file", alias_line("www", "app.example.net.")),
    Row("the same, at the apex", "file", alias_line("@", "app.example.net.")),
    Row("the same, at the apex, to an AWS service", "file", alias_line("@", CDN)),
    Row(
        "evaluation of the target's health",
        "route53",
        (WEB, rrset("www", "A", ttl=None, extras=(Alias(name("web"), "Z1", evaluate_target_health=True),))),
    ),
    Row("health check", "route53", (rrset("www", "A", "192.0.2.1", extras=(HealthCheck("h"),)),)),
    Row("weighted sets", "route53", (a("1", 1, Weighted(9)), a("2", 2, Weighted(1)))),
    Row(
        "weighted CNAMEs",
        "route53",
        (
            rrset("www", "CNAME", "a.example.net.", variant="1", extras=(Weighted(9),)),
            rrset("www", "CNAME", "b.example.net.", variant="2", extras=(Weighted(1),)),
        ),
    ),
    Row("latency", "route53", (a("1", 1, Latency("eu-west-1")), a("2", 2, Latency("us-east-1")))),
    Row(
        "geography with a default",
        "route53",
        (a("1", 1, Geolocation(country="DE")), a("2", 2, Geolocation(country="*"))),
    ),
    Row(
        "geography or geoproximity without a default",
        "route53",
        (a("1", 1, Geolocation(country="DE")), a("2", 2, Geolocation(country="FR"))),
    ),
    Row(
        "client networks (CIDR), with a default",
        "route53",
        (a("1", 1, ClientNetwork("c", "office")), a("2", 2, ClientNetwork("c", "*"))),
    ),
    Row("failover", "route53", (a("1", 1, Failover("PRIMARY")), a("2", 2, Failover("SECONDARY")))),
    Row("multi-value answer", "route53", (a("1", 1, MultiValueAnswer()), a("2", 2, MultiValueAnswer()))),
    Row("traffic policy", "route53", (rrset("www", "A", "192.0.2.1", extras=(TrafficPolicy("p"),)),)),
    Row(
        "alias to a set of the same zone, from Azure",
        "azure",
        (WEB, rrset("www", "A", extras=(Alias(name("web"), "/subscriptions/1/A/web"),))),
    ),
    Row(
        "alias to a public IP, Front Door, Traffic Manager",
        "azure",
        (rrset("www", "A", extras=(PUBLIC_IP,)),),
    ),
    Row(
        "the same, with the addresses looked up",
        "azure",
        (rrset("www", "A", extras=(PUBLIC_IP,)),),
        (rrset("www", "A", "203.0.113.1"),),
    ),
    Row(
        "the same, of type CNAME, looked up",
        "azure",
        (rrset("www", "CNAME", extras=(PUBLIC_IP,)),),
        (rrset("www", "CNAME", "x.trafficmanager.net."),),
    ),
    Row("metadata", "azure", (rrset("www", "A", "192.0.2.1", extras=(Metadata("team", "web"),)),)),
    Row("empty set", "azure", (rrset("www", "A"),)),
    Row("proxied record", "cloudflare", (rrset("www", "A", "198.51.100.7", extras=(Proxied(),)),)),
    Row(
        "proxied record of a zone file, with a TTL of its own",
        "file",
        (rrset("www", "A", "198.51.100.7", ttl=3600, extras=(Proxied(),)),),
    ),
    Row(
        "proxied placeholder (192.0.2.1, 100::)",
        "cloudflare",
        (rrset("www", "A", "192.0.2.1", extras=(Proxied(),)),),
    ),
    Row(
        "record of another product (read-only)", "cloudflare", (rrset("@", "MX", "10 mx", extras=(Managed("x"),)),)
    ),
    Row("automatic TTL", "cloudflare", (rrset("www", "A", "192.0.2.7", extras=(AutomaticTTL(),)),)),
    Row("comment", "cloudflare", (rrset("www", "A", "192.0.2.7", extras=(Note("ops"),)),)),
    Row("tags", "cloudflare", (rrset("www", "A", "192.0.2.7", extras=(Tags(("team:web",)),)),)),
    Row(
        "flattened CNAME below the apex",
        "cloudflare",
        (rrset("www", "CNAME", "a.example.net.", extras=(Flattened(),)),),
    ),
    Row("CNAME at the apex, to an AWS service with one zone", "cloudflare", (rrset("@", "CNAME", CDN),)),
    Row("CNAME at the apex, to a name of the zone", "cloudflare", (WEB, rrset("@", "CNAME", "web"))),
    Row("CNAME at the apex, to anything else", "cloudflare", (rrset("@", "CNAME", "shop.example.net."),)),
    Row(
        "the same, with the addresses looked up",
        "cloudflare",
        (rrset("@", "CNAME", "shop.example.net."),),
        (rrset("shop.example.net.", "A", "203.0.113.1"),),
    ),
    Row(
        "private routing, or another setting",
        "cloudflare",
        (rrset("www", "A", "192.0.2.7", extras=(Opaque("cloudflare", "private_routing", "true"),)),),
    ),
    Row("CNAME beside MX or TXT", "cloudflare", (rrset("x", "CNAME", "a.example.net."), rrset("x", "TXT", '"x"'))),
    Row(
        "TTLs of single records",
        "cloudflare",
        (rrset("x", "A", "192.0.2.7", "192.0.2.8", extras=(ForRecord("192.0.2.8", RecordTTL(900)),)),),
    ),
    Row("TTL below 60", "file", (rrset("x", "A", "192.0.2.1", ttl=30),)),
    Row("TTL above 86400", "file", (rrset("x", "A", "192.0.2.1", ttl=604800),)),
    Row("SVCB, HTTPS, SSHFP", "file", (rrset("x", "HTTPS", "1 . alpn=h2"),)),
    Row("LOC, URI, CERT, SMIMEA, OPENPGPKEY, DNSKEY", "file", (rrset("x", "OPENPGPKEY", "AAAA"),)),
    Row("other types (HINFO, DNAME, TYPE65280 ...)", "file", (rrset("x", "HINFO", '"a" "b"'),)),
    Row("DS with NS, TLSA, NAPTR", "file", (rrset("x", "TLSA", "3 1 1 " + "00" * 32),)),
    Row("DS without NS, or at the apex", "file", (rrset("x", "DS", "1 13 2 " + "00" * 32),)),
    Row("NS with glue of its own name", "file", (rrset("x", "NS", "x"), rrset("x", "A", "192.0.2.1"))),
    Row("NS at a wildcard", "file", (rrset("*.x", "NS", "ns1.example.net."),)),
    Row("type SPF", "file", (rrset("@", "SPF", SPF),)),
    Row("type SPF, and the same text as TXT", "file", (rrset("@", "SPF", SPF), rrset("@", "TXT", SPF))),
    Row("null MX", "file", (rrset("@", "MX", "0 ."),)),
    Row("empty TXT", "file", (rrset("x", "TXT", '""'),)),
    Row("30 addresses in a set", "file", (rrset("x", "A", *(f"192.0.2.{n}" for n in range(30))),)),
    Row("owner with a blank", "file", (rrset(r"a\032b", "A", "192.0.2.1"),)),
    Row(
        "signatures and keys of DNSSEC",
        "file",
        (
            rrset("@", "DNSKEY", "257 3 13 AAAA"),
            rrset("@", "RRSIG", "SOA 13 2 900 20300101000000 20200101000000 1 example.org. AAAA"),
        ),
    ),
    Row("SOA, with timers of its own", "file", (), snapshot=zone(SOA, bare=True)),
    Row("apex NS", "file", (), snapshot=zone(NS, bare=True)),
    Row(
        "apex NS with servers of another provider",
        "route53",
        (),
        snapshot=zone(
            rrset("@", "NS", "ns1.old.example.", "ns2.other.example."),
            bare=True,
            name_servers=(name("ns1.old.example."),),
        ),
    ),
)


def page() -> str:
    """Return the page."""
    return INTRODUCTION + lines(table()) + AFTER_TABLE + lines(word_list()) + LAST


def lines(found: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in found)


def table() -> list[str]:
    """Return the table of directions."""
    rows = [
        f"| what the source has | {' | '.join(f'to {title}' for title in COLUMNS.values())} |",
        "|---|" + "---|" * 4,
    ]
    for row in ROWS:
        cells = (cell(row, target) for target in COLUMNS)
        rows.append(f"| {row.feature} | {' | '.join(cells)} |")
    return rows


def cell(row: Row, target: str) -> str:
    """Return what becomes of a row in one direction: its words, those in bold that need a decision."""
    found = translated(row, target)
    words = dict.fromkeys(loss.what for loss in found.losses)
    if words:
        by_word = {loss.what: loss.severity for loss in found.losses}
        return ", ".join(f"**{what}**" if by_word[what] is Severity.ERROR else what for what in words)
    return "as it is" if set(fates_of(found)) <= {"copied"} else "its own"


def fates_of(found: Translation) -> list[str]:
    return [*fates(found).values(), *(str(entry.fate) for entry in found.ledger)]


def translated(row: Row, target: str) -> Translation:
    """Translate the example of a row; to its own provider, into another zone of the same account."""
    snapshot = zone(*row.sets, bare=True) if row.snapshot is None else row.snapshot
    relation = Relation.SAME_ACCOUNT if row.scheme == target else Relation.FOREIGN
    return translate(
        snapshot,
        TARGETS[target],
        addresses={answer.key: answer for answer in row.answers},
        target_apex=OWN_APEX if row.snapshot is not None and target != "file" else (),
        relation=relation,
        source_scheme=row.scheme,
    )


def word_list() -> list[str]:
    """Return the table of words, those that need a decision first."""
    found: list[str] = []
    for title, severity in (
        ("Words that need a decision", Severity.ERROR),
        ("Warnings", Severity.WARNING),
        ("Notices", Severity.NOTICE),
    ):
        found += ["", f"### {title}", "", "| word | | what is done | what to do |", "|---|---|---|---|"]
        found += [word_line(word) for word in WORDS if word.severity is severity]
    return found


def word_line(word: Word) -> str:
    what = f"{word.what}=ID" if word.what == "routing-only" else word.what
    return f"| `{what}` | {word.exactness} | {word.meaning} | {word.advice} |"


INTRODUCTION = """\
# What becomes of a zone at another provider

Before anything is written, `import` turns the zone into what the target can hold, and accounts for every RRset:
*copied* (the same to the letter), *translated* (something of it stands there), or *dropped*, each with its
reason. The counts close, or nothing is written. What cannot be as it was is a *loss*: a word, how near the
result comes (exact, approximated, impossible), a sentence, and what to do by hand.

A loss that users, visitors or mail would notice needs a decision: answer at the prompt, or give `--accept WORD`,
once for each word. Until then nothing is written, and the command ends with exit code 4. A word holds for the
whole zone. Where a name has several sets and none is for everybody, nothing is chosen for you:
`--accept routing-only=ID` names the set to keep by its identifier, and may be given several times. One that no set
has is a warning (`import.no-such-set`).

An alias that has no other form can be replaced by the records that it answers at this moment. Such addresses
change without a word, and the copy does not follow them: watch them until the name has found another home.

An alias to a set that is left out leads past it, to where that one led; where that is nothing, it is left out too.

What follows from a set that is left out stands in its loss: CNAMEs that lead to it do not answer either, and a
wildcard answers in its place.

Going back is lossless: the backup of the source holds everything, and a zone that is restored to where it was
read from is copied whole.

## By direction

Each cell is what the program does with an example. **Bold** needs a decision; *as it is* loses nothing. To the
same provider means another zone of the same account; what belongs to an account (health checks, client
networks) does not go to another one, unless its new identifiers are given.

"""
AFTER_TABLE = """
Cloudflare is the Free plan here: paid plans hold tags and flattening below the apex, Enterprise holds TTLs from
30 seconds and the SOA. Limits that the service tells (quotas, plans) are read from it at each import.

## The words
"""
LAST = """
The words are part of the program's interface: scripts may rely on them, in `--accept` and in the `losses` of the
JSON result. What each provider can hold stands with source and date in its `CAPABILITIES`; the rules, one file a
subject, are in `migrator/translate/`.
"""

if __name__ == "__main__":
    print(page(), end="")
