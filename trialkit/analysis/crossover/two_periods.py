"""Subjects with two treatments in two periods: who had which first, and what was measured."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, levels, plain
from trialkit.analysis.frames.groups import arm_codes
from trialkit.errors import AnalysisError

CARRY_OVER = (
    "tells little of few subjects and must not choose the analysis: a trial of two periods relies on "
    "a washout that was long enough"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoPeriods:
    """Subjects with both periods: their values in the ``first`` and ``second`` (n,).

    ``experimental_first`` (n,) says who had the experimental treatment first. ``experimental``,
    ``reference`` and ``periods`` are the names.
    """

    first: np.ndarray
    second: np.ndarray
    experimental_first: np.ndarray
    experimental: str
    reference: str
    periods: tuple[str, str]
    excluded: pd.DataFrame

    @property
    def sequences(self) -> tuple[str, str]:
        """The names of the two sequences, the experimental treatment first in the former."""
        pair = (self.experimental, self.reference)
        return f"{pair[0]}, {pair[1]}", f"{pair[1]}, {pair[0]}"

    @property
    def sizes(self) -> tuple[int, int]:
        """How many subjects are in each of :attr:`sequences`."""
        had = int(self.experimental_first.sum())
        return had, len(self.first) - had


def read_two_periods(
    frame: pd.DataFrame,
    values: np.ndarray,
    *,
    outcome: str,
    subject: str,
    period: str,
    treatment: str,
    reference: object,
    order: Order | None,
) -> TwoPeriods:
    """The subjects with ``values`` (rows of the frame,) in both periods.

    Raises ``AnalysisError`` for anything but two periods and two treatments, two rows of a subject in
    a period, a subject with one treatment twice, and a sequence without two complete subjects.
    """
    got, treatments = arm_codes(frame, treatment, reference=reference, order=order)
    when, periods = levels(frame, period, parameter="period", order=order)
    if reference not in treatments:
        raise AnalysisError(f"reference must name the treatment of {treatment!r} to compare with")
    if len(treatments) != 2 or len(periods) != 2:
        raise AnalysisError(
            f"this analysis is of two treatments in two periods, got {len(treatments)} of {treatment!r} and "
            f"{len(periods)} of {period!r}",
            advice="a mixed model takes more",
        )
    codes, names = pd.factorize(column(frame, subject, parameter="subject"))
    who = plain(names)
    placed = (codes >= 0) & (when >= 0)
    table = {name: np.full((len(who), 2), np.nan) for name in ("value", "experimental")}
    seen = np.zeros((len(who), 2), dtype=int)
    np.add.at(seen, (codes[placed], when[placed]), 1)
    if (seen > 1).any():
        at, which = np.argwhere(seen > 1)[0]
        raise AnalysisError(f"subject {who[at]!r} has two rows in {period} {periods[which]!r}")
    base = treatments.index(reference)
    table["value"][codes[placed], when[placed]] = values[placed]
    table["experimental"][codes[placed], when[placed]] = np.where(
        got[placed] < 0, np.nan, got[placed] != base
    )
    had, value = table["experimental"], table["value"]
    same = (had[:, 0] == had[:, 1]) & ~np.isnan(had[:, 0])
    if same.any():
        raise AnalysisError(
            f"subject {who[int(np.argmax(same))]!r} had the same treatment in both periods",
            advice="this analysis is of two sequences; a mixed model takes others",
        )
    reasons = np.full(len(who), "", dtype=object)
    for at in (1, 0):  # what is told is the first period's, and there the first that is missing
        named = f"{period} {periods[at]}"
        for gone, what in (
            (np.isnan(value[:, at]), f"{outcome} of {named}"),
            (np.isnan(had[:, at]), f"{treatment} of {named}"),
            (seen[:, at] == 0, named),
        ):
            reasons[gone] = f"{what} is missing"
    whole = reasons == ""
    unnamed = int((codes < 0).sum())
    found = TwoPeriods(
        first=value[whole, 0],
        second=value[whole, 1],
        experimental_first=had[whole, 0] == 1,
        experimental=str(treatments[1 - base]),
        reference=str(reference),
        periods=(str(periods[0]), str(periods[1])),
        excluded=pd.DataFrame(
            {
                "subject": [*(w for w, all_there in zip(who, whole, strict=True) if not all_there)]
                + [None] * unnamed,
                "reason": [*reasons[~whole], *[f"{subject} is missing"] * unnamed],
            }
        ),
    )
    for sequence, size in zip(found.sequences, found.sizes, strict=True):
        if size < 2:
            raise AnalysisError(
                f"the sequence {sequence} needs two subjects with both periods, got {size}"
            )
    return found
