"""RDAP against a server on this machine: the registry's view, and a reason for each way in which it fails."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from migrator.cutover.look import Unasked
from migrator.cutover.registrar import Registrar, SignerDigest
from migrator.model.names import absolute
from migrator.network import rdap
from migrator.network.profile import load_profile
from migrator.network.rdap import Registry

DOMAIN = absolute("example.test.")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
DOCUMENT: dict[str, Any] = {
    "objectClassName": "domain",
    "ldhName": "EXAMPLE.TEST",
    "status": ["active", "client transfer prohibited"],
    "nameservers": [{"ldhName": "NS2.NEW.EXAMPLE."}, {"ldhName": "ns1.new.example"}],
    "secureDNS": {
        "delegationSigned": True,
        "dsData": [{"keyTag": 20326, "algorithm": 8, "digestType": 2, "digest": "e06d44b8"}],
    },
    "events": [
        {"eventAction": "registration", "eventDate": "2001-01-01T00:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2027-01-01T01:00:00+01:00"},
    ],
    "entities": [
        {"roles": ["technical"], "handle": "x"},
        {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Example Registrar"]]]},
    ],
}


@dataclass
class Site:
    """A web server: what each path answers, and which paths were asked."""

    url: str = ""
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bootstrap: Path = Path()

    def put(self, path: str, content: object, code: int = 200, **headers: str) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.pages[path] = (code, headers, body)

    def registry(self, bootstrap: str | None = None) -> Registry:
        profile = load_profile(None)
        return Registry(replace(profile, rdap_bootstrap=str(self.bootstrap) if bootstrap is None else bootstrap))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    here = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            code, headers, body = here.pages.get(self.path, (404, {}, b"{}"))
            self.send_response(code)
            for name, found in headers.items():
                self.send_header(name, found)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for place in range(0, len(body), 1) if "drip" in headers else ():
                time.sleep(float(headers["drip"]))
                with suppress(OSError):
                    self.wfile.write(body[place : place + 1])
            if "drip" not in headers:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    here.bootstrap = tmp_path / "rdap.json"
    here.bootstrap.write_text(json.dumps({"services": [[["test", "other"], [f"{here.url}/base/"]]]}))
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_registry_s_view_is_read_whole_and_its_answer_kept(site: Site) -> None:
    site.put("/base/domain/example.test", DOCUMENT)

    seen = site.registry().ask(DOMAIN, NOW)

    assert seen == Registrar(
        source=f"{site.url}/base/domain/example.test",
        registrar="Example Registrar",
        name_servers=(absolute("ns1.new.example."), absolute("ns2.new.example.")),
        statuses=("active", "client transfer prohibited"),
        delegation_signed=True,
        ds=(SignerDigest(20326, 8, 2, "E06D44B8"),),
        expires=datetime(2027, 1, 1, tzinfo=UTC),
        answer=json.dumps(DOCUMENT),
    )
    assert [name.to_text() for name in seen.name_servers or ()] == ["ns1.new.example.", "ns2.new.example."]


def referring(site: Site, path: str = "/registrar/example.test") -> dict[str, Any]:
    """Return the registry's document with a reference to the registrar, and without what that one has to say."""
    link = {"rel": "related", "type": "application/rdap+json", "href": f"{site.url}{path}"}
    return {key: found for key, found in DOCUMENT.items() if key not in {"events", "entities"}} | {"links": [link]}


def test_the_registrar_s_own_answer_is_followed_and_both_are_kept(site: Site) -> None:
    registry = referring(site)
    own = DOCUMENT | {"status": ["active", "client update prohibited"], "nameservers": []}
    site.put("/base/domain/example.test", registry)
    site.put("/registrar/example.test", own)

    seen = site.registry().ask(DOMAIN, NOW)

    assert isinstance(seen, Registrar)
    assert (seen.registrar, seen.expires) == ("Example Registrar", datetime(2027, 1, 1, tzinfo=UTC))
    assert seen.statuses == ("active", "client transfer prohibited", "client update prohibited")
    assert [name.to_text() for name in seen.name_servers or ()] == ["ns1.new.example.", "ns2.new.example."]
    assert (seen.answer, seen.registrar_answer) == (json.dumps(registry), json.dumps(own))
    assert seen.registrar_trouble == ""


