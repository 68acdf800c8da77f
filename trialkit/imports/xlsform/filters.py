"""A choice filter as a rule: each choice goes with the answers for which the XLSForm offers it."""

from collections.abc import Sequence
from dataclasses import replace

from trialkit.imports.xlsform.parts import Part
from trialkit.imports.xlsform.survey import SurveyRow
from trialkit.imports.xlsform.translation import XpathTranslator
from trialkit.imports.xlsform.xpath import COLUMN, OR, read_xpath
from trialkit.schemas.expressions.nodes import Name
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.walking import every_part
from trialkit.schemas.expressions.writing import part_of, quoted
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.grammar import MAXIMUM_LENGTH

_MOST = 60
"""Of more combinations of columns no rule could be written, which has an end."""


def filter_rule(
    text: str, rows: Sequence[SurveyRow], item: Item, translator: XpathTranslator
) -> str:
    """What must hold of the choice that was made, as a condition.

    Raises :class:`ExpressionError` where it cannot be said.
    """
    if not rows:
        raise ExpressionError("its choices are not listed here")
    columns = sorted(
        part.parts[1]
        for part in set(every_part(read_xpath(text)))
        if isinstance(part, Name) and part.parts[:-1] == (COLUMN,)
    )
    codes: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        codes.setdefault(tuple(row[column] for column in columns), []).append(row["name"])
    if len(codes) > _MOST:
        raise ExpressionError(f"{len(codes)} groups of choices, more than a rule can list")
    said = []
    for values, offered in codes.items():
        cells = dict(zip(columns, values, strict=True))
        part = replace(translator, columns=cells).kept(text)
        if part.holds is not True:
            said.append(_unless(offered, part, item))
    words = " AND ".join(f"({each})" for each in said) if len(said) > 1 else "".join(said)
    if not words:
        raise ExpressionError("it offers every choice, whatever was answered")
    if len(words) > MAXIMUM_LENGTH:
        raise ExpressionError("it has more choices than a rule can list")
    return words


def _unless(codes: Sequence[str], part: Part, item: Item) -> str:
    """That none of these was chosen, unless the filter offers them."""
    if item.kind.nature is Nature.CODES:
        none = " AND ".join(f"NOT {part_of(item.id, code)}" for code in codes)
        none = none if len(codes) == 1 else f"({none})"
    elif item.kind.nature is Nature.CODE:
        none = f"NOT {item.id} IN ({', '.join(map(quoted, dict.fromkeys(codes)))})"
    else:
        raise ExpressionError("its choices are not listed here")
    return none if part.holds is False else f"{none} OR {part.within(OR)}"
