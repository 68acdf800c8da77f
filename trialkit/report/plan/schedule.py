"""What happens to a participant when: visits and forms as the lines of SPIRIT's schedule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from trialkit.grammar import by_number
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.kinds import InterventionKind
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, hours_in_words
from trialkit.report.words.en.wording import listing

MOST_POINTS = 9
"""How many time points a page has room for."""
ASKED, IF_NEEDED, GIVEN = "X", "(X)", "given"
_DAYS_A_WEEK = 7


class ScheduleGroup(StrEnum):
    """The parts of SPIRIT's figure, in its order, and harms by themselves."""

    ENROLMENT = "Enrolment"
    ALLOCATION = "Allocation"
    INTERVENTIONS = "Interventions"
    ASSESSMENTS = "Assessments"
    HARMS = "Harms"


class FormUse(StrEnum):
    """What a form is filled in for, as far as the schedule tells it apart."""

    SCREENING = "screening"
    RANDOMISATION = "randomisation"
    SESSIONS = "sessions"
    HARMS = "harms"
    END_OF_STUDY = "end of study"
    OTHER = "other"


_GROUPS = {
    FormUse.SCREENING: ScheduleGroup.ENROLMENT,
    FormUse.RANDOMISATION: ScheduleGroup.ALLOCATION,
    FormUse.SESSIONS: ScheduleGroup.INTERVENTIONS,
    FormUse.HARMS: ScheduleGroup.HARMS,
}
_BEFORE, _AT, _AFTER, _ANY = "Before allocation", "Allocation", "After allocation", "At no visit"
_PLACES = {FormUse.SCREENING: "Screening", FormUse.RANDOMISATION: "Randomisation"}
"""Where a form of these uses is filled in that is tied to no visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledForm:
    """A form: of whom it is asked, when, and how often."""

    label: str
    visits: tuple[str, ...]
    use: FormUse = FormUse.OTHER
    as_needed: bool = False
    """Whether it is filled in only where it applies."""
    repeating: bool = False
    arms: tuple[str, ...] = ()
    """The codes of the arms that it is for; empty for all."""
    rows_for: tuple[str, ...] = ()
    """What tells the rows of a form apart that repeats at a visit."""
    consent: bool = False
    """Whether consent is recorded on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """A column of the schedule."""

    period: str
    label: str
    days: str = ""
    """The target day with its window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """A row of the schedule, with what stands in it at each time point."""

    group: ScheduleGroup
    label: str
    marks: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Time points, and what happens at each."""

    points: tuple[TimePoint, ...]
    lines: tuple[ScheduleLine, ...]

    @property
    def periods(self) -> tuple[tuple[str, int], ...]:
        """Each period with the number of its time points, in order."""
        found: dict[str, int] = {}
        for point in self.points:
            found[point.period] = found.get(point.period, 0) + 1
        return tuple(found.items())

    def parts(self) -> tuple["Schedule", ...]:
        """The schedule in as few parts as pages have room for, each with all lines."""
        starts = range(0, len(self.points), MOST_POINTS)
        return tuple(
            Schedule(
                points=self.points[start : start + MOST_POINTS],
                lines=tuple(
                    replace(line, marks=line.marks[start : start + MOST_POINTS])
                    for line in self.lines
                ),
            )
            for start in starts
        )


def schedule_of(protocol: Protocol, forms: tuple[ScheduledForm, ...]) -> Schedule:
    """The schedule of a trial, from its visits, its arms and its forms alone."""
    places = _places(protocol, forms)
    lines = [
        *(_consent(form, places) for form in forms if form.consent),
        *(_given(arm, places) for arm in protocol.arms),
        *(_line(form, protocol, places) for form in forms),
    ]
    return Schedule(
        points=tuple(point for _, point, _ in places),
        lines=tuple(line for group in ScheduleGroup for line in lines if line.group is group),
    )


def without_duration(protocol: Protocol) -> tuple[str, ...]:
    """The labels of the arms that get something of which the protocol does not say how long."""
    return tuple(
        arm.label
        for arm in protocol.arms
        if arm.intervention is None
        or (
            arm.intervention.weeks is None
            and arm.intervention.kind is not InterventionKind.NO_INTERVENTION
        )
    )


_Place = tuple[str, TimePoint, int | None]
"""The code of a visit or the name of another place, its column, and its target day if it has one."""


