"""Made-up answers to single items, and how an answer is written in a data file."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

import numpy as np

from trialkit.design.simulation.assumptions import usual_range
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import NONE_CHOSEN, Item, ItemType, Purpose

TERMS = ("Headache", "Common cold", "Fall", "Muscle soreness", "Nausea", "Dizziness")
TREATMENTS = ("Paracetamol", "Ibuprofen", "Physiotherapy", "Heat pack")
SIMULATED = "Simulated"
_SHARE_OF_RANGE = 6.0
_ANY_LOW, _ANY_HIGH = 0.0, 100.0
_RARE = frozenset({Purpose.EVENT_SERIOUS, Purpose.EVENT_LED_TO_WITHDRAWAL})
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
    """An answer that its item can hold; dates lie at ``anchor`` or a few days later."""
    answer: Answer = None
    match item.type:
        case ItemType.CHOICE:
            answer = _choice(item, rng)
        case ItemType.MULTI_CHOICE:
            answer = _several(item, rng)
        case ItemType.YES_NO:
            answer = bool(rng.random() < (0.05 if item.purpose in _RARE else 0.5))
        case ItemType.INTEGER | ItemType.DECIMAL | ItemType.VISUAL_ANALOGUE:
            answer = _number(item, rng)
        case ItemType.DATE | ItemType.PARTIAL_DATE:
            answer = within(item, anchor + timedelta(days=int(rng.integers(0, 4))))
        case ItemType.TIME:
            answer = f"{int(rng.integers(8, 18)):02d}:{int(rng.integers(0, 12)) * 5:02d}"
        case ItemType.DATE_TIME:
            clock = time(int(rng.integers(8, 18)), int(rng.integers(0, 60)))
            answer = datetime.combine(within(item, anchor), clock)
        case ItemType.TEXT:
            answer = _text(item, rng)
        case ItemType.CALCULATED | ItemType.FILE:
            pass  # the one is never entered, the other is a file that nobody can make up
    return answer


def fitted(item: Item, value: float, *, digits: int) -> Answer:
    """A number as its item can hold it: inside the range, whole or rounded."""
    low, high = item.range.low, item.range.high
    inside = max(value, float(low)) if isinstance(low, int | float) else value
    inside = min(inside, float(high)) if isinstance(high, int | float) else inside
    return round(inside) if item.type is ItemType.INTEGER else round(inside, digits)


def within(item: Item, day: date) -> date:
    """The nearest day that the item's range allows."""
    low, high = item.range.low, item.range.high
    day = max(day, low) if isinstance(low, date) else day
    return min(day, high) if isinstance(high, date) else day


def written(answer: Answer, data: DataFormat) -> str:
    """The answer as the data files of the trial are written."""
    match answer:
        case None:
            return ""
        case Coded(code=code):
            return code
        case bool():
            return "yes" if answer else "no"
        case date():
            clock = " %H:%M" if isinstance(answer, datetime) else ""
            return answer.strftime(_PATTERN[data.dates] + clock)
        case float():
            return f"{answer:g}".replace(".", data.decimal)
        case _:
            return str(answer)


def _choice(item: Item, rng: np.random.Generator) -> str:
    """Any choice; of a severity the milder ones mostly, since forms list them upwards."""
    codes = [choice.code for choice in item.choices]
    if item.purpose is Purpose.EVENT_SEVERITY:
        weights = 0.3 ** np.arange(len(codes))
        return codes[int(rng.choice(len(codes), p=weights / weights.sum()))]
    return codes[int(rng.integers(len(codes)))]


def _several(item: Item, rng: np.random.Generator) -> str:
    """Each choice with the same chance, none of them if so it falls out."""
    together = [choice.code for choice in item.choices if not choice.alone]
    chosen = [code for code in together if rng.random() < 0.3]
    return " ".join(chosen) or NONE_CHOSEN


def _number(item: Item, rng: np.random.Generator) -> Answer:
    low, high = usual_range(item)
    low = _ANY_LOW if low is None else low
    high = max(_ANY_HIGH, low + 1) if high is None else high
    value = rng.normal((low + high) / 2, (high - low) / _SHARE_OF_RANGE)
    return fitted(item, float(np.clip(value, low, high)), digits=1)


def _text(item: Item, rng: np.random.Generator) -> str:
    match item.purpose:
        case Purpose.EVENT_TERM:
            return str(rng.choice(TERMS))
        case Purpose.TREATMENT_TERM:
            return str(rng.choice(TREATMENTS))
        case _:
            return SIMULATED
