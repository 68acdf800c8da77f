"""The short summaries that a command leaves on the screen."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from trialkit.checks.queries.queries import Happening, QueryState
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.cli.screen import Screen
from trialkit.cli.severity_tones import TONES
from trialkit.cli.tone import Tone
from trialkit.errors import TrialStep
from trialkit.grammar import by_number, counted
from trialkit.outputs.names import set_aside
from trialkit.outputs.other_inputs import is_of_other_inputs
from trialkit.schemas.forms.forms import Expected, FormKind, Severity
from trialkit.schemas.reading.judged_part import Unjudged, Withheld
from trialkit.steps.kept_queries import what_happened
from trialkit.steps.stages import OpenedTrial, Validated

WORST = 10


def show_counts(validated: Validated, screen: Screen, *, warning: str = "") -> None:
    """How many findings there are, and how to see them, where no listing is written."""
    show_trial(validated, screen, warning=warning)
    screen.say(
        f"{counts_of(validated)} See them: trialkit validate {validated.trial.folder}",
        tone_of(validated),
        whole=[validated.trial.folder],
    )


def show_findings(
    validated: Validated, written: Sequence[Path], screen: Screen, *, warning: str = ""
) -> None:
    """The counts, the worst ten that are not settled, and where the rest is.

    ``warning`` is what else is wrong with the trial, and is not of its data.
    """
    show_trial(validated, screen, warning=warning)
    said = f"{counts_of(validated)} Listing: {written[0]}"
    screen.say(said, tone_of(validated), whole=[written[0]])
    show_worst(validated, written[0], screen)


def show_worst(validated: Validated, listing: Path, screen: Screen) -> None:
    """The worst ten findings that are not settled."""
    frame = validated.listing.worst_first
    frame = frame[frame["query_state"] != QueryState.CLOSED]
    if frame.empty:
        return
    worst = frame.head(WORST)[
        ["severity", "subject_id", "visit", "repeat", "form", "item", "message"]
    ]
    rows = [
        (severity, subject, _row(visit, repeat), f"{form}.{item}" if item else form, message)
        for severity, subject, visit, repeat, form, item, message in worst.itertuples(
            index=False, name=None
        )
    ]
    tones = [TONES[Severity(severity)] for severity in worst["severity"]]
    screen.show_rows(("severity", "subject", "visit", "form.item", "message"), rows, tones=tones)
    if len(frame) > WORST:
        screen.say(f"... and {len(frame) - WORST:,} more in {listing}", whole=[listing])


def _row(visit: str, repeat: str) -> str:
    """Which of a participant's rows of a form it is."""
    return " ".join(each for each in (visit, f"no. {repeat}" if repeat else "") if each)


def show_not_judged(left_out: Unjudged, screen: Screen) -> None:
    """What was not judged, since it is withheld from whoever asks."""
    if not left_out.each:
        return
    for why in Withheld:
        named = [each.name for each in left_out.each if each.why is why]
        if named:
            screen.say(f"Not judged, {why}: {', '.join(named)}.")


def show_queries(validated: Validated, screen: Screen, *, are_kept: bool) -> None:
    """How the queries stand, and what this validation changed about them, or would change in a store."""
    queries, before = validated.queries, validated.queries_before
    if validated.log is not None:
        _show_stored_queries(validated, screen)
        return
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


def _show_stored_queries(validated: Validated, screen: Screen) -> None:
    """How the queries of the store stand, as far as whoever asks sees them, and who writes what is new."""
    before, folder = validated.queries_before, validated.trial.folder
    counts = Counter(query.state for query in before.by_key.values())
    said = ", ".join(f"{counts[state]:,} {state.value}" for state in QueryState)
    is_of_then = validated.trial.door.as_of is not None or validated.looks_back
    none = "The store had no query then." if is_of_then else "The store has no query."
    screen.say(f"Queries of the store: {said}." if before.by_key else none)
    news = Counter(what_happened(before, validated.queries))
    if is_of_then:
        screen.say("That was then; nobody is asked about data as they were.")
    elif news:
        listed = ", ".join(f"{count:,} {each.value}" for each, count in news.items())
        screen.say(
            f"By these findings there would be {listed}: 'trialkit store query {folder} check' writes that.",
            whole=[folder],
        )
    elif before.by_key:
        screen.say("By these findings nothing is to be asked or closed: the log has it.")
    if not before.history and QueryFolder(trial=folder).history.exists():
        screen.say(
            f"{QueryFolder(trial=folder).history}: is not read, since the data are in a store; 'trialkit store "
            f"query {folder} import' takes it in.",
            whole=[folder],
        )


