"""The day and the moment of the run, as the door states them to a command."""

from argparse import Namespace
from datetime import date, datetime


def run_day(arguments: Namespace) -> date | None:
    """The day that :func:`trialkit.cli.main.main` stated; None of a command that is called without."""
    day: date | None = getattr(arguments, "today", None)
    return day


def run_moment(arguments: Namespace) -> datetime:
    """The moment that it stated, with the time zone of this computer."""
    moment: datetime = arguments.moment
    return moment
