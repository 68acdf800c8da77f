"""REDCap's functions that give a number.

``sum``, ``mean``, ``median``, ``stdev``, ``min`` and ``max`` leave blanks out. A year of ``datediff`` has 365.2425
days, a month 30.44, as REDCap's documentation says; in which order a form shows dates matters to none. What it leaves open stays unknown: a sum of blanks
alone, ``rounddown`` and ``roundup`` of a negative number.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from trialkit.imports.redcap.clock import (
    TODAY,
    UNKNOWN_DAY,
    is_clock,
    rests_on_the_day,
    unknown_with_the_day,
)
from trialkit.imports.redcap.logic import FieldName
from trialkit.imports.redcap.saying import Sayer, chosen, is_blank, shown, stated
from trialkit.imports.redcap.stated_values import DAY, MOMENT, NUMBER
from trialkit.schemas.expressions.nodes import Call, Node, Text, Truth
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.items.kind import Nature

_TOGETHER = {
    "sum": "SUM_OF",
    "mean": "MEAN_OF",
    "average": "MEAN_OF",
    "median": "MEDIAN_OF",
    "stdev": "STDEV_OF",
    "min": "LEAST",
    "max": "GREATEST",
}
_DAYS_OF = {"y": "/ 365.2425", "M": "/ 30.44", "d": "", "h": "* 24", "m": "* 1440", "s": "* 86400"}
_OF_A_DAY = frozenset("hms")
"""The units in which times of one day are reckoned with."""
_CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PARTS = {"year": "YEAR", "month": "MONTH", "day": "DAY"}

Function = Callable[[Call, Sayer], str]


def number_said(call: Call, sayer: Sayer) -> str:
    """A function of REDCap as a number.

    Raises :class:`ExpressionError` for one that has no counterpart.
    """
    said = _FUNCTIONS.get(call.function)
    count = len(call.arguments)
    if said is None or not count:
        raise ExpressionError(f"the function {call.function}() with {count} values")
    return said(call, sayer)


def is_left_open(call: Call) -> bool:
    """Whether REDCap's documentation leaves open what it gives where it gives nothing here."""
    return call.function == "sum"


def _if(call: Call, sayer: Sayer) -> str:
    return chosen(call, sayer, sayer.number_of)


def _together(call: Call, sayer: Sayer) -> str:
    there = [each for each in call.arguments if not is_blank(stated(each))]
    if not there:
        raise ExpressionError(f"{call.function}() of nothing but blanks")
    numbers = ", ".join(sayer.number_of(each) for each in there)
    together = f"{_TOGETHER[call.function]}({numbers})"
    rests = rests_on_the_day(call.arguments)
    return unknown_with_the_day(together, sayer.day) if rests else together


def _rounded(call: Call, sayer: Sayer) -> str:
    number = sayer.number_of(call.arguments[0])
    decimals = _decimals(call.arguments[1:])
    if call.function == "round":
        return f"ROUND({number}, {decimals})"
    function, factor = "FLOOR" if call.function == "rounddown" else "CEIL", 10 ** int(decimals)
    scaled = f"{function}({number})" if factor == 1 else f"{function}(({number}) * {factor})"
    rounded = scaled if factor == 1 else f"{scaled} / {factor}"
    return f"IF({number} >= 0, {rounded}, NULL)"


def _decimals(arguments: Sequence[Node]) -> str:
    if not arguments:
        return "0"
    text = stated(arguments[0]) or ""
    if not re.fullmatch("[0-9]", text) or len(arguments) > 1:
        raise ExpressionError(f"rounding to {shown(arguments[0])} decimals")
    return text


def _of_one(name: str) -> Function:
    def said(call: Call, sayer: Sayer) -> str:
        if len(call.arguments) != 1:
            raise ExpressionError(f"{call.function}() of {len(call.arguments)} values")
        return f"{name}({sayer.number_of(call.arguments[0])})"

    return said


def _log(call: Call, sayer: Sayer) -> str:
    """The natural logarithm, or that to a base."""
    if len(call.arguments) > 2:
        raise ExpressionError(f"log() of {len(call.arguments)} values")
    logarithms = [f"LN({sayer.number_of(each)})" for each in call.arguments]
    return " / ".join(logarithms) if len(logarithms) == 1 else f"({' / '.join(logarithms)})"


