"""What SPF says of every address: the evaluation of RFC 7208 section 4, for all senders at once or for one. No IO.

A record is walked once, with the set of addresses about which nothing has been said yet. Each term takes its share
out of the set: in

    v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 include:_spf.example.net ~all

192.0.2.7 fails, the rest of 192.0.2.0/24 passes, of what is left an included policy may take some, and everybody
else softfails. For one sender the set has one address, and the walk is the algorithm of the RFC. For everybody
(`sender` None) it gives the flattened policy; terms that ask who sends (`ptr`, macros) are then kept as they are.

The walk asks through a function, which may say that a question was not asked yet. It then goes on without the
answer: a caller collects the questions, has them asked, and walks again until the evaluation is `complete`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.reversename import from_address

from migrator.mail.spf.addresses import (
    EVERYBODY,
    IPV4,
    IPV6,
    NOBODY,
    Address,
    Addresses,
    of_network,
    single,
    union,
)
from migrator.mail.spf.macros import MacroString, Sender, expanded, name_of
from migrator.mail.spf.record import MOST_LOOKUPS, Directive, Fault, Record, is_policy, read_record
from migrator.meaning.roles import octets, readable
from migrator.meaning.targets import targets_of
from migrator.model.names import folded, for_people, is_within
from migrator.model.values import dataclass

MOST_VOIDS = 2
MOST_HOSTS = 10
# Where a walk for everybody ends that goes on counting beyond the limits.
_MOST_COUNTED = 100


class Result(StrEnum):
    """What a receiver concludes (RFC 7208 section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 a result, no secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class NoRecords(StrEnum):
    """Why a look-up gave no records: there are none, it failed, or nobody has asked yet."""

    VOID = "none"
    FAILED = "failed"
    NOT_ASKED = "not asked"


Ask = Callable[[Name, RdataType], tuple[Rdata, ...] | NoRecords]
BY_QUALIFIER = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an evaluation ends in an error: at which domain, and what is wrong there."""

    domain: Name
    reason: str

    def __str__(self) -> str:
        """Return it as the end of a sentence."""
        return f"{for_people(self.domain)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a domain's policy says of each address that was asked about.

    `lookups` and `voids` count the terms that RFC 7208 section 4.6.4 limits; `open_terms` are those that depend on
    the sender, in the words of the record and with the domain that has them. `records` are the texts that were
    read, by their domains.
    """

    results: Mapping[Result, Addresses]
    lookups: int
    voids: tuple[str, ...]
    permanent: tuple[Trouble, ...]
    temporary: tuple[Trouble, ...]
    open_terms: tuple[str, ...]
    records: tuple[tuple[Name, str], ...]
    is_complete: bool

    def of(self, result: Result) -> Addresses:
        """Return the addresses with a result."""
        return self.results.get(result, NOBODY)

    @property
    def exists(self) -> bool:
        """Whether the domain has a policy."""
        return not self.of(Result.NONE)


def evaluate(domain: Name, ask: Ask) -> Evaluation:
    """Return what the policy of a domain says of every address."""
    walk = _Walk(domain, ask, None)
    return walk.ended(walk.check(domain, EVERYBODY))


def check_host(sender: Sender, ask: Ask) -> Result:
    """Return what a receiver concludes of one sender: the function of RFC 7208 section 4.1.

    A sender without a local part is the postmaster, and without a domain of at least two labels there is no
    policy to look for (section 4.3).
    """
    local, _, text = (sender.mailbox or sender.helo).rpartition("@")
    domain = name_of(text) if "." in text.strip(".") else None
    if domain is None:
        return Result.NONE
    # An IPv4 address in an IPv6 socket is one of IPv4 (section 5).
    address = getattr(sender.address, "ipv4_mapped", None) or sender.address
    walk = _Walk(domain, ask, Sender(address, f"{local or 'postmaster'}@{text}", sender.helo))
    results = walk.ended(walk.check(domain, single(address))).results
    (result,) = (result for result, addresses in results.items() if addresses)
    return result


class _StopError(Exception):
    """All addresses that are left have this result."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


@dataclass(slots=True)
class _Share:
    """The results that addresses have come to, and those that are left."""

    left: Addresses
    results: dict[Result, Addresses] = field(default_factory=dict)

    def take(self, result: Result, addresses: Addresses) -> None:
        """Give these addresses a result, as far as they are left."""
        taken = self.left & addresses
        if taken:
            self.results[result] = self.results.get(result, NOBODY) | taken
            self.left -= taken


class _Walk:
    """One evaluation: counts as it goes, since the limits are those of the whole."""

    def __init__(self, start: Name, ask: Ask, sender: Sender | None) -> None:
        self._start = start
        self._ask = ask
        self._sender = sender
        self._path: list[tuple[bytes, ...]] = []
        self._lookups = 0
        self._voids: list[str] = []
        self._permanent: list[Trouble] = []
        self._temporary: list[Trouble] = []
        self._open: list[str] = []
        self._records: list[tuple[Name, str]] = []
        self._is_complete = True

    def ended(self, results: Mapping[Result, Addresses]) -> Evaluation:
        """Return the evaluation; who walks for everybody has counted on beyond the limits."""
        if self._lookups > MOST_LOOKUPS:
            reason = f"{self._lookups} look-ups are needed, and receivers make {MOST_LOOKUPS}"
            self._permanent.append(Trouble(self._start, reason))
        if len(self._voids) > MOST_VOIDS:
            many = f"{len(self._voids)} terms find nothing ({', '.join(self._voids)})"
            reason = f"{many}, and receivers accept {MOST_VOIDS}"
            self._permanent.append(Trouble(self._start, reason))
        return Evaluation(
            results,
            self._lookups,
            tuple(self._voids),
            tuple(dict.fromkeys(self._permanent)),
            tuple(dict.fromkeys(self._temporary)),
            tuple(dict.fromkeys(self._open)),
            tuple(self._records),
            self._is_complete,
        )

    def check(self, domain: Name, universe: Addresses) -> dict[Result, Addresses]:
        """Return what the policy of one domain says of these addresses."""
        share = _Share(universe)
        self._path.append(folded(domain))
        try:
            record = self._record(domain)
            for directive in record.directives:
                if not share.left:
                    break
                self._apply(directive, domain, share)
            if share.left and record.redirect is not None and not record.ends:
                self._redirect(record, record.redirect, domain, share)
            share.take(Result.NEUTRAL, share.left)
        except _StopError as stop:
            share.take(stop.result, share.left)
        finally:
            self._path.pop()
        return share.results

    def _record(self, domain: Name) -> Record:
        found = self._ask(domain, RdataType.TXT)
        if found is NoRecords.NOT_ASKED:
            self._is_complete = False
            return Record(())
        if found is NoRecords.FAILED:
            raise self._failed(domain, "the TXT records cannot be asked for")
        texts = [] if isinstance(found, NoRecords) else [octets(rdata).decode("latin-1") for rdata in found]
        policies = [text for text in texts if is_policy(text)]
        if not policies:
            raise _StopError(Result.NONE)
        if len(policies) > 1:
            raise self._broken(domain, f"there are {len(policies)} SPF records, and one is allowed")
        self._records.append((domain, policies[0]))
        record = read_record(policies[0])
        if isinstance(record, Fault):
            raise self._broken(domain, f"'{readable(record.term)}' cannot be read: {record.reason}")
        return record

    def _apply(self, directive: Directive, domain: Name, share: _Share) -> None:
        result = BY_QUALIFIER[directive.qualifier]
        if directive.asks:
            self._count(domain)
        match directive.name:
            case "all":
                share.take(result, share.left)
            case "ip4" | "ip6":
                assert directive.network is not None
                share.take(result, of_network(directive.network))
            case "include":
                self._include(directive, domain, result, share)
            case "a":
                share.take(result, self._hosts(directive, domain, share.left))
            case "mx":
                share.take(result, self._exchanges(directive, domain, share.left))
            case "exists":
                share.take(result, self._existing(directive, domain, share.left))
            case _:
                share.take(result, self._pointed(directive, domain, share.left))

    def _include(self, directive: Directive, domain: Name, result: Result, share: _Share) -> None:
        target = self._target(directive, domain)
        if target is None:
            return
        inner = self._inner(target, share.left, domain, directive.text)
        share.take(result, inner.get(Result.PASS, NOBODY))
        for error in (Result.TEMPERROR, Result.PERMERROR):
            share.take(error, inner.get(error, NOBODY))

    def _redirect(self, record: Record, redirect: MacroString, domain: Name, share: _Share) -> None:
        self._count(domain)
        if self._is_open(redirect):
            self._open.append(f"{for_people(domain)}: {record.redirect_text}")
            return
        target = self._expanded(redirect, domain)
        if target is None:
            raise self._broken(domain, f"'{record.redirect_text}' leads to no name")
        for result, addresses in self._inner(target, share.left, domain, record.redirect_text).items():
            share.take(result, addresses)

    def _inner(self, target: Name, left: Addresses, domain: Name, term: str) -> dict[Result, Addresses]:
        """Return what another domain's policy says; that it has none is an error."""
        if folded(target) in self._path:
            raise self._broken(domain, f"'{term}' leads back to a policy that is being evaluated, without end")
        inner = self.check(target, left)
        if inner.get(Result.NONE):
            raise self._broken(domain, f"'{term}': {for_people(target)} has no SPF record")
        return inner

    def _hosts(self, directive: Directive, domain: Name, left: Addresses) -> Addresses:
        target = self._target(directive, domain)
        if target is None:
            return NOBODY
        found = self._addresses(target, left, directive.bits)
        if found is None:
            self._note_void(directive, domain)
        return found or NOBODY

    def _exchanges(self, directive: Directive, domain: Name, left: Addresses) -> Addresses:
        target = self._target(directive, domain)
        if target is None:
            return NOBODY
        hosts = targets_of(self._asked(target, RdataType.MX, domain))
        if len(hosts) > MOST_HOSTS:
            raise self._broken(
                domain, f"'{directive.text}' has {len(hosts)} MX hosts, and {MOST_HOSTS} are allowed"
            )
        found = [self._addresses(host, left, directive.bits) for host in hosts]
        if self._is_void(target, RdataType.MX) or (found and all(each is None for each in found)):
            self._note_void(directive, domain)
        return union(each for each in found if each is not None)

    def _existing(self, directive: Directive, domain: Name, left: Addresses) -> Addresses:
        target = self._target(directive, domain)
        if target is None:
            return NOBODY
        if self._asked(target, RdataType.A, domain):
            return left
        if self._is_void(target, RdataType.A):
            self._note_void(directive, domain)
        return NOBODY

    def _pointed(self, directive: Directive, domain: Name, left: Addresses) -> Addresses:
        if self._sender is None:
            self._open.append(f"{for_people(domain)}: {directive.text}")
            return NOBODY
        if self._is_void(from_address(str(self._sender.address)), RdataType.PTR):
            self._note_void(directive, domain)
        target = domain if directive.domain is None else self._target(directive, domain)
        if target is None or not any(is_within(name, target) for name in self._validated(self._sender.address)):
            return NOBODY
        return left

    def _addresses(self, host: Name, left: Addresses, bits: tuple[int, int]) -> Addresses | None:
        """Return the networks around a host's addresses, of the families that matter; None where it has none."""
        wanted = [(RdataType.A, left.has_ipv4), (RdataType.AAAA, left.has_ipv6)]
        rdtypes = [rdtype for rdtype, matters in wanted if matters]
        found: list[Addresses] = []
        for rdtype in rdtypes:
            found += [_around(rdata, bits) for rdata in self._asked(host, rdtype, host)]
        if not found and all(self._is_void(host, rdtype) for rdtype in rdtypes):
            return None
        return union(found)

    def _asked(self, name: Name, rdtype: RdataType, domain: Name) -> tuple[Rdata, ...]:
        found = self._ask(name, rdtype)
        if found is NoRecords.FAILED:
            raise self._failed(domain, f"{for_people(name)} {RdataType.to_text(rdtype)} cannot be asked for")
        if found is NoRecords.NOT_ASKED:
            self._is_complete = False
        return () if isinstance(found, NoRecords) else found

    def _is_void(self, name: Name, rdtype: RdataType) -> bool:
        return self._ask(name, rdtype) is NoRecords.VOID

    def _target(self, directive: Directive, domain: Name) -> Name | None:
        """Return the name that a directive asks for; None where the sender decides, or where there can be none."""
        if directive.domain is None:
            return domain
        if self._is_open(directive.domain):
            self._open.append(f"{for_people(domain)}: {directive.text}")
            return None
        return self._expanded(directive.domain, domain)

    def _is_open(self, text: MacroString) -> bool:
        return self._sender is None and text.depends_on_sender

    def _expanded(self, text: MacroString, domain: Name) -> Name | None:
        validated = ""
        if "p" in text.letters() and self._sender is not None:
            validated = self._shown_host(self._sender.address, domain)
        return name_of(expanded(text, domain, self._start, self._sender, validated))

    def _shown_host(self, address: Address, domain: Name) -> str:
        """Return the validated name that `%{p}` stands for: the domain itself, one below it, or any."""
        names = sorted(self._validated(address), key=lambda name: (name != domain, not is_within(name, domain)))
        return names[0].to_text(omit_final_dot=True) if names else ""

    def _validated(self, address: Address) -> Iterator[Name]:
        """Yield the names that the address has by PTR and that have the address (RFC 7208 section 5.5)."""
        pointers = self._ask(from_address(str(address)), RdataType.PTR)
        rdtype = RdataType.A if isinstance(address, IPv4Address) else RdataType.AAAA
        for name in () if isinstance(pointers, NoRecords) else targets_of(pointers)[:MOST_HOSTS]:
            found = self._ask(name, rdtype)
            if not isinstance(found, NoRecords) and any(rdata.to_text() == str(address) for rdata in found):
                yield name

    def _count(self, domain: Name) -> None:
        self._lookups += 1
        if self._lookups > (MOST_LOOKUPS if self._sender is not None else _MOST_COUNTED):
            raise self._broken(domain, "too many look-ups are needed")

    def _note_void(self, directive: Directive, domain: Name) -> None:
        self._voids.append(f"{directive.text} of {for_people(domain)}")
        if len(self._voids) > MOST_VOIDS and self._sender is not None:
            raise self._broken(domain, "too many terms find nothing")

    def _broken(self, domain: Name, reason: str) -> _StopError:
        self._permanent.append(Trouble(domain, reason))
        return _StopError(Result.PERMERROR)

    def _failed(self, domain: Name, reason: str) -> _StopError:
        self._temporary.append(Trouble(domain, reason))
        return _StopError(Result.TEMPERROR)


def _around(rdata: Rdata, bits: tuple[int, int]) -> Addresses:
    if rdata.rdtype == RdataType.A:
        return of_network(IPv4Network(f"{rdata.to_text()}/{bits[0]}", strict=False)) & IPV4
    return of_network(IPv6Network(f"{rdata.to_text()}/{bits[1]}", strict=False)) & IPV6
