"""What the tests of writing Route 53 share: a fast pace, writers, and the sets that Route 53 can hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from dns.rdatatype import RdataType
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from migrator.interfaces import ChangeResult, Outcome, ZoneWriter
from migrator.model.change import Change, Create, key_of
from migrator.model.extras import (
    Alias,
    ClientNetwork,
    Extra,
    Failover,
    Geolocation,
    Geoproximity,
    HealthCheck,
    Latency,
    MultiValueAnswer,
    Opaque,
    Weighted,
)
from migrator.model.names import absolute
from migrator.model.rrset import RRset, RRsetKey, make
from migrator.model.zone import subject_of
from providers import parse_locator
from providers.route53 import pacing
from providers.route53.convert import CAPABILITIES, document
from providers.route53.pacing import Pace
from providers.route53.values import value_of
from tests.providers.route53_reading import ENVIRONMENT, ORIGIN, PROVIDER
from tests.strategies import hosts, names, rdatas

FAST = Pace(per_second=1e6, store=10**6, polls=(0.0,), patience=1.0)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for the service's sake."""
    monkeypatch.setattr(pacing, "PACE", FAST)


def writer(text: str = "route53:example.com") -> ZoneWriter:
    return PROVIDER.open_writer(parse_locator(text), ENVIRONMENT)


def outcomes(results: Iterable[ChangeResult]) -> dict[str, tuple[Outcome, str]]:
    return {subject_of(key_of(found.change)): (found.outcome, found.detail) for found in results}


def all_done(results: Sequence[ChangeResult]) -> bool:
    return [found for found in results if found.outcome is not Outcome.DONE] == []


def creates(rrsets: Iterable[RRset]) -> list[Change]:
    return [Create(rrset) for rrset in rrsets]


# ---- what Route 53 holds

identifiers = st.from_regex(r"[A-Za-z0-9 ._-]{1,20}", fullmatch=True).map(str.strip).filter(bool)
_codes = st.from_regex(r"[A-Z]{2}", fullmatch=True)
_degrees = st.decimals(-89, 89, places=2, allow_nan=False).map(str)
policies: Mapping[type, SearchStrategy[Extra]] = {
    Weighted: st.builds(Weighted, st.integers(0, 255)),
    Latency: st.builds(Latency, st.sampled_from(["eu-west-1", "us-east-1"])),
    Failover: st.builds(Failover, st.sampled_from(["PRIMARY", "SECONDARY"])),
    MultiValueAnswer: st.just(MultiValueAnswer()),
    ClientNetwork: st.builds(ClientNetwork, st.just("c0"), st.sampled_from(["*", "office"])),
    Geolocation: st.one_of(
        st.builds(Geolocation, continent=_codes),
        st.builds(Geolocation, country=st.one_of(_codes, st.just("*"))),
        st.builds(Geolocation, country=st.just("US"), subdivision=_codes),
    ),
    Geoproximity: st.one_of(
        st.builds(Geoproximity, region=st.just("eu-west-1"), bias=st.integers(-99, 99)),
        st.builds(Geoproximity, local_zone_group=st.just("us-west-2-lax-1")),
        st.builds(Geoproximity, latitude=_degrees, longitude=_degrees),
    ),
}
_field = st.from_regex(r"[A-Z][a-z]{1,6}", fullmatch=True).map(lambda name: f"New{name}")
_json = st.recursive(
    st.from_regex(r"[a-z]{0,6}", fullmatch=True), lambda inner: st.dictionaries(_field, inner, max_size=2)
)
_aliases = st.builds(Alias, hosts, st.just("Z2FDTNDATAQYW2"), st.booleans())
_SEVERAL = CAPABILITIES.types - {RdataType.CNAME, RdataType.SOA}
_WITHOUT_APEX = sorted(_SEVERAL - {RdataType.NS, RdataType.DS})


@st.composite
def rrsets(draw: st.DrawFn) -> RRset:
    """Any set below the apex that Route 53 can hold, with everything that it can say of one."""
    owner = draw(names(ORIGIN, least=1).filter(lambda name: len(name.to_wire() or b"") < 250))
    extras: list[Extra] = []
    variant = ""
    if draw(st.booleans()):
        extras.append(draw(policies[draw(st.sampled_from(sorted(policies, key=str)))]))
        variant = draw(identifiers)
    if draw(st.booleans()):
        extras.append(HealthCheck(draw(st.from_regex(r"[0-9a-f]{8}", fullmatch=True))))
    if draw(st.integers(0, 4)) == 0:
        rdtype = draw(st.sampled_from(_WITHOUT_APEX))
        return RRset(RRsetKey(owner, rdtype, variant), None, (), (draw(_aliases), *extras))
    rdtype = draw(st.sampled_from(sorted(CAPABILITIES.types - {RdataType.SOA})))
    most = 3 if rdtype in _SEVERAL else 1
    found = draw(st.lists(rdatas(rdtype), min_size=1, max_size=most))
    return make(RRsetKey(owner, rdtype, variant), draw(st.integers(0, 2**31 - 1)), tuple(found), tuple(extras))


def opaques(path: str = "") -> SearchStrategy[Opaque]:
    """Fields of tomorrow, below a field of today."""
    return st.builds(
        lambda name, document: Opaque("route53", f"{path}{name}", document),
        _field,
        _json.map(document),
    )


def is_writable(rrset: RRset) -> bool:
    """Tell whether the service takes values of that length."""
    return all(len(value_of(rdata)) <= 4000 for rdata in rrset.rdatas)


def zone_of(found: Iterable[RRset]) -> list[RRset]:
    """Leave out what cannot stand together: other data beside CNAME, two policies or identifiers of one name."""
    kept: dict[tuple[Any, ...], dict[str, RRset]] = {}
    with_cname: set[Any] = set()
    taken: set[Any] = set()
    for rrset in found:
        owner = rrset.key.folded
        is_cname = rrset.rdtype == RdataType.CNAME
        present = kept.get((owner, rrset.rdtype), {})
        first = next(iter(present.values()), None)
        fits = first is None or (_policy(first) is not type(None) and _policy(first) is _policy(rrset))
        if (is_cname and owner in taken - with_cname) or (not is_cname and owner in with_cname) or not fits:
            continue
        kept.setdefault((owner, rrset.rdtype), {}).setdefault(rrset.key.variant, rrset)
        taken.add(owner)
        if is_cname:
            with_cname.add(owner)
    return [rrset for sets in kept.values() for rrset in sets.values()]


def _policy(rrset: RRset) -> type:
    return next((type(extra) for extra in rrset.extras if type(extra) in policies), type(None))


TARGET = absolute("target.example.net.")
