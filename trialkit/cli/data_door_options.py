"""The options by which a call says that a trial's data are in its evidence store, and at which moment."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date

from trialkit.cli.event_argument import event_number, is_number


def add_data_door(parser: ArgumentParser, *, day: Callable[[str], date]) -> None:
    """``--store`` and ``--as-of``."""
    parser.add_argument(
        "--store",
        metavar="URL|FILE",
        default="",
        help="take the data from this evidence store (default: the protocol's [data] store, else the "
        "files in data/)",
    )
    parser.add_argument(
        "--as-of",
        metavar="DATE|EVENT",
        type=moment(day),
        help="the data of the store at the end of this day (UTC), or after this event of its log",
    )


def moment(day: Callable[[str], date]) -> Callable[[str], date | int]:
    """What reads the number of an event, or a day."""

    def read(text: str) -> date | int:
        if is_number(text):
            return event_number(text)
        try:
            return day(text)
        except ArgumentTypeError:
            raise ArgumentTypeError(
                f"{text!r} is no event and no date; write the number of an event, or 2025-03-31"
            ) from None

    return read
