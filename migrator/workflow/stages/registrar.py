"""The switch at a registrar that has an API: only where a person has said so, and seen at the parent as any."""

import json
from collections.abc import Sequence

from dns.name import Name

from migrator.cutover.judge import Judgement
from migrator.cutover.look import names_of
from migrator.journey.events import Event, Kind, Worst
from migrator.model.finding import Severity
from migrator.model.names import absolute, for_people, is_within
from migrator.state.documents import Document, Documents
from migrator.workflow.stages.job import Attempt, Job
from migrator.workflow.stages.sides import SCHEMA as SIDES
from providers import parse_locator
from providers.route53.failures import RequestError
from providers.route53.registrar import NameServer, Operation, Progressing, Registrar

SCHEMA = "dns-migrator/registrar/1"
ROUTE53 = "route53domains"
REGISTRARS = (ROUTE53,)
_AMAZON = "amazon"
_UNDER_WAY = "DuplicateRequest"


def offers(registrar: str) -> str:
    """Return which API can switch a domain of a registrar, as RDAP names it; empty where none of ours can."""
    return ROUTE53 if _AMAZON in registrar.lower() else ""


def switch_there(job: Job, judgement: Judgement) -> Attempt | None:
    """Give the registrar the new name servers where a person wants that; None where nobody does.

    A person has agreed to the name servers of that moment, and to one try: what the registrar did not take is sent
    again when somebody says so again.
    """
    said = next((event for event in reversed(job.approved) if ROUTE53 in event.words), None)
    if said is None:
        return None
    again = (job.command("approve", f"switch --at-registrar {ROUTE53}"),)
    expected = judgement.look.expected
    names = " ".join(map(for_people, expected))
    if names_of(expected) != names_of(_shown(job, said) or expected):
        text = f"the new name servers are others than those that were to be sent to the registrar: {names}"
        return Attempt(Kind.ASKS, text, job.soon(), again, Worst(Severity.ERROR, text))
    kept = [each for each in Documents(job.store).of(job.domain, SCHEMA) if each.at >= said.at]
    failed = kept[-1].shape().text("failed", "") if kept else ""
    operation = None if failed else _operation(job, judgement, kept)
    if operation is not None and operation.progress is Progressing.FAILED:
        failed = operation.message or "it did not say why"
        _keep(job, operation.identifier, failed)
    if failed:
        text = f"the registrar did not take the new name servers: {failed}"
        return Attempt(Kind.ASKS, text, job.soon(), again, Worst(Severity.ERROR, text))
    if operation is not None and operation.progress is Progressing.DONE:
        text = f"the registrar has the new name servers, and the parent is to follow: {names}"
    else:
        text = f"the registrar takes the new name servers: {names}"
    return Attempt(Kind.WAITS, text, job.soon(30.0))


def _operation(job: Job, judgement: Judgement, kept: Sequence[Document]) -> Operation | None:
    """Return how far the change is, which is asked for where that was not done; None where only that is known."""
    known = kept[-1].shape().text("operation") if kept else ""
    profile = parse_locator(job.options.source).option("profile")
    with Registrar(profile) as registrar:
        if known:
            return registrar.operation(known)
        addresses = {host.name: host.addresses for host in judgement.look.hosts}
        servers = [
            NameServer(name, tuple(addresses.get(name, ())) if is_within(name, job.domain) else ())
            for name in judgement.look.expected
        ]
        if not kept:
            # Before it is sent: who is killed in between finds that it may have been.
            _keep(job, "")
        try:
            operation = registrar.switch(job.domain, servers)
        except RequestError as exc:
            if exc.code != _UNDER_WAY:
                raise
            return None
        if not operation.identifier:
            return operation
        _keep(job, operation.identifier)
        return registrar.operation(operation.identifier)


def _shown(job: Job, said: Event) -> tuple[Name, ...]:
    """Return the new name servers as they were shown when a person agreed."""
    before = [each for each in Documents(job.store).of(job.domain, SIDES) if each.at <= said.at]
    return tuple(map(absolute, before[-1].shape().texts("expected"))) if before else ()


def _keep(job: Job, operation: str, failed: str = "") -> None:
    found = {"schema": SCHEMA, "operation": operation, "failed": failed}
    Documents(job.store).keep(job.domain, json.dumps(found, separators=(",", ":")))
