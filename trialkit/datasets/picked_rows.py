"""An outcome of a form that repeats: the rows that the protocol picks, and how they become a value.

Of each participant (and visit) that has rows at all there is one row here. A row that does not say
what it is of is not picked. Where one row is to be picked and several are, nobody knows which
counts, and there is no value. Where rows are combined, so many must have a value as the protocol
says: all that there are to be, unless ``at_least`` says fewer; of ``first`` it is the first row, by
its number, that has one. A picked row that the form did not ask is no row.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from trialkit.datasets.asking import shown_in_rows
from trialkit.datasets.flags import is_no
from trialkit.datasets.sources import Sources
from trialkit.decimals.columns import settled
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.trial.outcomes import Combine, Outcome
from trialkit.schemas.forms.forms import Form
from trialkit.schemas.reading.picks import expected_rows

NOT_MEASURED = "not among what was measured"
NOT_SAID = "measured, but not recorded of what"
SEVERAL = "measured more than once"
TOO_FEW = "fewer measured than are combined"


def picked_rows(
    outcome: Outcome, form: Form, values: np.ndarray, codes: pd.Series, sources: Sources
) -> pd.DataFrame:
    """By subject (and visit): ``value``, ``code``, ``asked``, and ``why`` there is no value.

    ``values`` and ``codes`` are those of the outcome's item in the rows of the form.
    """
    data = sources.snapshot[form.id].values
    keys = list(form.key[:-1])
    rows = data[list(form.key)].assign(
        value=values,
        code=codes.astype("object").to_numpy(),
        asked=shown_in_rows(form.item(outcome.item), form, sources).to_numpy(dtype=object),
        picked=is_picked(outcome.where, data),
    )
    rows = rows[rows[keys].notna().all(axis=1)].sort_values(form.key[-1], kind="stable")
    everybody = rows[keys].drop_duplicates()
    unsaid = rows[rows["picked"].isna()].groupby(keys, sort=False)["code"].agg(["size", "first"])
    unsaid.columns = pd.Index(["unsaid", "unsaid_code"])
    taken = rows[rows["picked"].fillna(value=False).astype(bool)]
    shown = taken[~is_no(taken["asked"].astype("boolean"))]
    found = everybody.merge(_asked(taken, keys), on=keys, how="left")
    found = found.merge(_combined(outcome, shown, keys), on=keys, how="left")
    found = found.merge(unsaid.reset_index(), on=keys, how="left")
    return _explained(found, outcome, form)[[*keys, "value", "code", "asked", "why"]]


def is_picked(where: Mapping[str, tuple[str, ...]], data: pd.DataFrame) -> pd.Series:
    """Whether a row is one of those that are picked; missing where it does not say what it is of."""
    picked = pd.Series(data=True, index=data.index, dtype="boolean")
    for name, codes in where.items():
        said = data[name]
        text = said.map({True: "yes", False: "no"}) if said.dtype == "boolean" else said
        among = text.astype("object").isin(codes).astype("boolean")
        picked &= among.mask(said.isna())
    return picked


def _asked(taken: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Whether the item was asked in any picked row."""
    asked = taken["asked"].astype("boolean")
    some = taken.assign(yes=asked.fillna(value=False), unknown=asked.isna())
    each = some.groupby(keys, sort=False)[["yes", "unknown"]].any()
    is_asked = pd.Series(pd.array([pd.NA] * len(each), dtype="boolean"), index=each.index)
    is_asked = is_asked.mask(~each["unknown"], other=False).mask(each["yes"], other=True)
    return is_asked.rename("asked").reset_index().assign(taken=True)


def _combined(outcome: Outcome, shown: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The value that the picked rows come to, how many they are, and how many have a value."""
    grouped = shown.groupby(keys, sort=False)
    value = grouped["value"]
    match outcome.combine:
        case Combine.MEAN:
            size = shown.assign(size=shown["value"].abs()).groupby(keys, sort=False)["size"].max()
            mean = value.mean()
            together = pd.Series(
                settled(mean.to_numpy(dtype=float), size=size.to_numpy(dtype=float), digits=12),
                index=mean.index,
            )
        case Combine.SUM:
            together = value.sum(min_count=1)
        case Combine.MAX:
            together = value.max()
        case Combine.MIN:
            together = value.min()
        case Combine.WORST:
            lower = outcome.direction is Direction.LOWER
            together = value.max() if lower else value.min()
        case _:
            together = value.first()
    return pd.DataFrame(
        {
            "value": together,
            "code": grouped["code"].first(),
            "rows": grouped.size(),
            "known": value.count(),
        }
    ).reset_index()


def _explained(found: pd.DataFrame, outcome: Outcome, form: Form) -> pd.DataFrame:
    """The values that count, and why there is none elsewhere."""
    rows, known = found["rows"].fillna(0), found["known"].fillna(0)
    if outcome.combine is None:
        counts, lacking = rows == 1, pd.Series(SEVERAL, index=found.index)
    else:
        needed = outcome.at_least or expected_rows(outcome, form) or rows.clip(lower=1)
        needed = 1 if outcome.combine is Combine.FIRST else needed
        counts, lacking = known >= needed, pd.Series(TOO_FEW, index=found.index)
    unsaid = found["unsaid"].fillna(0) > 0
    nothing = found["taken"].isna()
    if outcome.combine is not None:  # of rows that are all blank, the blank is the reason
        counts |= ~nothing & (known == 0)
    else:
        counts |= ~nothing & (rows == 0)
    why = lacking.mask(nothing & unsaid, NOT_SAID).mask(nothing & ~unsaid, NOT_MEASURED)
    counts &= ~nothing
    code = found["code"].where(counts).mask(nothing & unsaid, found["unsaid_code"])
    return found.assign(
        value=found["value"].where(counts),
        code=code,
        why=why.where(~counts),
        asked=found["asked"].astype("boolean").mask(nothing, other=True),
    )
