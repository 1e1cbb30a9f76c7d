"""What the registry's own record of the domain (RDAP) adds: other name servers, locks, an end. No IO here."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from migrator.clock import instant
from migrator.cutover.look import Look, Unasked, signer_set
from migrator.cutover.memory import set_text
from migrator.cutover.registrar import Registrar
from migrator.cutover.servers import Remark
from migrator.cutover.stage import Stage
from migrator.meaning.suffixes import registered_above
from migrator.model.finding import Finding, Severity, Unchecked
from migrator.model.names import text_of
from migrator.model.phrases import ended

# EPP statuses as RFC 8056 writes them in RDAP. "transfer prohibited" is a usual lock and stands in nobody's way.
_HOLDS = frozenset({"client hold", "server hold", "pending delete", "redemption period"})
_LOCKS = frozenset({"client update prohibited", "server update prohibited"})
_SOON = timedelta(days=30)


def registry_remarks(look: Look, stage: Stage | None, now: datetime) -> Iterator[Remark]:
    """Yield what the registry says and the parent does not."""
    subject = text_of(look.domain)
    match look.registrar:
        case None:
            return
        case Unasked() if registered_above(look.domain) is not None:
            return  # the registry knows the domain above, not names below that
        case Unasked(reason=reason):
            yield Unchecked("registrar.rdap", subject, reason)
        case Registrar() as registrar:
            if registrar.unread:
                reason = f"the registry's answer has parts that cannot be read: {', '.join(registrar.unread)}"
                yield Unchecked("registrar.rdap", subject, reason)
            yield from _name_servers(registrar, look, stage)
            yield from _statuses(registrar, look, stage)
            yield from _ds(registrar, look)
            yield from _expiry(registrar, look, now)


def _name_servers(registrar: Registrar, look: Look, stage: Stage | None) -> Iterator[Remark]:
    if registrar.name_servers is None:
        return
    listed, expected = set_text(registrar.name_servers), set_text(look.expected)
    wanted = _words(expected)
    done = stage is not None and stage.is_done
    if done and listed != expected:
        yield Finding(
            "registrar.name-servers",
            Severity.WARNING,
            text_of(look.domain),
            ended(f"The registry's RDAP lists {_words(listed)}, while the parent lists the expected {wanted}"),
            remedy="RDAP is often behind by minutes; where it lasts for a day, ask the registrar.",
        )
    elif not done and stage is not None and listed == expected:
        yield Finding(
            "registrar.name-servers",
            Severity.NOTICE,
            text_of(look.domain),
            "The registry's RDAP has the expected name servers, and not all servers of the parent list them yet.",
            remedy="The registrar has done its part: wait for the registry to publish.",
        )


def _statuses(registrar: Registrar, look: Look, stage: Stage | None) -> Iterator[Remark]:
    statuses = {status.lower() for status in registrar.statuses}
    held = sorted(statuses & _HOLDS)
    if held:
        yield Finding(
            "registrar.hold",
            Severity.ERROR,
            text_of(look.domain),
            f"The registry has the domain in the status {', '.join(held)}: it is not, or not for long, delegated.",
            remedy="Settle that with the registrar first.",
        )
    locked = sorted(statuses & _LOCKS)
    if locked and not (stage is not None and stage.is_done):
        yield Finding(
            "registrar.locked",
            Severity.WARNING,
            text_of(look.domain),
            f"The status {', '.join(locked)} keeps the registrar from changing the name servers.",
            remedy="Have the registrar lift that lock for the switch; a lock against transfers can stay.",
        )


def _ds(registrar: Registrar, look: Look) -> Iterator[Remark]:
    found = [ds for ds in (signer_set(view) for view in look.delegation.views) if ds is not None]
    if registrar.delegation_signed is None or not found:
        return
    at_parent = sorted({ds.to_text().upper() for signers in found for ds in signers})
    listed = None if registrar.ds is None else sorted(str(ds) for ds in registrar.ds)
    agrees = at_parent == listed if listed is not None else registrar.delegation_signed == bool(at_parent)
    if agrees:
        return
    said = "; ".join(listed or ()) or ("a signed delegation" if registrar.delegation_signed else "no DS")
    yield Finding(
        "registrar.ds",
        Severity.WARNING,
        text_of(look.domain),
        f"The registry's RDAP says {said}, the parent's servers say {'; '.join(at_parent) or 'no DS'}; the same "
        "was expected.",
        remedy="A change of DS may be on its way: do not switch before both agree.",
    )


def _expiry(registrar: Registrar, look: Look, now: datetime) -> Iterator[Remark]:
    if registrar.expires is None or registrar.expires - now > _SOON:
        return
    verb = "expired" if registrar.expires <= now else "expires"
    yield Finding(
        "registrar.expiry",
        Severity.WARNING,
        text_of(look.domain),
        f"The registration {verb} {instant(registrar.expires)}, within 30 days of now.",
        remedy="Renew it before anything else.",
    )


def _words(text: str) -> str:
    return ", ".join(text.split()) or "none"
