"""A recording holds all that was seen, and is judged again to the same verdict."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from dns.rdatatype import RdataType
from hypothesis import given
from hypothesis import strategies as st

from migrator.checks.facts import Facts, Kept, Replies, Settings, Strategy
from migrator.checks.verdict import Policy, judge_all
from migrator.codec.checklist import dumps as checklist_json
from migrator.codec.recording import Recording, dumps, loads
from migrator.cutover.judge import judge
from migrator.cutover.memory import Memory
from migrator.cutover.registrar import Registrar, SignerDigest
from migrator.errors import InputError
from migrator.model.capabilities import Aliases, Capabilities, Claim, Limit
from migrator.model.extras import Alias, Tags
from migrator.model.finding import Finding, Position, Severity
from migrator.model.names import absolute
from migrator.model.observation import Answer, Silence
from tests.checks.build import DOMAIN, NEW, NOW, after, answers, facts, history, parent, server, silent, zone
from tests.checks.checklists import EVERY, OTHER_REPLIES, checklist
from tests.cutover import build as cutover
from tests.strategies import snapshots

CLAIM = Claim("https://example.net/limits", NOW.date())
CAPABILITIES = Capabilities(
    provider="Example",
    scheme="example",
    types=frozenset({RdataType.A, RdataType.MX}),
    types_claim=CLAIM,
    ttl_min=Limit(60, CLAIM),
    ttl_max=Limit(86_400, CLAIM),
    records_in={RdataType.TXT: Limit(400, CLAIM)},
    extras=frozenset({Alias, Tags}),
    aliases=Aliases(frozenset({RdataType.A}), frozenset({"example"}), CLAIM, services={"example.net.": "Z1"}),
    label_octets=frozenset(range(5)),
)


def whole() -> Facts:
    """Facts with something in every field."""
    known = facts('www A 192.0.2.1\n@ TXT "a;b" "c\\"d"', "www CNAME web.example.net.")
    assert known.new is not None
    finding = Finding("zone.x", Severity.WARNING, "example.test.", "x", Position("old.zone", 3), "y", ("z",))
    answer = answers("ns1.new.example.", "www A", "192.0.2.2")
    strange = replace(answer, question=replace(answer.question, dnssec_ok=True), extended_errors=((9, "no key"),))
    return replace(
        known,
        old=replace(known.old, findings=(finding,), unread="why not", extra_servers=(server("192.0.2.77"),)),
        new=replace(
            known.new, capabilities=CAPABILITIES, assigned=known.new.names, out_of_reach=(server("2001:db8::1"),)
        ),
        strategy=Strategy.MULTI_SIGNER,
        settings=Settings(ttl_lowered_at=after(-60), selectors=("s1", "s2"), frozen=True),
        history=history(
            ("ns1.old.example.", "@ NS", 300, "a. | b.", -10, 0), ("ns1.old.example.", "@ DS", None, "", -9, 0)
        ),
        registrar=Registrar(
            "https://rdap.example/", "Example", (absolute("ns1.old.example"),), ("active",), True,
            (SignerDigest(1, 13, 2, "AB"),), after(86_400), ("an event",), "{}",
        ),
        judgement=judge(cutover.look(parent(1, NEW), cutover.parent(2, Silence.TIMEOUT)), Memory(), NOW),
        backup=Kept("backups/example.test", NOW, zone("www A 192.0.2.1"), "why not"),
        nonce=b"migcheck-\x00\xff",
        replies=Replies([strange, silent("ns1.old.example.", "www A"), *OTHER_REPLIES]),
    )  # fmt: skip


def fields_of(known: Facts) -> dict[str, object]:
    found = {each.name: getattr(known, each.name) for each in fields(Facts)}
    return found | {"replies": list(known.replies)}


def test_facts_come_back_as_they_were() -> None:
    recording = Recording(whole(), ("a.a", "a.b"), {"a.a": Severity.NOTICE}, {"a.b": "known"})

    again = loads(dumps(recording))

    assert fields_of(again.facts) == fields_of(recording.facts)
    assert (again.checks, again.severities, again.skipped) == (
        recording.checks,
        recording.severities,
        recording.skipped,
    )


@given(snapshots(DOMAIN), st.integers(0, 2**31 - 1), st.booleans())
def test_zones_and_answers_of_any_content_come_back(snapshot: Any, ttl: int, truncated: bool) -> None:
    seen = [
        replace(
            answers("ns1.old.example.", "x A"), answer=(replace(rrset, ttl=ttl, extras=()),), truncated=truncated
        )
        for rrset in snapshot.rrsets[:3]
        if rrset.rdatas and not rrset.key.variant
    ]
    known = facts()
    known = replace(known, old=replace(known.old, zone=snapshot), replies=Replies(seen[:1]))

    again = loads(dumps(Recording(known, ()))).facts

    assert again.old.zone is not None
    assert again.old.zone.digest() == snapshot.digest()
    assert [reply.answer for reply in again.replies if isinstance(reply, Answer)] == [
        each.answer for each in seen[:1]
    ]


def test_a_recording_is_judged_to_the_same_document() -> None:
    found = checklist()
    policy = Policy(skipped={"ns.case": "known, ticket 12"})
    recording = Recording(found.facts, tuple(check.id for check in EVERY), policy.severities, policy.skipped)

    again = loads(dumps(recording))

    assert checklist_json(
        judge_all(EVERY, again.facts, Policy(again.severities, again.skipped))
    ) == checklist_json(found)


@pytest.mark.parametrize(
    ("path", "found", "message"),
    [
        (["schema"], "dns-migrator/observations/9", "f: written in 'dns-migrator/observations/9', and this"),
        (["schema"], "dns-migrator/zone/1", "f: the document is 'dns-migrator/zone/1', and"),
        (["facts", "phase"], "later", "f: facts.phase: 'later' cannot be used here: 'later' is no"),
        (["facts", "domain"], 5, "f: facts.domain: text was expected, found the number 5."),
        (["facts", "domain"], "a..b", "'a..b' is not a domain name: A DNS label is empty."),
        (["facts", "now"], "yesterday", "'yesterday' is no time such as 2026-12-01T09:00:00Z."),
        (["facts", "port"], True, "f: facts.port: int was expected, found true or false."),
        (["facts", "old", "hosts"], {}, "f: facts.old.hosts: a list was expected, found an object."),
        (["facts", "registrar", "is"], "Secret", "f: facts.registrar: 'is' is 'Secret', and none of"),
        (["facts", "new", "capabilities", "extras"], ["Path"], "f: facts.new.capabilities.extras[0]: 'Path'"),
        (["replies"], [{"is": "Popen"}], "f: replies[0]: 'is' is 'Popen', and none of Answer, NoAnswer,"),
        (["replies"], 7, "f: replies: a list of objects was expected, found the number 7."),
        (["severities", "a.a"], "grave", "f: severities.a.a: 'grave' is none of error, warning, notice."),
        (["facts", "strategy"], 3, "f: facts.strategy: text was expected, found the number 3."),
        (["facts", "history", "runs"], [[1]], "f: facts.history.runs[0]: 2 values were expected, found 1."),
        (["facts", "old"], {"side": "old", "hosts": [{}]}, "f: facts.old.hosts[0].name: it is missing."),
        (["facts", "judgement", "stage"], "over", "f: facts.judgement.stage: 'over' cannot be used here"),
        (["checks"], None, "f: checks: a list of texts was expected, found null."),
    ],
)  # fmt: skip
def test_a_document_that_is_none_is_refused_with_its_place(path: list[str], found: object, message: str) -> None:
    document = json.loads(dumps(Recording(whole(), ("a.a",), {"a.a": Severity.NOTICE})))
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = found

    with pytest.raises(InputError) as raised:
        loads(json.dumps(document), file="f")

    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"schema": 1}', '{"schema": "dns-migrator/observations/1"}']
)
def test_what_is_no_recording_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        loads(text)
