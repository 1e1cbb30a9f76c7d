"""The switch at a registrar that has an API: only where a person has said so, and seen at the parent as any."""

import json

from migrator.cutover.judge import Judgement
from migrator.documents import Documents
from migrator.journey.events import Kind, Worst
from migrator.model.finding import Severity
from migrator.model.names import for_people, is_within
from migrator.workflow.stages.job import Attempt, Job
from providers import parse_locator

SCHEMA = "dns-migrator/registrar/1"
ROUTE53 = "route53domains"
REGISTRARS = (ROUTE53,)
_AMAZON = "amazon"
_UNDER_WAY = "DuplicateRequest"


def offers(registrar: str) -> str:
    """Return which API can switch a domain of a registrar, as RDAP names it; empty where none of ours can."""
    return ROUTE53 if _AMAZON in registrar.lower() else ""


def switch_there(job: Job, judgement: Judgement) -> Attempt | None:
    """Give the registrar the new name servers where a person wants that; None where nobody does."""
    if ROUTE53 not in job.state.accepted:
        return None
    from providers.route53.failures import RequestError
    from providers.route53.registrar import NameServer, Progressing, Registrar

    addresses = {host.name: host.addresses for host in judgement.look.hosts}
    servers = [
        NameServer(name, tuple(addresses.get(name, ())) if is_within(name, job.domain) else ())
        for name in judgement.look.expected
    ]
    names = " ".join(for_people(server.name) for server in servers)
    documents = Documents(job.store)
    with Registrar(parse_locator(job.options.source).option("profile")) as registrar:
        try:
            operation = registrar.switch(job.domain, servers)
        except RequestError as exc:
            kept = documents.of(job.domain, SCHEMA)
            if exc.code != _UNDER_WAY or not kept:
                raise
            # The change that an earlier attempt has asked for.
            operation = registrar.operation(kept[-1].shape().text("operation"))
        else:
            if operation.identifier:
                documents.keep(job.domain, json.dumps({"schema": SCHEMA, "operation": operation.identifier}))
                operation = registrar.operation(operation.identifier)
    match operation.progress:
        case Progressing.FAILED:
            text = f"the registrar did not take the new name servers: {operation.message}"
            return Attempt(Kind.ASKS, text, job.soon(), (), Worst(Severity.ERROR, text))
        case Progressing.UNDER_WAY:
            text = f"the registrar takes the new name servers: {names}"
            return Attempt(Kind.WAITS, text, job.soon(30.0))
        case Progressing.DONE:
            text = f"the registrar has the new name servers, and the parent is to follow: {names}"
            return Attempt(Kind.WAITS, text, job.soon(30.0))
