"""The day on which an export was made, as far as it tells itself.

Files that are copied keep no day of their own that could be believed, so that of the file system is
never asked. Of several files the latest counts, and only where each tells: an earlier day than that of
the data would make right dates wrong.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from trialkit.protocol.loading import FILE
from trialkit.protocol.trial.data_format import DataFormat

_NAMED = re.compile(
    r"_DATA(?:_[A-Z]+)*_(\d{4}-\d{2}-\d{2})_\d{4}(?: ?\(\d+\))?\.csv", re.IGNORECASE
)
"""How REDCap calls a file of records: ``Trial_DATA_2025-03-31_0915.csv``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDay:
    """The day of an export."""

    day: date
    told_by: str
    """What tells it, in words: the name of a file, an attribute, the latest submission."""

    @property
    def told(self) -> str:
        """The day and its source, as a sentence has them."""
        return f"{self.day} (by {self.told_by})"


def day_in(text: str) -> date | None:
    """The day with which a text begins, as ``2025-03-31T09:15:00`` does; None where it is none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def day_in_name(path: Path) -> ExportDay | None:
    """The day in the name that REDCap gives to a file of records."""
    found = _NAMED.search(path.name)
    day = day_in(found[1]) if found else None
    return ExportDay(day=day, told_by=f"the name of {path.name}") if day else None


def latest(days: Iterable[ExportDay | None]) -> ExportDay | None:
    """The latest of several, where each file tells its own."""
    told = list(days)
    known = [each for each in told if each is not None]
    if not known or len(known) < len(told):
        return None
    return max(known, key=lambda each: each.day)


def day_of_submissions(
    submitted: Sequence[str], on_devices: Sequence[str], *, file: str
) -> ExportDay | None:
    """The day of the latest submission, by the clock of the server.

    A device may be some hours ahead of it, and have the next day; one that is further ahead has a
    wrong clock, and tells nothing.
    """
    days = {day for day in map(day_in, submitted) if day}
    if not days:
        return None
    last = max(days)
    following = last + timedelta(days=1) if last < date.max else last
    if following in {day_in(text) for text in on_devices}:
        last = following
    return ExportDay(day=last, told_by=f"the latest submission of {file}")


def said_of_the_cut(export: ExportDay | None, data: DataFormat, *, new: bool) -> str:
    """What an import says of the cut of a trial, for whoever may have to change it; or nothing.

    In the protocol of a ``new`` trial it stands already.
    """
    if export is None or (not new and data.cut == export.day):
        return ""
    if new:
        return (
            f"The export is of {export.told}; {FILE} states it as [data] cut. With a later export "
            "write its day there."
        )
    change = f"to look at the data as of {export.day}, write cut = {export.day} in [data] of {FILE}"
    if data.cut is None:
        return (
            f"The export is of {export.told}; {FILE} states no [data] cut, so that each run is of its "
            f"own day. If you want {change}."
        )
    later = f" Dates after {data.cut} are found wrong (after_cut)." if export.day > data.cut else ""
    return (
        f"The export is of {export.told}; [data] cut in {FILE} says {data.cut}.{later} If you want "
        f"{change}."
    )
