"""The two days by which data are looked at: their cut, and the last day that they can know of.

The cut is what was asked for, else the one that the protocol states, else the day of the run. It is
never taken from the data, of which one date typed wrong would move it. Of the last day:

* it is the day of the run, or the protocol's cut where the data were taken before;
* an earlier cut that was asked for does not change it: what happened in between is left out, and
  cannot be told from what is right; what lies after the last day cannot be right;
* a later cut that was asked for says that the data are newer than the protocol knows;
* a cut of the protocol that has not come yet is none: its visits would be due, and a year typed wrong
  would pass. Until it comes each run is of its own day.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDays:
    """What is known of when the data are of; None where nobody said it and no clock was asked."""

    cut: date | None = None
    """What happened later is left out."""
    today: date | None = None
    """The last day that the data can know of; a later date is wrong."""
    of_the_run: bool = False
    """Whether the cut is the day of the run, since nobody stated another."""
    ahead: date | None = None
    """The cut that the protocol states, where it had not come on the day of the run."""

    @classmethod
    def stated(
        cls, *, protocol: date | None, asked: date | None = None, run: date | None = None
    ) -> "DataDays":
        """By the cut of the protocol, the one that was asked for, and the day of the run."""
        ahead = protocol if protocol and run and protocol > run else None
        protocol = None if ahead else protocol
        said = [day for day in (asked, protocol) if day is not None]
        taken = max(said) if protocol is not None else run
        return cls(
            cut=said[0] if said else run,
            today=taken,
            of_the_run=not said and run is not None,
            ahead=ahead,
        )

    @property
    def warning(self) -> str:
        """What a person should know of the cut that the protocol states; empty where it has come."""
        if self.ahead is None:
            return ""
        return (
            f"protocol.toml: [data] cut is {self.ahead}, which has not come yet; until then each run "
            "is of its own day. Correct it if the day is typed wrong"
        )

    @property
    def cut_moment(self) -> pd.Timestamp | None:
        """The cut as the data have days."""
        return None if self.cut is None else pd.Timestamp(self.cut)

    @property
    def last_moment(self) -> pd.Timestamp | None:
        """The last day as the data have days."""
        return None if self.today is None else pd.Timestamp(self.today)


NO_DAYS = DataDays()
"""Of rows of which nobody knows when they were entered, such as those of the tests of a form."""
