"""SPIRIT's schedule as tables and drawings: the same marks in both."""

from functools import partial

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.claims import Claim
from trialkit.report.content.content import Block, Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Paragraph
from trialkit.report.guidelines.answers import planning
from trialkit.report.plan.schedule import (
    GIVEN,
    IF_NEEDED,
    Schedule,
    ScheduledForm,
    ScheduleGroup,
    schedule_of,
    without_duration,
)
from trialkit.report.plan.schedule_svg import schedule_svg
from trialkit.report.words.en.unsaid import unsaid_of
from trialkit.report.words.en.wording import alike, capitalised, listing, lowered

_CAPTION = (
    "Schedule of enrolment, interventions and assessments; days are counted from randomisation, "
    "which is day 0"
)
_TITLE = "Schedule of enrolment, interventions and assessments"


def schedule_blocks(protocol: Protocol, forms: tuple[ScheduledForm, ...]) -> tuple[Block, ...]:
    """A drawing and a table of each part of the schedule, and what they answer."""
    parts = schedule_of(protocol, forms).parts()
    tables = [_table(part, place, len(parts)) for place, part in enumerate(parts, start=1)]
    figures = [_figure(part, place, len(parts)) for place, part in enumerate(parts, start=1)]
    answers = Paragraph(
        runs=(_lead(forms),), claims=_claims(protocol) if forms else _of_interventions(protocol)
    )
    return (answers, *figures, *tables)


def _lead(forms: tuple[ScheduledForm, ...]) -> str:
    if not forms:
        return "The forms of the trial are still to be written: the schedule has visits alone."
    return (
        "The figure and the table show the same: what is done at which visit, and what in between."
    )


def _claims(protocol: Protocol) -> tuple[Claim, ...]:
    unnamed = unsaid_of({f"visit {each.code}": (each.label,) for each in protocol.visits})
    return (
        *planning("18", "visits and assessments", lacks=unnamed),
        *planning("25a", "forms and visits", lacks=unnamed),
        *_of_interventions(protocol),
    )


def _of_interventions(protocol: Protocol) -> tuple[Claim, ...]:
    without = without_duration(protocol)
    lacks = f"for how many weeks is not said for {listing(list(without))}" if without else ""
    return planning("18", "interventions", lacks=lacks)


def _of_parts(place: int, parts: int) -> tuple[str, str]:
    return (f"-{place}", f" (part {place} of {parts})") if parts > 1 else ("", "")


def _table(part: Schedule, place: int, parts: int) -> Table:
    suffix, told = _of_parts(place, parts)
    periods = part.periods
    groups = tuple(
        RowGroup(
            head=group.value,
            rows=tuple(
                Row(
                    head=line.label,
                    indented=True,
                    note=line.note,
                    cells=tuple(Cell(text=mark, words=True) for mark in line.marks),
                )
                for line in part.lines
                if line.group is group
            ),
        )
        for group in ScheduleGroup
        if any(line.group is group for line in part.lines)
    )
    return Table(
        anchor=f"table-timeline{suffix}",
        caption=f"{_CAPTION}{told}",
        stub="",
        spanning=tuple(ColumnHead(text=text, span=wide) for text, wide in periods),
        heads=tuple(
            ColumnHead(text=", ".join(filter(None, (each.label, each.days))), words=True)
            for each in part.points
        ),
        groups=groups,
        notes=_notes(part),
        shown_as_data=False,
    )


def _notes(part: Schedule) -> tuple[str, ...]:
    marks = {mark for line in part.lines for mark in line.marks}
    told = ["X: done or filled in at this time."]
    told += [f"{IF_NEEDED}: only where it applies."] if IF_NEEDED in marks else []
    told += (
        [f"{capitalised(GIVEN)}: within the weeks of the intervention."] if GIVEN in marks else []
    )
    return (" ".join(told),)


def _figure(part: Schedule, place: int, parts: int) -> Figure:
    suffix, told = _of_parts(place, parts)
    name = f"schedule{suffix}"
    description = describe_schedule(part)
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(schedule_svg, part, name=name, title=_TITLE, description=description)
        ),
        title=_TITLE,
        description=description,
        caption=f"{_CAPTION}{told}.",
        notes=tuple(
            f"{listing(labels)}: {lowered(note)} "
            for note, labels in alike(
                (line.note, line.label) for line in part.lines if line.note
            ).items()
        ),
    )


def describe_schedule(schedule: Schedule) -> str:
    """The schedule in sentences, for somebody who cannot see the drawing."""
    told = []
    for line in schedule.lines:
        at = [
            lowered(point.label)
            if mark in {"X", GIVEN}
            else f"{lowered(point.label)} ({mark.strip('()')})"
            for point, mark in zip(schedule.points, line.marks, strict=True)
            if mark
        ]
        told.append(f"{line.label}: {listing(at) if at else 'no time point'}.")
    return " ".join(told)
