"""What a person reads of a switch: every stage, within 80 columns, and never a control character of a zone."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from dns.rcode import Rcode

from migrator.cutover.judge import Judgement, judge
from migrator.cutover.look import HostState, Look, ServerView, Side
from migrator.cutover.memory import Memory, with_parents, with_servers
from migrator.cutover.registrar import Registrar
from migrator.model.delegation import ParentView, WalkEnd
from migrator.model.finding import Severity
from migrator.model.names import absolute
from migrator.model.observation import Observation, Silence
from migrator.report.confirm import confirm_text, resolver_rows
from migrator.report.confirm_junit import confirm_junit
from migrator.report.confirm_markdown import confirm_markdown
from migrator.report.confirm_watch import Watched, first_lines, stage_line, watch_view
from migrator.report.confirm_words import distance_to, duration, headline, next_step
from migrator.report.layout import COLOUR
from tests.cutover.build import (
    DOMAIN,
    NEW,
    NOW,
    OLD,
    PARKED,
    after,
    answer,
    host,
    look,
    names,
    parent,
    question,
    resolver,
    rrset,
    server_view,
    silent,
    usual_servers,
)


def judged(seen: Look, now_in: float = 0) -> Judgement:
    memory = with_parents(Memory(), [parent(1, OLD, at=after(-60))], seen.expected)
    memory = with_parents(memory, seen.delegation.views, seen.expected)
    return judge(seen, with_servers(memory, seen.servers, seen.expected), after(now_in))


def changes(*looks: Judgement) -> list[str]:
    """The lines that the last of these looks adds to a watch."""
    watched = Watched()
    return [watched.news(judgement) for judgement in looks][-1]


INSIDE = ("ns1.example.test.", NEW[1])
GLUE = rrset(names(INSIDE[0])[0], "A", 60, "203.0.113.1")
SWITCHED = look(
    parent(1, NEW),
    parent(2, NEW),
    servers=(
        server_view(NEW[0], Side.NEW, NEW),
        server_view(NEW[1], Side.NEW, NEW, rcode=Rcode.REFUSED),
        *usual_servers()[2:],
    ),
    resolvers=(resolver("One", Side.OLD, Side.NEW), resolver("Two", None)),
    registrar=Registrar(
        "https://rdap.example/",
        "Example Registrar",
        names(*OLD),
        ("client transfer prohibited",),
        expires=after(10**8),
    ),
)

SWITCHED_TEXT = """\
example.test: switched

  Every name server of test (2 addresses) lists exactly the new name servers.
  Resolvers may give old answers until 2026-12-01T10:10:00Z.

Parent test
  server      address    lists  TTL   DS
  a.nic.test  192.0.2.1  new    3600  -
  b.nic.test  192.0.2.2  new    3600  -
  new: ns1.new.example, ns2.new.example
  old: ns1.old.example, ns2.old.example

Name servers
  server           address       side  zone     apex NS  TTL  serial
  ns1.new.example  203.0.113.1   new   served   new      600  1
  ns2.new.example  203.0.113.2   new   REFUSED  -        -    -
  ns1.old.example  198.51.100.1  old   served   old      600  1
  ns2.old.example  198.51.100.2  old   served   old      600  1

Resolvers, told apart by the names in the SOA
  resolver  address     follows    old  new  other  kept for
  One       192.0.2.53  mixed      1    1    0      100 s
  Two       192.0.2.53  no-answer  0    0    0      -

Registry (RDAP)
  registrar: Example Registrar
  lists: ns1.old.example, ns2.old.example
  status: client transfer prohibited
  expires: 2030-01-31T18:46:40Z

When old answers end
  Last stale answer: 2026-12-01T10:10:00Z (in 1 h 10 min)
    = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + old apex
      NS TTL 600
    no moment is safe for the deletion of the old zone yet: see Next