def test_a_registrar_that_does_not_answer_leaves_the_registry_s_answer(site: Site) -> None:
    site.put("/base/domain/example.test", referring(site, "/nowhere"))

    seen = site.registry().ask(DOMAIN, NOW)

    assert isinstance(seen, Registrar)
    assert seen.delegation_signed is True
    assert seen.registrar_trouble.startswith(f"{site.url}/nowhere: HTTP 404")
    assert seen.registrar_answer == ""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"nameservers": None}, {"name_servers": None}),
        ({"nameservers": []}, {"name_servers": ()}),
        (
            {"nameservers": [{"ldhName": "a..b"}, {"handle": "x"}, {"ldhName": "ns1.new.example"}]},
            {
                "name_servers": (absolute("ns1.new.example."),),
                "unread": ("the name server 'a..b'", "a name server without a name"),
            },
        ),
        ({"secureDNS": "yes"}, {"delegation_signed": None, "ds": None}),
        (
            {"secureDNS": {"delegationSigned": True, "dsData": [{"keyTag": 1}]}},
            {"ds": (), "unread": ("a DS record",)},
        ),
        ({"events": [{"eventAction": "expiration"}]}, {"expires": None, "unread": ("the date of expiry 'None'",)}),
        (
            {"events": [{"eventAction": "expiration", "eventDate": "0001-01-01T00:00:00+14:00"}]},
            {"expires": None, "unread": ("the date of expiry '0001-01-01T00:00:00+14:00'",)},
        ),
        ({"entities": [{"roles": ["registrar"], "handle": "292"}]}, {"registrar": "292"}),
        ({"entities": "none", "status": 5}, {"registrar": None, "statuses": ()}),
    ],
)
def test_what_is_missing_or_odd_in_an_answer_is_none_or_named(
    site: Site, change: dict[str, Any], expected: dict[str, Any]
) -> None:
    site.put("/base/domain/example.test", DOCUMENT | change)

    seen = site.registry().ask(DOMAIN, NOW)

    assert isinstance(seen, Registrar)
    assert {name: getattr(seen, name) for name in {"unread", *expected}} == {"unread": (), **expected}


def failing(site: Site) -> dict[str, tuple[Callable[[], None], str]]:
    path, url = "/base/domain/example.test", f"{site.url}/base/domain/example.test"

    def loop() -> None:
        site.put(path, b"", 302, Location=path)

    return {
        "404": (lambda: None, f"{url}: HTTP 404: the registry does not know the domain, or not at this level"),
        "429": (
            lambda: site.put(path, b"", 429),
            f"{url}: HTTP 429: the registry was asked too often; ask again later",
        ),
        "503": (lambda: site.put(path, b"", 503), f"{url}: HTTP 503: service unavailable"),
        "garbage": (lambda: site.put(path, b"<html>hello"), f"{url}: the answer is not JSON"),
        "a list": (lambda: site.put(path, []), f"{url}: the answer is no JSON object"),
        "too deep": (lambda: site.put(path, b"[" * 200_000), f"{url}: the answer is not JSON"),
        "no number": (
            lambda: site.put(path, b'{"objectClassName": "domain", "x": NaN}'),
            f"{url}: the answer is not JSON",
        ),
        "no text": (
            lambda: site.put(path, {"objectClassName": "domain", "status": ["\ud800"]}),
            f"{url}: the answer is not JSON",
        ),
        "another object": (
            lambda: site.put(path, {"objectClassName": "ip network"}),
            f"{url}: the answer is not about a domain.",
        ),
        "too long": (
            lambda: site.put(path, b" " * (rdap.MOST_OCTETS + 1)),
            f"{url}: the answer is longer than 4,000,000 octets",
        ),
        "redirected for ever": (loop, f"{url}: redirected more than 3 times"),
        "redirected into the clear": (
            lambda: site.put(path, b"", 301, Location="http://rdap.example.net/x"),
            (
                "http://rdap.example.net/x: not asked: RDAP goes over https, and over http to loopback addresses "
                "only"
            ),
        ),
    }


@pytest.mark.parametrize(
    "fault",
    [
        "404",
        "429",
        "503",
        "garbage",
        "a list",
        "too deep",
        "no number",
        "no text",
        "another object",
        "too long",
        "redirected for ever",
        "redirected into the clear",
    ],
)
def test_each_failure_is_a_reason(site: Site, fault: str) -> None:
    prepare, reason = failing(site)[fault]
    prepare()

    assert site.registry().ask(DOMAIN, NOW) == Unasked(reason, is_unknown=fault == "404")


def test_an_answer_that_never_ends_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdap, "PATIENCE", 0.2)
    url = f"{site.url}/base/domain/example.test"
    site.put("/base/domain/example.test", b" " * 40, drip="0.02")

    assert site.registry().ask(DOMAIN, NOW) == Unasked(f"{url}: the answer did not end within 0.2 seconds")


