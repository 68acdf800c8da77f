"""What a command says of the results and of the report: it loads both, as a validation does not."""

from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.disk.reading import read_file
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.finding import LintSeverity
from trialkit.report.content.manifest import sha256
from trialkit.report.lint.linting import ordered
from trialkit.report.lint.section import in_words as lint_in_words
from trialkit.report.sections.results_text import primary_headlines, primary_result
from trialkit.report.words.en.sentences.pooled import NOT_COMPARED
from trialkit.report.words.en.wording import capitalised
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex
from trialkit.steps.stages import Analysed, Published

WORST = 10


def show_primary_result(analysed: Analysed, screen: Screen) -> None:
    """The result of the primary analysis, in the words of the report."""
    protocol = analysed.protocol
    index = ResultIndex(analysed.results)
    for headline in primary_headlines(protocol, index):
        words = "".join(
            run if isinstance(run, str) else getattr(run, "text", "")
            for run in primary_result(headline)
        )
        screen.say(f"Primary result. {words}")


def show_unanswered(analysed: Analysed, screen: Screen) -> None:
    """The analyses that have no number, and why; of a primary one that is due, that it is missing."""
    protocol = analysed.protocol
    if protocol.is_pooled:
        screen.say(NOT_COMPARED)
        return
    for row in analysed.unanswered:
        label = protocol.outcome(row.outcome).label
        screen.say(f"{capitalised(row.role)} analysis {row.analysis_id} of {label}: {row.note}.")
    if ended_by(analysed) is ExitCode.CANNOT:
        screen.say("A primary analysis is due and could not be carried out; the rest is written.")


def ended_by(analysed: Analysed) -> ExitCode:
    """How a command ends by what the plan came to: a primary analysis that is due must have a number."""
    due = (
        row.role == AnalysisRole.PRIMARY and row.status is Status.NOT_ESTIMABLE
        for row in analysed.unanswered
    )
    return ExitCode.CANNOT if any(due) else ExitCode.FINE


def show_gaps(published: Published, screen: Screen) -> None:
    """How complete the checklist is, and what an author still has to write."""
    checklist = published.content.checklist
    counts = ", ".join(f"{checklist.count(status)} {status.value}" for status in RowStatus)
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


def show_anchor(manifest: Path, trial: Path | None, screen: Screen) -> None:
    """The hash of the manifest, which holds those of all inputs and files, and how to use it.

    The trial is named where the manifest does not lie in its folder.
    """
    out = manifest.parent
    apart = trial is not None and trial.resolve() not in out.resolve().parents
    named = f" --trial {trial}" if apart else ""
    screen.say(
        f"SHA-256 of {manifest.name}: {sha256(read_file(manifest))}\n"
        "Keep it where nobody can change it; with it "
        f"'trialkit verify {out}{named} --anchor HASH' tells whether all was made again."
    )
