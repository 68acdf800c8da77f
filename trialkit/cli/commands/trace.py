"""``trialkit trace TRIAL RESULT_ID``: a result is followed to the cells that it rests on."""

from argparse import Namespace
from collections import Counter

import pandas as pd

from trialkit.cli.data_doors import door_of
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.run_day import run_day
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import people, show_files
from trialkit.errors import TrialStep
from trialkit.files.whole_files import output_folder, placed, write_together
from trialkit.grammar import by_number
from trialkit.outputs.trail_file import trail_file
from trialkit.report.tracing import facts_of, title_of
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.steps.analysing import analyse
from trialkit.steps.following import Followed, follow_result
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate
from trialkit.trails.trail import Trail

_HEADS = ("subject", "arm", "visit", "item", "file", "line", "entered")
SHOWN = 20


def run(arguments: Namespace) -> ExitCode:
    """Say what the result is, who is not in it and why, and show what was entered."""
    screen = Screen()
    out = None if arguments.out is None else output_folder(arguments.trial, arguments.out)
    with screen.working("Following the result"):
        trial = open_trial(arguments.trial, step=TrialStep.ANALYSE, door=door_of(arguments))
        validated = validate(trial, cut=arguments.cut, today=run_day(arguments))
        followed = follow_result(
            analyse(validated, allow_hard=True),
            arguments.result_id,
            show_identifiers=arguments.show_identifiers,
        )
    label = trial.protocol.trial.synthetic
    if label:
        screen.say(label)
    hard = validated.findings.hard
    if hard:
        noun = by_number(hard, "hard finding", "hard findings")
        screen.warn(f"the data have {hard:,} {noun}, which stop an analysis; this went on.")
    _say_what_it_is(followed, screen)
    _show_left_out(followed.trail, screen)
    _show_cells(followed.trail, screen)
    if out is not None:
        files = trail_file(followed.trail, label=label)
        show_files(write_together(placed(files, out)), screen)
    return ExitCode.FINE


def _say_what_it_is(followed: Followed, screen: Screen) -> None:
    origin, protocol = followed.trail.origin, followed.analysed.protocol
    if isinstance(origin, Result):
        value = origin.note if origin.stat is None else repr(origin.stat)
        screen.say(f"{origin.result_id} = {value} {origin.unit}".rstrip())
        screen.say(title_of(origin, protocol))
        index = ResultIndex(followed.analysed.results)
        facts = [(each.term, each.text) for each in facts_of(origin, protocol, index)]
    else:
        screen.say(f"{origin.result_id}: {len(origin.points):,} points that a figure draws")
        facts = [("Analysis", origin.analysis_id)]
    for term, text in facts:
        screen.say(f"{term}: {text}")


def _show_left_out(trail: Trail, screen: Screen) -> None:
    if trail.without and not trail.used and trail.left_out.empty:
        return  # who is in it is not known here, or nobody could be
    if trail.is_among:
        screen.say(f"Counted among: {people(len(trail.used))}; the cells say whom it counts")
        return
    screen.say(f"In it: {people(len(trail.used))}")
    if isinstance(trail.origin, Result) and trail.origin.stat_name is Stat.P_ADJUSTED:
        screen.say("Adjusted together with other p values, each of which has a trail of its own")
    screen.say(f"Not in it: {people(len(trail.left_out))}")
    _say_why(trail.left_out, screen)
    periods = len(trail.periods_left_out)
    if periods:
        noun = by_number(periods, "period", "periods")
        screen.say(f"Not in it, of participants who are: {periods:,} {noun}")
        _say_why(trail.periods_left_out, screen)


def _say_why(left_out: pd.DataFrame, screen: Screen) -> None:
    reasons = Counter(left_out["reason"].astype("str"))
    for reason, count in reasons.most_common():
        who = left_out.loc[left_out["reason"] == reason, "subject_id"].astype("str")
        named = ", ".join([*who[:SHOWN], *(["\N{HORIZONTAL ELLIPSIS}"] if count > SHOWN else [])])
        screen.say(f"  {count:,} {reason}: {named}")


def _show_cells(trail: Trail, screen: Screen) -> None:
    if trail.without:
        screen.say(f"No cell to show: {trail.without}.")
        return
    cells = trail.cells
    screen.say(f"It rests on {len(cells):,} {by_number(len(cells), 'cell', 'cells')}:")
    columns = ["subject_id", "arm", "visit", "item", "file", "line", "entered"]
    screen.show_rows(_HEADS, cells.head(SHOWN)[columns].astype("str").to_numpy().tolist())
    if len(cells) > SHOWN:
        screen.say(f"... and {len(cells) - SHOWN:,} more; --out DIR writes all of them as a table")
