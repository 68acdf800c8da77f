"""Words that people typed: what they mean is not changed by a capital letter or by a space more."""

from collections import Counter

import numpy as np
import pandas as pd

from trialkit.protocol.tables.meaning import meaning, tidy


def one_spelling(texts: pd.Series) -> pd.Series:
    """Texts of one meaning under one spelling: the most frequent, of equally many the first seen.

    A text of nothing but white space says nothing and is missing. Categories are those of the form,
    in its order, and stay as they are.
    """
    if isinstance(texts.dtype, pd.CategoricalDtype):
        return texts
    codes, distinct = pd.factorize(texts)
    tidied = [tidy(text) for text in distinct]
    often: Counter[str] = Counter()
    for text, count in zip(tidied, np.bincount(codes[codes >= 0]).tolist(), strict=True):
        if text:
            often[text] += count
    chosen: dict[str, str] = {}
    for spelling, _ in often.most_common():
        chosen.setdefault(meaning(spelling), spelling)
    spelled = [chosen[meaning(text)] if text else None for text in tidied]
    found = pd.array(spelled, dtype="str").take(codes, allow_fill=True)
    return pd.Series(found, index=texts.index, name=texts.name)
