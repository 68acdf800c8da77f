"""A choice filter as a rule: each choice goes with the answers for which the XLSForm offers it."""

from collections.abc import Sequence
from dataclasses import replace

from trialkit.imports.taking_in.beyond import NotInTheFileError
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
    """What must hold of the choice that was made, as a condition; nothing where each is offered to all.

    Raises :class:`ExpressionError` where it cannot be said.
    """
    if not rows:
        if not _columns(text) and replace(translator, columns={}).kept(text).holds:
            return ""
        raise NotInTheFileError("its choices are not in the form")
    columns = _columns(text)
    lacking = [column for column in columns if not any(row[column] for row in rows)]
    if lacking:
        raise NotInTheFileError(f"its choices have no column {' or '.join(lacking)}")
    codes: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        codes.setdefault(tuple(row[column] for column in columns), []).append(row["name"])
    if len(codes) > _MOST:
        raise ExpressionError(f"{len(codes)} groups of choices, more than a rule can list")
    said = []
    offers = False
    for values, offered in codes.items():
        cells = dict(zip(columns, values, strict=True))
        part = replace(translator, columns=cells).kept(text)
        offers = offers or part.holds is not False
        if part.holds is not True:
            said.append(_unless(offered, part, item))
    if not offers:
        raise NotInTheFileError("it offers no choice for any answer that the form has")
    words = " AND ".join(f"({each})" for each in said) if len(said) > 1 else "".join(said)
    if len(words) > MAXIMUM_LENGTH:
        raise ExpressionError("it has more choices than a rule can list")
    return words


def _columns(text: str) -> list[str]:
    """The columns of the choices that a filter names."""
    return sorted(
        part.parts[1]
        for part in set(every_part(read_xpath(text)))
        if isinstance(part, Name) and part.parts[:-1] == (COLUMN,)
    )


def _unless(codes: Sequence[str], part: Part, item: Item) -> str:
    """That none of these was chosen, unless the filter offers them."""
    if item.kind.nature is Nature.CODES:
        none = " AND ".join(f"NOT {part_of(item.id, code)}" for code in codes)
        none = none if len(codes) == 1 else f"({none})"
    elif item.kind.nature is Nature.TRUTH:
        none = " AND ".join(f"{item.id} <> {quoted(code)}" for code in dict.fromkeys(codes))
        none = none if len(codes) == 1 else f"({none})"
    elif item.kind.nature in {Nature.CODE, Nature.TEXT}:
        none = f"NOT {item.id} IN ({', '.join(map(quoted, dict.fromkeys(codes)))})"
    else:
        raise ExpressionError("it is no choice here")
    return none if part.holds is False else f"{none} OR {part.within(OR)}"