def _places(protocol: Protocol, forms: tuple[ScheduledForm, ...]) -> tuple[_Place, ...]:
    def visits(*, before: bool) -> Iterator[_Place]:
        for visit in protocol.visits:
            if visit.is_before_randomisation is before:
                period = _BEFORE if before else _AFTER
                point = TimePoint(period=period, label=visit.label, days=days_of(visit))
                yield visit.code, point, visit.target_day

    loose = [form for form in forms if not form.visits]
    screened = any(form.use is FormUse.SCREENING for form in loose)
    elsewhere = any(form.use not in _PLACES for form in loose)
    screening = _PLACES[FormUse.SCREENING]
    drawn = TimePoint(period=_AT, label=_PLACES[FormUse.RANDOMISATION], days="day 0")
    return (
        *(((screening, TimePoint(period=_BEFORE, label=screening), None),) if screened else ()),
        *visits(before=True),
        (_PLACES[FormUse.RANDOMISATION], drawn, 0),
        *visits(before=False),
        *(((_ANY, TimePoint(period="", label=_ANY), None),) if elsewhere else ()),
    )


def days_of(visit: Visit) -> str:
    """The target day and the window around it; empty as long as they are not planned."""
    if not visit.is_planned:
        return ""
    window = "" if visit.opens == visit.closes else f" ({visit.opens} to {visit.closes})"
    hour = f", {hours_in_words(visit.target_hour)}" if visit.target_hour else ""
    return f"day {visit.day}{hour}{window}".replace("-", "\N{MINUS SIGN}")


def _consent(form: ScheduledForm, places: tuple[_Place, ...]) -> ScheduleLine:
    line = ScheduleLine(
        group=ScheduleGroup.ENROLMENT,
        label="Informed consent",
        marks=_marks(form, places),
        note=f"Recorded on the form {form.label}.",
    )
    first = next((place for place, mark in enumerate(line.marks) if mark), len(line.marks))
    return replace(
        line, marks=tuple(mark if place == first else "" for place, mark in enumerate(line.marks))
    )


def _line(form: ScheduledForm, protocol: Protocol, places: tuple[_Place, ...]) -> ScheduleLine:
    arms = [protocol.arm(code).label for code in form.arms]
    only = f" ({listing(arms)} only)" if arms else ""
    return ScheduleLine(
        group=_GROUPS.get(form.use, ScheduleGroup.ASSESSMENTS),
        label=f"{form.label}{only}",
        marks=_marks(form, places),
        note=_repeated(form),
    )


def _marks(form: ScheduledForm, places: tuple[_Place, ...]) -> tuple[str, ...]:
    mark = IF_NEEDED if form.as_needed else ASKED
    if form.visits:
        return tuple(mark if code in form.visits else "" for code, _, _ in places)
    place = _PLACES.get(form.use, _ANY)
    words = mark if form.use in _PLACES else how_often(form)
    return tuple(words if code == place else "" for code, _, _ in places)


def how_often(form: ScheduledForm) -> str:
    """When a form is filled in that is tied to no visit."""
    if form.use is FormUse.SESSIONS:
        return "each session"
    if form.use is FormUse.END_OF_STUDY:
        return "at the end"
    if form.repeating:
        return "each time"
    return "if needed" if form.as_needed else "once"


def _repeated(form: ScheduledForm) -> str:
    if not (form.repeating and form.visits):
        return ""
    told = f": one for each {listing(form.rows_for)}" if form.rows_for else ""
    return f"Several rows at a visit{told}."


def _given(arm: Arm, places: tuple[_Place, ...]) -> ScheduleLine:
    """An arm's intervention, from allocation to the last visit within its weeks."""
    given = arm.intervention
    weeks = None if given is None else given.weeks
    last = None if weeks is None else weeks * _DAYS_A_WEEK
    return ScheduleLine(
        group=ScheduleGroup.INTERVENTIONS,
        label=arm.label,
        marks=tuple(
            GIVEN if last is not None and day is not None and _during(point, day, last) else ""
            for _, point, day in places
        ),
        note=_duration(arm),
    )


def _during(point: TimePoint, day: int, last: float) -> bool:
    return point.period != _BEFORE and day <= last


def _duration(arm: Arm) -> str:
    given = arm.intervention
    if given is not None and given.weeks is not None:
        week = by_number(given.weeks, "week", "weeks")
        return f"Given for {given.weeks:g} {week} from allocation on."
    if given is not None and given.kind is InterventionKind.NO_INTERVENTION:
        return "No intervention."
    return "How long it is given is not stated."
