"""Translations as lines of text, to compare whole values with."""

from dns.name import Name
from dns.rdatatype import RdataType

from migrator.codec.rdata import to_text
from migrator.model.extras import Extra
from migrator.model.loss import Loss
from migrator.model.names import folded
from migrator.model.rrset import RRset, RRsetKey
from migrator.plain.comments import extra_text
from migrator.translate import Translation
from tests.snapshots import ORIGIN

APEX = {RdataType.SOA, RdataType.NS}


def told(found: Translation, *, apex: bool = False) -> list[str]:
    """The desired sets, one line each; without the SOA and NS of the apex unless they are asked for."""
    return [
        line(rrset)
        for rrset in found.desired.rrsets
        if apex or rrset.rdtype not in APEX or folded(rrset.owner) != folded(ORIGIN)
    ]


def lost(found: Translation) -> list[str]:
    """The losses, one line each: severity, owner, type, word."""
    return [loss_line(loss) for loss in found.losses]


def fates(found: Translation) -> dict[str, str]:
    """The fate of each set, without the SOA and NS of the apex."""
    return {
        key_text(entry.key): str(entry.fate)
        for entry in found.ledger
        if entry.key.rdtype not in APEX or folded(entry.key.owner) != folded(ORIGIN)
    }


def line(rrset: RRset) -> str:
    extras = "".join(f" [{short(extra)}]" for extra in rrset.extras)
    ttl = "-" if rrset.ttl is None else str(rrset.ttl)
    owner, rdtype = key_text(rrset.key).split(" ", 1)
    return f"{owner} {ttl} {rdtype} {' | '.join(map(to_text, rrset.rdatas))}".rstrip() + extras


def loss_line(loss: Loss) -> str:
    return f"{loss.severity} {key_text(loss.key)} {loss.what}"


def key_text(key: RRsetKey) -> str:
    variant = f"/{key.variant}" if key.variant else ""
    return f"{relative(key.owner)} {RdataType.to_text(key.rdtype)}{variant}"


def relative(owner: Name) -> str:
    return owner.relativize(ORIGIN).to_text()


def short(extra: Extra) -> str:
    return extra_text(extra).replace(" evaluate_target_health=false", "")
