"""Terms and reasons that a person reads as one: a plural, a hyphen, a letter more, less or another.

Capitals and white space mean nothing (:mod:`trialkit.schemas.values.spelling`) and are not asked
about. Whatever else differs is another term, and is counted as one; so it is asked about.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.protocol.tables.meaning import meaning
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Purpose, Severity
from trialkit.schemas.forms.identifying import for_display
from trialkit.schemas.items.kind import Nature

COUNTED = frozenset(
    {
        Purpose.EVENT_TERM,
        Purpose.TREATMENT_TERM,
        Purpose.DEVIATION_TERM,
        Purpose.NOT_ENROLLED_REASON,
        Purpose.NOT_RECEIVED_REASON,
        Purpose.DISCONTINUATION_REASON,
        Purpose.END_REASON,
    }
)
"""What is counted by its words."""
_LEAST, _MOST = 6, 60
"""The letters of terms that may differ in one of them: shorter ones are other words, longer ones are
sentences."""
_LISTED = 5
_NO_PLURAL = ("ss", "us", "is")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Typed:
    """One term, as it was typed first, and the rows that have it."""

    text: str
    rows: tuple[int, ...]


def check_alike_terms(cells: CheckedCells) -> tuple[Hits, ...]:
    """A finding for each term of free text that looks like one that is more frequent."""
    return tuple(hit for item in counted_by_words(cells.form) for hit in _alike(item, cells))


def counted_by_words(form: Form) -> tuple[Item, ...]:
    """The items of free text that a report counts by what was typed."""
    return tuple(
        item for item in form.items if item.purpose in COUNTED and item.kind.nature is Nature.TEXT
    )


def _alike(item: Item, cells: CheckedCells) -> tuple[Hits, ...]:
    pairs = list(_pairs(_terms(cells, item)))
    messages = [
        f"{item.label}: {_place(one, item, cells)} looks like {_place(other, item, cells)}: are they one? Correct "
        "the spelling, or confirm that they are two; so far they are counted as two."
        for one, other in pairs
    ]
    said = pd.Series(messages, dtype="str")
    return hits_at_rows(
        cells.form,
        cells.data,
        np.array([one.rows[0] for one, _ in pairs], dtype=np.intp),
        lambda _: said,
        item=item.id,
        rule_id=BuiltIn.LOOKALIKE_TERM.value,
        severity=Severity.SOFT,
    )


def _terms(cells: CheckedCells, item: Item) -> list[_Typed]:
    """Each meaning that was typed, the most frequent first, of equally frequent ones the first."""
    rows = pl.Series("row", cells.rows, dtype=pl.UInt32)
    typed = pl.DataFrame({"text": cells.data.typed[item.id].gather(rows), "row": rows})
    by_text = typed.drop_nulls().group_by("text", maintain_order=True).agg("row")
    found: dict[str, _Typed] = {}
    for text, own in by_text.iter_rows():
        first = found.get(meaning(text), _Typed(text=text, rows=()))
        found[meaning(text)] = replace(first, rows=(*first.rows, *own))
    return sorted(found.values(), key=lambda term: -len(term.rows))


def _pairs(terms: list[_Typed]) -> Iterator[tuple[_Typed, _Typed]]:
    """Each term with the first before it that it looks like.

    Two terms look alike when they share a look, so that thousands are compared by a dictionary.
    """
    seen: dict[str, _Typed] = {}
    for term in terms:
        looks = looks_of(term.text)
        other = next((seen[look] for look in looks if look in seen), None)
        if other is not None:
            yield term, other
        for look in looks:
            seen.setdefault(look, term)


def looks_of(text: str) -> tuple[str, ...]:
    """The term without what the eye passes over, then the same without each of its letters in turn.

    Terms of which one letter is more, less, another or at another place share one of these. Numbers
    are never passed over.
    """
    words = _WORD.findall(normalize("NFKC", text).casefold())
    plain = "".join(_singular(word) for word in words)
    letters = "".join(each for each in plain if not each.isdigit())
    numbers = "".join(each if each.isdigit() else " " for each in plain).split()
    if not plain:
        return ()
    whole = f"{' '.join(numbers)}|{letters}"
    if not _LEAST <= len(letters) <= _MOST:
        return (whole,)
    less = (f"{letters[:place]}{letters[place + 1 :]}" for place in range(len(letters)))
    return (whole, *(f"{' '.join(numbers)}|{each}" for each in less))


def _singular(word: str) -> str:
    """The word without the s of a plural."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(_NO_PLURAL):
        return word[:-1]
    return word


def _place(term: _Typed, item: Item, cells: CheckedCells) -> str:
    """The term as it was typed, and where."""
    lines = [str(cells.data.lines[row]) for row in term.rows[:_LISTED]]
    more = len(term.rows) - _LISTED
    rest = f" and {more} more" if more > 0 else ""
    noun = cells.data.counted if len(term.rows) == 1 else f"{cells.data.counted}s"
    return f"'{for_display(cells.form, item.id, term.text)}' ({noun} {', '.join(lines)}{rest})"
