"""What intercurrent events need of the forms: a day, or an answer at visits, that says they happened."""

from collections.abc import Iterator, Sequence

from trialkit.errors import Complaint
from trialkit.protocol.coded_events import recorded_events
from trialkit.protocol.methods.estimands import IntercurrentEvent
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.composites import CompositeRule, composite_value
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.consistency import TELL_APART
from trialkit.schemas.reading.picks import codes_can_be
from trialkit.schemas.reading.worst_values import beyond_the_scale, worst_value

PROTOCOL = "protocol.toml"


def complain_of_intercurrent_events(
    forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """A complaint for every event whose item no form has, or whose item cannot say that it happened."""
    for event in protocol.intercurrent_events:
        if event.recorded_by:
            yield from _is_recorded(event, forms)
    for analysis in protocol.plan.analyses:
        for each in recorded_events(analysis.estimand, protocol):
            if each.value == CompositeRule.WORST:
                yield from _scale_ends(analysis, each.event, forms, protocol)
            elif each.value:
                yield from _is_on_the_scale(analysis, each, forms, protocol)


def _scale_ends(
    analysis: Analysis, event: str, forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """The worst value is the end of a scale, where the form says that there is one."""
    for outcome in protocol.outcomes:
        if outcome.code not in analysis.outcomes or outcome.kind.is_proportion:
            continue
        if worst_value(outcome, forms) is None:
            yield _complaint(
                f"estimands {analysis.estimand!r}",
                "intercurrent_events",
                f"value = 'worst' of {event!r} for {outcome.code!r}, whose item {outcome.form}."
                f"{outcome.item} has no range that ends on the side of worse",
                "a range of the item in its form, or a number as text",
            )


def _is_on_the_scale(
    analysis: Analysis, event: IntercurrentEvent, forms: Sequence[Form], protocol: Protocol
) -> Iterator[Complaint]:
    """A number that the event is must be a value that the outcome can have."""
    for outcome in protocol.outcomes:
        is_number = outcome.kind.is_mean or outcome.kind.is_rate
        if outcome.code not in analysis.outcomes or not is_number:
            continue
        number = composite_value(event, outcome, worst=None)
        scale = beyond_the_scale(number, outcome, forms)
        if scale:
            yield _complaint(
                f"estimands {analysis.estimand!r}",
                "intercurrent_events",
                f"value = {event.value!r} of {event.event!r} for {outcome.code!r}, whose item "
                f"{outcome.form}.{outcome.item} is {scale}",
                f"'{CompositeRule.WORST.value}', or a number {scale} as text",
            )


def _is_recorded(event: IntercurrentEventAsked, forms: Sequence[Form]) -> Iterator[Complaint]:
    table, key = f"intercurrent_events {event.code!r}", "date" if event.date else "item"
    form = next((each for each in forms if each.id == event.form), None)
    if form is None:
        ids = [each.id for each in forms]
        expected = f"a form of the trial, {', '.join(ids)}{suggestion(event.form, ids)}"
        yield _complaint(table, key, f"{event.recorded_by[:80]!r}, of no form", expected)
        return
    item = next((each for each in form.items if each.id == event.asked), None)
    if item is None:
        near = suggestion(event.asked, [each.id for each in form.items])
        found = f"{event.recorded_by[:80]!r}"
        yield _complaint(table, key, found, f"an item of {form.id}{near}")
        return
    if event.date and not item.kind.nature.has_a_day:
        types = (each.value for each in ItemType if each.kind.nature.has_a_day)
        found = f"{event.date}, an item of type {item.type.value}"
        yield _complaint(table, key, found, f"an item of type {' or '.join(types)}")
    if event.item and not form.visits:
        found = f"{form.id}, which is not filled in at visits"
        yield _complaint(table, key, found, "a form with visits, or date with the item of the day")
    for name, codes in event.picks.items():
        yield from _codes_are_known(table, "codes" if event.item else "where", form, name, codes)


def _codes_are_known(
    table: str, key: str, form: Form, name: str, codes: tuple[str, ...]
) -> Iterator[Complaint]:
    item = next((each for each in form.items if each.id == name), None)
    if item is None:
        near = suggestion(name, [each.id for each in form.items])
        found = f"the unknown item {name[:80]!r} of {form.id}"
        yield _complaint(table, key, found, f"an item of that form{near}")
    elif item.kind.nature not in TELL_APART:
        found = f"{form.id}.{item.id}, an item of type {item.type.value}"
        yield _complaint(table, key, found, "a choice or yes_no")
    else:
        yield from codes_can_be((table, key), form, item, codes)


def _complaint(table: str, key: str, found: str, expected: str) -> Complaint:
    return Complaint(file=PROTOCOL, table=table, key=key, found=found, expected=expected)
