"""What findings say, in a coordinator's words: what was found, what was expected, what to do."""

from datetime import date
from functools import partial

import pandas as pd

from trialkit.decimals import significant
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import NONE_CHOSEN, Range
from trialkit.schemas.items.kind import Nature

_SHOWN = 60
_CHOICES = 12


def shown(entered: pd.Series) -> pd.Series:
    """Text as entered, without the space around it, shortened where it is long."""
    text = entered.str.strip()
    long = text.str.len() > _SHOWN
    return text.mask(long, text.str.slice(0, _SHOWN) + "…") if long.any() else text


def unreadable(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a cell that holds neither a value nor a missing code."""
    unit = f" in {item.unit}" if item.unit else ""
    return (
        f"{item.label}: '"
        + shown(entered)
        + f"' cannot be read as {item.kind.said(data)}{unit}; correct it{_or_a_code(item, data)}."
    )


def not_a_choice(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a code that the item does not offer."""
    offered = [f"{choice.code} ({choice.label})" for choice in item.choices[:_CHOICES]]
    more = len(item.choices) - _CHOICES
    listed = ", ".join(offered) + (f" and {more} more" if more > 0 else "")
    if item.kind.nature is Nature.CODES:
        alone = [choice.code for choice in item.choices if choice.alone]
        also = f" ({', '.join(alone)} only by itself)" if alone else ""
        return (
            f"{item.label}: '"
            + shown(entered)
            + f"' is no list of the choices {listed}; write their codes once each{also} with "
            f"spaces between, {NONE_CHOSEN} if none was chosen{_or_a_code(item, data)}."
        )
    return (
        f"{item.label}: '"
        + shown(entered)
        + f"' is none of the choices {listed}; correct it{_or_a_code(item, data)}."
    )


def out_of_range(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a value that cannot be right."""
    limits = in_words(item.range, item, data)
    return _said(entered, item) + f" cannot be right; it must be {limits}. Correct it."


def not_in_form(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a text that does not have the form of the item's example."""
    return (
        f"{item.label}: '"
        + shown(entered)
        + f"' does not have the form of {item.example!r}; correct it{_or_a_code(item, data)}."
    )


def not_yet(entered: pd.Series, item: Item, data: DataFormat, *, day: date) -> pd.Series:
    """For a day that had not come when the data were taken."""
    return (
        _said(entered, item)
        + f" cannot be right, since these data reach up to {day.isoformat()}; correct the date"
        + f"{_or_a_code(item, data)}."
    )


def after_the_cut(entered: pd.Series, item: Item, data: DataFormat, *, day: date) -> pd.Series:
    """For the date of a row after the data cut, by which a later visit had taken place."""
    return (
        _said(entered, item)
        + f" lies after the data cut, {day.isoformat()}, but a later visit took place before it; "
        + f"correct the date{_or_a_code(item, data)}."
    )


def code_not_allowed(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a missing code that this item does not take."""
    taken = [code for code in data.all_missing_codes if item.allows(code.code)]
    listed = ", ".join(f"{code.code} ({code.label})" for code in taken)
    expected = f"the missing codes allowed here are {listed}" if listed else "none is allowed here"
    return (
        f"{item.label}: '"
        + shown(entered)
        + f"' cannot stand for the answer; {expected}. Enter the answer"
        + (", or one of these codes." if listed else ".")
    )


def no_such_file(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a path at which there is no file."""
    return (
        f"{item.label}: there is no file '"
        + shown(entered)
        + f"' in the folder files/; put it there, correct the path{_or_a_code(item, data)}."
    )


def miscalculated(
    entered: pd.Series, item: Item, value: pd.Series, data: DataFormat, *, of: str
) -> pd.Series:
    """For an entered value that differs from the one calculated ``of`` items; of none it is stated."""
    unit = f" {item.unit}" if item.unit else ""
    number = value.map(partial(significant, digits=6)).astype("str")
    number = number.str.replace(".", data.decimal, regex=False)
    if item.identifier:
        number = pd.Series("another value", index=number.index, dtype="str")
    return (
        _said(entered, item)
        + " was entered, but "
        + number
        + f"{unit} "
        + (
            f"follows from {of}. Correct it or what it is calculated from, or leave it blank."
            if of
            else "is what the form says. Correct it, or leave it blank."
        )
    )


def not_calculable(entered: pd.Series, item: Item, *, of: str) -> pd.Series:
    """For an entered value where nothing can be calculated."""
    return (
        _said(entered, item)
        + f" was entered, but cannot be calculated from {of}, since a value is missing. "
        "Enter what is missing, or leave this blank."
    )


def unusual(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a value that is possible, but rare."""
    limits = in_words(item.expected_range, item, data)
    return _said(entered, item) + f" is unusual; expected is {limits}. Correct it, or confirm it."


def required(entered: pd.Series, item: Item, data: DataFormat) -> pd.Series:
    """For a blank cell that must be answered."""
    return _required(entered, item, data, where="")


def required_when(entered: pd.Series, item: Item, data: DataFormat, *, when: str) -> pd.Series:
    """For a blank cell that must be answered under a condition, in words if it has any."""
    where = f" where {when}" if when else " given what else was entered"
    return _required(entered, item, data, where=where)


def _required(entered: pd.Series, item: Item, data: DataFormat, *, where: str) -> pd.Series:
    code = _or_a_code(item, data).replace(", or enter a", ", or a")
    message = f"{item.label} is blank, but must be answered{where}; enter it{code}."
    return pd.Series(message, index=entered.index, dtype="str")


def not_shown(entered: pd.Series, item: Item, *, when: str) -> pd.Series:
    """For an answer to a question that was not to be asked; its condition in words if it has any."""
    why = f"this is asked only where {when}" if when else "is not asked given what else was entered"
    return (
        _said(entered, item) + f" was entered, but {why}; clear it, or correct what it depends on."
    )


def in_words(limits: Range, item: Item, data: DataFormat) -> str:
    """A range as people say it: ``from 0 to 100 mm``, ``0 mm or more``."""
    unit = f" {item.unit}" if item.unit else ""
    low, high = (_limit(end, data) for end in (limits.low, limits.high))
    if low and high:
        return f"from {low} to {high}{unit}"
    later, earlier = ("later", "earlier") if item.kind.nature.has_a_day else ("more", "less")
    return f"{low}{unit} or {later}" if low else f"{high}{unit} or {earlier}"


def _limit(end: float | date | None, data: DataFormat) -> str:
    if end is None or isinstance(end, date):
        return "" if end is None else end.isoformat()
    text = str(int(end)) if float(end).is_integer() else repr(end)
    return text.replace(".", data.decimal)


def _said(entered: pd.Series, item: Item) -> pd.Series:
    unit = f" {item.unit}" if item.unit else ""
    return f"{item.label}: " + shown(entered) + unit


def _or_a_code(item: Item, data: DataFormat) -> str:
    """What else may be entered, when no value can be."""
    code = next((each for each in data.all_missing_codes if item.allows(each.code)), None)
    return f", or enter a missing code such as {code.code} ({code.label})" if code else ""
