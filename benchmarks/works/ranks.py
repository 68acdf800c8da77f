"""``ranks.py exact|shift N``: Mann-Whitney's test of N + N, exact with ties, or with its shift."""

import sys

import numpy as np
from telling import NOT_POSSIBLE, found, tell

from trialkit.errors import AnalysisError

mann_whitney = found(
    "mann_whitney", "trialkit.analysis.means.rank_tests", "trialkit.analysis.rank_tests"
)
MeansMethod = found(
    "MeansMethod", "trialkit.protocol.methods.comparisons", "trialkit.protocol.comparisons"
)

what, n = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(20260101)
one, other = rng.normal(0.3, 1, n), rng.normal(0, 1, n)
if what == "exact":
    one, other, method = one.round(1), other.round(1), MeansMethod.MANN_WHITNEY
else:
    method = MeansMethod.MANN_WHITNEY_ASYMPTOTIC
try:
    tell(lambda: mann_whitney(one, other, method=method), times=2)
except AnalysisError:
    raise SystemExit(NOT_POSSIBLE) from None
