"""Which rows of a form that repeats an outcome is of: what the protocol says must pick one value."""

from collections.abc import Iterator
from math import prod

from trialkit.errors import Complaint
from trialkit.protocol.methods.outcome_kinds import Summary, Values
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.outcomes import Combine, Outcome
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.reading.consistency import TELL_APART

PROTOCOL = "protocol.toml"


def complain_of_picks(outcome: Outcome, form: Form) -> Iterator[Complaint]:
    """A complaint for everything by which an outcome would be no value, or one of several."""
    if outcome.kind.summary is Summary.RECURRENCE and len(form.key) == 1:
        found = f"{form.id!r}, which has one row for a participant"
        expected = "a form that repeats, with a row for each event"
        yield _complaint(outcome, "form", found, expected)
    if not form.repeating:
        if outcome.picks:
            found = f"a choice of rows, but {form.id!r} has one row for a participant and visit"
            yield _complaint(outcome, "where", found, "an outcome without where and combine")
        return
    if outcome.combine and outcome.kind.values is not Values.NUMBER:
        found = f"combine = {outcome.combine.value!r} of a {outcome.type.value} outcome"
        yield _complaint(outcome, "combine", found, "where that picks one row, or a number")
    for name, codes in outcome.where.items():
        yield from codes_are_offered((f"outcomes {outcome.code!r}", "where"), form, name, codes)
    if outcome.kind.is_of_time:  # the first of any number of rows, or all of them
        return
    if outcome.combine is None:
        yield from _one_row_is_picked(outcome, form)
    most = expected_rows(outcome, form)
    if outcome.at_least and most and outcome.at_least > most:
        found = f"at_least = {outcome.at_least}, but {most} rows can be picked"
        yield _complaint(outcome, "at_least", found, f"a number up to {most}")


def expected_rows(outcome: Outcome, form: Form) -> int | None:
    """How many rows of a participant and visit are picked when all are there; None if any number."""
    if not form.one_row_for:
        return None
    return prod(len(_picked_codes(outcome, form.item(name))) for name in form.one_row_for)


def _picked_codes(outcome: Outcome, item: Item) -> tuple[str, ...]:
    return outcome.where.get(item.id) or tuple(each.code for each in item.offered)


def codes_are_offered(
    place: tuple[str, str], form: Form, name: str, codes: tuple[str, ...]
) -> Iterator[Complaint]:
    """A complaint where rows are to be picked by an item, or codes, that cannot tell them.

    ``place`` is the table and the key that names the item.
    """
    table, under = place
    item = next((each for each in form.items if each.id == name), None)

    def complaint(key: str, found: str, expected: str) -> Complaint:
        return Complaint(file=PROTOCOL, table=table, key=key, found=found, expected=expected)

    key = f"{under}.{name[:80]}"
    if item is None:
        near = suggestion(name, [each.id for each in form.items])
        found = f"the unknown item {name[:80]!r} of {form.id}"
        yield complaint(key, found, f"an item of that form{near}")
        return
    if item.kind.nature not in TELL_APART or not item.required or item.shown_when:
        found = f"{form.id}.{name}, by which not every row can be told"
        yield complaint(key, found, "a choice or yes_no that is required")
        return
    yield from codes_can_be((table, key), form, item, codes)


def codes_can_be(
    place: tuple[str, str], form: Form, item: Item, codes: tuple[str, ...]
) -> Iterator[Complaint]:
    """A complaint for codes that an item can never be; ``place`` is their table and key."""
    table, key = place

    def complaint(found: str, expected: str) -> Complaint:
        return Complaint(file=PROTOCOL, table=table, key=key, found=found, expected=expected)

    if not codes:
        yield complaint("no code", "at least one")
    offered = [each.code for each in item.offered]
    for code in codes:
        if code not in offered:
            near = suggestion(code, offered)
            found = f"{code[:80]!r}, which {form.id}.{item.id} can never be"
            yield complaint(found, f"one of {', '.join(offered)}{near}")
    if len(set(codes)) < len(codes):
        yield complaint("a code twice", "each code once")


def _one_row_is_picked(outcome: Outcome, form: Form) -> Iterator[Complaint]:
    """Without a rule that combines rows, everything that tells them apart is said."""
    combining = f"combine = {' or '.join(repr(each.value) for each in Combine)}"
    if not form.one_row_for:
        found = f"{form.id!r}, which may have any number of rows for a participant and visit"
        expected = f"{combining}, or one_row_for in {form.file} with what tells its rows apart"
        yield _complaint(outcome, "combine", found, expected)
        return
    for name in form.one_row_for:
        codes = _picked_codes(outcome, form.item(name))
        if len(codes) > 1:
            found = f"rows of several {name} ({', '.join(codes)})"
            yield _complaint(outcome, "where", found, f"one {name}, or {combining}")


def _complaint(outcome: Outcome, key: str, found: str, expected: str) -> Complaint:
    return Complaint(
        file=PROTOCOL,
        table=f"outcomes {outcome.code!r}",
        key=key,
        found=found,
        expected=expected,
    )
