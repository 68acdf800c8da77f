"""``trialkit deviations TRIAL``: deviations that the data propose, for people to decide on."""

from argparse import Namespace
from collections import Counter

from trialkit.checks.deviations.kinds import DeviationKind
from trialkit.checks.deviations.log import GONE, DeviationDecision, DeviationLog, LogRow
from trialkit.checks.deviations.log_file import read_log
from trialkit.cli.data_doors import door_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_files
from trialkit.errors import TrialStep
from trialkit.files.whole_files import write_together
from trialkit.grammar import by_number
from trialkit.outputs.labelling import with_label
from trialkit.steps.opening import open_trial
from trialkit.steps.proposing import propose_deviations

_HEADS = ("subject", "site", "visit", "date", "kind", "what was found")
_LISTED = 20


def run(arguments: Namespace) -> ExitCode:
    """Add what is new to the log, say what is gone, and show how it stands."""
    screen = Screen()
    with screen.working("Looking for deviations"):
        trial = open_trial(arguments.trial, step=TrialStep.VALIDATE, door=door_of(arguments))
        before = read_log(arguments.trial)
        proposed = propose_deviations(trial, today=run_day(arguments))
        label = trial.protocol.trial.synthetic
        said = [with_label(each, label) for each in proposed.rows["description"]]
        log = before.log.proposing(
            proposed.rows.assign(description=said), not_looked_at=proposed.without
        )
        written = write_together(before.files(log))
    if label:
        screen.say(label)
    _show(log, len(log.rows) - len(before.log.rows), label, screen)
    for each in proposed.not_looked_at:
        screen.say(f"Not looked at: {each}")
    show_files(written, screen)
    return ExitCode.FINE


def _show(log: DeviationLog, new: int, label: str, screen: Screen) -> None:
    if not log.rows:
        screen.say("The data show no deviation.")
        return
    number = len(log.rows)
    screen.say(
        f"{number:,} {by_number(number, 'deviation is', 'deviations are')} in the log, of which "
        f"{new:,} {by_number(new, 'is', 'are')} new:"
    )
    screen.show_rows(("kind", "all", *_STATES, GONE), _by_kind(log.rows))
    for decision, what in (
        (DeviationDecision.CONFIRMED, "Confirmed"),
        (DeviationDecision.OPEN, "Not decided on"),
    ):
        rows = [row for row in log.rows if row.decision is decision]
        if rows:
            screen.say(f"{what}:")
            screen.show_rows(_HEADS, [_cells(row, label) for row in rows[:_LISTED]])
            if len(rows) > _LISTED:
                screen.say(f"... and {len(rows) - _LISTED:,} more in the log")
    conflicts = log.conflicts
    if conflicts:
        screen.say("To look at in the log:")
        for each in conflicts[:_LISTED]:
            screen.say(f"  {' '.join(each.split())}")
        if len(conflicts) > _LISTED:
            screen.say(f"  ... and {len(conflicts) - _LISTED:,} more")
    screen.say("Confirmed rows are a list for people: the report counts what the data show.")


_STATES = ("not decided", "confirmed", "not a deviation")


def _by_kind(rows: tuple[LogRow, ...]) -> list[tuple[str, ...]]:
    """The counts of each kind, the kinds that trialkit knows first."""
    known = [kind.value for kind in DeviationKind]
    own = sorted({row["kind"] for row in rows} - set(known))
    counts = Counter((row["kind"], row.decision) for row in rows)
    gone = Counter(row["kind"] for row in rows if row["found_now"] == GONE)
    states = (DeviationDecision.OPEN, DeviationDecision.CONFIRMED, DeviationDecision.NOT_ONE)
    return [
        (
            kind or "(no kind)",
            f"{sum(counts[kind, state] for state in states):,}",
            *(f"{counts[kind, state]:,}" for state in states),
            f"{gone[kind]:,}",
        )
        for kind in (*known, *own)
        if any(counts[kind, state] for state in states)
    ]


def _cells(row: LogRow, label: str) -> tuple[str, ...]:
    """The row without the label of synthetic data, which stands above the rows."""
    cells = (row[name] for name in ("subject_id", "site", "visit", "date", "kind"))
    return (*cells, row["description"].removesuffix(with_label("", label)).removesuffix("; "))
