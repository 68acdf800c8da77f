"""The day of the run, as the door states it to a command."""

from argparse import Namespace
from datetime import date


def run_day(arguments: Namespace) -> date | None:
    """The day that :func:`trialkit.cli.main.main` stated; None of a command that is called without."""
    day: date | None = getattr(arguments, "today", None)
    return day
