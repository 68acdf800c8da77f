"""What follows from what forms say of their items: sums, sides, dates and sessions.

Each is a rule that nobody has to write.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.expressions import MISSING
from trialkit.schemas.forms.forms import Form, Item, Purpose, Severity

IN_ORDER = (
    (Purpose.CONSENT_DATE, Purpose.RANDOMISATION_DATE),
    (Purpose.SCREENING_DATE, Purpose.RANDOMISATION_DATE),
    (Purpose.CONSENT_DATE, Purpose.VISIT_DATE),
    (Purpose.RANDOMISATION_DATE, Purpose.SESSION_DATE),
    (Purpose.RANDOMISATION_DATE, Purpose.END_DATE),
)
"""Of two dates with these purposes, the second is never the earlier one."""
BEFORE_THE_END = (Purpose.VISIT_DATE, Purpose.SESSION_DATE)
"""What is not expected after the last day of a participant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """A condition that follows from what a form says of its items."""

    item: Item
    expression: str
    rule: BuiltIn
    severity: Severity
    says: str
    """What is wrong where it does not hold, after the label and what was entered for the item."""
    of_a_blank: bool = False
    """Whether it does not hold where nothing was entered."""


def declared(form: Form, forms: Sequence[Form]) -> tuple[Follows, ...]:
    """The conditions that follow from what a form, one of these, says of its items."""
    return (
        *_sums(form),
        *_sides(form),
        *_dates(form, forms),
        *_after_the_end(form, forms),
        *_stopping(form),
    )


def _sums(form: Form) -> Iterator[Follows]:
    for item in form.items:
        if item.sum_of:
            total = " + ".join(item.sum_of)
            labels = " + ".join(form.item(each).label for each in item.sum_of)
            yield Follows(
                item=item,
                expression=f"{item.id} = {total}",
                rule=BuiltIn.WRONG_SUM,
                severity=Severity.HARD,
                says=f" is not the sum {labels}; correct the total, or the item that is wrong.",
            )


def _sides(form: Form) -> Iterator[Follows]:
    """A side without value and without reason, while the other one was measured."""
    for item in form.items:
        if item.other_side:
            other = form.item(item.other_side)
            for here, there in ((item, other), (other, item)):
                nothing = f"{here.id} IS NULL AND {here.id}{MISSING} IS NULL"
                yield Follows(
                    item=here,
                    expression=f"NOT ({nothing} AND {there.id} IS NOT NULL)",
                    rule=BuiltIn.ONE_SIDE_ONLY,
                    severity=Severity.SOFT,
                    says=f" is blank, but {there.label!r} was measured; enter it, or a missing code "
                    "that says why only one side was.",
                    of_a_blank=True,
                )


def _stopping(form: Form) -> Iterator[Follows]:
    """Pain that rose by so much, or more, in so many sessions running, one row after the other."""
    before, during = form.item_for(Purpose.PAIN_BEFORE), form.item_for(Purpose.PAIN_DURING)
    signal = form.stopping
    if signal is None or before is None or during is None:
        return
    rise, came = f"{during.id} - {before.id}", form.item_for(Purpose.ATTENDED)
    held = f", {came.id}" if came else ""
    rows = [rise, *(f"PREVIOUS({rise}, {back}{held})" for back in range(1, signal.sessions))]
    running = (
        "this session" if signal.sessions == 1 else f"each of {signal.sessions} sessions running"
    )
    yield Follows(
        item=during,
        expression=" OR ".join(f"{each} < {signal.rise!r}" for each in rows),
        rule=BuiltIn.STOPPING_SIGNAL,
        severity=Severity.SOFT,
        says=f"; pain rose by {signal.rise:g} or more in {running}. Say whether the training was "
        "changed or stopped, or correct what was entered.",
    )


def _dates(form: Form, forms: Sequence[Form]) -> Iterator[Follows]:
    for first, second in IN_ORDER:
        item = form.item_for(second)
        sources = ((each, each.item_for(first)) for each in forms)
        where, earlier = next(
            ((each, found) for each, found in sources if found and each.key == ("subject_id",)),
            (form, None),
        )
        if item is None or earlier is None:
            continue
        name = earlier.id if where is form else f"{where.id}.{earlier.id}"
        yield Follows(
            item=item,
            expression=f"{name} <= {item.id}",
            rule=BuiltIn.DATE_ORDER,
            severity=Severity.HARD,
            says=f" is before {earlier.label!r} of the form {where.title!r}; correct the one that "
            "is wrong.",
        )


def _after_the_end(form: Form, forms: Sequence[Form]) -> Iterator[Follows]:
    """Visits and sessions after the last day in the study."""
    ends = ((each, each.item_for(Purpose.END_DATE)) for each in forms)
    where, end = next(
        ((each, found) for each, found in ends if found and each.key == ("subject_id",)),
        (form, None),
    )
    for purpose in BEFORE_THE_END:
        item = form.item_for(purpose)
        if item is not None and end is not None and where is not form:
            yield Follows(
                item=item,
                expression=f"{item.id} <= {where.id}.{end.id}",
                rule=BuiltIn.AFTER_THE_END,
                severity=Severity.SOFT,
                says=f" is after {end.label!r} of the form {where.title!r}; correct the one that is "
                "wrong, or confirm them.",
            )
