"""What the call says of the report's files."""

from argparse import Namespace

from trialkit.protocol.trial.reporting import ReportStyle
from trialkit.report.writers.editions import Edition


def edition_of(arguments: Namespace) -> Edition:
    """The edition that a call of ``report`` or ``run`` asks for."""
    return Edition(
        formats=arguments.formats,
        style=None if arguments.style is None else ReportStyle(arguments.style),
        reference=arguments.reference,
        pictures=arguments.png,
        draft=arguments.draft,
    )
