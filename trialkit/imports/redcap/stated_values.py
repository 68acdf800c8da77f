"""A field of REDCap's logic compared with a value that stands in the logic itself."""

import re
from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.clock import CLOCK, UNKNOWN_DAY
from trialkit.imports.redcap.logic import FieldName
from trialkit.imports.redcap.saying import Said
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import decided, quoted
from trialkit.schemas.items.kind import Nature

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
ORDERS: Mapping[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def with_value(  # noqa: PLR0911 - one a kind of answer
    sign: str, node: FieldName, answer: RedcapAnswer, stated: str
) -> Said:
    """A field compared with a value that is neither blank nor a missing data code.

    Raises :class:`ExpressionError` where the two cannot be compared in a rule.
    """
    if stated.lower() in CLOCK and answer.nature.has_a_day:
        return Said(text=f"{answer.name} {sign} {UNKNOWN_DAY.name}", open=True)
    if answer.nature is Nature.CODE:
        return _with_code(sign, node, answer, stated)
    if answer.nature is Nature.TRUTH:
        return _with_truth(sign, node, answer.name, stated)
    literal = _literal(answer, stated)
    if literal is None and sign not in ORDERS and answer.nature.is_number:
        return _never(sign, node, stated)
    if literal is None:
        raise ExpressionError(
            f"{node} compared with '{stated}', an item of type {answer.type.value}"
        )
    if sign not in ORDERS:
        return Said(text=decided(f"{answer.name} {sign} {literal}", sign))
    if not answer.type.kind.takes_any_text:
        return Said(text=f"{answer.name} {sign} {literal}", open=True)
    if not NUMBER.fullmatch(stated.strip()):
        raise ExpressionError(f"{node} {sign} {stated}, the order of free texts")
    return Said(text=f"TO_NUMBER({answer.name}) {sign} {stated.strip()}", open=True)


def _never(sign: str, node: FieldName, stated: str) -> Said:
    """A comparison with a value that the field cannot have, which is never equal."""
    held = "always true" if sign == "<>" else "never true"
    return Said(
        text="TRUE" if sign == "<>" else "FALSE",
        remarks=(f"{node} {sign} '{stated}' is {held}: {node.name} cannot have this value",),
    )


def tick_with_value(sign: str, node: FieldName, ticked: str, stated: str) -> Said:
    """One choice of a checkbox, which is 1 or 0, compared with a value."""
    if not NUMBER.fullmatch(stated.strip()):
        if sign in ORDERS:
            raise ExpressionError(f"{node} {sign} '{stated}'; a choice is 1 or 0")
        return _never(sign, node, stated)
    yes, no = (_holds(sign, each, float(stated)) for each in (1, 0))
    if yes is no:
        return Said(
            text="TRUE" if yes else "FALSE",
            remarks=(f"{node} {sign} '{stated}' is {'always' if yes else 'never'} true",),
        )
    return Said(text=ticked if yes else f"NOT {ticked}")


def _holds(sign: str, value: float, limit: float) -> bool:
    if sign in ORDERS:
        return ORDERS[sign](value, limit)
    return (value == limit) is (sign == "=")


def _with_code(sign: str, node: FieldName, answer: RedcapAnswer, stated: str) -> Said:
    """A choice compared with a code; ``>`` picks the codes that are more."""
    if sign in ORDERS:
        return _with_order(sign, node, answer, stated)
    code = _same_code(answer, stated)
    if code is None and NUMBER.fullmatch(stated) and _has_number(answer, float(stated)):
        raise ExpressionError(f"{node} {sign} '{stated}', which is the number of several choices")
    if code is None:
        return _never(sign, node, stated)
    return Said(text=decided(f"{answer.name} {sign} {quoted(code)}", sign))


def _same_code(answer: RedcapAnswer, stated: str) -> str | None:
    """The code that is meant: the same text, or else the only one that is the same number."""
    for choice in answer.choices:
        if choice.in_redcap == stated:
            return choice.code
    if not NUMBER.fullmatch(stated):
        return None
    same = [choice.code for choice in answer.choices if choice.number == float(stated)]
    return same[0] if len(same) == 1 else None


def _has_number(answer: RedcapAnswer, number: float) -> bool:
    return any(choice.number == number for choice in answer.choices)


def _with_order(sign: str, node: FieldName, answer: RedcapAnswer, stated: str) -> Said:
    """The codes that are more or less than a number; what a code that is none gives is not known."""
    if not NUMBER.fullmatch(stated.strip()) or not any(
        e.number is not None for e in answer.choices
    ):
        raise ExpressionError(f"{node} {sign} '{stated}', the order of codes that are no numbers")
    limit = float(stated)
    numbers = [(choice.code, choice.number) for choice in answer.choices]
    within = [
        code for code, number in numbers if number is not None and ORDERS[sign](number, limit)
    ]
    others = [code for code, number in numbers if number is None]
    if not within:
        remark = f"{node} {sign} '{stated}' is never true: no choice of {node.name} is"
        return Said(text="FALSE", remarks=(remark,))
    found = f"{answer.name} IN ({', '.join(map(quoted, within))})"
    if others:
        unknown = f"{answer.name} IN ({', '.join(map(quoted, others))})"
        found = f"IF({answer.name} IS NULL, NULL, {unknown}, NULL, {found}, TRUE, FALSE)"
    return Said(text=found, open=True)


def _with_truth(sign: str, node: FieldName, name: str, stated: str) -> Said:
    """A yes/no answer, coded 1 and 0, compared with a number."""
    if not NUMBER.fullmatch(stated.strip()):
        if sign in ORDERS:
            raise ExpressionError(f"{node} {sign} '{stated}'; yes is 1 and no is 0")
        return _never(sign, node, stated)
    yes, no = (_holds(sign, each, float(stated)) for each in (1, 0))
    if sign not in ORDERS:
        if yes is no:
            return _never(sign, node, stated)
        truth = "TRUE" if float(stated) == 1 else "FALSE"
        return Said(text=decided(f"{name} {sign} {truth}", sign))
    if yes is no:
        return Said(
            text=f"({name} = TRUE OR {name} = FALSE)" if yes else "FALSE",
            open=yes,
            remarks=() if yes else (f"{node} {sign} '{stated}' is never true: yes is 1, no is 0",),
        )
    return Said(text=f"{name} = {'TRUE' if yes else 'FALSE'}", open=True)


def _literal(answer: RedcapAnswer, stated: str) -> str | None:
    """A stated value as a rule writes it beside an item of this type; None for one it cannot have."""
    shapes: Mapping[Nature, re.Pattern[str]] = {
        Nature.DAY: DAY,
        Nature.CLOCK: _TIME,
        Nature.MOMENT: MOMENT,
    }
    if answer.nature.is_number:
        return stated.strip() if NUMBER.fullmatch(stated.strip()) else None
    if answer.nature in shapes:
        return f"'{stated}'" if shapes[answer.nature].fullmatch(stated) else None
    return quoted(stated.strip()) if answer.type.kind.takes_any_text else None
