"""The trial's dates in words: recruitment, follow-up, and whether it was registered in time (R01)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from trialkit.grammar import plural
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.registered import Registration
from trialkit.report.numbers.numbers import count, day, month
from trialkit.results.conduct import Conduct


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDates:
    """First and last days of the trial, as far as data and protocol know them."""

    first_screened: date | None
    first_randomised: date | None
    last_randomised: date | None
    last_followed: date | None
    start: date | None
    end: date | None
    months_only: bool = False
    """Whether start and end are known to the month only."""

    @property
    def enrolment_began(self) -> date | None:
        """The earliest day on which anybody can have been enrolled.

        Where only the month is known it is the month's last day, so that a delay counted from it
        is the least that it can have been.
        """
        if self.months_only and self.start is not None:
            return last_of_month(self.start)
        known = [each for each in (self.first_screened, self.first_randomised, self.start) if each]
        return min(known, default=None)

    @property
    def start_is_stated(self) -> bool:
        """Whether that day is the stated start of the trial, and no day of a participant."""
        return self.enrolment_began is not None and (
            self.months_only
            or self.enrolment_began not in {self.first_screened, self.first_randomised}
        )


def trial_dates(protocol: Protocol, conduct: Conduct) -> TrialDates:
    """The dates that the data hold, and those that the protocol states."""
    return TrialDates(
        first_screened=conduct.first_screened,
        first_randomised=conduct.first_randomised,
        last_randomised=conduct.last_randomised,
        last_followed=conduct.last_followed,
        start=protocol.trial.start,
        end=protocol.trial.end,
        months_only=protocol.trial.months_only,
    )


def on_days(first: date, last: date) -> str:
    """``on 3 May 2025``, ``from 3 May 2025 to 4 June 2025``."""
    return f"on {day(first)}" if first == last else f"from {day(first)} to {day(last)}"


def last_of_month(month: date) -> date:
    """The last day of the month that a day lies in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def registration_number(registration: Registration) -> str:
    """Registry and number, the registry once where the number begins with it."""
    if registration.id.upper().startswith(registration.registry.upper()):
        return registration.id
    return f"{registration.registry} {registration.id}"


def registration_timing(registration: Registration, dates: TrialDates) -> str:
    """Whether the trial was registered before it began, computed from the dates alone."""
    began = dates.enrolment_began
    if began is None:
        return (
            "Whether the trial was registered before the first participant was enrolled cannot be "
            "judged: neither protocol nor data give a date of enrolment."
        )
    late = (registration.date - began).days
    when, least = (month, "at least ") if dates.months_only else (day, "")
    if late <= 0:
        before = f"{days(-late)} before" if late else "on the day of"
        first = "the stated start of the trial" if dates.start_is_stated else "first enrolment"
        return f"The trial was registered prospectively, {before} {first} ({when(began)})."
    ended = ""
    if dates.end is not None and registration.date > dates.end:
        end = last_of_month(dates.end) if dates.months_only else dates.end
        after = days((registration.date - end).days)
        ended = f", and {least}{after} after the trial ended ({when(dates.end)})"
    return (
        f"The trial was registered retrospectively: {least}{days(late)} after enrolment "
        f"began ({when(began)}){ended}. Whether outcomes and analyses were specified before the data were "
        "seen cannot be verified from the registration."
    )


def days_late(registration: Registration, dates: TrialDates) -> int | None:
    """Days from the first enrolment to the registration; None when no enrolment is dated."""
    began = dates.enrolment_began
    return None if began is None else (registration.date - began).days


def days(number: int) -> str:
    """A number of days with its noun."""
    return f"{count(number)} {plural(number, 'day')}"
