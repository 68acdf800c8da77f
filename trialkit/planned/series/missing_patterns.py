"""Who has a value at which visit, and why not: the patterns of an arm with their counts."""

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from trialkit.datasets.model import Datasets
from trialkit.planned.series.needed import draws
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.results.lookup import Shelf
from trialkit.results.series import Point, Series, SeriesKind

UNSAID = "no reason recorded"


def missing_pattern_series(protocol: Protocol, datasets: Datasets) -> Iterator[Series]:
    """The patterns of each primary outcome that lacks any value, of all who were randomised."""
    if not draws(protocol, FigureKind.MISSINGNESS):
        return
    measured = datasets.measurements
    for outcome in protocol.outcomes:
        own = measured[measured["outcome"] == outcome.code]
        if outcome.role is OutcomeRole.PRIMARY and own["value"].isna().any():
            yield Series(
                kind=SeriesKind.MISSING_PATTERNS,
                analysis_id=Shelf.MISSING.value,
                outcome=outcome.code,
                points=tuple(pattern_points(own, protocol)),
            )


def pattern_points(measured: pd.DataFrame, protocol: Protocol) -> Iterator[Point]:
    """Complete patterns first, then by how early they lack a value."""
    visits = [code for code in protocol.visit_codes if (measured["visit"] == code).any()]
    why = measured.assign(
        why=measured["missing_reason"]
        .astype("object")
        .fillna(UNSAID)
        .where(measured["value"].isna(), ""),
        visit=measured["visit"].astype("str"),
    ).pivot_table(index="subject_id", columns="visit", values="why", aggfunc="first")[visits]
    arm_of = measured.drop_duplicates("subject_id").set_index("subject_id")["arm"].astype("str")
    for arm in protocol.arm_codes:
        own = why[arm_of.reindex(why.index) == arm].astype("str")
        counts = Counter(own.itertuples(index=False, name=None))
        ordered = sorted(counts, key=lambda reasons: ([bool(each) for each in reasons], reasons))
        for place, reasons in enumerate(ordered):
            for visit, reason in zip(visits, reasons, strict=True):
                yield Point(arm=arm, visit=visit, x=float(place), label=reason, n=counts[reasons])
