"""Phase six: what looks odd when all values of an item are seen together. Notes, never queries.

* ``outlier``: a number beyond the outer fences of its visit, three interquartile ranges below the
  lower or above the upper quartile, from twenty values on.
* ``digit_preference``: at least half of thirty whole numbers or more end in 0 or 5, which a fifth
  would by chance.
* ``identical_rows``: a row with the same measurements as an earlier row, in three items or more that
  do not follow from one another and are at no end of their scales, where clearly more rows are alike than chance makes so.
* ``narrow_site``: a site whose eight values or more spread less than a fifth of all.

Only numbers with twenty different values or more in the data are looked at; calculated ones have
outliers alone. Rows that cannot be placed and values that cannot be right are left out. Nothing here is random, and
nothing compares arms.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows, hits_without_row
from trialkit.checks.trial.coincidences import pairs_alike_by_chance
from trialkit.decimals import SAME, significant
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Severity

_FENCES = 3.0
_VALUES_FOR_FENCES = 20
_ROWS_FOR_FENCES = 100_000
"""The quartiles of a visit are those of so many first rows; more would not move them."""
_DIFFERENT = 20
_ROWS_LOOKED_AT = 10_000
"""How many different values an item has that is taken for a measurement, in how many first rows."""
_VALUES_FOR_DIGITS, _SHARE_OF_DIGITS = 30, 0.5
_SAME_ITEMS = 3
_REPEATS = 0.3
"""The share of rows in which a measurement is that of another item, from which on it follows from it."""
_BEYOND = 3.0
"""How many standard deviations beyond what chance gives there are rows alike that are told."""
_VALUES_OF_A_SITE, _SHARE_OF_SPREAD = 8, 0.2


def check_distributions(cells: CheckedCells, sites: Mapping[str, str]) -> tuple[Hits, ...]:
    """The notes on a form's numbers; ``sites`` are those of the subjects, where known."""
    numbers = [item for item in cells.form.items if item.kind.is_number and not item.identifier]
    if len(cells.rows) < _VALUES_OF_A_SITE or not numbers:
        return ()
    table = _table(cells, numbers)
    first = table.head(_ROWS_LOOKED_AT)
    different = first.select(pl.col(item.id).n_unique() for item in numbers).row(0)
    varied = [item for item, n in zip(numbers, different, strict=True) if n >= _DIFFERENT]
    measured = [item for item in varied if item.kind.is_asked]
    hits: list[Hits] = []
    for visit in cells.form.visits or ("",):
        part = table.filter(pl.col("__visit") == visit) if visit else table
        hits += _outliers(varied, cells, part, visit)
    whole = first.select((pl.col(item.id) == pl.col(item.id).floor()).all() for item in measured)
    for item in measured:
        if whole[item.id].item():  # else no later row makes it so
            hits += _digits(item, cells.form, table)
        hits += _narrow_sites(item, cells.form, table, sites)
    hits += _identical(measured, cells, table)
    return tuple(hits)


def _table(cells: CheckedCells, numbers: list[Item]) -> pl.DataFrame:
    """The usable rows: their number, their key, and the numbers that can be right."""
    names = [*cells.form.key, *(item.id for item in numbers)]
    usable = cells.data.typed.select(names)
    if len(cells.rows) < usable.height:
        usable = usable.select(pl.all().gather(pl.Series(cells.rows, dtype=pl.UInt32)))
    wrong = {item.id: np.flatnonzero(cells.wrong[item.id][cells.rows]) for item in numbers}
    right = {
        name: usable[name].cast(pl.Float64).clone().scatter(rows, None)
        for name, rows in wrong.items()
    }
    return usable.with_columns(**right).with_columns(
        __row=pl.Series(cells.rows, dtype=pl.Int64),
        __visit=pl.col("visit") if cells.form.visits else pl.lit(""),
    )


def _outliers(
    varied: list[Item], cells: CheckedCells, part: pl.DataFrame, visit: str
) -> tuple[Hits, ...]:
    """Values beyond the outer fences of a visit, but for those found unusual already."""
    if part.height < _VALUES_FOR_FENCES or not varied:
        return ()
    names = pl.col([item.id for item in varied])
    known = part.head(_ROWS_FOR_FENCES)
    quartiles = (known.select(names.quantile(share, "linear")).row(0) for share in (0.25, 0.75))
    counts = part.select(names.count()).row(0)
    hits: list[Hits] = []
    for item, low, high, n in zip(varied, *quartiles, counts, strict=True):
        if n < _VALUES_FOR_FENCES or low == high:
            continue
        far = _FENCES * (high - low) + SAME * max(abs(low), abs(high))
        at = (~part[item.id].is_between(low - far, high + far)).arg_true()
        rows = part["__row"].gather(at).to_numpy()
        where = f" at {visit}" if visit else ""
        unit = f" {item.unit}" if item.unit else ""
        hits += hits_at_rows(
            cells.form,
            cells.data,
            np.setdiff1d(rows, cells.unusual[item.id]),
            _after(
                item,
                f"{unit}{where} lies far from the others: the middle half of {n} values is from "
                f"{significant(low, 6)} to {significant(high, 6)}{unit}. A note for whoever looks at "
                "the data; nothing has to be answered.",
            ),
            item=item.id,
            rule_id=BuiltIn.OUTLIER.value,
            severity=Severity.NOTE,
        )
    return tuple(hits)


