"""Which inference goes with which covariance of the fixed effects, and the tests of contrasts."""

from typing import assert_never

import numpy as np

from trialkit.analysis.repeated import between_within, kenward_roger, residual_df, satterthwaite
from trialkit.analysis.repeated.fitted import Fitted, FStatistic
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import CoefficientCovariance, Inference, Likelihood
from trialkit.protocol.tables.choices import choose

_SANDWICHES = (
    CoefficientCovariance.EMPIRICAL,
    CoefficientCovariance.JACKKNIFE,
    CoefficientCovariance.BIAS_REDUCED,
)
_ANY = (CoefficientCovariance.MODEL_BASED, *_SANDWICHES)


def allowed_covariances(inference: Inference) -> tuple[CoefficientCovariance, ...]:
    """The covariances of the fixed effects that go with ``inference``, the default one first.

    The defaults are those of R's mmrm, so residual degrees of freedom come with a sandwich.
    """
    match inference:
        case Inference.KENWARD_ROGER:
            return (CoefficientCovariance.KENWARD_ROGER,)
        case Inference.KENWARD_ROGER_LINEAR:
            return (CoefficientCovariance.KENWARD_ROGER_LINEAR,)
        case Inference.SATTERTHWAITE | Inference.BETWEEN_WITHIN:
            return _ANY
        case Inference.RESIDUAL:
            return (*_SANDWICHES, CoefficientCovariance.MODEL_BASED)
        case _:
            assert_never(inference)


def settle_covariance(
    inference: Inference, asked: CoefficientCovariance | str | None, likelihood: Likelihood
) -> CoefficientCovariance:
    """The covariance to use, by its name or as usual; refuses what does not go together."""
    wanted = None
    if asked is not None:
        wanted = choose(CoefficientCovariance, asked, parameter="coefficient_covariance")
    allowed = allowed_covariances(inference)
    kenward_roger_asked = inference in (Inference.KENWARD_ROGER, Inference.KENWARD_ROGER_LINEAR)
    if kenward_roger_asked and likelihood is Likelihood.ML:
        raise AnalysisError(
            f"inference={inference.value!r} corrects for REML and does not go with method='ml'; use "
            "method='reml' or inference='satterthwaite'"
        )
    if wanted is None:
        return allowed[0]
    if wanted not in allowed:
        raise AnalysisError(
            f"coefficient_covariance={wanted.value!r} does not go with inference={inference.value!r}; "
            f"with it go {', '.join(each.value for each in allowed)}"
        )
    return wanted


def is_sandwich(covariance: CoefficientCovariance) -> bool:
    """Whether the covariance is estimated from the scores of the subjects."""
    return covariance in _SANDWICHES


def vector_df(inference: Inference, fitted: Fitted, contrasts: np.ndarray) -> np.ndarray:
    """The degrees of freedom of each contrast (a row) of the reported coefficients."""
    match inference:
        case Inference.SATTERTHWAITE:
            return satterthwaite.vector_df(fitted, contrasts)
        case Inference.KENWARD_ROGER | Inference.KENWARD_ROGER_LINEAR:
            return kenward_roger.vector_df(fitted, contrasts)
        case Inference.BETWEEN_WITHIN:
            return between_within.vector_df(fitted, contrasts)
        case Inference.RESIDUAL:
            return residual_df.vector_df(fitted, contrasts)
        case _:
            assert_never(inference)


def matrix_test(inference: Inference, fitted: Fitted, matrix: np.ndarray) -> FStatistic:
    """The F test that all contrasts (rows) of the reported coefficients are zero."""
    match inference:
        case Inference.SATTERTHWAITE:
            return satterthwaite.matrix_test(fitted, matrix)
        case Inference.KENWARD_ROGER | Inference.KENWARD_ROGER_LINEAR:
            return kenward_roger.matrix_test(fitted, matrix)
        case Inference.BETWEEN_WITHIN:
            return between_within.matrix_test(fitted, matrix)
        case Inference.RESIDUAL:
            return residual_df.matrix_test(fitted, matrix)
        case _:
            assert_never(inference)