def on_earlier_outputs(validated: Validated, out: Path) -> list[str]:
    """That a report which stands beside the listing is of other data, where it is."""
    if not is_of_other_inputs(validated, out):
        return []
    made_from = "was made from other data or another protocol than these"
    again = f"make it again: trialkit run {validated.trial.folder}"
    return [f"Note: {out / 'report.html'} {made_from}; {again}"]


def show_set_aside(validated: Validated, out: Path, screen: Screen) -> None:
    """Listings with answers that nobody recorded, until somebody does and moves them away."""
    trial, is_stored = validated.trial.folder, validated.log is not None
    for path in set_aside(out):
        records = (
            f"store query {trial} answer --from {path}"
            if is_stored
            else f"queries answer {trial} {path}"
        )
        screen.say(
            f"Note: {path} holds answers that were typed into the listing of an earlier run and not "
            f"recorded: trialkit {records}; then delete it"
        )


def show_what_is_lacking(trial: OpenedTrial, screen: Screen) -> None:
    """A line of what keeps the trial from its later steps, where anything does."""
    counts = Counter(each.step for each in trial.later)
    said = ", ".join(f"{step.value} {counts[step]:,}" for step in TrialStep if counts[step])
    if said:
        screen.say(f"Not whole yet for later steps ({said}): trialkit plan check {trial.folder}")


def show_who_is_not_waited_for(trial: OpenedTrial, screen: Screen) -> None:
    """A line where forms are expected of the randomised, and no form says who they are."""
    forms = trial.schemas.forms
    if any(form.kind is FormKind.RANDOMISATION for form in forms):
        return
    waiting = [form.id for form in forms if form.expected is Expected.RANDOMISED]
    if waiting:
        screen.say(
            "No form is of kind randomisation, so nobody is known to be randomised, and rows that "
            f"lack of the forms expected of the randomised are not looked for: {', '.join(waiting)}."
        )


def people(number: int) -> str:
    """So many participants, in words of the screen."""
    return counted(number, "participant")


def show_files(written: Sequence[Path], screen: Screen) -> None:
    """What was written, and where."""
    for path in written:
        screen.say_as_it_is(f"  {path}")


def show_trial(validated: Validated, screen: Screen, *, warning: str = "") -> None:
    """Which trial it is, and what may be wrong with it that no finding says."""
    trial = validated.trial.protocol.trial
    screen.say(trial.name, Tone.HEAD)
    if trial.synthetic:
        screen.say(trial.synthetic)
    show_warnings(validated, screen, warning=warning)


def show_warnings(validated: Validated, screen: Screen, *, warning: str = "") -> None:
    """What may be wrong with a trial, and what a data cut leaves out."""
    if warning:
        screen.warn(warning)
    if validated.log is not None and validated.trial.by_definitions_then:
        screen.say(
            f"Protocol and forms are those in force at event {validated.log.seq} of the log; the folder has others "
            "now."
        )
    if ahead := validated.snapshot.days.warning:
        screen.warn(f"{ahead}.")
    if left_out := validated.snapshot.left_out:
        rows = by_number(left_out, "row is", "rows are")
        screen.say(f"{left_out:,} {rows} later than the data cut {validated.cut}, and left out.")


def counts_of(validated: Validated) -> str:
    """The findings by severity, in a sentence."""
    findings = validated.findings
    counts = ", ".join(f"{findings.count(each):,} {each.value}" for each in Severity)
    settled = validated.listing.count(Severity.SOFT, QueryState.CLOSED)
    of_them = f" ({settled:,} of the soft ones settled by an answer)" if settled else ""
    return f"Findings: {counts}{of_them}."


def tone_of(validated: Validated) -> Tone:
    """How grave the findings are, the gravest of them."""
    findings = validated.findings
    return next((TONES[each] for each in Severity if findings.count(each)), Tone.GOOD)
