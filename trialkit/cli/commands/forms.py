"""``trialkit forms check TRIAL``: the forms can be read, and their rules find what they are for."""

from argparse import Namespace
from collections.abc import Sequence

from trialkit.checks.forms.self_test import FormTried, Tried, try_forms
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.summaries import show_what_is_lacking
from trialkit.cli.tone import Tone
from trialkit.errors import TrialStep
from trialkit.grammar import counted
from trialkit.steps.opening import open_trial


def run(arguments: Namespace) -> ExitCode:
    """Try every form and say what came of it."""
    screen = Screen()
    trial = open_trial(arguments.trial, step=TrialStep.VALIDATE)
    with screen.working("Trying the forms"):
        tried = try_forms(trial.schemas)
    for form in tried:
        _show(form, screen)
    tests = sum(len(form.tried) for form in tried)
    failed = sum(not each.passed for form in tried for each in form.tried)
    rules = sum(len(form.form.rules) for form in tried)
    untested = sum(len(form.never_broken) for form in tried)
    screen.say(
        f"{counted(len(tried), 'form')} read; {counted(tests, 'test')}, {failed} failed; "
        f"{counted(rules, 'rule')}, {untested} without a row that breaks it.",
        Tone.ERROR if failed else Tone.WARNING if untested else Tone.GOOD,
    )
    show_what_is_lacking(trial, screen)
    fault = failed or (arguments.strict and untested)
    return ExitCode.FINDINGS if fault else ExitCode.FINE


def _show(form: FormTried, screen: Screen) -> None:
    """The failed tests of a form, and its rules without a test."""
    for each in form.tried:
        if not each.passed:
            screen.say(f"{form.form.file}: the test {each.test.name!r} failed", Tone.ERROR)
            screen.say(f"  expected: {_listed(each.test.breaks)}")
            screen.say(f"  found:    {_listed(each.broken)}")
            for message in _unexpected(each):
                screen.say(f"            {message}")
    if form.never_broken:
        screen.say(f"{form.form.file}: no test breaks {_listed(form.never_broken)}")
    kept = [rule for rule in form.never_kept if rule not in form.never_broken]
    if kept:
        screen.say(f"{form.form.file}: no test keeps {_listed(kept)}")


def _unexpected(each: Tried) -> list[str]:
    pairs = zip(each.broken, each.messages, strict=True)
    return [message for rule, message in pairs if rule not in each.test.breaks]


def _listed(rules: Sequence[str]) -> str:
    return ", ".join(rules) or "no fault"
