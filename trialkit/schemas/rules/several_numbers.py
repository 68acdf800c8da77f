"""The functions of a rule that make one number of several: blanks are left out, not taken for zero.

They are of the row: ``MEAN_OF(q1, q2, q3)`` is the mean of the answers that are there. Where none is
there the result is not known; so it is where a cell among them cannot be right.
"""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.draft import (
    Draft,
    alike_in,
    number_term,
    require,
    unless_wrong,
)
from trialkit.schemas.rules.kinds import RuleTerm

Together = Callable[[Sequence[pl.Expr]], pl.Expr]


def _together(
    name: str, together: Together, *, keeps_whole: bool = False
) -> tuple[str, Callable[[Sequence[RuleTerm], Draft], RuleTerm]]:
    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        if not arguments:
            raise ProtocolError(f"{name} of no values; it takes one number or more")
        parts = alike_in(arguments, draft)
        for part in parts:
            require(part, Kind.NUMBER, f"{name} is for numbers")
        values = [draft.step(part.value.cast(pl.Float64)) for part in parts]
        there = pl.any_horizontal([value.is_not_null() for value in values])
        found = pl.when(there).then(together(values))
        whole = keeps_whole and all(part.whole for part in parts)
        size = None if whole else pl.max_horizontal([part.magnitude for part in parts])
        return number_term(unless_wrong(found, parts), parts, draft, whole=whole, size=size)

    return name, term_of


def _median(values: Sequence[pl.Expr]) -> pl.Expr:
    return pl.concat_list(list(values)).list.drop_nulls().list.median()


def _deviation(values: Sequence[pl.Expr]) -> pl.Expr:
    """The standard deviation of a sample; unknown of one number."""
    return pl.concat_list(list(values)).list.drop_nulls().list.std(ddof=1)


SEVERAL_NUMBERS: Mapping[str, Callable[[Sequence[RuleTerm], Draft], RuleTerm]] = dict(
    (
        _together("SUM_OF", pl.sum_horizontal, keeps_whole=True),
        _together("MEAN_OF", pl.mean_horizontal),
        _together("MEDIAN_OF", _median),
        _together("STDEV_OF", _deviation),
        _together("LEAST", pl.min_horizontal, keeps_whole=True),
        _together("GREATEST", pl.max_horizontal, keeps_whole=True),
    )
)
"""What each is; the grammar lets no other through."""
