"""The short summaries that a command leaves on the screen."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from trialkit.checks.queries.queries import Happening, QueryState
from trialkit.cli.screen import Screen
from trialkit.design.sample_size.checking import check_sample_size
from trialkit.outputs.removing import is_of_other_inputs
from trialkit.report.content.checklists import Status
from trialkit.report.content.finding import LintSeverity
from trialkit.report.lint.linting import ordered
from trialkit.report.lint.section import in_words as lint_in_words
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.results.lookup import ResultIndex
from trialkit.schemas.forms.forms import Severity
from trialkit.steps.stages import Analysed, Published, Validated

WORST = 10


def show_counts(validated: Validated, screen: Screen) -> None:
    """How many findings there are, and how to see them, where no listing is written."""
    _say_what_was_found(validated, f"See them: trialkit validate {validated.trial.folder}", screen)


def show_findings(validated: Validated, written: Sequence[Path], screen: Screen) -> None:
    """The counts, the worst ten that are not settled, and where the rest is."""
    listing = validated.listing
    _say_what_was_found(validated, f"Listing: {written[0]}", screen)
    frame = listing.worst_first
    frame = frame[frame["query_state"] != QueryState.CLOSED]
    if frame.empty:
        return
    worst = frame.head(WORST)[["severity", "subject_id", "visit", "form", "item", "message"]]
    rows = [
        (severity, subject, visit, f"{form}.{item}" if item else form, message)
        for severity, subject, visit, form, item, message in worst.itertuples(
            index=False, name=None
        )
    ]
    screen.show_rows(("severity", "subject", "visit", "form.item", "message"), rows)
    if len(frame) > WORST:
        screen.say(f"... and {len(frame) - WORST:,} more in {written[0]}")


def show_queries(validated: Validated, screen: Screen, *, are_kept: bool) -> None:
    """How the queries stand, and what this validation changed about them."""
    queries, before = validated.queries, validated.queries_before
    if not queries.history:
        return
    counts = Counter(query.state for query in queries.by_key.values())
    screen.say("Queries: " + ", ".join(f"{counts[state]:,} {state.value}" for state in QueryState))
    news = Counter(event.event for event in queries.history[len(before.history) :])
    said = [f"{news[each]:,} {each.value}" for each in _NEWS if news[each]]
    if validated.looks_back:
        screen.say(
            f"They were left as they are: the data cut {validated.cut} lies before that of the "
            f"last validation ({before.cut})."
        )
    elif not are_kept:
        screen.say("They were left as they are.")
    elif said:
        screen.say("Since the last validation: " + ", ".join(said))


_NEWS = (Happening.OPENED, Happening.REOPENED, Happening.CHANGED, Happening.CLOSED)


def show_earlier_outputs(validated: Validated, out: Path, screen: Screen) -> None:
    """Say that a report which stands beside the listing is of other data, where it is."""
    if is_of_other_inputs(validated, out):
        screen.say(
            f"Note: {out / 'report.html'} was made from other data or another protocol than these; "
            f"make it again: trialkit run {validated.trial.folder}"
        )


def show_primary_result(analysed: Analysed, screen: Screen) -> None:
    """The result of the primary analysis, in the words of the report."""
    protocol = analysed.validated.trial.protocol
    index = ResultIndex(analysed.results)
    for headline in primary_headlines(protocol, index):
        words = "".join(
            run if isinstance(run, str) else getattr(run, "text", "")
            for run in primary_result(headline)
        )
        screen.say(f"Primary result. {words}")


def show_gaps(published: Published, screen: Screen) -> None:
    """How complete the checklist is, and what an author still has to write."""
    checklist = published.content.checklist
    counts = ", ".join(f"{checklist.count(status)} {status.value}" for status in Status)
    screen.say(f"CONSORT 2025 checklist: {counts}.")
    if published.gaps:
        screen.say(f"Not fully reported: items {', '.join(published.gaps)}.")


def show_lint(published: Published, screen: Screen) -> None:
    """What the lint found, errors and warnings in full."""
    findings = ordered(published.content.lint)
    screen.say(lint_in_words(findings))
    worst = [each for each in findings if each.severity is not LintSeverity.NOTE]
    for each in worst[:WORST]:
        rows = ", ".join(each.rows)
        accepted = f" Accepted: {each.accepted}" if each.accepted else ""
        screen.say(f"  {each.rule} {each.severity.value} (CONSORT {rows}): {each.found}{accepted}")
    if len(worst) > WORST:
        screen.say(f"  ... and {len(worst) - WORST} more in lint.csv")


def show_files(written: Sequence[Path], screen: Screen) -> None:
    """What was written, and where."""
    for path in written:
        screen.say(f"  {path}")


def _say_what_was_found(validated: Validated, where: str, screen: Screen) -> None:
    trial, findings = validated.trial.protocol.trial, validated.findings
    screen.say(trial.short_title)
    if trial.synthetic:
        screen.say(trial.synthetic)
    if mismatch := check_sample_size(validated.trial.protocol):
        screen.say(f"Warning: {mismatch}")
    counts = ", ".join(f"{findings.count(each):,} {each.value}" for each in Severity)
    settled = validated.listing.count(Severity.SOFT, QueryState.CLOSED)
    of_them = f" ({settled:,} of the soft ones settled by an answer)" if settled else ""
    screen.say(f"Findings: {counts}{of_them}. {where}")
