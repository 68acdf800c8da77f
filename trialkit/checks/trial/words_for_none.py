"""Terms and reasons that say that there is none: "None", "N/A", "-".

A row of a log is an event, whatever its term is; and a reason is that of somebody who stopped. So
each of them is counted, and is asked about.
"""

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.trial.alike_terms import counted_by_words
from trialkit.protocol.tables.meaning import meaning
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Severity

_NOTHING = frozenset(
    [
        "",
        "none",
        "no",
        "nil",
        "null",
        "nothing",
        "n a",
        "na",
        "nan",
        "not applicable",
        "nobody",
        "nd",
        "no ae",
        "no aes",
        "no event",
        "no events",
        "no adverse event",
        "no adverse events",
        "no deviation",
        "no deviations",
        "no reason",
        "no medication",
    ]
)
"""What is left of such words without signs and capitals; of "-" nothing is left."""


def check_words_for_none(cells: CheckedCells) -> tuple[Hits, ...]:
    """A finding for each row whose term or reason, of free text, says that there is none."""
    return tuple(hit for item in counted_by_words(cells.form) for hit in _saying_none(item, cells))


def says_none(text: str) -> bool:
    """Whether a term is a word, or only a sign, for nothing."""
    words = "".join(each if each.isalnum() else " " for each in meaning(text))
    return " ".join(words.split()) in _NOTHING


def _saying_none(item: Item, cells: CheckedCells) -> tuple[Hits, ...]:
    typed = cells.data.values[item.id].iloc[cells.rows]
    none = [text for text in typed.dropna().unique() if says_none(str(text))]
    return hits_at_rows(
        cells.form,
        cells.data,
        np.asarray(cells.rows[typed.isin(none).to_numpy()], dtype=np.intp),
        lambda entered: _message(item, entered),
        item=item.id,
        rule_id=BuiltIn.TERM_FOR_NONE.value,
        severity=Severity.SOFT,
    )


def _message(item: Item, entered: pd.Series) -> pd.Series:
    return (
        f"{item.label}: '"
        + entered.str.strip()
        + "' says that there is none, but the row is counted as one. Take the row out, or blank the "
        "reason, if there was none; else enter what it was."
    )
