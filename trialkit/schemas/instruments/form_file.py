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
    for check in instrument.checks:
        yield from _rule(check)


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
