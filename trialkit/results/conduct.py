"""What became of the trial that no row of the results counts: its days, and what was looked for."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """First and last days as the data know them, and how harms were collected."""

    first_screened: date | None = None
    first_randomised: date | None = None
    last_randomised: date | None = None
    last_followed: date | None = None
    harms_collected: bool = True
    """Whether the trial has a form for harms; without one, no event is not the same as none."""
    events_before_randomisation: int = 0
    """Adverse events that no arm can have caused, and no row counts."""


UNKNOWN = Conduct()
"""Of results that nobody's datasets are behind."""
