"""The mixed model for repeated measures (MMRM)."""

from trialkit.analysis.mmrm.batch import MmrmBatch, mmrm_batch, mmrm_resampled
from trialkit.analysis.mmrm.contrast_tests import MatrixTest, VectorTest
from trialkit.analysis.mmrm.fit import mmrm
from trialkit.analysis.mmrm.prediction import Predictions
from trialkit.analysis.mmrm.result import Attempt, MmrmFit

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
