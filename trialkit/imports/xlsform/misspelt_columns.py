"""Columns of a survey that look like one that XLSForm knows, and are none.

XLSForm lets anybody add columns of their own, so that ODK passes over ``constrain`` without a word,
and the limit that its cells state is checked nowhere.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

ALIKE_ENOUGH = 0.84
"""How alike two names are, at least, of which one is told as the misspelt other; 1 is the same."""
_UNDECIDED = frozenset({"notes", "values", "comment", "comments"})
"""What people call columns of their own, however near to one of XLSForm's."""


def misspelt_columns(
    columns: Sequence[str], rows: Sequence[Mapping[str, str]], known: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Of each such column with anything in it: place, what was found, what happens instead."""
    names = sorted(known)
    for column in columns:
        first = "_".join(column.split(":")[0].split()).lower()
        if first in known or first in _UNDECIDED or not any(row.get(column) for row in rows):
            continue
        near = get_close_matches(first, names, n=1, cutoff=ALIKE_ENOUGH)
        if near:
            instead = (
                f"no column of XLSForm, so that ODK passes over its cells; if {near[0]!r} is meant, "
                "correct its name and import again"
            )
            yield "survey", f"the column {column!r}", instead
