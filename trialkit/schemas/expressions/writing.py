"""Parts of a rule, written as a rule writes them."""

import re

from trialkit.schemas.expressions.reading import ExpressionError

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def quoted(text: str) -> str:
    """A text in quotation marks."""
    return "'" + text.replace("'", "''") + "'"


def part_of(name: str, part: str) -> str:
    """``item__part``; in quotation marks where it is no plain word."""
    *before, item = name.split(".")
    last = f"{item}__{part}"
    last = last if _PLAIN.fullmatch(last) else f'"{last}"'
    return ".".join([*before, last])


def decided(comparison: str, sign: str) -> str:
    """A comparison that a blank decides: nothing is the same as a blank, everything else is not."""
    return f"COALESCE({comparison}, {'TRUE' if sign == '<>' else 'FALSE'})"


def blank_test(sign: str) -> str:
    """A comparison with a blank. Raises :class:`ExpressionError` for one by size."""
    if sign not in {"=", "<>"}:
        raise ExpressionError(f"{sign} with a blank")
    return "IS NULL" if sign == "=" else "IS NOT NULL"