def test_headers_that_never_end_are_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdap, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        site.bootstrap.write_text(json.dumps({"services": [[["test"], [url]]]}))
        server = threading.Thread(target=drip_headers, args=(listener, 1.0))
        server.start()

        seen = site.registry().ask(DOMAIN, NOW)

        server.join()
    assert seen == Unasked(f"{url}/domain/example.test: the answer did not end within 0.3 seconds")


def drip_headers(listener: socket.socket, seconds: float) -> None:
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.sendall(b"X-More: \r\n")
            time.sleep(0.02)


def test_a_redirection_is_followed(site: Site) -> None:
    site.put("/base/domain/example.test", b"", 307, Location="/elsewhere")
    site.put("/elsewhere", DOCUMENT)

    assert isinstance(site.registry().ask(DOMAIN, NOW), Registrar)


def test_a_server_that_is_not_there_is_a_reason(site: Site) -> None:
    site.bootstrap.write_text(json.dumps({"services": [[["test"], ["http://127.0.0.1:1/"]]]}))

    seen = site.registry().ask(DOMAIN, NOW)

    assert isinstance(seen, Unasked)
    assert seen.reason.startswith("http://127.0.0.1:1/domain/example.test: ")


def test_the_longest_suffix_and_an_https_url_are_chosen(site: Site) -> None:
    services = [
        [["test"], ["http://127.0.0.1:1/"]],
        [["example.test"], [f"{site.url}/base"]],
        [["net"], ["http://rdap.example.net/", "https://127.0.0.1:1/net"]],
    ]
    site.bootstrap.write_text(json.dumps({"services": services}))
    site.put("/base/domain/www.example.test", DOCUMENT)
    registry = site.registry()

    assert isinstance(registry.ask(absolute("www.example.test."), NOW), Registrar)
    other = registry.ask(absolute("example.net."), NOW)
    assert isinstance(other, Unasked)
    assert other.reason.startswith("https://127.0.0.1:1/net/domain/example.net: ")


@pytest.mark.parametrize(
    ("bootstrap", "reason"),
    [
        ("{folder}/none.json", "{folder}/none.json: the RDAP bootstrap cannot be read: "),
        ("{folder}/odd.json", "{folder}/odd.json: no RDAP bootstrap in IANA's format (RFC 9224)"),
        ("http://rdap.example.net/dns.json", "http://rdap.example.net/dns.json: not asked: RDAP goes over https"),
        ("https://me:word@127.0.0.1:1/dns.json?key=word", "https://127.0.0.1:1/dns.json?***: "),
    ],
)
def test_a_bootstrap_that_cannot_be_used_is_a_reason(site: Site, bootstrap: str, reason: str) -> None:
    folder = site.bootstrap.parent
    (folder / "odd.json").write_text(json.dumps({"services": [1, [["test"], []]]}))

    seen = site.registry(bootstrap.format(folder=folder)).ask(DOMAIN, NOW)

    assert isinstance(seen, Unasked)
    assert seen.reason.startswith(reason.format(folder=folder))
    assert "word" not in seen.reason


def test_a_bootstrap_may_be_a_url(site: Site) -> None:
    site.put("/dns.json", json.loads(site.bootstrap.read_text()))
    site.put("/base/domain/example.test", DOCUMENT)

    assert isinstance(site.registry(f"{site.url}/dns.json").ask(DOMAIN, NOW), Registrar)


def test_the_login_of_a_mirror_does_not_come_into_the_answer(site: Site) -> None:
    mirror = site.url.replace("//", "//me:word@")
    site.bootstrap.write_text(json.dumps({"services": [[["test"], [mirror]]]}))
    site.put("/domain/example.test", DOCUMENT)

    seen = site.registry().ask(DOMAIN, NOW)

    assert isinstance(seen, Registrar)
    assert seen.source == f"{site.url}/domain/example.test"


def test_a_suffix_without_a_service_is_a_reason(site: Site) -> None:
    assert site.registry().ask(absolute("example.de."), NOW) == Unasked("no RDAP service is registered for de")


def test_rdap_that_is_switched_off_is_no_failure(site: Site) -> None:
    assert site.registry("").ask(DOMAIN, NOW) is None


def test_a_registry_is_not_asked_again_at_every_look(site: Site) -> None:
    site.put("/base/domain/example.test", DOCUMENT)
    registry = site.registry()
    for later in (0, 60, 299, 301):
        registry.ask(DOMAIN, NOW + timedelta(seconds=later))
        registry.ask(absolute("missing.test."), NOW + timedelta(seconds=later))

    assert site.asked == ["/base/domain/example.test", "/base/domain/missing.test"] * 2
