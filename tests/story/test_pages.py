"""The report as Markdown and as a page: whole, and with nothing in it that the database could have smuggled in."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from migrator.journey.events import Event, Kind
from migrator.journey.stages import Stage
from migrator.report.story.html import account_html
from migrator.report.story.markdown import account_markdown
from migrator.state.reading import read_account
from migrator.state.store import open_store
from migrator.story.account import Account
from tests.story.moves import ASKING, COMPLETE, FAILED, WAITING, begun, ends, fill, keep
from tests.story.papers import checklist_paper, import_paper

NOW = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
EVIL = '<script>alert(1)</script>"&\x1b[31m|`*'
VOID = {"meta", "br"}


class Balance(HTMLParser):
    """Notes tags that are not closed in their order, and every tag that there is."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def looked_at(page: str) -> Balance:
    balance = Balance()
    balance.feed(page)
    return balance


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Account]:
    with open_store(str(tmp_path_factory.mktemp("moves") / "state.db")) as store:
        fill(store, NOW)
        return {str(name): read_account(store, name, NOW) for name in (WAITING, ASKING, FAILED, COMPLETE)}


@pytest.mark.parametrize("name", [str(each) for each in (WAITING, ASKING, FAILED, COMPLETE)])
def test_a_page_is_well_formed_and_loads_nothing(accounts: dict[str, Account], name: str) -> None:
    page = account_html(accounts[name])
    found = looked_at(page)

    assert (found.open, found.wrong) == ([], [])
    assert found.tags & {"script", "link", "img", "iframe", "object", "form"} == set()
    assert found.attributes & {"src", "style", "onclick", "onload"} == set()
    assert re.findall(r"url\(|@import|https?://", page) == []


def test_every_link_within_the_page_leads_somewhere(accounts: dict[str, Account]) -> None:
    page = account_html(accounts[str(WAITING)])

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    assert '<svg class="timeline"' in page


def test_what_the_database_says_is_text_and_never_markup(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "state.db")) as store:
        migration = begun(store, WAITING, NOW, fleet=EVIL)
        ends(store, migration, Event(Kind.FAILED, Stage.BACKUP, NOW, EVIL, commands=(EVIL,), by=EVIL))
        keep(store, WAITING, NOW, import_paper(WAITING, applied=False).replace("weights-merged", "<b>|x"))
        keep(store, WAITING, NOW, checklist_paper(WAITING, "ready", "no-go", NOW, [("fail", EVIL, EVIL, EVIL)]))
        account = read_account(store, WAITING, NOW)

    page, text = account_html(account), account_markdown(account)

    assert "<script" not in page
    assert "<b>" not in page
    assert "\x1b" not in page + text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert re.search(r"(?<!\\)<script", re.sub(r"``.+?``", "", text)) is None
    assert looked_at(page).wrong == []


def test_markdown_has_each_section_and_table(accounts: dict[str, Account]) -> None:
    text = account_markdown(accounts[str(COMPLETE)])

    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "What is open",
        "How far it has come",
        "What was compared and checked",
        "Mail",
        "Losses and decisions",
        "The switch",
        "Evidence",
        "What was written",
        "Backups",
        "What happened",
    ]
    assert (
        "Example Registrar; anna.ns.newhost.example, bert.ns.newhost.example; client transfer prohibited;" in text
    )
    assert "| close | go | 2026-11-29T18:00:00Z | - | 41 passed, 12 checks not needed |" in text
    assert (
        "| a.nic.example<br>192.0.2.1 | new | anna.ns.newhost.example, bert.ns.newhost.example | 172800 s | 0 |"
        in text
    )
