"""DKIM: the keys by which receivers check signatures, one a selector. No IO here."""

from collections.abc import Iterator

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.mail.dmarc import consequence
from migrator.mail.keys import KeyRemark, key_remarks
from migrator.mail.policies import DkimKey, dkim_key, texts
from migrator.meaning import services
from migrator.meaning.roles import Effect, Role
from migrator.meaning.served import ServedZone, Sides
from migrator.model.finding import Severity
from migrator.model.names import folded, for_people
from migrator.model.values import dataclass

LABEL = b"_domainkey"
_VERSION = "DKIM1"
# Policies of DomainKeys, and Author Domain Signing Practices (RFC 5617), stand there as well, and are no key.
NO_SELECTORS = frozenset({"", "_adsp"})


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector and the domain that it signs for; `name` is empty for `_domainkey` itself."""

    owner: Name
    name: str
    domain: Name


@dataclass(frozen=True, slots=True)
class State:
    """What receivers find at a selector: the texts of TXT records, the target of a CNAME, or a delegation."""

    texts: tuple[str, ...] = ()
    target: Name | None = None
    delegated: bool = False

    @property
    def gone(self) -> bool:
        """Whether there is nothing."""
        return not self.texts and self.target is None and not self.delegated

    @property
    def keyless(self) -> bool:
        """Whether there are texts and no key in them: it was revoked, or they are about something else."""
        return bool(self.texts) and not any(key.tags.get("p", "").strip() for key in self.keys())

    @property
    def revoked(self) -> bool:
        """Whether a text says that the key is revoked: by a `p=` with nothing in it."""
        return self.keyless and any("p" in key.tags for key in self.keys())

    def keys(self) -> tuple[DkimKey, ...]:
        """Return the keys of the texts."""
        return tuple(dkim_key(text) for text in self.texts)


def selector_of(owner: Name) -> Selector | None:
    """Return the selector that an owner is, or None: it has no label `_domainkey`."""
    labels = folded(owner)
    if LABEL not in labels:
        return None
    at = labels.index(LABEL)
    name = b".".join(labels[:at]).decode("latin-1")
    return Selector(owner, name, Name(owner.labels[at + 1 :]))


def selector_name(owner: Name) -> str:
    """Return the labels before `_domainkey`."""
    selector = selector_of(owner)
    return "" if selector is None else selector.name


def state_of(zone: ServedZone, owner: Name) -> State:
    """Return what receivers find at a selector; CNAMEs are followed while they stay within the zone."""
    left_to = zone.left_to(owner, RdataType.TXT)
    if left_to is None:
        return State(tuple(texts(zone.followed(owner, RdataType.TXT))))
    return State(delegated=True) if folded(left_to) == folded(owner) else State(target=left_to)


def dkim_effects(sides: Sides, owner: Name) -> Iterator[Effect]:
    """Yield what becomes of signed mail when the records of a selector change."""
    selector = selector_of(owner)
    assert selector is not None
    old, new = state_of(sides.old, owner), state_of(sides.new, owner)
    if old == new:
        return
    signed = _signed(sides, selector)
    if old.keyless:
        yield from keyless_effects(owner, old, new)
    elif old.gone:
        yield Effect(
            Role.DKIM, Severity.WARNING, f"The selector {for_people(owner)} is new; nothing so far used it."
        )
    elif new.gone:
        by = _signer(old)
        why = ": a proxy answers addresses in the place of its CNAME" if sides.new.is_proxied(owner) else ""
        yield _error(f"{signed}{by} will fail DKIM{why}{consequence(sides, selector.domain)}.", breaks=True)
    elif not sides.new.owns(owner) and not new.delegated:
        wildcard = sides.new.wildcard(owner)
        hides = f", and {for_people(wildcard)} hides that" if wildcard is not None else ""
        then = consequence(sides, selector.domain)
        yield _error(f"{signed} will fail DKIM: its key is gone{hides}{then}.", breaks=True)
    elif new.delegated or old.delegated:
        yield _error(f"{signed} is checked by keys of another zone: the selector is delegated on one side only.")
    else:
        yield from state_effects(signed, consequence(sides, selector.domain), old, new)


def keyless_effects(owner: Name, old: State, new: State) -> Iterator[Effect]:
    """Yield what becomes of a selector that had no key: nothing was signed by it, and so nothing fails."""
    if selector_name(owner) in NO_SELECTORS:
        sentence = f"{for_people(owner)} differs; it has a policy about signatures that nobody reads any more."
    elif new.gone:
        why = "its key was revoked" if old.revoked else "it had no key"
        sentence = f"The record of {for_people(owner)} is gone; {why}, so no mail was signed by it."
    elif new.keyless:
        sentence = f"{for_people(owner)} has another record without a key; no mail was signed by it."
    else:
        so_far = "was revoked" if old.revoked else "had none"
        sentence = f"{for_people(owner)} has a key now; so far it {so_far}."
    yield Effect(Role.DKIM, Severity.WARNING, sentence)


def same_key_effect(sides: Sides, owner: Name) -> Effect | None:
    """Return what to say of a selector whose records differ and lead to the same key; None without any key."""
    selector = selector_of(owner)
    assert selector is not None
    if state_of(sides.new, owner).gone:
        return None
    sentence = f"{_signed(sides, selector)} is checked by the same key; only the way to it differs."
    return Effect(Role.DKIM, Severity.WARNING, sentence)


def _signed(sides: Sides, selector: Selector) -> str:
    signed = f"Mail signed by selector {selector.name}" if selector.name else "Signed mail"
    if folded(selector.domain) != folded(sides.old.origin):
        signed += f" of {for_people(selector.domain)}"
    return signed


def state_effects(signed: str, then: str, old: State, new: State) -> Iterator[Effect]:
    """Yield what becomes of signed mail when another key stands at a selector; `then` ends a sentence."""
    if old.target != new.target:
        yield _other_target(signed, old, new)
    elif old.texts != new.texts:
        yield from _other_keys(signed, then, old, new)


def _other_target(signed: str, old: State, new: State) -> Effect:
    if old.target is not None and new.target is not None:
        instead = f"at {for_people(new.target)} instead of {for_people(old.target)}"
        return _error(f"{signed}{_signer(old)} is checked by a key {instead}.")
    if old.target is not None:
        service = services.of_cname(old.target)
        who = service.service if service else for_people(old.target)
        return _error(
            f"{signed} is checked by a fixed copy of the key; it will fail DKIM when {who} changes its key."
        )
    assert new.target is not None
    sentence = f"{signed} is checked by the key at {for_people(new.target)}, which so far stood here."
    return Effect(Role.DKIM, Severity.WARNING, sentence)


def _other_keys(signed: str, then: str, old: State, new: State) -> Iterator[Effect]:
    had, has = old.keys(), new.keys()
    if len(has) > 1 >= len(had):
        yield _error(
            f"{signed} may fail DKIM: there are {len(has)} records, of which receivers take any{then}.",
            breaks=True,
        )
    elif len(had) > 1:
        yield _of_several(signed, then, old, new)
    else:
        yield _instead(signed, then, old.texts[0], new.texts[0])


def _of_several(signed: str, then: str, old: State, new: State) -> Effect:
    """Return what becomes of signed mail where several records stood at a selector: receivers took any of them."""
    had, has = _usable(old), _usable(new)
    gone = [key for key in had if key not in has]
    stay = len(had) - len(gone)
    if gone and stay:
        return _error(
            f"{signed} with the key that is gone will fail DKIM: of {len(had)} keys {stay} "
            f"{'stays' if stay == 1 else 'stay'}{then}."
        )
    if gone:
        return _instead(signed, then, had[gone[0]], next(iter(has.values()), new.texts[0]))
    if len(new.texts) > 1:
        sentence = (
            f"{signed} may fail DKIM as before: there are {len(new.texts)} records, of which receivers take any; "
            f"so far there were {len(old.texts)}."
        )
        return Effect(Role.DKIM, Severity.WARNING, sentence)
    if new.texts[0] in old.texts:
        sentence = (
            f"{signed} is checked by the same key, which stands alone now; of the {len(old.texts)} records so far "
            "receivers took any."
        )
        return Effect(Role.DKIM, Severity.WARNING, sentence)
    return _instead(signed, then, had.get(dkim_key(new.texts[0]).key or b"", old.texts[0]), new.texts[0])


def _usable(state: State) -> dict[bytes, str]:
    """Return the keys that stand at a selector, each with its text; without revoked and unreadable ones."""
    return {key: text for text in state.texts if (key := dkim_key(text).key)}


def _instead(signed: str, then: str, before: str, after: str) -> Effect:
    """Return what becomes of mail that was signed by one key when another record stands there."""
    one, other = dkim_key(before), dkim_key(after)
    if one.key == other.key and one.key is not None:
        return _same_key(signed, before, after, then)
    if other.key == b"":
        return _error(f"{signed} will fail DKIM: the key is revoked (p= is empty){then}.", breaks=True)
    if _is_damaged(one, other):
        return _error(f"{signed} will fail DKIM: the key is {_damage(one, after)}{then}.", breaks=True)
    return _error(f"{signed} with the old key will fail DKIM: another key stands there{then}.")


def _same_key(signed: str, before: str, after: str, then: str) -> Effect:
    one, other = dkim_key(before), dkim_key(after)
    tags = sorted(t for t in {*one.tags, *other.tags} - {"p"} if one.tags.get(t) != other.tags.get(t))
    if other.tags.get("v", _VERSION) != _VERSION == one.tags.get("v", _VERSION):
        slash = (
            ": a backslash stands before a semicolon" if "\\" in other.tags["v"] else ": its version is not DKIM1"
        )
        return _error(f"{signed} will fail DKIM{slash}{then}.", breaks=True)
    if any("\\" in tag for tag in other.tags.values()):
        return _error(f"{signed} may fail DKIM: backslashes stand within the record.")
    gained = _gained_remark(before, after)
    if gained is not None and gained.useless:
        return _error(f"{signed} will fail DKIM: the key {gained.text}{then}.", breaks=True)
    if gained is not None:
        return Effect(Role.DKIM, Severity.WARNING, f"{signed} is checked by the same key, but it {gained.text}.")
    where = f"the tags {', '.join(tags)} differ" if tags else "it is only spelt otherwise"
    return Effect(Role.DKIM, Severity.WARNING, f"{signed} is checked by the same key; {where}.")


def _gained_remark(before: str, after: str) -> KeyRemark | None:
    """Return the gravest thing to say of a key record that was not to be said of the one before."""
    known = {remark.text for remark in key_remarks(before)}
    if any(remark.useless for remark in key_remarks(before)):
        return None
    gained = [remark for remark in key_remarks(after) if remark.text not in known]
    return max(gained, key=lambda remark: remark.useless, default=None)


def _is_damaged(one: DkimKey, other: DkimKey) -> bool:
    """Tell whether a key cannot be used that could be: no base64, shorter than it says, or cut off."""
    whole, rest = ("".join(key.tags.get("p", "").split()) for key in (one, other))
    cut = len(rest) < len(whole) and whole.startswith(rest)
    return cut or (one.key is not None and other.key is None) or (one.whole and not other.whole)


def _damage(one: DkimKey, text: str) -> str:
    if "\\;" in text:
        return "unreadable: backslashes stand before the semicolons"
    other = dkim_key(text).tags.get("p", "")
    whole = one.tags.get("p", "")
    bare = "".join(other.split())
    if bare and "".join(whole.split()).startswith(bare):
        return f"cut off after {len(bare)} of {len(''.join(whole.split()))} characters"
    return "damaged" if other else "not there"


def _signer(old: State) -> str:
    service = services.of_cname(old.target) if old.target is not None else None
    return f" ({service.service})" if service else ""


def signing_services(zone: ServedZone, owners: list[Name]) -> list[str]:
    """Return the services whose keys stand at these selectors."""
    found = [state_of(zone, owner).target for owner in owners]
    known = [services.of_cname(target) for target in found if target is not None]
    return sorted({target.service for target in known if target is not None and target.use is services.Use.DKIM})


def _error(sentence: str, *, breaks: bool = False) -> Effect:
    return Effect(Role.DKIM, Severity.ERROR, sentence, breaks)
