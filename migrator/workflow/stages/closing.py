"""The end of the old zone: a last backup of it, and the checklist that says whether it may go."""

from dataclasses import replace

from migrator.checks.verdict import Verdict
from migrator.errors import InputError, ProviderError
from migrator.journey.events import Kind
from migrator.journey.stages import Stage
from migrator.model.finding import Phase
from migrator.workflow.stages.copying import back_up_old
from migrator.workflow.stages.job import Attempt, Job
from migrator.workflow.stages.looking import checklist_of, verdict_of
from migrator.workflow.targets import is_gone
from providers import parse_locator


def close_old(job: Job) -> Attempt:
    """Back the old zone up for the last time, and ask whether anybody still needs it."""
    is_first = job.state.last.stage is not Stage.CLOSE
    documents = _last_backup(job) if is_first else ()
    checklist = checklist_of(job, Phase.CLOSE)
    attempt = verdict_of(job, checklist)
    attempt = replace(attempt, documents=(*documents, *attempt.documents))
    if attempt.kind is Kind.DONE and checklist.verdict is not Verdict.GO:
        return attempt
    if attempt.kind is Kind.DONE:
        return replace(attempt, text=f"nobody needs the old zone any more: {attempt.text}")
    ways = (*attempt.commands, job.command("approve", "close --old-queries NUMBER"))
    return replace(attempt, commands=ways)


def _last_backup(job: Job) -> tuple[str, ...]:
    """Back the old zone up once more; who has deleted it already has the backup of the beginning."""
    try:
        return back_up_old(job).documents
    except (InputError, ProviderError):
        if is_gone(job.world, parse_locator(job.options.source)):
            return ()
        raise
