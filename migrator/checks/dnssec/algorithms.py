"""Algorithms of keys, of DS digests and of NSEC3: what validators accept. Pure."""

from collections.abc import Iterator

from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.NSEC3PARAM import NSEC3PARAM

from migrator.checks.check import check
from migrator.checks.dnssec.keys import KeySet, key_questions, key_sets, signers, tag
from migrator.checks.facts import Facts, Strategy
from migrator.checks.points import NotNeeded, Passed, Point, Problem, Unchecked
from migrator.cutover.look import served
from migrator.cutover.signing import can_be_validated
from migrator.model.finding import Phase, Severity
from migrator.model.names import text_of
from migrator.model.observation import Question

# RFC 9904 (2025, which replaces RFC 8624): not to be used for signing; validators treat several as no signature.
_FORBIDDEN = {1: "RSAMD5", 3: "DSA", 5: "RSASHA1", 6: "DSA-NSEC3-SHA1", 7: "RSASHA1-NSEC3-SHA1", 12: "ECC-GOST"}
_RECOMMENDED = frozenset({8, 13, 14, 15, 16})
_WEAK_DIGESTS = {1: "SHA-1", 3: "GOST R 34.11-94"}
_RSA = frozenset({5, 7, 8, 10})
_SHORT_RSA = 2048


def _asks(facts: Facts) -> Iterator[Question]:
    yield from key_questions(facts)
    for side in facts.sides:
        for server in side.servers:
            yield facts.question(server, facts.domain, RdataType.NSEC3PARAM)


@check(
    "dnssec.algorithms",
    phases=(Phase.READY, Phase.SETTLE),
    source="RFC 9904; RFC 9276 section 3.1; Zonemaster DNSSEC01, DNSSEC03, DNSSEC05, DNSSEC14",
    remedy="Sign with algorithm 13 (ECDSA P-256 with SHA-256), and give the registrar a DS with digest type 2.",
    asks=_asks,
)
def algorithms(facts: Facts) -> Iterator[Point]:
    """Validators accept the algorithms.

    Keys and DS use algorithms that validators accept.

    Fails for DS digests by SHA-1 or GOST where there is no other, for DS of which validators know none, and for
    keys of algorithms that are not to be used; warns for RSA keys below 2048 bits, uncommon algorithms, and NSEC3
    with more than 0 iterations. Where both sides sign, they have to use the same algorithm (RFC 8901 section 5).
    Not needed where nothing is signed.
    """
    trusted = signers(facts) or ()
    sets = [(side, each) for side in facts.sides for each in key_sets(facts, side) if each.keys]
    if not trusted and not sets:
        yield NotNeeded("no DS at the parent, and neither side is signed")
        return
    faults = 0
    weak = [ds for ds in trusted if ds.digest_type in _WEAK_DIGESTS]
    if trusted and len(weak) == len(trusted):
        faults += 1
        kinds = ", ".join(sorted({_WEAK_DIGESTS[ds.digest_type] for ds in weak}))
        views = () if facts.delegation is None else facts.delegation.views
        yield Problem(
            f"{text_of(facts.domain)} DS",
            f"Every DS has a digest by {kinds}; one by SHA-256 was expected.",
            tuple(view.ds for view in views),
            "Give the registrar a DS with digest type 2 for the same key.",
        )
    elif trusted and not can_be_validated(trusted):
        faults += 1
        views = () if facts.delegation is None else facts.delegation.views
        yield Problem(
            f"{text_of(facts.domain)} DS",
            "No DS has an algorithm and a digest that validators know: they take the domain for unsigned.",
            tuple(view.ds for view in views),
            "Give the registrar a DS with digest type 2 for a key of algorithm 13, or remove the DS.",
        )
    for _, each in sets:
        for point in (*_of_keys(each), *_of_chain(facts, each)):
            faults += 1
            yield point
    for point in _of_sides(facts):
        faults += 1
        yield point
    if not faults and sets:
        numbers = {int(key.algorithm) for _, each in sets for key in each.keys or ()}
        evidence = tuple(each.observation for _, each in sets)
        yield Passed(text_of(facts.domain), f"Keys of algorithm {_numbers(numbers)}.", evidence)
    elif not faults:
        yield Unchecked(f"{text_of(facts.domain)} DNSKEY", "there is a DS, and no server shows keys")


def _of_keys(each: KeySet) -> Iterator[Point]:
    for key in each.keys or ():
        subject = f"key {tag(key)} at {each.server}"
        number = int(key.algorithm)
        if number in _FORBIDDEN:
            message = f"Algorithm {number} ({_FORBIDDEN[number]}) is not to be used for signing; 13 was expected."
            yield Problem(subject, message, (each.observation,))
        elif number not in _RECOMMENDED and number not in _RSA:
            yield Problem(
                subject,
                f"Algorithm {number} is uncommon; 13 was expected.",
                (each.observation,),
                severity=Severity.WARNING,
            )
        bits = _rsa_bits(key)
        if bits is not None and bits < _SHORT_RSA:
            yield Problem(
                subject,
                f"RSA with {bits} bits; {_SHORT_RSA} at least were expected.",
                (each.observation,),
                "",
                Severity.WARNING,
            )


def _rsa_bits(key: DNSKEY) -> int | None:
    """Return the size of an RSA modulus (RFC 3110 section 2), None for other keys."""
    if int(key.algorithm) not in _RSA or not key.key:
        return None
    length, start = key.key[0], 1
    if length == 0:
        length, start = int.from_bytes(key.key[1:3], "big"), 3
    return int.from_bytes(key.key[start + length :], "big").bit_length()


def _of_chain(facts: Facts, each: KeySet) -> Iterator[Point]:
    seen = facts.observed(facts.question(each.server, facts.domain, RdataType.NSEC3PARAM))
    rrset = served(seen)
    for rdata in () if rrset is None else rrset.rdatas:
        if isinstance(rdata, NSEC3PARAM) and rdata.iterations:
            yield Problem(
                f"NSEC3 at {each.server}",
                f"{rdata.iterations} iterations; 0 were expected, and many make validators treat the zone "
                "as unsigned.",
                (seen,),
                severity=Severity.WARNING,
            )


def _of_sides(facts: Facts) -> Iterator[Point]:
    """Compare the algorithms of the sides, where both are to be trusted at the same time."""
    # Where each side has all keys of the other, the strategy seems to be that both have the same ones.
    both = {Strategy.MULTI_SIGNER, Strategy.SAME_KEYS}
    if facts.new is None or facts.strategy not in both or not signers(facts):
        return
    old, new = (
        {int(key.algorithm) for each in key_sets(facts, side) for key in each.data_keys()} for side in facts.sides
    )
    if old and new and old != new:
        yield Problem(
            f"{text_of(facts.domain)} DNSKEY",
            f"The old side signs with algorithm {_numbers(old)}, the new one with {_numbers(new)}; the "
            "same was expected.",
            tuple(each.observation for side in facts.sides for each in key_sets(facts, side)),
            "Have both sides sign with one algorithm; 13 is what most can.",
        )


def _numbers(found: set[int]) -> str:
    return ", ".join(map(str, sorted(found)))
