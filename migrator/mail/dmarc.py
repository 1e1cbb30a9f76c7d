"""DMARC: what receivers do with mail that fails, found at the domain or above it. No IO here."""

from collections.abc import Iterable, Iterator, Mapping

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.policies import DMARC_STRENGTH, Dmarc, dmarc_policies
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import below, folded, for_people
from migrator.model.values import dataclass

LABEL = b"_dmarc"
_MOST_LABELS = 8  # with the root: seven
_CONSEQUENCE = {
    "reject": "makes receivers reject it",
    "quarantine": "makes receivers put it into the spam folder",
    "none": "reports it and lets it through",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The DMARC records that a receiver finds for a domain: `owner` has them, or `elsewhere` in another zone."""

    owner: Name
    policies: tuple[Dmarc, ...]
    elsewhere: Name | None = None

    @property
    def public_suffix(self) -> str:
        """What the record says of its place in the tree (`psd=`): `y`, `n`, or empty."""
        return self.policies[0].tags.get("psd", "").lower() if self.policies else ""

    def applied(self, domain: Name) -> str:
        """Return `reject`, `quarantine`, `none`, or empty where receivers apply nothing that is known here."""
        if len(self.policies) != 1:
            return ""
        return self.policies[0].for_domain(own=folded(self.owner)[1:] == folded(domain))


def find(zone: ServedZone, domain: Name) -> Found | None:
    """Return the DMARC records that apply to a domain, as far as the zone tells."""
    found = [
        record
        for name in walk(domain)
        if zone.within(name)
        and (owner := below(name, LABEL)) is not None
        and (record := at(zone, owner)) is not None
    ]
    return applying(domain, found)


def walk(domain: Name) -> Iterator[Name]:
    """Yield the names at which receivers look, from the domain upwards (RFC 9989 section 4.10).

    Of a name with more than eight labels they go on at the last seven.
    """
    yield domain
    labels = domain.labels[1:]
    if len(labels) > _MOST_LABELS:
        labels = labels[-_MOST_LABELS:]
    while len(labels) > 1:
        yield Name(labels)
        labels = labels[1:]


def applying(domain: Name, found: Iterable[Found]) -> Found | None:
    """Return which of the records on the way up applies: the domain's own, else that of its organisation.

    The organisation's is marked by `psd=n`, or stands right below `psd=y`, or else is the uppermost (RFC 9989
    section 4.10.2). Above the domain, several records at one name are none.
    """
    last: Found | None = None
    for record in found:
        if folded(record.owner)[1:] == folded(domain):
            return record
        if len(record.policies) > 1:
            continue
        if record.public_suffix == "n":
            return record
        if record.public_suffix == "y":
            is_below = last is not None and folded(last.owner)[2:] == folded(record.owner)[1:]
            return last if is_below else record
        last = record
    return last


def at(zone: ServedZone, owner: Name) -> Found | None:
    """Return the DMARC records of one owner, be it by CNAMEs, or None where there are none."""
    found = dmarc_policies(zone.followed(owner, RdataType.TXT))
    if found:
        return Found(owner, found)
    left_to = zone.left_to(owner, RdataType.TXT)
    # A wildcard that leads elsewhere answers for any name: nobody keeps a policy behind it on purpose.
    return Found(owner, (), left_to) if left_to is not None and zone.owns(owner) else None


def consequence(sides: Sides, domain: Name) -> str:
    """Return what receivers do with mail of a domain that fails, as the end of a sentence; empty if unknown."""
    for zone in (sides.new, sides.old):
        found = find(zone, domain)
        if found is not None:
            policy = found.applied(domain)
            return f"; DMARC p={policy} {_CONSEQUENCE[policy]}" if policy else ""
    return ""


def dmarc_effects(sides: Sides, domain: Name) -> Iterator[Effect]:
    """Yield what becomes of forged and failing mail of a domain when the policy that applies to it changes."""
    yield from policy_effects(domain, find(sides.old, domain), find(sides.new, domain))


def policy_effects(domain: Name, old: Found | None, new: Found | None) -> Iterator[Effect]:
    """Yield what becomes of a domain's mail when other records apply to it."""
    shown = for_people(domain)
    if old is None and new is None:
        return
    if old is None:
        assert new is not None
        yield from _gained(new, domain)
    elif new is None:
        policy = old.applied(domain)
        stood = f" (p={policy} so far)" if policy else ""
        yield _error(
            f"{shown} has no DMARC policy{stood}: forged mail in its name is no longer stopped or reported, and "
            "large receivers refuse bulk mail without one.",
            breaks=True,
        )
    elif len(new.policies) > 1 >= len(old.policies):
        yield _error(f"{shown} has {len(new.policies)} DMARC records; receivers then apply none.", breaks=True)
    elif (old.policies, old.elsewhere) != (new.policies, new.elsewhere) and not _is_alike(old, new, domain):
        yield from _other(shown, domain, old, new)


def _is_alike(old: Found, new: Found, domain: Name) -> bool:
    """Tell whether receivers read the same, or treat a domain without a record of its own as before."""
    if old.elsewhere is None and new.elsewhere is None and len(old.policies) == len(new.policies) == 1:
        at_one = folded(old.owner) == folded(new.owner)
        if at_one and not _unlike(old.policies[0].tags, new.policies[0].tags):
            return not _repeated(old, new)
    inherited = folded(old.owner)[1:] != folded(domain) and folded(old.owner) == folded(new.owner)
    return inherited and old.elsewhere == new.elsewhere and old.applied(domain) == new.applied(domain)


