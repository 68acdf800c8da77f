"""``trialkit queries raise``, ``comment`` and ``close``: what people ask and say themselves."""

from argparse import Namespace
from pathlib import Path
from typing import Protocol

from trialkit.checks.queries.by_hand import AskedCell, commented, dismissed, raised, the_query
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.signing import person
from trialkit.cli.summaries import show_files
from trialkit.errors import DataFileError, TrialStep
from trialkit.files.whole_files import write_together
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.steps.kept_queries import refuse_queries_in_a_store
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import query_files, validate


class Saying(Protocol):
    """What a person says about a query, by its key: a comment, or that it is closed."""

    def __call__(self, queries: Queries, key: str, words: str, /, *, by: str, on: str) -> Queries:
        """The queries after it."""


def raise_query(arguments: Namespace, screen: Screen) -> ExitCode:
    """Ask about a cell that no rule found."""
    form, dot, item = arguments.place.partition(".")
    if not (form and dot and item):
        raise DataFileError(
            f"{arguments.place}: names no item; write the form and the item, as pain.vas_mm"
        )
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    _refuse_in_a_store(trial.folder, trial.schemas.data, "ask")
    by = person(arguments)
    with screen.working("Validating"):
        validated = validate(
            trial,
            today=run_day(arguments),
            asks=True,
        )
    if validated.looks_back:
        raise DataFileError(
            "the data cut lies before that of the last validation; a query is about the data as "
            "they are"
        )
    trial = validated.trial
    place = AskedCell(
        subject_id=arguments.subject,
        form=form,
        item=item,
        visit=arguments.visit,
        repeat=arguments.number,
    )
    on = _day(arguments)
    after = raised(
        validated.queries,
        place,
        arguments.text,
        snapshot=validated.snapshot,
        schemas=trial.schemas,
        protocol=trial.protocol,
        by=by,
        on=on,
    )
    query = after.by_key[after.history[-1].query_key]
    kept = query_files(validated.with_queries(after))
    written = write_together(kept)
    screen.say(f"Asked: {query.query_key}, site {query.site or '(none)'}: {query.message}")
    show_files(written, screen)
    screen.advise("Next: ", f"trialkit queries send {arguments.trial}")
    return ExitCode.FINE


def comment(arguments: Namespace, screen: Screen) -> ExitCode:
    """Say something about a query, which changes nothing."""
    return _change(arguments, commented, screen, step="comment")


def close(arguments: Namespace, screen: Screen) -> ExitCode:
    """Close a query for as long as its value stays what it is."""
    return _change(arguments, dismissed, screen, step="close")


def _change(arguments: Namespace, said: Saying, screen: Screen, *, step: str) -> ExitCode:
    data = load_protocol(arguments.trial, step=TrialStep.VALIDATE).data
    _refuse_in_a_store(arguments.trial, data, step)
    before = QueryFolder(trial=arguments.trial).read()
    on = _day(arguments)
    by = person(arguments)
    after = said(before, arguments.query, arguments.text, by=by, on=on)
    written = QueryFolder(trial=arguments.trial).write(after, before=before)
    query = the_query(after, arguments.query)
    screen.say(f"{query.query_key}: {query.state.value}. {query.message}")
    show_files(written, screen)
    return ExitCode.FINE


def _refuse_in_a_store(folder: Path, data: DataFormat, step: str) -> None:
    refuse_queries_in_a_store(
        folder, data, instead=f"Do it there: trialkit store query TRIAL {step}"
    )


def _day(arguments: Namespace) -> str:
    """The day that was given, else that of the run."""
    day = arguments.on or run_day(arguments)
    return "" if day is None else day.isoformat()
