"""Which change of a refused batch each of Route 53's words is about. No IO here.

`InvalidChangeBatch` lists all defects in one text, and no field says to which change each belongs:

    [Tried to create resource record set [name='a.example.com.', type='A'] but it already exists, Invalid Resource
    Record: 'FATAL problem: ARRDATAIllegalIPv4Address (...) encountered with '192.0.2.999'']

The text is cut before each sentence, and a sentence belongs to the changes with the name, type and identifier in
it, else to those with the value that it quotes. One that fits nothing is about the batch.
"""

import re
from collections.abc import Iterator, Sequence

from dns.rdatatype import RdataType

from migrator.model.change import Delete
from migrator.model.extras import Alias, HealthCheck
from migrator.model.rrset import RRsetKey
from providers.route53.atoms import Written
from providers.route53.batches import Batch
from providers.route53.names import encode

# Refusals of what was sent: none of the batch was carried out, and sending it again would not help.
REFUSED = frozenset({"InvalidChangeBatch", "InvalidInput", "NoSuchHealthCheck"})

_BEGINNINGS = "Tried to |Invalid |RRSet |Duplicate |A HostedZone |The |Cannot |Number of |Resource record set "
_NEXT = re.compile(rf", (?=(?:{_BEGINNINGS}))")
_TYPE = re.compile(r"\btype[= ]'?([A-Z0-9]+)|\btype '([A-Z0-9]+)'")
_IDENTIFIER = re.compile(r"(?:set-identifier='|SetIdentifier[= ]'?)([^'\],]+)")
_ZONE = re.compile(r"\bin zone \S+")
_POSITION = re.compile(r"\bchanges\.(\d+)\.member\b")


_CHANGED = ("already exists", "not found", "do not match")
_CHANGED_ADVICE = " Somebody changed it since it was read: run the command again."
_PROTECTED_ADVICE = " Remove the protection first ('aws route53 delete-resource-record-set-protections')."


def advice(sentence: str) -> str:
    """Return what to do about a refusal, with a blank before it, where that is known."""
    if "protect" in sentence.lower():
        return _PROTECTED_ADVICE
    # An alias target that was not found is no set that somebody changed.
    concurrent = sentence.startswith("Tried to") and "alias" not in sentence
    return _CHANGED_ADVICE if concurrent and any(words in sentence for words in _CHANGED) else ""


def reasons(messages: Sequence[str], batch: Batch) -> tuple[dict[RRsetKey, str], str]:
    """Return the reason for each change of the batch that is at fault, and what is said of the whole batch."""
    found: dict[RRsetKey, list[str]] = {}
    general: list[str] = []
    named = [(encode(one.key.owner).rstrip("."), one) for one in batch.members]
    # What is wrong with a set is said of its DELETE and of its CREATE.
    for sentence in dict.fromkeys(cut for message in messages for cut in _sentences(message)):
        keys = _about(sentence, batch, named)
        for key in keys:
            found.setdefault(key, []).append(sentence)
        if not keys:
            general.append(sentence)
    return {key: " ".join(sentences) for key, sentences in found.items()}, " ".join(general)


def _sentences(message: str) -> Iterator[str]:
    text = message.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    for part in _NEXT.split(text):
        if part.strip():
            yield f"{part.strip().rstrip('.')}."


def _about(sentence: str, batch: Batch, named: Sequence[tuple[str, Written]]) -> list[RRsetKey]:
    """Return the changes that a sentence fits best."""
    position = _POSITION.search(sentence)
    if position is not None:
        step = batch.steps[int(position[1]) - 1 : int(position[1])]
        return [one.key for one in batch.members if any(mine is each for mine in one.steps for each in step)]
    said = _ZONE.sub("", sentence)
    scores = {one.key: _score(said, name, one) for name, one in named}
    best = max(scores.values(), default=0)
    return [key for key, score in scores.items() if score == best] if best else []


def _score(sentence: str, name: str, written: Written) -> int:
    """Return how well a sentence fits: by name, type and identifier; else by what it quotes."""
    key = written.key
    desired = () if isinstance(written.change, Delete) else written.change.desired.extras
    if "alias that targets" in sentence:
        targets = (encode(extra.target).rstrip(".") for extra in desired if isinstance(extra, Alias))
        return int(any(_mentions(sentence, target) for target in targets))
    if _mentions(sentence, name):
        identifier = _IDENTIFIER.search(sentence)
        same_type = RdataType.to_text(key.rdtype) in {one or other for one, other in _TYPE.findall(sentence)}
        return 4 + 2 * same_type + (identifier is not None and identifier[1].strip() == key.variant)
    if any(f"'{value}'" in sentence for step in written.steps for value in step.values):
        return 3
    checks = [extra.identifier for extra in desired if isinstance(extra, HealthCheck)]
    if any(check in sentence for check in checks):
        return 2
    return int(bool(checks) and "health check" in sentence.lower())


def _mentions(sentence: str, name: str) -> bool:
    """Tell whether a name stands in the sentence, and not as a part of another."""
    return name in sentence and bool(re.search(rf"(?<![\w.\\*-]){re.escape(name)}\.?(?![\w\\-]|\.\w)", sentence))
