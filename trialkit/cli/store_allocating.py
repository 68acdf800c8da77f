"""``trialkit store allocate`` and ``unblind``: by the vault, with the log saying who, when and why."""

from argparse import Namespace

from trialkit.cli.arms_shown import levels_of, show_arm
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_author import occasion
from trialkit.cli.store_reach import opened
from trialkit.design.randomisation.record import Allocated
from trialkit.design.randomisation.vault import vault_for
from trialkit.evidence.log.actions import Door
from trialkit.steps.allocating import allocate_in_store, unblind_in_store


def allocate_one(arguments: Namespace, screen: Screen) -> ExitCode:
    """Randomise one participant; the arm is shown once, to who may randomise."""

    def show(given: Allocated) -> None:
        if stratum := given.entry.stratum:
            told = ", ".join(f"{factor} {level}" for factor, level in stratum.items())
            screen.say(f"Randomised in the stratum {told}.")
        show_arm(screen, arguments.subject, given)

    vault = vault_for(arguments.trial, arguments.vault)
    with opened(arguments) as store:
        given = allocate_in_store(
            arguments.trial, store, vault, subject=arguments.subject, levels=levels_of(arguments),
            occasion=occasion(arguments, Door.ENTRY), show=show,
        )  # fmt: skip
    for each in given.warnings:
        screen.warn(each)
    return ExitCode.FINE


def unblind_one(arguments: Namespace, screen: Screen) -> ExitCode:
    """Show one participant's arm to who may know it, for a reason that is kept."""
    vault = vault_for(arguments.trial, arguments.vault)
    with opened(arguments) as store:
        given = unblind_in_store(
            arguments.trial, store, vault, subject=arguments.subject, reason=arguments.reason,
            occasion=occasion(arguments, Door.ENTRY),
        )  # fmt: skip
    show_arm(screen, arguments.subject, given)
    for each in given.warnings:
        screen.warn(each)
    return ExitCode.FINE
