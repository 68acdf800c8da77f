"""What a report was made from and how, as far as it is needed to make its numbers again."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The trial, the cut and the choices of the call behind a report."""

    trial: str
    version: str
    """The version of trialkit."""
    code: str
    """The code of the manifest."""
    data_cut: date | None
    last_day: date | None
    """The last day that the data could know of."""
    style: str
    """Whose way of printing numbers is followed."""
    only: tuple[str, ...] = ()
    """The analyses that were asked for; none for all."""
    pooled: bool = False
