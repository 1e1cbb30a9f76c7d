"""A DS that has left the parent lives on in caches: which new servers that breaks, and until when."""

from collections.abc import Iterable
from dataclasses import replace

import dns.dnssec
import pytest
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from migrator.cutover.judge import Judgement, judge
from migrator.cutover.look import Side
from migrator.cutover.memory import Memory, with_parents, with_servers
from migrator.cutover.stage import Stage
from migrator.model.finding import Severity
from migrator.model.observation import Observation
from tests.cutover.build import DOMAIN, NEW, OLD, after, look, names, parent, question, silent, usual_servers
from tests.cutover.test_judge import DS, KEY, OTHER_DS, OTHER_KEY, TAG, keys
from tests.cutover.test_judge import NEW_1 as FIRST_NEW

HOUR = 3600
DAY = 24 * HOUR
UNKNOWN_DS = f"{TAG} 200 2 {'AB' * 32}"
NO_KEYS = keys()
assert isinstance(OTHER_KEY, DNSKEY)
OWN_KEYS = keys(OTHER_KEY, signed_by=dns.dnssec.key_id(OTHER_KEY))


def seen(memory: Memory, at: float, listed: Iterable[str], *ds: str, ttl: int = DAY) -> Memory:
    """A look at both servers of the parent."""
    views = [parent(number, listed, ds=ds, ttl=ttl, at=after(at)) for number in (1, 2)]
    return with_parents(memory, views, names(*NEW))


def judged(memory: Memory, *ds: str, new: Observation | None = NO_KEYS, listed: Iterable[str] = NEW) -> Judgement:
    """A look now, at which new servers have these keys."""
    servers = tuple(
        replace(view, dnskey=new if view.side is Side.NEW else keys(KEY, signed_by=TAG))
        for view in usual_servers()
    )
    now = look(*(parent(number, listed, ds=ds, ttl=DAY) for number in (1, 2)), servers=servers)
    memory = with_servers(with_parents(memory, now.delegation.views, now.expected), servers, now.expected)
    return judge(now, memory, after(0))


def told(judgement: Judgement) -> list[tuple[str, Severity, str]]:
    return [
        (each.check, each.severity, each.message)
        for each in judgement.findings
        if each.check.startswith("dnssec.") and each.check != "dnssec.parents-differ"
    ]


def gone(hours: float, *ds: str, then: tuple[str, ...] = (), ttl: int = DAY) -> Memory:
    """The switch was made two days ago under this DS, which was seen gone so many hours ago."""
    memory = seen(Memory(), -5 * DAY, OLD, *(ds or (DS,)), ttl=ttl)
    memory = seen(memory, -2 * DAY, NEW, *(ds or (DS,)), ttl=ttl)
    return seen(memory, -hours * HOUR, NEW, *then, ttl=ttl)


def test_a_ds_that_went_an_hour_ago_breaks_an_unsigned_zone_for_the_rest_of_its_ttl() -> None:
    judgement = judged(gone(1))

    assert told(judgement) == [
        (
            "dnssec.ds-cached",
            Severity.ERROR,
            (
                f"DS {TAG} has left the parent, and {FIRST_NEW} has no key that fits it: validating resolvers "
                "that hold it, or keys that it fits, answer SERVFAIL for the whole domain until "
                "2026-12-02T08:00:00Z = DS gone since 2026-12-01T08:00:00Z + max(DS TTL 86400, DNSKEY TTL 3600)."
            ),
        )
    ]
    assert judgement.stage is Stage.SETTLED
    assert (judgement.safe, judgement.recommended) == (None, None)
    assert judgement.findings[0].remedy == (
        "Only time takes it out of caches: keep the old zone, signed as it is, until 2026-12-02T08:00:00Z."
    )


def test_another_ds_in_its_place_does_not_help_those_who_hold_the_old_one() -> None:
    judgement = judged(gone(1, then=(OTHER_DS,)), OTHER_DS, new=OWN_KEYS)

    assert [check for check, _, _ in told(judgement)] == ["dnssec.ds-cached"]


@pytest.mark.parametrize(
    ("memory", "new"),
    [
        pytest.param(gone(25), NO_KEYS, id="its TTL is past"),
        pytest.param(gone(1), keys(KEY, signed_by=TAG), id="the new servers sign with the key that it fits"),
        pytest.param(gone(1, DS, OTHER_DS), OWN_KEYS, id="the DS beside it fits the new servers' key"),
        pytest.param(gone(1, UNKNOWN_DS), NO_KEYS, id="no validator knows it"),
        pytest.param(seen(Memory(), -2 * DAY, NEW), NO_KEYS, id="there was none"),
    ],
)
def test_what_no_resolver_holds_or_what_fits_is_not_told(memory: Memory, new: Observation) -> None:
    now = (OTHER_DS,) if new is OWN_KEYS and memory.signers[-1].shown else ()

    assert told(judged(memory, *now, new=new)) == []


def test_the_keys_that_it_fits_outlive_a_ds_of_a_shorter_ttl() -> None:
    judgement = judged(gone(0.5, ttl=300))

    assert [check for check, _, _ in told(judgement)] == ["dnssec.ds-cached"]
    assert "until 2026-12-01T09:30:00Z = " in judgement.findings[0].message


def test_new_servers_that_do_not_show_their_keys_leave_it_open() -> None:
    asked = question(usual_servers()[0].server, DOMAIN, "DNSKEY")
    judgement = judged(gone(1), new=silent(asked))

    assert told(judgement) == []
    assert [item.check for item in judgement.doubts] == ["dnssec.ds-fits", "dnssec.ds-fits"]
    assert judgement.safe is None


def test_before_the_switch_nobody_asks_the_new_servers_yet() -> None:
    memory = seen(seen(Memory(), -DAY, OLD, DS), -HOUR, OLD)

    assert told(judged(memory, listed=OLD)) == []
