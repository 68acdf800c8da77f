"""What became of the trial that no row of the results counts: its days, and what came before."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """First and last days as the data know them, and what happened before anybody was treated."""

    first_screened: date | None = None
    first_randomised: date | None = None
    last_randomised: date | None = None
    last_followed: date | None = None
    events_before_randomisation: int = 0
    """Adverse events that no arm can have caused, and no row counts."""


UNKNOWN = Conduct()
"""Of results that nobody's datasets are behind."""
