"""What a command says of the results and of the report: it loads both, as a validation does not."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.disk.reading import read_file
from trialkit.grammar import by_number
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.report.content.checklists import RowStatus
from trialkit.report.content.finding import LintFinding, LintSeverity
from trialkit.report.content.manifest import sha256
from trialkit.report.content.text import Run
from trialkit.report.lint.linting import ordered
from trialkit.report.lint.section import in_words as lint_in_words
from trialkit.report.sections.results_text import (
    primary_headlines,
    primary_in_brief,
    primary_result,
)
from trialkit.report.words.en.sentences.pooled import NOT_COMPARED
from trialkit.report.words.en.wording import capitalised
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.steps.stages import Analysed, Published

WORST = 10


_SHOWN_BRIEFLY = 2
"""So many analyses are told in the summary; the others stand in the report."""


def show_primary_result(analysed: Analysed, screen: Screen) -> None:
    """The result of each primary analysis, in the words of the report."""
    protocol = analysed.protocol
    for headline in primary_headlines(protocol, ResultIndex(analysed.results)):
        screen.say(f"Primary result. {_plain(primary_result(headline))}")


def brief_result(analysed: Analysed) -> str:
    """The effects of the first primary analyses, in a paragraph; empty where there is none."""
    protocol = analysed.protocol
    if protocol.is_pooled:
        return NOT_COMPARED
    found = primary_headlines(protocol, ResultIndex(analysed.results))
    said = [_plain(primary_in_brief(each)).strip() for each in found[:_SHOWN_BRIEFLY]]
    if not said:
        return ""
    lead = by_number(len(found), "Primary result.", "Primary results.")
    return " ".join([lead, *said, *_others(len(found) - _SHOWN_BRIEFLY)])


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run if isinstance(run, str) else getattr(run, "text", "") for run in runs)


def _others(number: int) -> list[str]:
    return [f"And {number} more (--verbose)."] if number > 0 else []


def show_unanswered(analysed: Analysed, screen: Screen) -> None:
    """The analyses that have no number, and why; of a primary one that is due, that it is missing."""
    if analysed.protocol.is_pooled:
        screen.say(NOT_COMPARED)
        return
    for row in analysed.unanswered:
        screen.say(_without_number(row, analysed), _tone_of(row))
    if ended_by(analysed) is ExitCode.CANNOT:
        screen.say(NOT_CARRIED_OUT, Tone.ERROR)


NOT_CARRIED_OUT = "A primary analysis is due and could not be carried out; the rest is written."


def brief_unanswered(analysed: Analysed) -> str:
    """The first analyses without a number, the gravest first, in a paragraph; empty where none is."""
    if analysed.protocol.is_pooled:
        return ""
    rows = sorted(analysed.unanswered, key=lambda row: not _is_missed(row))
    said = [_without_number(row, analysed) for row in rows[:_SHOWN_BRIEFLY]]
    missed = [NOT_CARRIED_OUT] if ended_by(analysed) is ExitCode.CANNOT else []
    return " ".join([*said, *_others(len(rows) - _SHOWN_BRIEFLY), *missed])


def _without_number(row: Result, analysed: Analysed) -> str:
    label = analysed.protocol.outcome(row.outcome).label
    return f"{capitalised(row.role)} analysis {row.analysis_id} of {label}: {row.note}."


def _is_missed(row: Result) -> bool:
    """Whether a primary analysis is due and has no number."""
    return row.role == AnalysisRole.PRIMARY and row.status is Status.NOT_ESTIMABLE


def _tone_of(row: Result) -> Tone:
    return Tone.ERROR if _is_missed(row) else Tone.WARNING


def ended_by(analysed: Analysed) -> ExitCode:
    """How a command ends by what the plan came to: a primary analysis that is due must have a number."""
    return ExitCode.CANNOT if any(map(_is_missed, analysed.unanswered)) else ExitCode.FINE


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
    screen.say(
        lint_in_words(findings), _LINT_TONES[findings[0].severity] if findings else Tone.GOOD
    )
    _show_each([each for each in findings if each.severity is not LintSeverity.NOTE], screen)


def show_errors(published: Published, screen: Screen) -> None:
    """What of the lint makes a strict run fail."""
    _show_each([each for each in ordered(published.content.lint) if each.counts], screen)


def _show_each(worst: Sequence[LintFinding], screen: Screen) -> None:
    for each in worst[:WORST]:
        rows = ", ".join(each.rows)
        accepted = f" Accepted: {each.accepted}" if each.accepted else ""
        said = f"  {each.rule} {each.severity.value} (CONSORT {rows}): {each.found}{accepted}"
        screen.say(said, _LINT_TONES[each.severity])
    if len(worst) > WORST:
        screen.say(f"  ... and {len(worst) - WORST} more in lint.csv")


_LINT_TONES = {
    LintSeverity.ERROR: Tone.ERROR,
    LintSeverity.WARNING: Tone.WARNING,
    LintSeverity.NOTE: Tone.PLAIN,
}


def brief_state(published: Published) -> str:
    """How whole the report is: open items of the checklist, and what the lint found."""
    gaps = len(published.gaps)
    items = len(published.content.checklist.rows)
    is_are = by_number(gaps, "is", "are")
    return (
        f"CONSORT 2025: {gaps} of {items} items {is_are} not fully reported. "
        f"{lint_in_words(published.content.lint)}"
    )


def tone_of_report(published: Published) -> Tone:
    """Good where a strict run would end well, an error where the lint found one."""
    if any(each.counts for each in published.content.lint):
        return Tone.ERROR
    return Tone.GOOD if published.is_complete else Tone.WARNING


def show_anchor(manifest: Path, trial: Path | None, screen: Screen) -> None:
    """The hash of the manifest, which holds those of all inputs and files, and how to use it.

    The trial is named where the manifest does not lie in its folder.
    """
    out = manifest.parent
    apart = trial is not None and trial.resolve() not in out.resolve().parents
    named = f" --trial {trial}" if apart else ""
    call = f"trialkit verify {out}{named} --anchor HASH"
    screen.say(
        f"Keep the SHA-256 of {manifest.name} where nobody can change it: "
        f"{sha256(read_file(manifest))}; '{call}' then tells whether all was made again.",
        whole=[call],
    )
