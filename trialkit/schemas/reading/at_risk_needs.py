"""What the time at risk of an outcome needs of the forms: days, asked of every arm alike."""

from collections.abc import Iterator, Sequence

from trialkit.errors import Complaint
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.at_risk import DateAsked
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.picks import codes_are_offered

PROTOCOL = "protocol.toml"


def complain_of_time_at_risk(outcome: Outcome, forms: Sequence[Form]) -> Iterator[Complaint]:
    """A complaint for every day that the time at risk is made of and no form asks for."""
    if outcome.risk is None:
        return
    own = next(form for form in forms if form.id == outcome.form)
    yield from _of_all_arms(f"outcomes {outcome.code!r}", "form", own)
    table = f"outcomes {outcome.code!r}.at_risk"
    for key, asked in outcome.risk.dates:
        yield from _day_is_asked(table, key, asked, forms)
    for each in outcome.risk.competing:
        if each.code == outcome.code:
            found = f"the code {each.code!r}, that of the outcome"
            yield _complaint(table, "competing", found, "a code of its own")
        same = each.date == f"{outcome.form}.{outcome.item}"
        if same and (not each.where or not outcome.where or each.where == outcome.where):
            found = f"{each.date}, the item of the outcome itself"
            yield _complaint(table, "competing", found, "the day of another event, or other rows")


def _day_is_asked(
    table: str, key: str, asked: DateAsked, forms: Sequence[Form]
) -> Iterator[Complaint]:
    form = next((form for form in forms if form.id == asked.form), None)
    if form is None:
        ids = [each.id for each in forms]
        near = suggestion(asked.form, ids)
        expected = f"a form of the trial, {', '.join(ids)}{near}"
        yield _complaint(table, key, f"{asked.date[:80]!r}, of no form", expected)
        return
    item = next((item for item in form.items if item.id == asked.item), None)
    if item is None:
        near = suggestion(asked.item, [each.id for each in form.items])
        yield _complaint(table, key, f"{asked.date[:80]!r}", f"an item of {form.id}{near}")
        return
    if not item.kind.nature.has_a_day:
        types = (each.value for each in ItemType if each.kind.nature.has_a_day)
        found = f"{asked.date}, an item of type {item.type.value}"
        yield _complaint(table, key, found, f"an item of type {' or '.join(types)}")
    yield from _of_all_arms(table, key, form)
    if asked.where and not form.repeating:
        found = f"a choice of rows, but {form.id!r} has one row for a participant and visit"
        yield _complaint(table, f"{key}.where", found, "no where")
        return
    for name, codes in asked.where.items():
        yield from codes_are_offered((table, f"{key}.where"), form, name, codes)


def _of_all_arms(table: str, key: str, form: Form) -> Iterator[Complaint]:
    """What is asked of some arms alone happens in the others, too, and nobody hears of it."""
    if form.arms:
        found = f"{form.id}, which is asked of {', '.join(form.arms)} alone"
        yield _complaint(table, key, found, "a form that is asked of every arm")


def _complaint(table: str, key: str, found: str, expected: str) -> Complaint:
    return Complaint(file=PROTOCOL, table=table, key=key, found=found, expected=expected)
