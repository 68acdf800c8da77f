"""Answers as ODK and KoboToolbox export them, in the words of a data file of a trial."""

import polars as pl

from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.kind import Nature

_MOMENT = r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$"
_DAY = r"^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$"
_CLOCK = r"^(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$"


def as_kept(answers: pl.Series, item: Item) -> pl.Series:
    """The answers to an item; what is no value of its type stays as it is, to be found.

    A moment keeps the clock of whoever filled in the form, without its time zone, and its minutes.
    """
    text = answers.str.strip_chars()
    match item.kind.nature:
        case Nature.DAY | Nature.DAYS:
            return text.str.replace(_DAY, "$1")
        case Nature.MOMENT:
            return text.str.replace(_MOMENT, "$1 $2")
        case Nature.CLOCK:
            return text.str.replace(_CLOCK, "$1")
        case Nature.TRUTH:
            return text.str.replace(r"^OK$", "yes")
        case Nature.NUMBER | Nature.WHOLE:
            return text.str.replace(r"^NaN$", "")
    return text
