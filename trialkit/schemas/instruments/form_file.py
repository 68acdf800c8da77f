"""The form of an instrument as the text of a ``forms/<id>.toml``, which is then the trial's own."""

from dataclasses import replace

from trialkit.schemas.forms.form_text import form_toml, quoted
from trialkit.schemas.forms.forms import Form, FormTest, Item, Purpose, Rule, Severity, StatedRow
from trialkit.schemas.instruments.instrument import (
    AskedVisits,
    Instrument,
    Score,
    ScoreDirection,
    ThresholdKind,
)
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature

_DATE = Item(
    id="visit_date",
    label="Date",
    type=ItemType.DATE,
    required=True,
    purpose=Purpose.VISIT_DATE,
)
_BETTER = {ScoreDirection.HIGHER_IS_WORSE: "lower", ScoreDirection.HIGHER_IS_BETTER: "higher"}


def form_text(instrument: Instrument, *, visits: tuple[str, ...]) -> str:
    """A form that asks the items at ``visits`` and reckons the scores as calculated items."""
    return form_toml(
        _form(instrument, visits),
        origin=_origin(instrument),
        comments={
            score.id: _known(score) for score in instrument.scores if not score.formula.is_answer
        },
    )


def outcome_text(instrument: Instrument, score: Score) -> str:
    """An ``[[outcomes]]`` table for a score, to be completed in the protocol."""
    better = _BETTER.get(score.direction)
    lines = [
        "[[outcomes]]",
        f'code = "{score.id}"',
        f"label = {quoted(score.label)}",
        'type = "continuous"',
        'role = "secondary"',
        f'form = "{instrument.id}"',
        f'item = "{_item_of(score)}"',
        'time_point = ""  # the visit',
        'metric = ""  # "change from baseline", "final value"',
        f"unit = {quoted(score.unit)}",
        f'direction = "{better}"'
        if better
        else '# direction = "lower" or "higher" is better: no source was found, so it is your assumption',
    ]
    for threshold in score.thresholds:
        if threshold.kind is ThresholdKind.IMPORTANT_CHANGE and threshold.value is not None:
            lines.append(f"minimal_important_change = {threshold.value:g}")
            lines.append(f"minimal_important_change_source = {quoted(threshold.source)}")
            break
    return "\n".join(lines) + "\n"


def _form(instrument: Instrument, visits: tuple[str, ...]) -> Form:
    """The instrument as a form that a trial may have."""
    has_date = any(item.type.kind.nature is Nature.DAY for item in instrument.items)
    reckoned = [score for score in instrument.scores if not score.formula.is_answer]
    demanded = _demanded(instrument)
    return Form(
        id=instrument.id,
        title=instrument.name,
        kind=instrument.kind,
        expected=instrument.expected,
        visits=visits,
        repeating=instrument.repeating,
        stopping=instrument.stopping,
        items=(
            *((_DATE,) if visits and not has_date else ()),
            *map(_item, instrument.items),
            *map(_calculated, reckoned),
        ),
        rules=(*instrument.checks, *demanded),
        file="",
        sha256="",
        tests=_tests(instrument, demanded, visits),
    )


def _origin(instrument: Instrument) -> tuple[str, ...]:
    return (
        f"{instrument.name}: {instrument.measures}.",
        f"Reference: {instrument.reference}.",
        f"Words: {instrument.rights}.",
        *(f"Note: {note}." for note in instrument.notes),
    )


def _known(score: Score) -> tuple[str, ...]:
    """What is known of a score, for whoever reads the form."""
    lines = [score.missing_rule]
    for threshold in score.thresholds:
        amount = "" if threshold.value is None else f" {threshold.value:g} {score.unit}"
        share = "" if threshold.percent is None else f" or {threshold.percent:g} % of baseline"
        lines.append(f"{threshold.kind.replace('_', ' ')}:{amount}{share} ({threshold.source})")
    return tuple(lines)


def _demanded(instrument: Instrument) -> tuple[Rule, ...]:
    """That there is a score, or a reason why not: a sheet left blank is asked about once a score.

    A score that reads only items that are required, or read by another, needs no question.
    """
    if instrument.repeating:
        return ()
    found: list[Rule] = []
    read = {item.id for item in instrument.items if item.required}
    for score in instrument.scores:
        if score.formula.is_answer or set(score.formula.items) <= read:
            continue
        read |= set(score.formula.items)
        found.append(
            Rule(
                id=f"{instrument.id.upper()}_SCORE{len(found) + 1}",
                severity=Severity.SOFT,
                expression=f"{score.id} IS NOT NULL OR {score.id}__missing IS NOT NULL",
                message=(
                    f"There is no score “{score.label}”: {_said(score.missing_rule)}. Enter what was "
                    "answered, or the reason why it was not."
                ),
                items=(score.id,),
            )
        )
    return tuple(found)


def _said(missing_rule: str) -> str:
    """The rule without its source, which stands behind it in brackets and is nothing to a site."""
    return missing_rule.partition(" (")[0]


def _tests(
    instrument: Instrument, demanded: tuple[Rule, ...], visits: tuple[str, ...]
) -> tuple[FormTest, ...]:
    """A blank sheet breaks what demands a score, one that is filled in breaks nothing.

    Where scores are demanded, what is stated of the checks stands on a sheet that is filled in.
    """
    blank = StatedRow(form=instrument.id, visit=visits[0] if visits else "")
    read = {item for score in instrument.scores for item in score.formula.items}
    cells = {item.id: _usual(item) for item in instrument.items if item.id in read}
    filled = tuple(cells.items()) if demanded else ()
    of_scores = (
        FormTest(name="a blank sheet", row=blank, breaks=tuple(rule.id for rule in demanded)),
        FormTest(name="a sheet that is filled in", row=replace(blank, cells=filled)),
    )
    of_checks = (
        replace(
            test, row=replace(blank, cells=tuple({**dict(filled), **dict(test.row.cells)}.items()))
        )
        for test in instrument.tests
    )
    return (*(of_scores if demanded else ()), *of_checks)


def _usual(item: AskedVisits) -> str:
    """A value in the middle of what an item can be, as a data file has it."""
    if item.type.kind.nature is Nature.TRUTH:
        return "yes"
    if item.choices:
        return item.choices[len(item.choices) // 2].code
    low = 0 if item.low is None else item.low
    high = low + 10 if item.high is None else item.high
    return f"{(low + high) // 2:g}"


def _item(asked: AskedVisits) -> Item:
    return Item(
        id=asked.id,
        label=asked.label,
        type=asked.type,
        unit=asked.unit,
        choices=asked.choices,
        range=Range(low=asked.low, high=asked.high),
        required=asked.required,
        shown_when=asked.shown_when,
        other_side=asked.other_side,
        identifier=asked.identifier,
        purpose=asked.purpose,
    )


def _calculated(score: Score) -> Item:
    return Item(
        id=score.id,
        label=score.label,
        type=ItemType.CALCULATED,
        unit=score.unit,
        calculation=score.formula.expression,
    )


def _item_of(score: Score) -> str:
    """The item of the form that holds the score: a single answer is its own score."""
    return score.formula.items[0] if score.formula.is_answer else score.id
