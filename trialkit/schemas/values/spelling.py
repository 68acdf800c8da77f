"""Words that people typed: what they mean is not changed by a capital letter or by a space more."""

from collections import Counter
from unicodedata import normalize

import pandas as pd


def one_spelling(texts: pd.Series) -> pd.Series:
    """Texts of one meaning under one spelling: the most frequent, of equally many the first seen.

    A text of nothing but white space says nothing and is missing. Categories are those of the form,
    in its order, and stay as they are.
    """
    if isinstance(texts.dtype, pd.CategoricalDtype):
        return texts
    tidied = texts.map(tidy, na_action="ignore").astype("str")
    tidied = tidied.mask(tidied == "")
    chosen: dict[str, str] = {}
    for spelling, _ in Counter(tidied.dropna()).most_common():
        chosen.setdefault(meaning(spelling), spelling)
    return tidied.map(lambda spelling: chosen[meaning(spelling)], na_action="ignore").astype("str")


def meaning(text: str) -> str:
    """What all spellings of a text have in common, whatever their capitals and white space."""
    return normalize("NFC", tidy(text).casefold())


def tidy(text: str) -> str:
    """The text with single spaces between its words, none around them, in composed letters."""
    return " ".join(normalize("NFC", text).split())
