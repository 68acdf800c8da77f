"""The short summaries that a command leaves on the screen."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from trialkit.cli.screen import Screen
from trialkit.design.sample_size.checking import check_sample_size
from trialkit.pipeline import Analysed, Published, Validated
from trialkit.report.content import Status
from trialkit.report.lint.finding import LintSeverity
from trialkit.report.lint.linting import ordered
from trialkit.report.lint.section import in_words as lint_in_words
from trialkit.report.lookup import ResultIndex
from trialkit.report.results_text import primary_headlines, primary_result
from trialkit.schemas.forms import Severity

WORST = 10


def show_counts(validated: Validated, screen: Screen) -> None:
    """How many findings there are, and how to see them, where no listing is written."""
    _say_what_was_found(validated, f"See them: trialkit validate {validated.trial.folder}", screen)


def show_findings(validated: Validated, listing: Path, screen: Screen) -> None:
    """The counts, the worst ten, and where the rest is."""
    _say_what_was_found(validated, f"Listing: {listing}", screen)
    frame = validated.findings.to_frame()
    if frame.empty:
        return
    order = {severity.value: rank for rank, severity in enumerate(Severity)}
    worst = frame.sort_values("severity", key=lambda s: s.map(order), kind="stable").head(WORST)
    table = Table(show_lines=False, pad_edge=False)
    for head in ("severity", "subject", "visit", "form.item", "message"):
        table.add_column(head, overflow="fold")
    columns = ["severity", "subject_id", "visit", "form", "item", "message"]
    for severity, subject, visit, form, item, message in worst[columns].astype("str").to_numpy():
        place = f"{form}.{item}" if item else form
        screen.add_row(table, (severity, subject, visit, place, message))
    screen.show(table)
    if len(frame) > WORST:
        screen.say(f"... and {len(frame) - WORST} more in {listing}")


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
    counts = ", ".join(f"{findings.count(each)} {each.value}" for each in Severity)
    screen.say(f"Findings: {counts}. {where}")
