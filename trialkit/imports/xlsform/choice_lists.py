"""A list of the sheet ``choices``: its codes and labels, or what keeps it from being used."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.xlsform.survey import SurveyRow

_CODE = re.compile(r"[A-Za-z0-9_.+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceList:
    """The choices that questions may offer."""

    labels: Mapping[str, str]
    """By code."""
    troubles: tuple[str, ...]
    """Why its questions cannot be taken; empty for a list that can be used."""
    repeated: tuple[str, ...]
    """The codes that are there more than once with one label, which are taken once."""


def read_choice_list(rows: Sequence[SurveyRow], *, filtered: bool = False) -> ChoiceList:
    """The choices of a list.

    A code that stands for two labels stands for neither: an answer would not say which of them was
    meant. XLSForm allows it for lists that are ``filtered``, of which one label is shown at a time;
    there all of them are its label.
    """
    said: dict[str, dict[str, None]] = {}
    for row in rows:
        said.setdefault(row["name"], {})[plain(row["label"]) or row["name"]] = None
    times = Counter(row["name"] for row in rows)
    if filtered:
        said = {code: {" / ".join(labels): None} for code, labels in said.items()}
    return ChoiceList(
        labels={code: next(iter(labels)) for code, labels in said.items()},
        troubles=tuple(_troubles(said)),
        repeated=tuple(
            code
            for code, labels in said.items()
            if times[code] > 1 and len(labels) == 1 and not filtered
        ),
    )


def _troubles(said: Mapping[str, Collection[str]]) -> Iterator[str]:
    if not said:
        yield "its list is not in the sheet choices"
    for code, labels in said.items():
        named = " and ".join(map(repr, labels))
        if not code:
            yield f"its list has a choice without a code (name), labelled {named}"
        elif not _CODE.fullmatch(code):
            yield f"the code {code!r} ({named}) has other signs than letters, digits and _ . + -"
        elif len(labels) > 1:
            yield f"the code {code!r} stands for {named}; give each choice a code of its own"