def _after(item: Item, text: str) -> Callable[[pd.Series], pd.Series]:
    """What was entered, followed by a text."""
    return lambda entered: f"{item.label}: " + wording.shown(entered) + text


def _digits(item: Item, form: Form, table: pl.DataFrame) -> tuple[Hits, ...]:
    """A measurement whose last digit is rounded in the head."""
    value = pl.col(item.id)
    n, whole, round_ones = table.select(
        n=value.count(),
        whole=(value == value.floor()).sum(),
        round_ones=(value % 5 == 0).sum(),
    ).row(0)
    if whole < n or n < _VALUES_FOR_DIGITS or round_ones < _SHARE_OF_DIGITS * n:
        return ()
    message = (
        f"{item.label}: {round_ones} of {n} values end in 0 or 5, where chance gives a fifth: the "
        "values seem to be rounded. A note; nothing has to be answered."
    )
    return _about_item(form, item, BuiltIn.DIGIT_PREFERENCE, [message])


def _narrow_sites(
    item: Item, form: Form, table: pl.DataFrame, sites: Mapping[str, str]
) -> tuple[Hits, ...]:
    """Sites whose values are nearly all the same, unlike those of the others."""
    if len(set(sites.values())) < 2:
        return ()
    value, site = pl.col(item.id), pl.col("site")
    known = table.filter(value.is_not_null()).with_columns(
        site=pl.col("subject_id").replace_strict(dict(sites), default="", return_dtype=pl.String)
    )
    spread = (
        known.group_by("site")
        .agg(n=pl.len(), own=value.std())
        .with_columns(all=pl.lit(known[item.id].std(), dtype=pl.Float64))
        .filter((site != "") & (pl.col("n") >= _VALUES_OF_A_SITE))
        .filter(pl.col("own") < _SHARE_OF_SPREAD * pl.col("all"))
        .sort("site")
    )
    messages = [
        f"{item.label}: the {n} values of site {name} have a standard deviation of "
        f"{significant(own, 3)}, those of all sites together one of {significant(together, 3)}. "
        "A note; nothing has to be answered."
        for name, n, own, together in spread.iter_rows()
    ]
    return _about_item(form, item, BuiltIn.NARROW_SITE, messages)


def _about_item(form: Form, item: Item, rule: BuiltIn, messages: list[str]) -> tuple[Hits, ...]:
    """Notes on an item as a whole, which belong to no subject."""
    return hits_without_row(
        form,
        pd.Series([""] * len(messages), dtype="str"),
        pd.Series(messages, dtype="str"),
        item=item.id,
        rule_id=rule.value,
        severity=Severity.NOTE,
    )


def _identical(measured: list[Item], cells: CheckedCells, table: pl.DataFrame) -> tuple[Hits, ...]:
    """Rows that repeat all measurements of an earlier row."""
    if len(measured) < _SAME_ITEMS:
        return ()
    names = [item.id for item in measured]
    # the three most varied items tell nearly all rows apart, so that few are compared in full
    first = table.head(_ROWS_LOOKED_AT).select(pl.col(names).n_unique()).row(0)
    telling = sorted(names, key=dict(zip(names, first, strict=True)).__getitem__)[-_SAME_ITEMS:]
    hashes = table.select(telling).hash_rows()
    if hashes.n_unique() == table.height:
        return ()
    candidates = table.filter(hashes.is_duplicated())
    own = _not_repeating(names, table)
    ends = table.select(
        pl.col(own).min().name.suffix("__low"), pl.col(own).max().name.suffix("__high")
    ).row(0, named=True)
    inside = (
        pl.col(name).is_between(ends[f"{name}__low"], ends[f"{name}__high"], closed="none")
        for name in own
    )
    rows = candidates.filter(pl.sum_horizontal(inside) >= _SAME_ITEMS)
    again = rows.filter(~pl.struct(names).is_first_distinct())
    earliest = rows.unique(names, keep="first", maintain_order=True)
    if again.is_empty():
        return ()
    expected = pairs_alike_by_chance(table, own)
    if again.height <= expected + _BEYOND * expected**0.5:
        return ()
    pairs = again.join(
        earliest.select(*names, of="subject_id", at="__visit"),
        on=names,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    labels = ", ".join(item.label for item in measured)
    messages = [
        f"The measurements ({labels}) are all the same as those of {of}"
        + (f" at {at}" if at else "")
        + ". A note for whoever looks at the data; nothing has to be answered."
        for of, at in zip(pairs["of"], pairs["at"], strict=True)
    ]
    said = pd.Series(messages, dtype="str")
    return hits_at_rows(
        cells.form,
        cells.data,
        pairs["__row"].to_numpy(),
        lambda _: said,
        item="",
        rule_id=BuiltIn.IDENTICAL_ROWS.value,
        severity=Severity.NOTE,
    )


def _not_repeating(names: list[str], table: pl.DataFrame) -> list[str]:
    """The measurements that do not often repeat an earlier one of their row, as the better of two."""
    own: list[str] = []
    for name in names:
        repeats = (
            table.select((pl.col(name) == pl.col(each)).mean().alias(each) for each in own).row(0)
            if own
            else ()
        )
        if all((share or 0.0) <= _REPEATS for share in repeats):
            own.append(name)
    return own