def _repeated(old: Found, new: Found) -> list[str]:
    """Return the tags that stand twice in the new record and did not in the old: no tag of it counts then."""
    return [tag for tag in new.policies[0].repeated if tag not in old.policies[0].repeated]


def _gained(new: Found, domain: Name) -> Iterator[Effect]:
    policy = new.applied(domain)
    then = f" that {_CONSEQUENCE[policy].replace('it', 'what fails')}" if policy else ""
    yield Effect(Role.DMARC, Severity.WARNING, f"{for_people(domain)} gets a DMARC policy{then}; it had none.")


def _other(shown: str, domain: Name, old: Found, new: Found) -> Iterator[Effect]:
    if old.elsewhere != new.elsewhere:
        yield _moved(shown, old, new)
        return
    before, after = old.applied(domain), new.applied(domain)
    change = f"(p={before or 'unknown'} became p={after or 'unknown'})"
    if twice := _repeated(old, new):
        yield _error(f"DMARC of {shown} has {twice[0]}= twice: receivers may take it for no policy at all.")
    if before and not after:
        yield _error(f"The DMARC policy of {shown} cannot be used any more {change}.", breaks=True)
    elif before and DMARC_STRENGTH[after] < DMARC_STRENGTH[before]:
        yield _error(f"DMARC of {shown} is weaker against forged mail {change}.")
    elif after and (not before or DMARC_STRENGTH[after] > DMARC_STRENGTH[before]):
        sentence = f"DMARC of {shown} is stricter {change}: mail that fails now is lost."
        yield Effect(Role.DMARC, Severity.WARNING, sentence)
    elif not twice:
        yield _other_tags(shown, domain, old, new)


def _moved(shown: str, old: Found, new: Found) -> Effect:
    if new.elsewhere is not None and old.elsewhere is not None:
        sentence = f"DMARC of {shown} is kept {_where(new)} instead of {_where(old)}."
    elif new.elsewhere is not None:
        sentence = f"DMARC of {shown} is kept {_where(new)}, and was not so far."
    else:
        sentence = f"DMARC of {shown} is a fixed copy, and no longer the policy that is kept {_where(old)}."
    return Effect(Role.DMARC, Severity.WARNING, sentence)


def _where(found: Found) -> str:
    if found.elsewhere is None or folded(found.elsewhere) == folded(found.owner):
        return "in a zone of its own"
    return f"at {for_people(found.elsewhere)}"


def _other_tags(shown: str, domain: Name, old: Found, new: Found) -> Effect:
    below, then = old.policies[0].subdomain_policy, new.policies[0].subdomain_policy
    if below and then and below != then and folded(new.owner)[1:] == folded(domain):
        is_weaker = DMARC_STRENGTH[then] < DMARC_STRENGTH[below]
        what = "weaker against forged mail" if is_weaker else "stricter: mail from them that fails now is lost"
        return _warning(f"DMARC of the sub-domains of {shown} is {what} ({below} became {then}).")
    before, after = old.policies[0].tags, new.policies[0].tags
    tags = _unlike(before, after)
    if tags in (["rua"], ["ruf"]):
        return _warning(f"DMARC reports of {shown} go to another address, or to none.")
    what = f"in {', '.join(tags)}"
    stays = "what happens to mail stays" if _ONLY_TOLD.issuperset(tags) else "other mail may pass it, or fail"
    return _warning(f"DMARC of {shown} differs {what}; {stays}.")


def _unlike(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the tags that say something else."""
    return sorted(tag for tag in {*before, *after} if _meant(before, tag) != _meant(after, tag))


def _meant(tags: Mapping[str, str], tag: str) -> str:
    """Return what a tag says, or what receivers take it for where it is not there; keywords have no case."""
    stated = tag
    while stated not in tags and stated in _INSTEAD:
        stated = _INSTEAD[stated]
    value = tags.get(stated, _DEFAULTS.get(tag, ""))
    return value.lower() if tag in _KEYWORDS else value


def spelling_effect(sides: Sides, domain: Name) -> Effect | None:
    """Return what to say of a record that differs where `dmarc_effects` has nothing to say; None without a policy.

    Receivers find the same policy: spelt otherwise, or at the domain above.
    """
    found = find(sides.new, domain)
    if found is None:
        return None
    shown, above = for_people(domain), for_people(found.owner.parent())
    if folded(found.owner)[1:] == folded(domain):
        return _warning(f"DMARC of {shown} says the same to receivers; only what stands there differs.")
    return _warning(f"{shown} has no DMARC record of its own; the one of {above} applies, and says the same.")


def _warning(sentence: str) -> Effect:
    return Effect(Role.DMARC, Severity.WARNING, sentence)


def _error(sentence: str, *, breaks: bool = False) -> Effect:
    return Effect(Role.DMARC, Severity.ERROR, sentence, breaks)


# Tags that say what is told about mail, and nothing of what becomes of it.
_ONLY_TOLD = frozenset({"fo", "rf", "ri", "rua", "ruf"})
# RFC 9989 section 4.7; `pct`, `rf` and `ri` are of RFC 7489 alone.
_DEFAULTS = {"adkim": "r", "aspf": "r", "fo": "0", "pct": "100", "psd": "u", "rf": "afrf", "ri": "86400", "t": "n"}
_INSTEAD = {"np": "sp", "sp": "p"}
_KEYWORDS = frozenset({"adkim", "aspf", "fo", "np", "p", "psd", "sp", "t"})
