"""The losses and the ledger of an import as JSON, `dns-migrator/import/1`. No IO here."""

from collections.abc import Iterable

import dns.exception
from dns.rdatatype import RdataType

from migrator.codec.extras import name_at
from migrator.codec.shape import Shape
from migrator.model.finding import Severity
from migrator.model.loss import Exactness, Fate, LedgerEntry, Loss
from migrator.model.names import text_of
from migrator.model.rrset import RRsetKey
from migrator.translate.result import Counts


def document(loss: Loss) -> dict[str, object]:
    """Return the JSON object of a loss."""
    return {
        **_key(loss.key),
        "what": loss.what,
        "exactness": str(loss.exactness),
        "severity": str(loss.severity),
        "message": loss.message,
        "advice": loss.advice,
    }


def documents(losses: Iterable[Loss]) -> list[dict[str, object]]:
    """Return the JSON objects of losses, in their order."""
    return [document(loss) for loss in losses]


def parse(shape: Shape) -> Loss:
    """Return the loss that such an object is; raises InputError where it is none."""
    return Loss(
        _parsed_key(shape),
        shape.text("what"),
        Exactness(_one_of(shape, "exactness", tuple(Exactness))),
        shape.text("message"),
        shape.text("advice"),
        Severity(_one_of(shape, "severity", tuple(Severity))),
    )


def ledger(counts: Counts) -> dict[str, object]:
    """Return the ledger in numbers."""
    return {
        "read": counts.read,
        "copied": counts.copied,
        "translated": counts.translated,
        "dropped": counts.dropped,
        "unaccounted": counts.unaccounted,
    }


def entry(found: LedgerEntry) -> dict[str, object]:
    """Return the JSON object of the fate of one set."""
    return {**_key(found.key), "fate": str(found.fate), "reason": found.reason}


def parse_entry(shape: Shape) -> LedgerEntry:
    """Return the ledger entry that such an object is; raises InputError where it is none."""
    return LedgerEntry(_parsed_key(shape), Fate(_one_of(shape, "fate", tuple(Fate))), shape.text("reason"))


def _key(key: RRsetKey) -> dict[str, object]:
    return {"owner": text_of(key.owner), "rdtype": RdataType.to_text(key.rdtype), "variant": key.variant}


def _parsed_key(shape: Shape) -> RRsetKey:
    text = shape.text("rdtype")
    try:
        rdtype = RdataType.from_text(text)
    except (dns.exception.DNSException, ValueError) as exc:
        raise shape.error("rdtype", f"'{text}' is no record type.") from exc
    return RRsetKey(name_at(shape, "owner"), rdtype, shape.text("variant", ""))


def _one_of(shape: Shape, key: str, words: tuple[str, ...]) -> str:
    found = shape.text(key)
    if found not in words:
        raise shape.error(key, f"'{found}' is none of {', '.join(words)}.")
    return found
