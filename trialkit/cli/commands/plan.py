"""``trialkit plan``: what a trial lacks by the step that needs it, and the record of its plan."""

from argparse import Namespace
from collections.abc import Sequence

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.plan_locking import lock, show_history
from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.errors import Complaint, TrialStep
from trialkit.grammar import by_number
from trialkit.limits import MOST_COMPLAINTS
from trialkit.protocol.loading import FILE
from trialkit.protocol.parts import part
from trialkit.steps.opening import complaints_of

_DOES = {
    TrialStep.VALIDATE: "validate, forms check, codebook, workbook, queries, import",
    TrialStep.RANDOMISE: "randomise",
    TrialStep.ANALYSE: "analyse, simulate",
    TrialStep.REPORT: "report, run, protocol, verify",
}
_LATER = {
    TrialStep.VALIDATE: "The forms are read once data can be checked by the protocol.",
    TrialStep.ANALYSE: "The forms are held against the analyses once these are right in themselves.",
}
"""What is not looked at while a protocol has complaints of these steps."""


def run(arguments: Namespace) -> ExitCode:
    """Do the action that was asked for."""
    actions = {"check": _check, "lock": lock, "history": show_history}
    return actions[arguments.action](arguments, Screen())


def _check(arguments: Namespace, screen: Screen) -> ExitCode:
    """List what is lacking, and what to write."""
    found = complaints_of(arguments.trial)
    for step in TrialStep:
        own = [each for each in found if each.step is step]
        _show(step, own, screen)
        if step in _LATER and any(each.file == FILE for each in own):
            screen.say(f"  {_LATER[step]}")
    return ExitCode.FINDINGS if found else ExitCode.FINE


def _show(step: TrialStep, found: Sequence[Complaint], screen: Screen) -> None:
    """What keeps a trial from a step, with an example of each part that is not there at all."""
    if not found:
        screen.say(f"{_DOES[step]}: nothing of their own is lacking.", Tone.GOOD)
        return
    noun = by_number(len(found), "thing", "things")
    screen.say(f"{_DOES[step]}: {len(found):,} {noun} lacking or wrong", Tone.ERROR)
    for each in found[:MOST_COMPLAINTS]:
        screen.say(f"  - {each}")
    if len(found) > MOST_COMPLAINTS:
        screen.say(f"  ... and {len(found) - MOST_COMPLAINTS:,} more; mend these first")
    examples = [_example(each) for each in found]
    if any(examples):
        screen.say(f"  Write into {FILE}, for example:\n")
    for example in filter(None, examples):
        screen.say_as_it_is("".join(f"    {line}\n" for line in example.splitlines()))


def _example(complaint: Complaint) -> str:
    """What to write where a whole part is lacking."""
    whole = part(complaint.table) if complaint.file == FILE and not complaint.key else None
    is_lacking = whole is not None and complaint.step is whole.needed_from
    return whole.example if whole is not None and is_lacking else ""
