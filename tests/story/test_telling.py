"""What a report says of a move: the verdict, the stages, what is open, what comes next."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dns.name import Name

from migrator.codec.checklist import dumps as checklist_json
from migrator.codec.confirm import dumps as confirm_json
from migrator.codec.story import document, dumps
from migrator.journey.events import Event, Kind
from migrator.journey.stages import STAGES, Stage
from migrator.report.story.markdown import account_markdown
from migrator.report.story.sections import sections
from migrator.state.migrations import Migrations
from migrator.state.reading import given_of, read_account
from migrator.state.store import Store, open_store
from migrator.story.account import Account, Deletion, Lowered, Next, OpenKind, Progress, Standing, Trouble, Verdict
from migrator.story.given import Paper
from migrator.story.papers import papers_of
from migrator.story.telling import account_of
from tests.checks.checklists import EVERY, checklist
from tests.report.test_confirm import SWITCHED, judged
from tests.story.moves import ASKING, COMPLETE, FAILED, WAITING, begun, done, ends, fill, keep, written
from tests.story.papers import NEW, checklist_paper, confirm_paper, diff_paper, import_paper

NOW = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
# A domain whose commands are run by hand.
HAND = WAITING


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("moves") / "state.db")) as found:
        fill(found, NOW)
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "state.db")) as found:
        yield found


def told(store: Store, domain: Name, at: datetime = NOW) -> Account:
    return read_account(store, domain, at)


def test_a_move_that_waits_says_for_what_and_until_when(filled: Store) -> None:
    account = told(filled, WAITING)

    assert account.verdict == Verdict(
        Standing.UNDER_WAY,
        "Under way at stage 7 of 13, expire (wait until caches have let go): waiting since 2026-12-03T10:00:00Z.",
        Deletion.NOT_KNOWN,
        "Keep the old zone: no look has seen the switch.",
    )
    assert [line.progress for line in account.stages] == [
        *[Progress.PASSED] * 6,
        Progress.CURRENT,
        *[Progress.AHEAD] * 6,
    ]
    assert account.next is not None
    assert account.next.at == NOW + timedelta(hours=20, minutes=5)
    assert [(each.kind, each.subject) for each in account.open] == [
        (OpenKind.WAITING, "Wait until caches have let go"),
        (OpenKind.NOTED, "example.org. NS"),
    ]
    assert account.lowered == (
        Lowered(
            "route53:example.org",
            NOW - timedelta(hours=4),
            3,
            3,
            86_400,
            300,
            NOW + timedelta(hours=20),
        ),
    )
    assert [(event.kind, event.by, event.because) for event in account.decisions] == [
        (Kind.BEGUN, "anna", ""),
        (Kind.APPROVED, "anna", "The second address is switched off in January."),
    ]


def test_a_move_that_asks_has_the_command_to_type(filled: Store) -> None:
    account = told(filled, ASKING)

    assert [each.kind for each in account.open] == [OpenKind.ASKED]
    assert account.open[0].commands == ("dns-migrator approve example.net --accept weights-merged --because TEXT",)
    assert (account.next and account.next.text, account.next and account.next.at) == ("A person decides.", None)
    assert [(lost.what, lost.accepted) for lost in account.papers.imports[-1].losses] == [
        ("weights-merged", False)
    ]


def test_what_is_due_and_not_done_waits_for_a_worker(filled: Store) -> None:
    account = told(filled, FAILED, NOW + timedelta(hours=1))

    assert account.next is not None
    assert account.next.text == "The next try: it is due, and waits for a run or a worker"


def test_a_move_that_failed_has_what_failed_first(filled: Store) -> None:
    account = told(filled, FAILED)

    assert [(each.kind, each.message[:39]) for each in account.open] == [
        (OpenKind.FAILING, "1 of 33 RRsets is not answered by the n"),
        (OpenKind.FAILING, "missing: Mail signed by selector mail20"),
    ]
    assert account.papers.comparison is not None
    assert [(mail.domain, mail.verdict) for mail in account.papers.comparison.mail] == [
        ("shop.example.com.", "lost")
    ]


def test_a_move_that_is_complete_says_that_the_old_zone_may_go(filled: Store) -> None:
    account = told(filled, COMPLETE)

    assert (account.verdict.standing, account.verdict.deletion) == (Standing.MOVED, Deletion.SAFE)
    assert account.verdict.sentence.startswith("Moved: all stages are done since ")
    assert {line.progress for line in account.stages} == {Progress.PASSED}
    assert document(account)["registry"] == {
        "at": "2026-11-29T02:00:00Z",
        "source": "https://rdap.example/domain/example.com",
        "registrar": "Example Registrar",
        "name_servers": list(NEW),
        "status": ["client transfer prohibited"],
        "expires": "2029-05-01T00:00:00Z",
    }
    assert (account.open, account.next) == ((), None)
    assert [each.phase for each in account.papers.checklists] == ["prepare", "ready", "settle", "close"]


def test_the_json_has_the_whole(filled: Store) -> None:
    found = document(told(filled, WAITING))

    assert {key: found[key] for key in ("schema", "domain", "at", "old", "new", "fleet", "verdict")} == {
        "schema": "dns-migrator/report/1",
        "domain": "example.org.",
        "at": "2026-12-03T10:00:00Z",
        "old": "route53:example.org",
        "new": "cloudflare:example.org",
        "fleet": "spring",
        "verdict": "under-way",
    }
    assert found["next"] == {"text": "The next look at what is waited for", "at": "2026-12-04T06:05:00Z"}
    assert found["comparison"] == {
        "at": "2026-11-29T17:00:00Z",
        "old": "route53:example.org",
        "new": "cloudflare:example.org",
        "verdict": "same",
        "counts": {"missing": 0, "extra": 0, "changed": 0, "expected": 2, "same": 30},
        "differences": [],
        "mail": [
            {
                "domain": "example.org.",
                "verdict": "same",
                "services": ["Google Workspace"],
                "reasons": [],
                "unchecked": [],
            }
        ],
    }


def test_a_later_look_that_shows_the_old_name_servers_is_believed(filled: Store) -> None:
    given = given_of(filled, COMPLETE, NOW)
    later = Paper(99, NOW, "0.1.0", "dns-migrator/confirm/1", confirm_paper(COMPLETE, NOW, "mixed"))

    verdict = account_of(replace(given, papers=(*given.papers, later))).verdict

    assert (verdict.standing, verdict.deletion) == (Standing.UNDER_WAY, Deletion.NOT_KNOWN)
    assert "a look on 2026-12-03T10:00:00Z shows otherwise" in verdict.sentence


@pytest.mark.parametrize(
    ("stage", "hours", "standing", "deletion", "said"),
    [
        (
            "not-started",
            None,
            Standing.UNDER_WAY,
            Deletion.NOT_KNOWN,
            "the parent lists the old name servers",
        ),
        ("mixed", None, Standing.UNDER_WAY, Deletion.NOT_KNOWN, "do not all list exactly the new name servers"),
        ("switched", 2, Standing.UNDER_WAY, Deletion.NOT_BEFORE, "until 2026-12-05T08:05:00Z at least"),
        ("settled", 72, Standing.MOVED, Deletion.TO_CHECK, "the checklist of phase close was not run"),
    ],
)
def test_by_hand_the_last_look_at_the_parent_says_where_the_move_stands(
    store: Store, stage: str, hours: int | None, standing: Standing, deletion: Deletion, said: str
) -> None:
    switched = None if hours is None else NOW - timedelta(hours=hours)
    keep(store, HAND, NOW - timedelta(days=4), import_paper(HAND, applied=True))
    keep(store, HAND, NOW, confirm_paper(HAND, NOW, stage, switched))

    verdict = told(store, HAND).verdict

    assert (verdict.standing, verdict.deletion) == (standing, deletion)
    assert said in verdict.deletion_sentence


def test_old_answers_may_last_longer_where_a_ttl_is_not_known(store: Store) -> None:
    paper = json.loads(confirm_paper(HAND, NOW, "switched", NOW))
    missing = "old apex NS TTL: the old name servers are not known; --from names them"
    paper["timing"]["unknown"] = [missing]
    paper["safe_to_delete_old_zone"] = None
    keep(store, HAND, NOW, json.dumps(paper))

    account = told(store, HAND)

    formula = "all parents switched 2026-12-03T10:00:00Z + parent NS TTL 172800 + old NS TTL 300"
    (section,) = [each for each in sections(account) if each.id == "switch"]
    assert (
        section.says[3] == f"Last stale answer: not before 2026-12-05T10:05:00Z = {formula}. Not known: {missing}."
    )
    assert account.next == Next(
        "The last stale answer is gone at the earliest", datetime(2026, 12, 5, 10, 5, tzinfo=UTC)
    )
    assert json.loads(dumps(account))["switch"]["unknown"] == [missing]


def silent_paper(at: datetime, *silent: str) -> str:
    """A look at a settled switch at which new name servers gave no answer."""
    paper = json.loads(confirm_paper(HAND, at, "settled", at - timedelta(hours=72)))
    reason = "no answer for the SOA of the zone: timeout"
    unanswered = [{"check": "delegation.lame", "subject": name, "reason": reason} for name in silent]
    return json.dumps(
        {**paper, "safe_to_delete_old_zone": None, "unchecked": unanswered, "against_deletion": unanswered}
    )


@pytest.mark.parametrize(("silent", "others"), [(("ns1.new",), ""), (("ns1.new", "ns2.new"), "; and 1 more")])
def test_a_new_server_that_did_not_answer_contradicts_an_earlier_go(
    store: Store, silent: tuple[str, ...], others: str
) -> None:
    keep(store, HAND, NOW, checklist_paper(HAND, "close", "go", NOW))
    later = NOW + timedelta(hours=1)
    keep(store, HAND, later, silent_paper(later, *silent))

    verdict = told(store, HAND, later).verdict

    said = f"ns1.new: no answer for the SOA of the zone: timeout{others} (seen 2026-12-03T11:00:00Z)."
    assert (verdict.standing, verdict.deletion) == (Standing.UNDER_WAY, Deletion.NOT_KNOWN)
    assert verdict.sentence.endswith(f"new name servers, the last old answer is gone, but {said}")
    assert verdict.deletion_sentence == f"Keep the old zone: {said}"


def test_a_later_go_makes_up_for_a_new_server_that_did_not_answer(store: Store) -> None:
    keep(store, HAND, NOW, silent_paper(NOW, "ns1.new"))
    later = NOW + timedelta(hours=1)
    keep(store, HAND, later, checklist_paper(HAND, "close", "go", later))

    assert told(store, HAND, later).verdict.deletion is Deletion.SAFE


def test_a_go_that_a_person_helped_says_without_what(store: Store) -> None:
    skipped = {"delegation.parent": "error", "ns.case": "warning", "dnssec.chain": "error"}
    keep(store, HAND, NOW, checklist_paper(HAND, "close", "go", NOW, skipped=skipped))

    verdict = told(store, HAND).verdict

    assert (verdict.deletion, verdict.deletion_at) == (Deletion.SAFE, NOW)
    assert verdict.deletion_sentence == (
        "The old zone may be deleted: the checklist of phase close said go on 2026-12-03T10:00:00Z, without "
        "delegation.parent, dnssec.chain, which a person left out."
    )


def test_a_go_by_a_clock_that_was_ahead_is_not_believed(store: Store) -> None:
    ahead = NOW + timedelta(days=1)
    keep(store, HAND, ahead, checklist_paper(HAND, "close", "go", ahead))
    to_come = told(store, HAND, NOW).verdict
    alone = told(store, HAND, ahead).verdict
    keep(store, HAND, NOW, confirm_paper(HAND, NOW, "settled", NOW - timedelta(hours=72)))
    later = told(store, HAND, ahead).verdict
    keep(store, HAND, ahead, checklist_paper(HAND, "close", "go", ahead))
    again = told(store, HAND, ahead).verdict

    said = (
        "Keep the old zone: the checklist of phase close said go on 2026-12-04T10:00:00Z, which is to come, or "
        "later than what was seen after it: a clock is or was wrong."
    )
    assert [(each.deletion, each.deletion_sentence) for each in (to_come, later)] == [
        (Deletion.NOT_KNOWN, said)
    ] * 2
    assert [each.deletion for each in (alone, again)] == [Deletion.SAFE] * 2


def test_a_checklist_of_phase_close_that_says_no_keeps_the_old_zone(store: Store) -> None:
    keep(store, HAND, NOW, confirm_paper(HAND, NOW, "settled", NOW - timedelta(hours=72)))
    keep(
        store, HAND, NOW, checklist_paper(HAND, "close", "no-go", NOW, [("fail", "ns1", "Still referred to.", "")])
    )

    account = told(store, HAND)

    assert account.verdict.deletion is Deletion.TO_CHECK
    assert "phase close said no-go on 2026-12-03T10:00:00Z" in account.verdict.deletion_sentence
    assert [(each.kind, each.message) for each in account.open] == [(OpenKind.FAILING, "Still referred to.")]


def test_what_was_seen_of_an_earlier_move_is_not_said_of_the_next(store: Store) -> None:
    fill(store, NOW)
    earlier = told(store, COMPLETE)

    begun(store, COMPLETE, NOW + timedelta(days=1))
    later = told(store, COMPLETE, NOW + timedelta(days=2))

    assert (earlier.verdict.standing, earlier.verdict.deletion) == (Standing.MOVED, Deletion.SAFE)
    assert (later.verdict.standing, later.verdict.deletion) == (Standing.UNDER_WAY, Deletion.NOT_KNOWN)
    assert (later.papers.checklists, later.papers.switch, later.imported) == ((), None, None)
    assert [backup.folder for backup in later.backups] == [backup.folder for backup in earlier.backups]


def test_by_hand_an_import_back_begins_another_move(store: Store) -> None:
    name = "example.org"
    keep(store, HAND, NOW, confirm_paper(HAND, NOW, "settled", NOW - timedelta(hours=72)))
    keep(store, HAND, NOW, checklist_paper(HAND, "close", "go", NOW))
    written(store, HAND, NOW - timedelta(days=5), f"cloudflare:{name}")
    before = told(store, HAND).verdict

    written(store, HAND, NOW + timedelta(days=30), f"route53:{name}")
    after = told(store, HAND, NOW + timedelta(days=31)).verdict

    assert (before.standing, before.deletion) == (Standing.MOVED, Deletion.SAFE)
    assert (after.standing, after.deletion) == (Standing.UNDER_WAY, Deletion.NOT_KNOWN)
    assert after.sentence == "Under way: the new zone is at route53:example.org, and no switch was seen."


def test_differences_from_before_the_last_import_are_not_open(store: Store) -> None:
    keep(store, HAND, NOW - timedelta(hours=2), diff_paper(HAND, same=False))
    keep(store, HAND, NOW - timedelta(hours=1), import_paper(HAND, applied=True))

    assert told(store, HAND).open == ()


def test_lowered_ttls_are_open_once_the_move_is_over(filled: Store) -> None:
    given = given_of(filled, WAITING, NOW)
    settled = confirm_paper(WAITING, NOW, "settled", NOW - timedelta(hours=72))
    later = Paper(99, NOW, "0.1.0", "dns-migrator/confirm/1", settled)

    account = account_of(replace(given, papers=(*given.papers, later)))

    assert [(each.subject, each.message, each.commands) for each in account.open[-1:]] == [
        (
            "route53:example.org",
            "3 RRsets still have their lowered TTLs.",
            ("dns-migrator ttl restore example.org",),
        )
    ]


def test_an_aborted_move_says_so(store: Store) -> None:
    migration = begun(store, HAND, NOW - timedelta(days=1))
    said = Event(Kind.ABORTED, Stage.BACKUP, NOW, because="another plan", by="anna")
    Migrations(store).said(migration, said)

    account = told(store, HAND)

    assert account.verdict.standing is Standing.ABORTED
    assert account.verdict.sentence == "Aborted at the stage backup on 2026-12-03T10:00:00Z."
    assert account.next is None


def test_a_paused_move_waits_for_a_person(store: Store) -> None:
    migration = begun(store, HAND, NOW - timedelta(days=1))
    Migrations(store).said(migration, Event(Kind.PAUSED, Stage.BACKUP, NOW, by="anna"))

    account = told(store, HAND)

    assert account.next is not None
    assert account.next.text == "It goes on when a person resumes it."
    assert [each.kind for each in account.open] == [OpenKind.ASKED]


def test_attempts_that_end_in_the_same_words_are_told_once(store: Store) -> None:
    migration = begun(store, HAND, NOW - timedelta(days=1))
    waits = [
        Event(Kind.WAITS, Stage.PREPARE, NOW + timedelta(minutes=5 * number), "the registry does not answer")
        for number in range(30)
    ]
    ends(store, migration, *done(STAGES[:1], NOW - timedelta(hours=1), timedelta()), *waits)

    account = told(store, HAND)

    assert [(event.kind, event.at, event.times) for event in account.events] == [
        (Kind.BEGUN, NOW - timedelta(days=1), 1),
        (Kind.DONE, NOW - timedelta(hours=1), 1),
        (Kind.WAITS, waits[0].at, 30),
    ]
    assert "| the registry does not answer<br>30 times, last 2026-12-03T12:25:00Z |" in account_markdown(account)
    assert account.open[0].source == "run, 2026-12-03T12:25:00Z"


def test_a_document_of_a_newer_version_is_named_and_not_passed_over() -> None:
    newer = Paper(7, NOW, "9.0", "dns-migrator/checklist/2", '{"schema": "dns-migrator/checklist/2"}')
    damaged = Paper(8, NOW, "0.1.0", "dns-migrator/diff/1", '{"schema": "dns-migrator/diff/1"}')

    found = papers_of([newer, damaged])
    rest = "and this version reads dns-migrator/checklist/1: use the dns-migrator that wrote it, or a newer one."

    assert found.unread == (
        "dns-migrator/diff/1: document 8: old is missing.",
        f"dns-migrator/checklist/2: document 7: written in 'dns-migrator/checklist/2', {rest}",
    )


def test_the_documents_of_the_commands_are_read() -> None:
    papers = [
        Paper(1, NOW, "0.1.0", "dns-migrator/checklist/1", checklist_json(checklist(*EVERY))),
        Paper(2, NOW, "0.1.0", "dns-migrator/confirm/1", confirm_json(judged(SWITCHED))),
    ]

    found = papers_of(papers)

    (checked,) = found.checklists
    assert found.unread == ()
    assert (checked.phase, checked.verdict) == ("ready", "no-go")
    assert Trouble("warn", "example.test. MX", "Its TTL is 5.") in checked.troubles
    assert found.switch is not None
    assert (found.switch.stage, found.switch.is_done, len(found.switch.parent)) == ("switched", True, 2)


@pytest.mark.parametrize("stage", ["mixed", "placeholder", "not-started"])
@pytest.mark.parametrize(
    ("hours", "standing", "deletion"),
    [(1, Standing.MOVED, Deletion.SAFE), (-1, Standing.UNDER_WAY, Deletion.NOT_KNOWN)],
)
def test_a_look_before_the_go_for_the_deletion_does_not_contradict_it_and_one_after_it_does(
    store: Store, stage: str, hours: int, standing: Standing, deletion: Deletion
) -> None:
    keep(store, HAND, NOW - timedelta(days=4), import_paper(HAND, applied=True))
    keep(store, HAND, NOW, confirm_paper(HAND, NOW, stage))
    closed = NOW + timedelta(hours=hours)
    keep(store, HAND, closed, checklist_paper(HAND, "close", "go", closed))

    verdict = told(store, HAND, NOW + timedelta(hours=2)).verdict

    assert (verdict.standing, verdict.deletion) == (standing, deletion)
