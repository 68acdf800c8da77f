"""What a count of events asks of the forms: whole numbers, and for how long somebody was at risk."""

from collections.abc import Iterator, Sequence

from trialkit.errors import Complaint
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.trial.outcomes import AT_RISK, SESSIONS, Combine, Outcome
from trialkit.schemas.forms.forms import Form, FormKind, Item
from trialkit.schemas.items.kind import Describes, Nature

PROTOCOL = "protocol.toml"
_ADDED_UP = (None, Combine.SUM)


def complain_of_counts(
    outcome: Outcome, form: Form, item: Item, forms: Sequence[Form]
) -> Iterator[Complaint]:
    """A complaint for everything by which a count would be none, or would have no exposure."""
    if not outcome.kind.is_rate:
        return
    if item.kind.nature is not Nature.WHOLE and item.kind.is_asked:
        found = f"{form.id}.{item.id}, an item of type {item.type.value}"
        yield _complaint(
            outcome, "item", found, "an item of type integer or calculated for a count"
        )
    if outcome.combine not in _ADDED_UP:
        found = f"combine = {outcome.combine.value!r}" if outcome.combine else "nothing"
        yield _complaint(outcome, "combine", found, "'sum', by which counts become one")
    if outcome.exposure == SESSIONS:
        if not any(each.kind is FormKind.SESSIONS for each in forms):
            yield _complaint(
                outcome, "exposure", "'sessions', but no form of kind sessions", "a session log"
            )
    elif outcome.exposure not in {"", AT_RISK}:
        yield from _exposure_is_asked(outcome, form, forms)


def _exposure_is_asked(outcome: Outcome, form: Form, forms: Sequence[Form]) -> Iterator[Complaint]:
    """It is a number of the count's own rows, or of a form with one row for the time point."""
    by_name = {f"{each.id}.{item.id}": (each, item) for each in forms for item in each.items}
    if outcome.exposure not in by_name:
        near = suggestion(outcome.exposure, [*by_name, SESSIONS, AT_RISK])
        yield _complaint(
            outcome,
            "exposure",
            repr(outcome.exposure),
            f"a form.item, {SESSIONS!r} or {AT_RISK!r}{near}",
        )
        return
    source, item = by_name[outcome.exposure]
    if item.kind.describes is not Describes.BY_NUMBERS:
        found = f"{outcome.exposure}, an item of type {item.type.value}"
        yield _complaint(outcome, "exposure", found, "a number")
    if source.repeating and source.id != form.id:
        found = f"{outcome.exposure}, of a form with several rows for a participant"
        expected = f"an item of {form.id}, or of a form with one row for each participant or visit"
        yield _complaint(outcome, "exposure", found, expected)
    if source.visits and outcome.time_point not in source.visits:
        found = f"{outcome.exposure}, which is not asked at {outcome.time_point}"
        yield _complaint(
            outcome,
            "exposure",
            found,
            f"an item of a form that is filled in at {outcome.time_point}",
        )


def _complaint(outcome: Outcome, key: str, found: str, expected: str) -> Complaint:
    return Complaint(
        file=PROTOCOL,
        table=f"outcomes {outcome.code!r}",
        key=key,
        found=found,
        expected=expected,
    )
