"""``trialkit import SOURCE``: data or forms from elsewhere, compared first, then written."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.redcap_import import import_redcap
from trialkit.cli.screen import Screen


def run(arguments: Namespace) -> ExitCode:
    """Import from one of the sources."""
    return SOURCES[arguments.source](arguments, Screen())


SOURCES: Mapping[str, Callable[[Namespace, Screen], ExitCode]] = MappingProxyType(
    {"redcap": import_redcap}
)
"""What each source of :mod:`trialkit.cli.import_options` is read by."""
