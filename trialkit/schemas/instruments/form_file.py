"""The form of an instrument as the text of a ``forms/<id>.toml``, which is then the trial's own."""

from collections.abc import Iterator

from trialkit.schemas.forms import ItemType
from trialkit.schemas.instruments.instrument import (
    Asked,
    Check,
    Direction,
    Instrument,
    Score,
    ThresholdKind,
)

_BETTER = {Direction.HIGHER_IS_WORSE: "lower", Direction.HIGHER_IS_BETTER: "higher"}


def form_text(instrument: Instrument, *, visits: tuple[str, ...]) -> str:
    """A form that asks the items at ``visits`` and reckons the scores as calculated items."""
    return "\n".join(_lines(instrument, visits)) + "\n"


def outcome_text(instrument: Instrument, score: Score) -> str:
    """An ``[[outcomes]]`` table for a score, to be completed in the protocol."""
    better = _BETTER.get(score.direction)
    lines = [
        "[[outcomes]]",
        f'code = "{score.id}"',
        f"label = {_quoted(score.label)}",
        'type = "continuous"',
        'role = "secondary"',
        f'form = "{instrument.id}"',
        f'item = "{_item_of(score)}"',
        'time_point = ""  # the visit',
        'metric = ""  # "change from baseline", "final value"',
        f"unit = {_quoted(score.unit)}",
        f'direction = "{better}"'
        if better
        else '# direction = "lower" or "higher" is better: no source was found, so it is your assumption',
    ]
    for threshold in score.thresholds:
        if threshold.kind is ThresholdKind.IMPORTANT_CHANGE and threshold.value is not None:
            lines.append(f"minimal_important_change = {threshold.value:g}")
            lines.append(f"minimal_important_change_source = {_quoted(threshold.source)}")
            break
    return "\n".join(lines) + "\n"


def _lines(instrument: Instrument, visits: tuple[str, ...]) -> Iterator[str]:
    yield f"# {instrument.name}: {instrument.measures}."
    yield f"# Reference: {instrument.reference}."
    yield f"# Words: {instrument.rights}."
    for note in instrument.notes:
        yield f"# Note: {note}."
    yield "[form]"
    yield f'id = "{instrument.id}"'
    yield f"title = {_quoted(instrument.name)}"
    yield f'kind = "{instrument.kind}"'
    yield f'expected = "{instrument.expected}"'
    if visits:
        yield f"visits = [{', '.join(_quoted(visit) for visit in visits)}]"
    if instrument.repeating:
        yield "repeating = true"
    if visits and all(item.type is not ItemType.DATE for item in instrument.items):
        yield from _date()
    for item in instrument.items:
        yield from _item(item)
    for score in instrument.scores:
        if not score.formula.is_answer:
            yield from _calculated(score)
    demanded = _demanded(instrument)
    for check in (*instrument.checks, *demanded):
        yield from _rule(check)
    if demanded:
        yield from _tests(instrument, demanded, visits)


def _demanded(instrument: Instrument) -> tuple[Check, ...]:
    """That there is a score, or a reason why not: a sheet left blank is asked about once a score.

    A score that reads only items that are required, or read by another, needs no question.
    """
    if instrument.repeating:
        return ()
    found: list[Check] = []
    read = {item.id for item in instrument.items if item.required}
    for score in instrument.scores:
        if score.formula.is_answer or set(score.formula.items) <= read:
            continue
        read |= set(score.formula.items)
        found.append(
            Check(
                id=f"{instrument.id.upper()}_SCORE{len(found) + 1}",
                expression=f"{score.id} IS NOT NULL OR {score.id}__missing IS NOT NULL",
                message=(
                    f"There is no score ({score.label}): {score.missing_rule}. Enter what was "
                    "answered, or the reason why it was not."
                ),
                items=(score.id,),
            )
        )
    return tuple(found)


def _tests(
    instrument: Instrument, demanded: tuple[Check, ...], visits: tuple[str, ...]
) -> Iterator[str]:
    """A blank sheet breaks what demands a score, one that is filled in breaks nothing."""
    visit = f"visit = {_quoted(visits[0])}" if visits else ""
    read = {item for score in instrument.scores for item in score.formula.items}
    cells = [f"{item.id} = {_usual(item)}" for item in instrument.items if item.id in read]
    yield "\n[[tests]]"
    yield 'name = "a blank sheet"'
    yield f"row = {{ {visit} }}"
    yield f"breaks = [{', '.join(_quoted(check.id) for check in demanded)}]"
    yield "\n[[tests]]"
    yield 'name = "a sheet that is filled in"'
    yield f"row = {{ {', '.join(filter(None, (visit, *cells)))} }}"


def _usual(item: Asked) -> str:
    """A value in the middle of what an item can be, as TOML."""
    if item.type is ItemType.YES_NO:
        return "true"
    if item.choices:
        return _quoted(item.choices[len(item.choices) // 2].code)
    low = 0 if item.low is None else item.low
    high = low + 10 if item.high is None else item.high
    return f"{(low + high) // 2:g}"


def _date() -> Iterator[str]:
    yield "\n[[items]]"
    yield 'id = "visit_date"'
    yield 'label = "Date"'
    yield 'type = "date"'
    yield "required = true"
    yield 'purpose = "visit_date"'


def _item(item: Asked) -> Iterator[str]:
    yield "\n[[items]]"
    yield f'id = "{item.id}"'
    yield f"label = {_quoted(item.label)}"
    yield f'type = "{item.type}"'
    if item.unit:
        yield f"unit = {_quoted(item.unit)}"
    limits = (("low", item.low), ("high", item.high))
    ends = ", ".join(f"{name} = {value:g}" for name, value in limits if value is not None)
    if ends:
        yield f"range = {{ {ends} }}"
    if item.choices:
        yield "choices = ["
        for choice in item.choices:
            yield f"  {{ code = {_quoted(choice.code)}, label = {_quoted(choice.label)} }},"
        yield "]"
    if item.required:
        yield "required = true"
    if item.shown_when:
        yield f"shown_when = {_quoted(item.shown_when)}"
    if item.other_side:
        yield f'other_side = "{item.other_side}"'
    if item.identifier:
        yield "identifier = true"
    if item.purpose:
        yield f'purpose = "{item.purpose}"'


def _item_of(score: Score) -> str:
    """The item of the form that holds the score: a single answer is its own score."""
    return score.formula.items[0] if score.formula.is_answer else score.id


def _calculated(score: Score) -> Iterator[str]:
    yield f"\n# {score.missing_rule}"
    for threshold in score.thresholds:
        amount = "" if threshold.value is None else f" {threshold.value:g} {score.unit}"
        share = "" if threshold.percent is None else f" or {threshold.percent:g} % of baseline"
        yield f"# {threshold.kind.replace('_', ' ')}:{amount}{share} ({threshold.source})"
    yield "[[items]]"
    yield f'id = "{score.id}"'
    yield f"label = {_quoted(score.label)}"
    yield 'type = "calculated"'
    if score.unit:
        yield f"unit = {_quoted(score.unit)}"
    yield f"calculation = {_quoted(score.formula.expression)}"


def _rule(check: Check) -> Iterator[str]:
    yield "\n[[rules]]"
    yield f'id = "{check.id}"'
    yield f"expression = {_quoted(check.expression)}"
    yield f'severity = "{check.severity}"'
    yield f"message = {_quoted(check.message)}"
    yield f"items = [{', '.join(_quoted(item) for item in check.items)}]"


def _quoted(text: str) -> str:
    """A TOML string; the texts here hold no control characters."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
