"""Made-up answers to single items, and how an answer is written in a data file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from trialkit.errors import DesignError
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import Item, Purpose
from trialkit.schemas.items.kind import Chance

TERMS = ("Headache", "Common cold", "Fall", "Muscle soreness", "Nausea", "Dizziness")
TREATMENTS = ("Paracetamol", "Ibuprofen", "Physiotherapy", "Heat pack")
_RARE = frozenset({Purpose.EVENT_SERIOUS, Purpose.EVENT_LED_TO_WITHDRAWAL})
_WORDS = {Purpose.EVENT_TERM: TERMS, Purpose.TREATMENT_TERM: TREATMENTS}
_PATTERN = {
    DateOrder.YMD: "%Y-%m-%d",
    DateOrder.DMY: "%d.%m.%Y",
    DateOrder.MDY: "%m/%d/%Y",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A missing code where a value would stand."""

    code: str


Answer: TypeAlias = str | int | float | bool | date | datetime | Coded | None


def draw_answer(item: Item, anchor: date, rng: np.random.Generator) -> Answer:
    """An answer that its item can hold; dates lie at ``anchor`` or a few days later.

    None for what is never entered, and for a file, which nobody can make up.
    """
    if item.kind.draw is None:
        return None
    chance = Chance(
        rng=rng,
        anchor=anchor,
        rare=item.purpose in _RARE,
        first_mostly=item.purpose is Purpose.EVENT_SEVERITY,  # forms list severities upwards
        words=_WORDS.get(item.purpose, ()) if item.purpose else (),
    )
    return item.kind.draw(item, chance)


def fitted(item: Item, value: float, *, digits: int) -> Answer:
    """A number as its item can hold it: inside the range, whole or rounded.

    Raises :class:`DesignError` for an item that holds no number.
    """
    if item.kind.fit is None:
        raise DesignError(f"item {item.id!r} of type {item.type.value} cannot hold a number")
    return item.kind.fit(item.range, value, digits)


def written(answer: Answer, data: DataFormat) -> str:
    """The answer as the data files of the trial are written."""
    match answer:
        case None | str():
            return answer or ""
        case bool():
            return "yes" if answer else "no"
        case float():
            return f"{answer:g}".replace(".", data.decimal)
        case date():
            clock = answer.strftime(" %H:%M") if isinstance(answer, datetime) else ""
            return _day_written(answer.year, answer.month, answer.day, data.dates) + clock
        case Coded(code=code):
            return code
        case _:
            return str(answer)


def all_written(answers: Iterable[Answer], data: DataFormat) -> list[str]:
    """Each of many answers :func:`written`; most of them are text already, or nothing."""
    return [
        each or "" if each is None or each.__class__ is str else written(each, data)
        for each in answers
    ]


@lru_cache(maxsize=4096)
def _day_written(year: int, month: int, day: int, order: DateOrder) -> str:
    """A trial has few days, and each of them many times."""
    return date(year, month, day).strftime(_PATTERN[order])
