"""Fixed effects of a constrained longitudinal analysis: at baseline the arms have one mean."""

from dataclasses import replace

import numpy as np

from trialkit.analysis.repeated.design import MmrmDesign
from trialkit.analysis.repeated.records import Records
from trialkit.errors import AnalysisError


def share_baseline(records: Records, design: MmrmDesign, baseline: object) -> MmrmDesign:
    """``design`` without the arm's effect at ``baseline``, which must be the first visit.

    The first visit being the one to which the others are compared, the arm's main effect is its effect there:
    without it arm by visit holds the differences at the other visits.
    """
    visits = records.visits
    if baseline not in visits:
        listed = ", ".join(repr(each) for each in visits)
        raise AnalysisError(f"baseline={baseline!r} is not a visit: {listed}")
    if visits[0] != baseline:
        raise AnalysisError(
            f"baseline={baseline!r} must be the first visit; {visits[0]!r} stands before it",
            advice=f"state the order of {records.columns.visit!r}, the baseline first",
        )
    if len(visits) < 2:
        raise AnalysisError(f"there is no visit but the baseline {baseline!r}")
    arm = records.columns.arm
    kept = np.array([each.term != arm for each in design.coefficients])
    place = np.cumsum(kept) - 1
    return replace(
        design,
        terms=tuple(
            replace(term, columns=tuple(int(place[column]) for column in term.columns))
            for term in design.terms
            if term.name != arm
        ),
        coefficients=tuple(
            each for each, keep in zip(design.coefficients, kept, strict=True) if keep
        ),
        layout=design.layout[:, :, kept],
        rescale=design.rescale[np.ix_(kept, kept)],
        marginal=design.marginal[:, :, kept],
        parts=tuple(part for part, keep in zip(design.parts, kept, strict=True) if keep),
    )
