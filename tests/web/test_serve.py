"""`dns-migrator serve` over real HTTP on loopback: who may look, what is shown, that nothing can be changed."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from migrator.journey.events import Event, Kind
from migrator.journey.stages import Stage
from migrator.model.names import absolute
from migrator.network.loopback import is_loopback
from migrator.state.store import open_store
from migrator.web.access import access_to, host_of
from tests.installed import COMMAND, PATIENCE, run
from tests.story.moves import begun, ends, fill

TOKEN = "correct-horse-battery-staple"
EVIL = '<script>alert("x")</script>'


@dataclass(frozen=True)
class Served:
    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers, timeout=PATIENCE, trust_env=False)

    def json(self, path: str) -> Any:
        return self.get(path).json()


@contextmanager
def serving(database: Path, *options: str, token: str = "") -> Iterator[Served]:
    """Start the command on a free port, and end it as Ctrl-C does."""
    command = [str(COMMAND), "serve", "--port", "0", "--database", str(database), *options]
    environment = {**os.environ, "BOARD_TOKEN": token}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        found = re.search(r"Serving on http://[^:]+:(\d+)/", said)
        assert found, said + process.stderr.read()
        try:
            yield Served(int(found[1]), process)
        finally:
            process.terminate()
            rest = process.stderr.read()
            process.wait(PATIENCE)
    assert "Traceback" not in rest
    assert TOKEN not in said + rest


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "state.db"
    with open_store(str(path)) as store:
        fill(store, datetime.now(UTC))
        migration = begun(store, absolute("0/25.2.0.192.in-addr.arpa"), datetime.now(UTC), fleet=EVIL)
        ends(store, migration, Event(Kind.FAILED, Stage.BACKUP, datetime.now(UTC), EVIL))
    return path


@pytest.fixture(scope="module")
def served(database: Path) -> Iterator[Served]:
    with serving(database) as found:
        yield found


@pytest.fixture(scope="module")
def locked(database: Path) -> Iterator[Served]:
    with serving(database, "--token-env", "BOARD_TOKEN", token=TOKEN) as found:
        yield found


def test_the_board_has_every_move_and_links_to_its_page(served: Served) -> None:
    page = served.get("/").text

    links = re.findall(r'href="(/domains/[^"]+)"', page)
    assert sorted(links) == [
        "/domains/0%2F25.2.0.192.in-addr.arpa",
        "/domains/example.com",
        "/domains/example.net",
        "/domains/example.org",
        "/domains/shop.example.com",
    ]
    assert {served.get(link).status_code for link in links} == {200}


def test_a_domain_has_the_parts_of_its_report(served: Served) -> None:
    page = served.get("/domains/example.org").text

    assert "example.org: report on the move" in page
    assert '<svg class="timeline"' in page
    assert "The second address is switched off in January." in page


def test_the_board_is_filtered_by_the_query(served: Served) -> None:
    def domains(query: str) -> list[str]:
        return re.findall(r'href="/domains/([^"]+)"', served.get(f"/?{query}").text)

    assert domains("status=asking") == ["example.net"]
    assert domains("stage=expire&fleet=spring") == ["example.org"]
    assert domains("q=shop") == ["shop.example.com"]
    assert domains("q=nothing") == []
    assert served.json("/api/migrations?status=asking")["migrations"][0]["domain"] == "example.net."


def test_the_json_of_a_domain_is_its_report(served: Served) -> None:
    found = served.json("/api/migrations/example.com")

    assert (found["schema"], found["verdict"]) == ("dns-migrator/report/1", "moved")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/domains/unknown.example", 404),
        ("/api/migrations/unknown.example", 404),
        (f"/domains/{'a' * 64}.example", 400),
        ("/domains/https://example.org/", 400),
        ("/api/migrations/postmaster@example.org", 400),
        ("/?status=weeping", 400),
        ("/api/migrations?page=0", 400),
        ("/?page=99999999999999999999", 400),
        (f"/?q={'a' * 60_000}", 400),
        ("/?q=%00", 400),
        ("/api/migrations?fleet=a%00", 400),
        ("/nothing", 404),
    ],
)
def test_what_is_not_there_is_said(served: Served, path: str, code: int) -> None:
    answer = served.get(path)

    assert answer.status_code == code
    assert ("error" in answer.json()) if path.startswith("/api/") else ("<h1>" in answer.text)


def test_every_answer_has_the_headers_that_keep_it_here(served: Served) -> None:
    for path in ("/", "/domains/example.org", "/api/migrations", "/nothing"):
        headers = served.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'nonce-")
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]) == (
            "nosniff",
            "no-referrer",
            "no-store",
        )
        assert "server" not in headers


def test_each_answer_has_a_nonce_of_its_own_and_no_other_script_or_style(served: Served) -> None:
    answers = [served.get("/") for _ in range(2)]
    nonces = [re.findall(r' nonce="([^"]+)"', answer.text) for answer in answers]

    assert nonces[0] != nonces[1]
    for answer, found in zip(answers, nonces, strict=True):
        assert len(set(found)) == 1
        assert f"script-src 'nonce-{found[0]}'" in answer.headers["content-security-policy"]
        assert len(re.findall(r"<script|<style", answer.text)) == len(found)
        assert re.findall(r'\sstyle="|\son\w+="', answer.text) == []


def test_what_the_database_says_is_text(served: Served) -> None:
    for path in ("/", f"/?q={quote(EVIL)}", f"/?fleet={quote(EVIL)}", "/domains/0%2F25.2.0.192.in-addr.arpa"):
        page = served.get(path).text
        assert EVIL not in page
        assert "&lt;script&gt;alert" in page


def test_nothing_can_be_changed(served: Served) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = httpx.request(method, f"{served.url}/", trust_env=False)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    head = httpx.head(f"{served.url}/", trust_env=False)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "[::1].evil.example", ""])
def test_another_name_than_that_of_this_machine_is_refused(served: Served, name: str) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    with closing(connection):
        connection.putrequest("GET", "/", skip_host=True)
        connection.putheader("Host", name)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode()

    assert (answer.status, text) == (403, "This address is not served under that name.\n")


def test_local_names_are_known(served: Served) -> None:
    assert served.get("/", Host=f"localhost:{served.port}").status_code == 200


def test_without_the_token_nothing_is_shown(locked: Served) -> None:
    page, api = locked.get("/"), locked.get("/api/migrations")

    assert (page.status_code, page.headers["location"], page.text) == (303, "/login", "")
    assert (api.status_code, api.headers["www-authenticate"]) == (401, "Bearer")
    assert locked.get("/domains/example.org", Authorization="Bearer wrong").status_code == 303
    assert locked.get("/", Cookie="dns_migrator_session=wrong").status_code == 303
    assert locked.get(f"/?token={TOKEN}").status_code == 303


def test_a_script_gives_the_token_in_a_header(locked: Served) -> None:
    assert locked.get("/api/migrations", Authorization=f"Bearer {TOKEN}").status_code == 200


def test_a_person_gives_the_token_in_a_form_and_has_a_session(locked: Served) -> None:
    wrong = httpx.post(f"{locked.url}/login", data={"token": "guess"}, timeout=PATIENCE, trust_env=False)
    right = httpx.post(f"{locked.url}/login", data={"token": TOKEN}, timeout=PATIENCE, trust_env=False)
    cookie = right.headers["set-cookie"]

    assert (wrong.status_code, "That is not the token." in wrong.text) == (403, True)
    assert "set-cookie" not in wrong.headers
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert TOKEN not in cookie
    assert locked.get("/", Cookie=cookie.split(";", maxsplit=1)[0]).status_code == 200
    long = httpx.post(f"{locked.url}/login", content=b"x" * 9999, timeout=PATIENCE, trust_env=False)
    assert long.status_code == 413


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--host", "0.0.0.0"), 4, "others could read it there"),
        (("--token-env", "NOT_THERE"), 2, "there is no such environment variable"),
        (("--host", "0.0.0.0", "--token-env", "SHORT"), 2, "fewer than 16 characters"),
        (("--database", "other.db"), 2, "there is no such state database"),
        (
            ("--host", "192.0.2.1", "--token-env", "GOOD"),
            2,
            "192.0.2.1, port 0: this machine has no such address; ",
        ),
    ],
)
def test_it_does_not_start_where_it_is_not_safe(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.setenv("SHORT", "abc")
    monkeypatch.setenv("GOOD", TOKEN)
    with open_store("dns-migrator.db"):
        pass

    done = run("serve", "--port", "0", *options)

    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "abc" not in done.err.replace("characters", "")


def test_a_port_that_is_taken_is_one_line_that_says_what_to_do(served: Served, database: Path) -> None:
    done = run("serve", "--port", str(served.port), "--database", str(database))

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"dns-migrator: 127.0.0.1, port {served.port}: another program listens there. --port names another port; "
        "--port 0 lets the system choose one.\n"
    )


def test_addresses_and_names_of_this_machine_are_told_from_others() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", "::")] == [
        *[True] * 4,
        False,
        False,
    ]
    assert [
        host_of(text) for text in ("localhost:8053", "[::1]:8053", "[::1]", "EXAMPLE.org", "[::1].x", "a:b")
    ] == [
        "localhost",
        "::1",
        "::1",
        "example.org",
        "",
        "",
    ]
    assert access_to("0.0.0.0", TOKEN).knows_host("board.example.org")
