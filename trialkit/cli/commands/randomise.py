"""``trialkit randomise``: a list planned, committed to, given out slot by slot, and unblinded."""

import re
import secrets
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from types import MappingProxyType

from trialkit.cli.arms_shown import levels_of, show_arm
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.tone import Tone
from trialkit.design.randomisation.audit import Entry
from trialkit.design.randomisation.doubts import line_doubts
from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate, commit, correct, reveal, void
from trialkit.design.randomisation.minimisation import Factor
from trialkit.design.randomisation.planning import PlanChoices, plan_randomisation
from trialkit.design.randomisation.plans import Use
from trialkit.design.randomisation.record import TRAIL, Allocated, Moment, record_folder
from trialkit.design.randomisation.report import design_report
from trialkit.design.randomisation.trail_file import read_trail
from trialkit.design.randomisation.vault import Vault, fresh_secrets, vault_for
from trialkit.design.randomisation.verifying import balance, opened, verify
from trialkit.errors import DesignError, TrialStep
from trialkit.protocol.loading import load_protocol
from trialkit.steps.arms_entered import arms_entered
from trialkit.steps.opening import open_trial

_CHANCE = re.compile(r"[0-9]{1,18}/[1-9][0-9]{0,17}|[0-9]{0,18}\.?[0-9]{1,18}")
"""Other texts may stand for numbers of a billion digits."""


def run(arguments: Namespace) -> ExitCode:
    """Carry out one of the actions; an emergency does not wait for a protocol to be mended."""
    if arguments.action != "unblind":
        load_protocol(arguments.trial, step=TrialStep.RANDOMISE)
    return ACTIONS[arguments.action](arguments, Screen())


def _plan(arguments: Namespace, screen: Screen) -> ExitCode:
    trial = open_trial(arguments.trial, step=TrialStep.RANDOMISE)
    vault = _vault(arguments)
    plan = plan_randomisation(trial.protocol, trial.schemas, _choices(arguments))
    planned = trial.protocol.sample_size
    clusters = trial.protocol.clusters
    by_cluster = clusters is not None and clusters.randomised
    known = planned.planned if planned and not by_cluster else plan.slots  # people, not clusters
    participants = arguments.participants or known
    report = design_report(plan, participants=participants)
    path = vault.write_plan(plan, report=report.to_frame().to_csv(index=False))
    screen.say_as_it_is(repr(report))
    screen.say(f"The plan and this report stand in {path.parent}; they tell block lengths.")
    screen.say(
        f"Next:  trialkit randomise commit {arguments.trial} --vault {path.parent} --by NAME"
    )
    return ExitCode.FINE


def _commit(arguments: Namespace, screen: Screen) -> ExitCode:
    entry = commit(
        arguments.trial,
        _vault(arguments),
        secrets=fresh_secrets(secrets.token_bytes),
        random_bytes=secrets.token_bytes,
        moment=_moment(arguments),
    )
    screen.say(f"Commitment: {entry.commitment}")
    screen.say("Register or send it before the first allocation; it can be checked at the end.")
    screen.say(f"Lock {arguments.vault / 'secret.json'} away from those who allocate.")
    return ExitCode.FINE


def _allocate(arguments: Namespace, screen: Screen) -> ExitCode:
    vault = _vault(arguments)
    training = vault.read_plan().use is Use.TRAINING

    def show(given: Allocated) -> None:
        if training:
            screen.say("TRAINING: this list is a dummy, and nobody is randomised by it.")
        show_arm(screen, arguments.subject, given)

    given = allocate(
        arguments.trial,
        vault,
        subject=arguments.subject,
        levels=levels_of(arguments),
        moment=_moment(arguments),
        show=show,
    )
    _warn(screen, given.warnings)
    return ExitCode.FINE


def _warn(screen: Screen, warnings: Iterable[str]) -> None:
    for each in warnings:
        screen.warn(each)


def _say_line(screen: Screen, entry: Entry) -> None:
    screen.say(f"Line {entry.seq}, {entry.hash}")
    _warn(screen, line_doubts(entry))


def _void(arguments: Namespace, screen: Screen) -> ExitCode:
    entry = void(
        arguments.trial,
        _vault(arguments),
        subject=arguments.subject,
        levels=levels_of(arguments),
        reason=arguments.reason,
        moment=_moment(arguments),
    )
    _say_line(screen, entry)
    return ExitCode.FINE


