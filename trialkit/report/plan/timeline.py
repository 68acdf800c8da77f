"""Which form is filled in at which visit."""

from dataclasses import dataclass

from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.guidelines.answers import planning
from trialkit.report.words.en.unsaid import unsaid_of
from trialkit.report.words.en.wording import listing


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledForm:
    """A form, and the visits at which it is filled in; none for one that waits for its event."""

    label: str
    visits: tuple[str, ...]


def timeline(protocol: Protocol, forms: tuple[ScheduledForm, ...]) -> Table:
    """Each visit with its day, its window and the forms that are filled in at it."""
    unnamed = unsaid_of({f"visit {each.code}": (each.label,) for each in protocol.visits})
    claims = (
        *planning("18", "visits and assessments", lacks=unnamed),
        *planning("25a", "forms and visits", lacks=unnamed),
    )
    events = [each.label for each in forms if not each.visits]
    return Table(
        anchor="table-timeline",
        caption="Visits and assessments; days are counted from randomisation, which is day 0",
        stub="Visit",
        heads=tuple(ColumnHead(text=text, words=True) for text in ("Day", "Window", "Assessments")),
        groups=(RowGroup(head="", rows=tuple(_row(visit, forms) for visit in protocol.visits)),),
        notes=(f"Whenever it happens, or once a participant: {listing(events)}.",)
        if events
        else (),
        shown_as_data=False,
        claims=claims if forms else (),
    )


def _row(visit: Visit, forms: tuple[ScheduledForm, ...]) -> Row:
    first, last = visit.opens, visit.closes
    asked = [form.label for form in forms if visit.code in form.visits]
    texts = (
        str(visit.day).replace("-", "\N{MINUS SIGN}"),
        f"{first} to {last}".replace("-", "\N{MINUS SIGN}"),
        ", ".join(asked) or "\N{EM DASH}",
    )
    return Row(head=visit.label, cells=tuple(Cell(text=text, words=True) for text in texts))