"""
FAULTLESS_END = """\
When old answers end
  Last stale answer: 2026-12-01T10:10:00Z (in 1 h 10 min)
    = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + old apex
      NS TTL 600
  Old zone may be deleted: 2026-12-01T10:10:00Z (in 1 h 10 min)
    = last stale answer 2026-12-01T10:10:00Z
  Recommended: 2026-12-02T10:10:00Z (in 1 d 1 h)
    = safe to delete 2026-12-01T10:10:00Z + max(one day 86400, half the parent
      NS TTL 1800)
"""


@pytest.mark.parametrize(
    ("parents", "said"),
    [
        (
            (Silence.TIMEOUT, Silence.TIMEOUT),
            (
                "No name server of the zone test could be asked: nothing can be said.",
                "Look again. If it stays so, check this machine's way to the DNS: UDP and TCP port 53.",
            ),
        ),
        (
            (Rcode.REFUSED, Silence.TIMEOUT),
            (
                "No name server of the zone test tells who serves the domain: nothing can be said.",
                "Look again. These servers are the registry's: if it stays so, ask the registrar.",
            ),
        ),
    ],
)
def test_parents_that_tell_nothing_are_not_called_unreachable_where_they_answer(
    parents: tuple[Rcode | Silence, ...], said: tuple[str, ...]
) -> None:
    seen = look(*(parent(i, found) for i, found in enumerate(parents, 1)), end=WalkEnd.UNREACHABLE)
    judgement = judged(seen)

    assert (headline(judgement), next_step(judgement)) == said


def test_a_resolver_that_was_not_asked_is_not_called_silent() -> None:
    seen = look(parent(1, OLD), old=(), resolvers=(resolver("One"),))

    (row,) = resolver_rows(judged(seen).resolvers)

    assert row[2] == "not asked"


def test_a_switch_is_told_whole() -> None:
    text = confirm_text(judged(SWITCHED))

    assert text.startswith(SWITCHED_TEXT)
    for words in (
        "Findings: 1 error, 3 warnings",
        "delegation.lame",
        "registrar.name-servers",
        "Two (192.0.2.53): timeout (resolvers.side)",
        "First mend what is wrong: the errors above.",
    ):
        assert words in text


def test_where_nothing_is_wrong_the_time_says_when_the_old_zone_may_be_deleted() -> None:
    assert FAULTLESS_END in confirm_text(judged(look(parent(1, NEW))))


def silent_servers(*silent: str) -> tuple[ServerView, ...]:
    """The usual servers, of which these new ones are silent."""
    views = [server_view(n, Side.NEW, NEW, silence=Silence.TIMEOUT if n in silent else None) for n in NEW]
    return (*views, *usual_servers()[2:])


ONE_IS_SILENT = (
    "1 of 2 addresses of the new name servers gives no answer for the zone: ns2.new.example (203.0.113.2). See to "
    "it that each answers, or take it out of the set."
)
GHOST = resolver("One", Side.OLD, remaining=299, at=after(5000))
WITHOUT_APEX = server_view(OLD[0], Side.OLD, None)
STAGES = {
    "not-delegated": (look(parent(1, Rcode.NXDOMAIN)), 0, "the domain does not resolve", "Check the spelling"),
    "not-delegated, a name inside a zone": (
        look(end=WalkEnd.NO_ZONE_CUT),
        0,
        "The zone test has the name example.test, and delegates it to nobody: it is no zone.",
        "Name the zone itself",
    ),
    "not-started": (
        look(parent(1, OLD), parent(2, Silence.TIMEOUT)),
        0,
        "1 of 2 server addresses of test list the old name servers",
        "Enter the new name servers at the registrar: ns1.new.example, ns2.new.example.",
    ),
    "placeholder": (
        look(parent(1, PARKED)),
        0,
        "list ns1.parking.example, ns2.parking.example: neither",
        "Enter the new name servers",
    ),
    "mixed": (
        look(parent(1, NEW), parent(2, OLD)),
        0,
        "Of 2 server addresses of test, exactly the new set: 1; the old set: 1.",
        "Wait: registries publish within minutes to hours.",
    ),
    "mixed by the registrar": (
        look(parent(1, (NEW[0], "ns2.nwe.example."))),
        0,
        "a part of the new set, or others beside it: 1.",
        "Have the registrar list exactly the new name servers, and no others: ns1.new.example, ns2.new.example.",
    ),
    "switched": (look(parent(1, NEW)), 0, "may give old answers until 2026-12-01T10:10:00Z", "Keep the old zone"),
    "switched, with an old TTL that nobody saw": (
        look(parent(1, NEW), old=(), servers=usual_servers()[:2]),
        0,
        "Resolvers may give old answers at least until 2026-12-01T10:00:00Z.",
        "Keep the old zone as it is at least until 2026-12-01T10:00:00Z, then look again.",
    ),
    "switched, with an old TTL that nobody saw, and a resolver that disproves the end": (
        look(parent(1, NEW), servers=(*usual_servers()[:2], WITHOUT_APEX), resolvers=(GHOST,)),
        5000,
        "Old answers were due to end 2026-12-01T10:00:00Z, as far as is known, and one was seen since.",
        "Keep the old zone as it is, then look again.",
    ),
    "switched, with a resolver that disproves the end": (
        look(parent(1, NEW), resolvers=(GHOST,)),
        5000,
        "Old answers were due to end 2026-12-01T10:10:00Z, and one was seen since.",
        "Keep the old zone as it is, then look again.",
    ),
    "settled": (
        look(parent(1, NEW)),
        5000,
        "The last old answer ended 2026-12-01T10:10:00Z.",
        "before it is deleted; 2026-12-02T10:10:00Z leaves a margin",
    ),
    "settled, with a new server that refuses": (
        replace(SWITCHED, registrar=None),
        5000,
        "The last old answer ended 2026-12-01T10:10:00Z.",
        "Next First mend what is wrong: the errors above. Keep the old zone until then, and look again.",
    ),
    "settled, with new servers of which nobody answers": (
        look(parent(1, NEW), servers=silent_servers(*NEW)),
        5000,
        "The last old answer ended 2026-12-01T10:10:00Z.",
        (
            "Next 2 of 2 addresses of the new name servers give no answer for the zone: ns1.new.example "
            "(203.0.113.1), ns2.new.example (203.0.113.2). See to it that each answers, or take it out of the "
            "set. If they answer elsewhere, check this machine's way to them: UDP and TCP port 53. Keep the old "
            "zone until then, and look again."
        ),
    ),
    "settled, with a new server that is silent beside one that answers": (
        look(parent(1, NEW), servers=silent_servers(NEW[1])),
        5000,
        "no moment is safe for the deletion of the old zone yet: see Next",
        f"Next {ONE_IS_SILENT} Keep the old zone until then, and look again.",
    ),
    "settled, with a new server whose address could not be looked up": (
        look(
            parent(1, NEW),
            hosts=(host(NEW[0], Side.NEW), host(NEW[1], Side.NEW, state=HostState.UNCHECKED, detail="timeout")),
            old=(),
            servers=usual_servers()[:1],
        ),
        5000,
        "ended 2026-12-01T10:00:00Z, as far as is known.",
        "Next First find out what could not be checked: ns2.new.example. Keep the old zone until then",
    ),
    "switched, with a new server that is silent": (
        look(parent(1, NEW), servers=silent_servers(NEW[1])),
        0,
        "may give old answers until 2026-12-01T10:10:00Z",
        f"Next {ONE_IS_SILENT} Keep the old zone as it is until 2026-12-01T10:10:00Z, then look again.",
    ),
    "not-started, with a new server that is silent beside one that refuses": (
        look(
            parent(1, OLD),
            servers=(
                server_view(NEW[0], Side.NEW, NEW, rcode=Rcode.REFUSED),
                *silent_servers(NEW[1])[1:],
            ),
        ),
        0,
        "list the old name servers",
        (
            "Next First see to it that every new name server answers for the zone: ns1.new.example (203.0.113.1), "
            "ns2.new.example (203.0.113.2) do not. Enter nothing at the registrar before; then look again."
        ),
    ),
    "mixed, with a new server that is silent": (
        look(parent(1, NEW), parent(2, OLD), servers=silent_servers(NEW[1])),
        0,
        "exactly the new set: 1; the old set: 1.",
        (
            "Next First see to it that every new name server answers for the zone: ns2.new.example (203.0.113.2) "
            "does not. Wait: registries publish within minutes to hours."
        ),
    ),
    "settled as far as is known": (
        look(parent(1, NEW), old=(), servers=usual_servers()[:2]),
        5000,
        "ended 2026-12-01T10:00:00Z, as far as is known.",
        "look once with --from",
    ),
    "settled as far as is known, of name servers that may have kept their names": (
        look(parent(1, INSIDE, glue=[GLUE]), expected=INSIDE, old=(), servers=()),
        5000,
        "ended 2026-12-01T10:00:00Z, as far as is known.",
        "keep the old zone, from the change of their host records on, for the longest TTL",
    ),
    "unchecked": (
        look(parent(1, NEW), parent(2, Silence.TIMEOUT)),
        0,
        "1 of 2 server addresses of test list exactly the new name servers. The others did not answer",
        "Look again.",
    ),
    "unchecked from the start": (look(end=WalkEnd.UNREACHABLE), 0, "nothing can be said", "port 53"),
}


@pytest.mark.parametrize("name", list(STAGES))
def test_each_stage_is_told_in_plain_words_with_the_next_step(name: str) -> None:
    seen, now_in, headline, step = STAGES[name]

    judgement = judged(seen, now_in)
    text = confirm_text(judgement)

    words = re.sub(r"\s+", " ", text)
    stage = "unchecked" if judgement.stage is None else str(judgement.stage)
    assert words.startswith(f"example.test: {stage} ")
    assert name.startswith(stage)
    assert headline in words
    assert step in words


def test_a_domain_below_a_registered_one_is_switched_in_the_parent_zone() -> None:
    seen = replace(look(parent(1, OLD)), domain=absolute("sub.example.test"))

    assert next_step(judged(seen)) == (
        "Enter the new name servers in the parent zone: ns1.new.example, ns2.new.example. Then look again, or "
        "follow it: --watch."
    )


@pytest.mark.parametrize(("now_in", "distance"), [(0, "in 1 h"), (3600, "0 s ago"), (3660, "1 min ago")])
def test_an_end_that_is_not_wholly_known_is_no_instant(now_in: int, distance: str) -> None:
    judgement = judged(look(parent(1, NEW), old=(), servers=usual_servers()[:2]), now_in)

    text, markdown, view = confirm_text(judgement), confirm_markdown(judgement), watch_view(judgement, [])

    end = "Last stale answer: not before 2026-12-01T10:00:00Z"
    assert f"\n  {end} ({distance})\n    = all parents switched" in text
    assert f"\n  {end} ({distance})\n" in view
    assert (
        f"- {end} = all parents switched 2026-12-01T09:00:00Z + parent NS TTL 3600 + old apex NS TTL unknown\n"
    ) in markdown


MISSPELT = ("ns1.new.example.", "ns2.nwe.example.")
FIRST_CORRECT = (
    "First correct the expected name servers, in --expect or in the zone of --to: ns2.nwe.example {}. "
    "Enter nothing at the registrar before; then look again."
)


@pytest.mark.parametrize(
    ("listed", "state", "lacks"),
    [
        (OLD, HostState.NO_SUCH_NAME, "does not exist"),
        (PARKED, HostState.NO_SUCH_NAME, "does not exist"),
        (NEW, HostState.NO_SUCH_NAME, "does not exist"),
        (OLD, HostState.NO_ADDRESS, "has no address"),
        (OLD, HostState.LITERAL, "is an IP address"),
        (OLD, HostState.CNAME, "is a CNAME"),
    ],
)
def test_an_expected_name_server_that_is_none_is_corrected_and_never_entered_at_the_registrar(
    listed: tuple[str, ...], state: HostState, lacks: str
) -> None:
    hosts = (host(MISSPELT[0], Side.NEW), host(MISSPELT[1], Side.NEW, state=state))

    judgement = judged(look(parent(1, listed), expected=MISSPELT, hosts=hosts))

    assert next_step(judgement) == FIRST_CORRECT.format(lacks)


def test_every_expected_name_server_that_is_none_is_named() -> None:
    hosts = (
        host(MISSPELT[0], Side.NEW, state=HostState.NO_ADDRESS),
        host(MISSPELT[1], Side.NEW, state=HostState.NO_SUCH_NAME),
        host(OLD[0], Side.OLD, state=HostState.NO_SUCH_NAME),
    )

    assert "--to: ns1.new.example has no address, ns2.nwe.example does not exist. Enter" in next_step(
        judged(look(parent(1, OLD), expected=MISSPELT, hosts=hosts))
    )


UNFOUND = (host(NEW[0], Side.NEW), host(NEW[1], Side.NEW, state=HostState.UNCHECKED, detail="timeout"))
INSIDE_UNFOUND = (host(INSIDE[0], Side.NEW, state=HostState.UNCHECKED), host(INSIDE[1], Side.NEW))
UNSIGNED = answer(question(server_view(NEW[0], Side.NEW, NEW).server, DOMAIN, "DNSKEY"))
DS = "12345 13 2 " + "AB" * 32


def with_keys(keys: Observation) -> tuple[ServerView, ...]:
    """The usual servers, of which the first new one says this of its keys."""
    return (server_view(NEW[0], Side.NEW, NEW, dnskey=keys), *usual_servers()[1:])


@pytest.mark.parametrize(
    ("seen", "first"),
    [
        (
            look(parent(1, OLD), hosts=UNFOUND),
            "First find out the addresses of ns2.new.example: they could not be looked up.",
        ),
        (
            look(parent(1, PARKED), expected=INSIDE, hosts=INSIDE_UNFOUND),
            (
                "First look with --to, whose zone has the addresses of ns1.example.test: the parent has none yet, "
                "and nobody could be asked."
            ),
        ),
        (
            look(parent(1, OLD), servers=(server_view(NEW[0], Side.NEW, OLD), *usual_servers()[1:])),
            (
                "First correct the NS records at the apex of the new zone: at ns1.new.example (203.0.113.1) "
                "they lead elsewhere."
            ),
        ),
        (
            look(parent(1, OLD, ds=[DS]), servers=with_keys(UNSIGNED)),
            (
                "First make DNSSEC safe: the DS at the parent fits no key of ns1.new.example (203.0.113.1), and "
                "validating resolvers would answer SERVFAIL. Remove the DS at the registrar and wait until it has "
                "left the caches, or have the new provider sign with keys that it fits."
            ),
        ),
        (
            look(parent(1, OLD, ds=[DS]), servers=with_keys(silent(UNSIGNED.question))),
            (
                "First find out whether the DS at the parent fits the keys of ns1.new.example (203.0.113.1): "
                "nobody could tell."
            ),
        ),
        (
            look(parent(1, OLD, ds=Silence.TIMEOUT)),
            "First find out whether there is a DS: not every server of the parent that was asked says it.",
        ),
    ],
    ids=["no address", "inside the domain", "apex of the old zone", "DS left", "keys not seen", "DS not seen"],
)
def test_nothing_is_entered_at_the_registrar_that_would_lead_resolvers_astray(seen: Look, first: str) -> None:
    assert next_step(judged(seen)) == f"{first} Enter nothing at the registrar before; then look again."


@pytest.mark.parametrize("others", [(), (parent(2, NEW),)])
def test_servers_of_the_parent_that_have_the_old_zone_themselves_are_no_matter_of_the_registrar(
    others: tuple[ParentView, ...],
) -> None:
    referring = parent(1, OLD)
    asked = question(referring.server, DOMAIN, "NS")
    shared = replace(referring, ns=answer(asked, rrset(DOMAIN, "NS", 3600, *OLD)))

    assert next_step(judged(look(shared, *others))) == (
        "The servers of the parent have the zone example.test themselves and answer from it, whatever the parent "
        "zone delegates: delegate example.test to ns1.new.example, ns2.new.example in the parent zone, then "
        "remove the old zone from these servers, or let its own NS records list the new set. Then look again."
    )


@pytest.mark.parametrize("name", list(STAGES))
def test_every_line_fits_80_columns(name: str) -> None:
    seen, now_in, _, _ = STAGES[name]
    judgement = judged(seen, now_in)

    for text in (
        confirm_text(judgement, verbose=True),
        watch_view(judgement, changes(judged(SWITCHED), judgement)),
    ):
        assert [line for line in text.splitlines() if len(line) > 80] == []


def test_names_cannot_drive_the_terminal_or_the_markdown() -> None:
    odd = (r"ns1.\027[31mred.example.", r"a|b`c.example.")
    seen = look(parent(1, odd), expected=odd, hosts=(), servers=(server_view(odd[0], Side.NEW, odd),))

    judgement = judged(seen)

    for text in (confirm_text(judgement), confirm_markdown(judgement), *first_lines(judgement)):
        assert "\x1b" not in text
    assert "a|b" not in confirm_markdown(judgement)


def test_colours_are_of_the_stage() -> None:
    assert confirm_text(judged(SWITCHED), COLOUR).startswith(f"{COLOUR.good}example.test: switched{COLOUR.reset}")
    assert confirm_text(judged(look(parent(1, OLD))), COLOUR).startswith(COLOUR.warning)


def test_markdown_has_the_same_sections() -> None:
    markdown = confirm_markdown(judged(SWITCHED))

    headings = [line for line in markdown.splitlines() if line.startswith("#")]
    assert headings == [
        "# example.test: switched",
        "## Parent",
        "## Name servers",
        "## Resolvers",
        "## Registry (RDAP)",
        "## When old answers end",
        "## Findings",
        "## Not checked",
        "## Next",
    ]
    assert "| ns2.new.example | 203.0.113.2 | new | REFUSED | - | - | - |" in markdown


def test_junit_fails_the_stage_and_the_findings_that_count() -> None:
    def outcomes(seen: Look) -> dict[str, list[str]]:
        text = confirm_junit(judged(seen), lambda severity: severity.at_least(Severity.ERROR))
        cases = ET.fromstring(text).iter("testcase")
        return {f"{case.get('classname')} {case.get('name')}": [part.tag for part in case] for case in cases}

    switched = outcomes(SWITCHED)
    stage = "example.test.stage the parent lists the new name servers"
    assert switched[stage] == ["system-out"]
    assert switched["example.test.delegation.lame ns2.new.example (203.0.113.2)"] == ["failure"]
    assert switched["example.test.delegation.old-apex-ns ns1.old.example (198.51.100.1)"] == ["system-out"]
    assert switched["example.test.resolvers.side Two (192.0.2.53)"] == ["skipped"]
    assert outcomes(look(parent(1, OLD)))[stage] == ["failure"]
    silent = outcomes(look(parent(1, NEW), parent(2, Silence.TIMEOUT)))
    assert silent[stage] == ["error"]
    assert silent["example.test.delegation.parent b.nic.test (192.0.2.2)"] == ["error"]


def test_what_changes_is_a_line_each_and_the_stage_the_last() -> None:
    before = judged(look(parent(1, OLD), parent(2, OLD), resolvers=(resolver("One", Side.OLD),)))
    now = judged(
        look(
            parent(1, NEW, at=after(30)),
            parent(2, NEW, at=after(30)),
            servers=(*usual_servers(NEW)[:1], server_view(NEW[1], Side.NEW, NEW, rcode=Rcode.REFUSED)),
            resolvers=(resolver("One", Side.NEW),),
        ),
        30,
    )

    lines = changes(before, now)

    at = "2026-12-01T09:00:30Z"
    assert lines[:2] == [
        f"{at} parent a.nic.test (192.0.2.1): old -> new",
        f"{at} parent b.nic.test (192.0.2.2): old -> new",
    ]
    assert lines[-2].startswith(f"{at} found: error delegation.lame ns2.new.example (203.0.113.2): ")
    assert lines[-1].startswith(f"{at} example.test: switched: Every name server of test")
    assert changes(now, now) == []
    assert changes(now, replace(now, findings=()))[-1].startswith(f"{at} gone: error delegation.lame")
    assert first_lines(before) == [stage_line(before)]


def test_a_new_server_that_falls_silent_is_a_line_and_another_when_it_answers_again() -> None:
    answering, falling = (judged(look(parent(1, NEW), servers=silent_servers(*names))) for names in ((), NEW[1:]))

    said = "unchecked delegation.lame ns2.new.example (203.0.113.2): no answer for the SOA of the zone: timeout"
    assert changes(answering, falling) == [f"2026-12-01T09:00:00Z found: {said}"]
    assert changes(answering, falling, answering) == [f"2026-12-01T09:00:00Z gone: {said}"]
    assert first_lines(falling)[-1] == f"2026-12-01T09:00:00Z found: {said}"
    assert "\n  Not checked: ns2.new.example (203.0.113.2)\n" in watch_view(falling, [])


def test_a_change_behind_a_look_that_saw_nothing_is_a_line_all_the_same() -> None:
    before = judged(look(parent(1, OLD), parent(2, NEW), resolvers=(resolver("One", Side.OLD),)))
    nothing = judged(look(end=WalkEnd.UNREACHABLE), 30)
    now = judged(look(parent(1, NEW), parent(2, OLD), resolvers=(resolver("One", Side.NEW),)), 60)

    lines = changes(before, nothing, now)

    at = "2026-12-01T09:01:00Z"
    assert lines[:3] == [
        f"{at} parent a.nic.test (192.0.2.1): old -> new",
        f"{at} parent b.nic.test (192.0.2.2): new -> old",
        f"{at} resolver One: old -> new",
    ]
    assert changes(before, nothing)[-1] == stage_line(nothing)


def test_one_interim_set_after_another_is_a_line() -> None:
    before = judged(look(parent(1, PARKED)))
    now = judged(look(parent(1, ("ns1.elsewhere.example.", "ns2.elsewhere.example."))), 30)

    assert changes(before, now)[0] == (
        "2026-12-01T09:00:30Z parent a.nic.test (192.0.2.1): other (ns1.parking.example, ns2.parking.example) -> "
        "other (ns1.elsewhere.example, ns2.elsewhere.example)"
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (3600, "1 h"),
        (3661, "1 h 1 min"),
        (172_800, "2 d"),
        (90_061, "1 d 1 h"),
        (-5, "0 s"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: int, text: str) -> None:
    assert duration(timedelta(seconds=seconds)) == text


def test_a_moment_is_ahead_or_ago() -> None:
    assert distance_to(after(90), NOW) == "in 1 min 30 s"
    assert distance_to(NOW, after(90)) == "1 min 30 s ago"
    assert DOMAIN.to_text() == "example.test."
