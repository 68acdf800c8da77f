"""``trialkit queries apply``: the right values that sites gave, shown first, then written."""

from argparse import Namespace
from datetime import UTC, datetime

from trialkit.checks.queries.by_hand import the_query
from trialkit.checks.queries.queries import Queries, Query
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.signing import person
from trialkit.cli.summaries import show_files
from trialkit.errors import FindingsError, TrialStep
from trialkit.grammar import by_number
from trialkit.imports.taking_in.corrections import waiting
from trialkit.schemas.forms.identifying import for_display_of
from trialkit.steps.applying import Trying, try_right_values, write_right_values
from trialkit.steps.data_door import refuse_data_in_a_store
from trialkit.steps.opening import open_trial
from trialkit.store.changes.change_log import Signature

_LISTED = 20


def apply(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show what the right values change, and write them where that is confirmed."""
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    refuse_data_in_a_store(
        trial.folder, instead="enter a right value there: trialkit store query TRIAL apply QUERY"
    )
    queries = QueryFolder(trial=arguments.trial).read()
    asked = _chosen(queries, arguments.query)
    if not asked:
        screen.say("No answer has a right value that is not in the data yet.")
        return ExitCode.FINE
    with screen.working("Comparing"):
        trying = try_right_values(trial, asked, today=run_day(arguments))
    _show(trying, screen)
    found = trying.corrections
    undecided = ExitCode.FINDINGS if found.refused else ExitCode.FINE
    if not found.taken:
        return undecided
    if not arguments.confirm:
        screen.say("Nothing was written; --confirm writes it.")
        return ExitCode.FINDINGS
    if len(trying.new_hard) and not arguments.allow_hard:
        raise FindingsError(
            "nothing was written, since there would be another hard finding; ask the site again, "
            "name the queries to apply by --query, or pass --allow-hard"
        )
    signed = Signature(who=person(arguments), on=datetime.now(UTC), reason="answer to a query")
    show_files(write_right_values(trying, queries, signed), screen)
    screen.advise("Next: ", f"trialkit validate {arguments.trial}")
    return undecided


def _chosen(queries: Queries, named: list[str]) -> tuple[Query, ...]:
    """The right values that wait, or those of the queries that were named."""
    wanted = {the_query(queries, name).query_key for name in named}
    return tuple(each for each in waiting(queries) if not wanted or each.query_key in wanted)


def _show(trying: Trying, screen: Screen) -> None:
    found, schemas = trying.corrections, trying.trial.schemas
    by_key = {query.query_key: query for query in found.taken}
    if found.cells:
        rows = []
        for cell in found.cells:
            query = by_key[cell.query_key.split()[0]]
            place = f"{cell.form_id}.{cell.item}"
            before, after = (
                for_display_of(schemas, cell.form_id, cell.item, text)
                for text in (cell.before, cell.after)
            )
            rows.append(
                (query.subject_id, query.visit, query.repeat, place, query.label, before,
                 after or "(blank)", cell.reason, cell.query_key)
            )  # fmt: skip
        heads = ("subject", "visit", "number", "form.item", "question", "is", "becomes", "why",
                 "query_key")  # fmt: skip
        screen.show_rows(heads, rows)
    there = len(found.taken) - sum(len(cell.query_key.split()) for cell in found.cells)
    if there:
        screen.say(
            f"{there:,} right {by_number(there, 'value is', 'values are')} in the data already."
        )
    if found.refused:
        noun = by_number(len(found.refused), "right value is", "right values are")
        screen.say(f"{len(found.refused):,} {noun} not applied:")
        for each in found.refused:
            query = each.query
            where = " ".join(filter(None, (query.subject_id, query.visit, query.repeat)))
            right = for_display_of(schemas, query.form, query.item, query.right_value)
            screen.say(
                f"  {query.query_key} ({where}, {query.label}, right value {right!r}): {each.why}"
            )
    if len(trying.new_hard):
        noun = by_number(len(trying.new_hard), "hard finding", "hard findings")
        screen.say(f"There would be {len(trying.new_hard):,} new {noun}:")
        shown = trying.new_hard.head(_LISTED)
        for subject, visit, message in zip(
            shown["subject_id"], shown["visit"], shown["message"], strict=True
        ):
            screen.say(f"  {' '.join(filter(None, (subject, visit)))}: {message}")
        if len(trying.new_hard) > _LISTED:
            screen.say(f"  and {len(trying.new_hard) - _LISTED:,} more")
