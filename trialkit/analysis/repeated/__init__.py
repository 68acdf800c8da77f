"""The mixed model for repeated measures (MMRM)."""

from trialkit.analysis.repeated.batch import MmrmBatch, mmrm_batch, mmrm_resampled
from trialkit.analysis.repeated.contrast_tests import MatrixTest, VectorTest
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.prediction import Predictions
from trialkit.analysis.repeated.result import Attempt, MmrmFit

__all__ = [
    "Attempt",
    "MatrixTest",
    "MmrmBatch",
    "MmrmFit",
    "Predictions",
    "VectorTest",
    "mmrm",
    "mmrm_batch",
    "mmrm_resampled",
]
