"""``trialkit store ACTION``: the evidence store of a trial."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.cli.store_beginning import begin_store
from trialkit.cli.store_log import show_log


def run(arguments: Namespace) -> ExitCode:
    """Carry out one of the actions."""
    return ACTIONS[arguments.action](arguments, Screen())


ACTIONS: Mapping[str, Callable[[Namespace, Screen], ExitCode]] = MappingProxyType(
    {"init": begin_store, "log": show_log}
)
"""What each action of :mod:`trialkit.cli.store_options` is carried out by."""
