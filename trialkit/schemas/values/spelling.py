"""Words that people typed: what they mean is not changed by a capital letter or by a space more."""

from collections import Counter

import pandas as pd

from trialkit.protocol.tables.meaning import meaning, tidy


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