def _correct(arguments: Namespace, screen: Screen) -> ExitCode:
    entry = correct(
        arguments.trial,
        _vault(arguments),
        subject=arguments.subject,
        field=arguments.field,
        to=arguments.to,
        reason=arguments.reason,
        moment=_moment(arguments),
    )
    _say_line(screen, entry)
    return ExitCode.FINE


def _unblind(arguments: Namespace, screen: Screen) -> ExitCode:
    if arguments.all:
        entry = reveal(
            arguments.trial,
            _vault(arguments),
            reason=arguments.reason,
            moment=_moment(arguments),
        )
        screen.say("The list is revealed; 'trialkit randomise verify' needs no vault from now on.")
        _say_line(screen, entry)
    else:
        given = unblind(
            arguments.trial,
            _vault(arguments),
            subject=arguments.subject,
            reason=arguments.reason,
            moment=_moment(arguments),
        )
        show_arm(screen, arguments.subject, given)
        _warn(screen, given.warnings)
    return ExitCode.FINE


def _verify(arguments: Namespace, screen: Screen) -> ExitCode:
    vault = _vault(arguments) if arguments.vault else None
    use = Use.TRAINING if arguments.training else Use.TRIAL
    record = record_folder(arguments.trial, vault.read_plan().use if vault else use)
    found = opened(record, vault)
    entered = arms_entered(arguments.trial) if found and record.name == "randomisation" else None
    verified = verify(
        record, vault=vault, head=arguments.head, entered=entered, now=datetime.now(UTC)
    )
    for each in verified.checked:
        screen.say(f"checked: {each}", Tone.GOOD)
    for each in verified.problems:
        screen.say(f"WRONG: {each}", Tone.ERROR)
    _warn(screen, verified.warnings)
    screen.say(f"Last line: {verified.head}")
    if arguments.balance:
        if vault is None or found is None:
            raise DesignError("--balance counts by arm, so it needs --vault")
        reached = balance(found, read_trail(record / TRAIL))
        path = vault.write_table("balance.csv", reached.to_frame().to_csv(index=False))
        screen.say(f"Balance as reached: {path}")
    return ExitCode.FINDINGS if verified.problems else ExitCode.FINE


def _vault(arguments: Namespace) -> Vault:
    return vault_for(arguments.trial, arguments.vault)


def _moment(arguments: Namespace) -> Moment:
    return Moment(person=arguments.by, now=lambda: datetime.now(UTC))


def _choices(arguments: Namespace) -> PlanChoices:
    return PlanChoices(
        law=arguments.law,
        blocks=tuple(
            _whole(each, "--blocks") for each in filter(None, arguments.blocks.split(","))
        ),
        p=_fraction(arguments.p) if arguments.p else None,
        limit=arguments.limit,
        alpha=arguments.alpha,
        beta=arguments.beta,
        imbalance=arguments.imbalance,
        preference=arguments.preference,
        factors=tuple(_factor(each) for each in arguments.factor),
        slots=arguments.slots,
        allow_fixed=arguments.allow_fixed,
        training=arguments.training,
    )


def _factor(text: str) -> Factor:
    name, equals, rest = text.partition("=")
    levels, _, weight = rest.partition(":")
    if not equals:
        raise DesignError(f"--factor {text!r}: write NAME=LEVEL,LEVEL")
    return Factor(
        name=name,
        levels=tuple(levels.split(",")),
        weight=_whole(weight, "--factor") if weight else 1,
    )


def _whole(text: str, option: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise DesignError(f"{option}: {text!r} is no whole number") from None


def _fraction(text: str) -> Fraction:
    if not _CHANCE.fullmatch(text):
        raise DesignError(f"--p: {text[:40]!r} is no chance; write it as 2/3 or 0.8")
    return Fraction(text)


ACTIONS: Mapping[str, Callable[[Namespace, Screen], ExitCode]] = MappingProxyType(
    {
        "plan": _plan,
        "commit": _commit,
        "allocate": _allocate,
        "void": _void,
        "correct": _correct,
        "verify": _verify,
        "unblind": _unblind,
    }
)
"""What carries out an action, by its name."""
