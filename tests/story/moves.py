"""A state database as four moves would have left it: one waits, one asks, one has failed, one is complete."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import dns.rdata
import sqlalchemy as sa
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from migrator.codec.observation import instant as exact
from migrator.interfaces import ChangeResult, Outcome
from migrator.journey.events import Event, Kind, Worst
from migrator.journey.options import Options
from migrator.journey.stages import STAGES, Stage
from migrator.model.change import Create
from migrator.model.finding import Severity
from migrator.model.names import absolute, for_people
from migrator.model.observation import Answer, Question, Server, Transport
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.state.documents import Documents
from migrator.state.journal import End, Journal, NewRun
from migrator.state.journal import Kind as RunKind
from migrator.state.migrations import Migration, Migrations
from migrator.state.store import Entry, Role, Store
from migrator.state.tables import DOCUMENTS, EVENTS, MIGRATIONS, RUNS, TTLS
from migrator.state.ttlmemory import Place, TtlMemory
from migrator.ttls import Original
from tests.story.papers import (
    NEW,
    OLD,
    checklist_paper,
    confirm_paper,
    diff_paper,
    export_paper,
    import_paper,
    plan_paper,
)

WAITING, ASKING, FAILED, COMPLETE = map(
    absolute, ("example.org", "example.net", "shop.example.com", "example.com")
)
FOLDER = "backups/example.org/20261128T080000Z-route53"
SAID = {
    Stage.BACKUP: "40 records in 33 sets kept and read back",
    Stage.PREPARE: "the checklist of phase prepare says go",
    Stage.IMPORT: "33 sets written, read again and compared: as planned",
    Stage.VERIFY: "every new name server answers as the old zone does",
    Stage.LOWER_TTLS: "12 TTLs lowered to 300 s, shown by both old name servers",
    Stage.DNSSEC: "the domain is not signed",
    Stage.EXPIRE: "no cache can hold the longer TTLs any more",
    Stage.READY: "the checklist of phase ready says go",
    Stage.SWITCH: "anna says that the registrar's form was sent",
    Stage.PARENT: "every server of the parent lists exactly the new name servers",
    Stage.RESOLVERS: "the last possible stale answer is past",
    Stage.CLOSE: "the checklist of phase close says go",
    Stage.RESTORE_TTLS: "12 TTLs put back in the new zone",
}


def fill(store: Store, now: datetime) -> None:
    """Fill the database with the four moves, as they stand at `now`."""
    _waiting(store, now)
    _asking(store, now)
    _failed(store, now)
    _complete(store, now)


def begun(store: Store, domain: Name, at: datetime, *, fleet: str = "spring", wave: int = 1) -> Migration:
    """Begin a migration in the past."""
    name = for_people(domain)
    options = Options(f"route53:{name}", f"cloudflare:{name}")
    migration = Migrations(store).begin(domain, options, by="anna", fleet=fleet, wave=wave)
    mine = {"utc": exact(at)}
    with store.writing() as connection:
        connection.execute(sa.update(EVENTS).where(EVENTS.c.migration == migration.number).values(**mine))
        connection.execute(sa.update(MIGRATIONS).where(MIGRATIONS.c.id == migration.number).values(**mine))
    return migration


def ends(store: Store, migration: Migration, *events: Event) -> None:
    """Add how attempts ended, one after another."""
    migrations = Migrations(store)
    for event in events:
        assert migrations.ended(migration, migrations.numbered(migration.number).turn, event) is not None


def done(stages: Sequence[Stage], first: datetime, step: timedelta) -> list[Event]:
    """Stages that were done one after another."""
    return [
        Event(Kind.DONE, stage, first + place * step, SAID[stage], by="worker-1")
        for place, stage in enumerate(stages)
    ]


def keep(store: Store, domain: Name, at: datetime, *texts: str) -> None:
    """Keep documents as of an instant."""
    for text in texts:
        number = Documents(store).keep(domain, text)
        _dated(store, DOCUMENTS, number, at)


def looked(store: Store, domain: Name, role: Role, names: Sequence[str], at: datetime, ttl: int) -> None:
    """Remember that two servers showed an NS set."""
    server = "nic.example." if role is Role.PARENT else "oldhost.example."
    rdatas = tuple(dns.rdata.from_text(RdataClass.IN, RdataType.NS, name) for name in names)
    for place, letter in enumerate(("a", "b"), 1):
        question = Question(Server(f"192.0.2.{place}", 53, absolute(f"{letter}.{server}")), domain, RdataType.NS)
        answer = Answer(
            question,
            at,
            Rcode.NOERROR,
            authoritative=role is Role.SERVER,
            truncated=False,
            recursion_available=False,
            authenticated=False,
            transport=Transport.UDP,
            elapsed=0.01,
            authority=(make(RRsetKey(domain, RdataType.NS), ttl, rdatas),),
        )
        store.append([Entry(domain, role, answer, " ".join(names), ttl, " ".join(NEW))])


def rrset(domain: Name, owner: str, rdtype: str, text: str) -> RRset:
    rdata = dns.rdata.from_text(RdataClass.IN, rdtype, text, domain, relativize=False)
    return make(RRsetKey(absolute(owner, domain), RdataType.from_text(rdtype)), 300, (rdata,))


def _waiting(store: Store, now: datetime) -> None:
    start = now - timedelta(days=5)
    migration = begun(store, WAITING, start)
    first = done(STAGES[:6], start + timedelta(hours=4), timedelta(hours=9))
    until = now + timedelta(hours=20, minutes=5)
    ends(
        store,
        migration,
        *first[:2],
        Event(
            Kind.ASKS,
            Stage.IMPORT,
            start + timedelta(hours=14),
            "1 loss needs a decision: weights-merged",
            commands=("dns-migrator approve example.org --accept weights-merged --because TEXT",),
            by="worker-1",
        ),
    )
    Migrations(store).said(
        migration,
        Event(
            Kind.APPROVED,
            Stage.IMPORT,
            start + timedelta(hours=20),
            words=("weights-merged",),
            because="The second address is switched off in January.",
            by="anna",
        ),
    )
    worst = Worst(Severity.WARNING, "example.org. NS: ns2.oldhost.example answers slowly.")
    ends(
        store,
        migration,
        *first[2:],
        Event(Kind.WAITS, Stage.EXPIRE, now, "Caches keep the longer TTLs", until, worst=worst, by="worker-2"),
    )
    keep(store, WAITING, start + timedelta(hours=4), export_paper(WAITING, FOLDER))
    at = start + timedelta(hours=5)
    slow = ("warn", "example.org. NS", "ns2.oldhost.example answers slowly: 1.4 s.", "Ask its operator.")
    keep(store, WAITING, at, checklist_paper(WAITING, "prepare", "go", at, [slow]))
    keep(store, WAITING, start + timedelta(hours=22), import_paper(WAITING, applied=True))
    keep(store, WAITING, start + timedelta(hours=31), diff_paper(WAITING, same=True))
    keep(store, WAITING, now, plan_paper(WAITING, now, until))
    written(store, WAITING, start + timedelta(hours=22), "cloudflare:example.org")
    _lowered(store, WAITING, start + timedelta(days=4, hours=20))
    for days in range(5):
        looked(store, WAITING, Role.PARENT, OLD, start + timedelta(days=days), 172_800)
        looked(store, WAITING, Role.SERVER, OLD, start + timedelta(days=days), 86_400 if days < 4 else 300)


def _asking(store: Store, now: datetime) -> None:
    migration = begun(store, ASKING, now - timedelta(days=1))
    asks = Event(
        Kind.ASKS,
        Stage.IMPORT,
        now - timedelta(hours=2),
        "1 loss needs a decision: weights-merged",
        commands=("dns-migrator approve example.net --accept weights-merged --because TEXT",),
        worst=Worst(Severity.ERROR, "example.net. A eu: Two weighted sets become one."),
        by="worker-1",
    )
    ends(store, migration, *done(STAGES[:2], now - timedelta(hours=22), timedelta(hours=1)), asks)
    keep(store, ASKING, now - timedelta(hours=2), import_paper(ASKING, applied=False))


def _failed(store: Store, now: datetime) -> None:
    migration = begun(store, FAILED, now - timedelta(days=2), wave=2)
    failed = Event(
        Kind.FAILED,
        Stage.VERIFY,
        now - timedelta(minutes=7),
        "1 of 33 RRsets is not answered by the new name servers",
        now + timedelta(minutes=3),
        worst=Worst(
            Severity.ERROR, "mail2026._domainkey.shop.example.com. TXT: missing at both new name servers."
        ),
        by="worker-2",
    )
    ends(store, migration, *done(STAGES[:3], now - timedelta(hours=44), timedelta(hours=3)), failed)
    keep(store, FAILED, now - timedelta(hours=38), import_paper(FAILED, applied=True, losses=False))
    keep(store, FAILED, now - timedelta(minutes=7), diff_paper(FAILED, same=False))


def _complete(store: Store, now: datetime) -> None:
    start = now - timedelta(days=12)
    migration = begun(store, COMPLETE, start, fleet="", wave=0)
    switched = start + timedelta(hours=8 * 14)
    ends(store, migration, *done(STAGES, start + timedelta(hours=14), timedelta(hours=14)))
    settled = switched + timedelta(days=3)
    keep(store, COMPLETE, start, export_paper(COMPLETE, FOLDER))
    keep(store, COMPLETE, start, import_paper(COMPLETE, applied=True, losses=False))
    keep(store, COMPLETE, start + timedelta(hours=20), diff_paper(COMPLETE, same=True))
    keep(store, COMPLETE, settled, confirm_paper(COMPLETE, settled, "settled", switched))
    for phase, hours in (("prepare", 2), ("ready", 100), ("settle", 190), ("close", 200)):
        at = start + timedelta(hours=hours)
        keep(store, COMPLETE, at, checklist_paper(COMPLETE, phase, "go", at))
    registered = {
        "registrar": "Example Registrar",
        "name_servers": list(NEW),
        "status": ["client transfer prohibited"],
        "expires": "2029-05-01T00:00:00Z",
    }
    store.append_registration(COMPLETE, settled, "https://rdap.example/domain/example.com", json.dumps(registered))
    looked(store, COMPLETE, Role.PARENT, OLD, start, 172_800)
    looked(store, COMPLETE, Role.PARENT, NEW, switched, 172_800)


def written(store: Store, domain: Name, at: datetime, target: str) -> None:
    """Import three sets into a target."""
    changes = [
        Create(rrset(domain, "@", "MX", "10 mx1")),
        Create(rrset(domain, "www", "A", "192.0.2.80")),
        Create(rrset(domain, "@", "TXT", '"v=spf1 mx -all"')),
    ]
    name = for_people(domain)
    new = NewRun(
        RunKind.IMPORT,
        domain,
        target,
        target,
        f"route53:{name}",
        "sha256:00",
        None,
        f"backups/{name}/20261129T020000Z-cloudflare",
    )
    writing = Journal(store).begin(new, changes)
    writing.results((place, ChangeResult(change, Outcome.DONE)) for place, change in enumerate(changes))
    writing.end(End.COMPLETE)
    _dated(store, RUNS, writing.number, at)


def _lowered(store: Store, domain: Name, at: datetime) -> None:
    name = for_people(domain)
    originals = [
        Original(RRsetKey(absolute(owner, domain), RdataType.from_text(rdtype)), ttl, 300)
        for owner, rdtype, ttl in (("@", "NS", 86_400), ("@", "MX", 3600), ("www", "A", 3600))
    ]
    TtlMemory(store).lowered(domain, Place(f"route53:{name}", f"route53:{name}"), originals)
    with store.writing() as connection:
        connection.execute(sa.update(TTLS).values(utc=exact(at)))


def _dated(store: Store, table: sa.Table, number: int, at: datetime) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(table).where(table.c.id == number).values(utc=exact(at)))