def _mod(call: Call, sayer: Sayer) -> str:
    if len(call.arguments) != 2:
        raise ExpressionError(f"mod() of {len(call.arguments)} values")
    return f"MOD({', '.join(sayer.number_of(each) for each in call.arguments)})"


def _length(call: Call, sayer: Sayer) -> str:
    if len(call.arguments) != 1:
        raise ExpressionError(f"length() of {len(call.arguments)} values")
    length = f"COALESCE(LENGTH({sayer.text_of(call.arguments[0])}), 0)"
    rests = rests_on_the_day(call.arguments)
    return unknown_with_the_day(length, sayer.day) if rests else length


def _part(call: Call, sayer: Sayer) -> str:
    if len(call.arguments) != 1:
        raise ExpressionError(f"{call.function}() of {len(call.arguments)} values")
    (text,) = _dates(call.arguments, sayer)
    return f"{_PARTS[call.function]}({text})"


def _days_between(call: Call, sayer: Sayer) -> str:
    if not 3 <= len(call.arguments) <= 5:
        raise ExpressionError(f"datediff() of {len(call.arguments)} values")
    start, end, unit, *rest = call.arguments
    signed = any(isinstance(each, Truth) and each.holds for each in rest)
    signed = signed or any(isinstance(each, Text) and each.text == "true" for each in rest)
    for each in rest:
        if not isinstance(each, Truth | Text):
            raise ExpressionError(f"datediff() with {shown(each)}")
    name = unit.text if isinstance(unit, Text) else ""
    if name not in _DAYS_OF:
        raise ExpressionError(
            f"datediff() in the unit {name or shown(unit)!r}; {', '.join(_DAYS_OF)}"
        )
    first, last = _dates((start, end), sayer, with_times=name in _OF_A_DAY)
    days = f"({last} - {first})" if signed else f"ABS({last} - {first})"
    return f"({days} {_DAYS_OF[name]})" if _DAYS_OF[name] else days


def _dates(nodes: Sequence[Node], sayer: Sayer, *, with_times: bool = False) -> tuple[str, ...]:
    """Dates, dates with times, or times of day, that are reckoned with one another.

    ``today`` is the field that holds the day of the form, where one does, beside dates alone.
    """
    stated_here = [_date(node, sayer) for node in nodes if not is_clock(node)]
    natures = {nature for _, nature in stated_here}
    if len(natures) > 1:
        raise ExpressionError("datediff() of a date and of a date with a time")
    if Nature.CLOCK in natures and not (with_times and len(stated_here) == len(nodes)):
        raise ExpressionError("a time of day where a date was expected")
    found = iter(stated_here)
    return tuple(
        _clock(node, sayer, beside=natures) if is_clock(node) else next(found)[0] for node in nodes
    )


def _clock(node: Node, sayer: Sayer, *, beside: set[Nature]) -> str:
    by_days = isinstance(node, Text) and node.text.lower() == TODAY and beside <= {Nature.DAY}
    return (sayer.day if by_days else UNKNOWN_DAY).name


def _date(node: Node, sayer: Sayer) -> tuple[str, Nature]:
    """A date, or a date with a time, and which of the two."""
    if isinstance(node, FieldName):
        answer = sayer.answer_of(node)
        if answer.nature in {Nature.DAY, Nature.MOMENT, Nature.CLOCK}:
            return answer.name, answer.nature
        raise ExpressionError(f"{node} in datediff(), which is no date")
    value = stated(node) or ""
    if DAY.fullmatch(value):
        return f"DATE '{value}'", Nature.DAY
    if MOMENT.fullmatch(value):
        return f"'{value}'", Nature.MOMENT
    if _CLOCK_TIME.fullmatch(value):
        return f"'{value}'", Nature.CLOCK
    raise ExpressionError(f"datediff() of {shown(node)}")


_FUNCTIONS: Mapping[str, Function] = {
    "if": _if,
    **dict.fromkeys(_TOGETHER, _together),
    **dict.fromkeys(("round", "rounddown", "roundup"), _rounded),
    "abs": _of_one("ABS"),
    "sqrt": _of_one("SQRT"),
    "exponential": _of_one("EXP"),
    "log": _log,
    "mod": _mod,
    "length": _length,
    **dict.fromkeys(_PARTS, _part),
    "datediff": _days_between,
}


def stated_number(value: str) -> str:
    """A number that stands in the logic, in quotation marks or without."""
    if not NUMBER.fullmatch(value.strip()):
        raise ExpressionError(f"{value[:40]!r} where a number was expected")
    return value.strip()
