"""A field of REDCap's logic compared with a value that stands in the logic itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt

from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.logic import FieldName
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import decided, quoted
from trialkit.schemas.items.kind import Nature

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
CLOCK = frozenset({"today", "now", "yesterday", "tomorrow"})
"""Words for the day on which the logic happens to be run."""
ORDERS: Mapping[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A part of a rule, and whether it may be unknown though REDCap would decide it."""

    text: str
    open: bool = False


def with_value(sign: str, node: FieldName, answer: RedcapAnswer, stated: str) -> Said:
    """A field compared with a value that is neither blank nor a missing data code.

    Raises :class:`ExpressionError` where the two cannot be compared in a rule.
    """
    if stated.lower() in CLOCK:
        raise ExpressionError(f"'{stated}', which changes from day to day")
    if answer.nature is Nature.CODE:
        return _with_code(sign, node, answer, stated)
    if answer.nature is Nature.TRUTH:
        return _with_truth(sign, node, answer.name, stated)
    literal = _literal(answer, node, stated)
    if sign not in ORDERS:
        return Said(text=decided(f"{answer.name} {sign} {literal}", sign))
    if answer.type.kind.takes_any_text:
        raise ExpressionError(f"{node} {sign} {stated}, the order of free texts")
    return Said(text=f"{answer.name} {sign} {literal}", open=True)


def _with_code(sign: str, node: FieldName, answer: RedcapAnswer, stated: str) -> Said:
    """A choice compared with a code; ``>`` picks the codes that are more."""
    if sign in ORDERS:
        codes = _codes_beyond(sign, node, answer, stated)
        listed = ", ".join(f"'{code}'" for code in codes)
        return Said(text=f"{answer.name} IN ({listed})", open=True)
    code = _same_code(answer, stated)
    if code is None:
        raise ExpressionError(f"{node} {sign} '{stated}', but {node.name} has no such choice")
    return Said(text=decided(f"{answer.name} {sign} '{code}'", sign))


def _same_code(answer: RedcapAnswer, stated: str) -> str | None:
    """The code that is meant: the same text, or else the only one that is the same number."""
    for choice in answer.choices:
        if choice.in_redcap == stated:
            return choice.code
    if not NUMBER.fullmatch(stated):
        return None
    same = [choice.code for choice in answer.choices if choice.number == float(stated)]
    return same[0] if len(same) == 1 else None


def _codes_beyond(sign: str, node: FieldName, answer: RedcapAnswer, stated: str) -> list[str]:
    if not answer.is_coded_in_numbers or not NUMBER.fullmatch(stated):
        raise ExpressionError(f"{node} {sign} '{stated}', the order of codes that are no numbers")
    limit = float(stated)
    codes = [
        choice.code
        for choice in answer.choices
        if choice.number is not None and ORDERS[sign](choice.number, limit)
    ]
    if not codes:
        raise ExpressionError(f"{node} {sign} '{stated}', which no choice of {node.name} is")
    return codes


def _with_truth(sign: str, node: FieldName, name: str, stated: str) -> Said:
    """A yes/no answer, coded 1 and 0, compared with a number."""
    if stated not in {"0", "1"} or sign in ORDERS:
        raise ExpressionError(f"{node} {sign} '{stated}'; yes is 1 and no is 0")
    truth = "TRUE" if stated == "1" else "FALSE"
    return Said(text=decided(f"{name} {sign} {truth}", sign))


def _literal(answer: RedcapAnswer, node: FieldName, stated: str) -> str:
    """A stated value as a rule writes it beside an item of this type."""
    shapes: Mapping[Nature, re.Pattern[str]] = {Nature.DAY: DAY, Nature.CLOCK: _TIME}
    if answer.nature.is_number and NUMBER.fullmatch(stated):
        return stated
    if answer.nature in shapes and shapes[answer.nature].fullmatch(stated):
        return f"'{stated}'"
    if answer.type.kind.takes_any_text and not NUMBER.fullmatch(stated.strip()):
        return quoted(stated)
    raise ExpressionError(f"{node} compared with '{stated}', an item of type {answer.type.value}")
