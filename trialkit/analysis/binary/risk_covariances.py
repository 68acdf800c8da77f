"""Covariances of standardised risks: what is taken as fixed, and what as sampled."""

import numpy as np

from trialkit.analysis.generalised.covariances import sandwich
from trialkit.analysis.generalised.scoring import GeneralisedFit
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.methods.linear_models import RobustCovariance


def risk_covariance(
    fit: GeneralisedFit,
    arms: tuple[np.ndarray, ...],
    codes: np.ndarray,
    kind: RiskVariance,
) -> np.ndarray:
    """The covariance (a, a) of the mean risks, were all subjects in each of a arms.

    ``arms`` are the designs (n, p) with everybody in that arm, ``codes`` (n,) who was in which.
    """
    risks = np.array([fit.mean_of(each) for each in arms])
    match kind:
        case RiskVariance.MODEL:
            return _delta(fit, arms, risks, fit.covariance)
        case RiskVariance.HC0:
            return _delta(fit, arms, risks, sandwich(fit, RobustCovariance.HC0))
        case RiskVariance.HC3:
            return _delta(fit, arms, risks, sandwich(fit, RobustCovariance.HC3))
        case RiskVariance.INFLUENCE:
            return _of_influence(fit.outcome, risks, codes)
        case RiskVariance.YE:
            return _of_ye(fit.outcome, risks, codes)


def _delta(
    fit: GeneralisedFit, arms: tuple[np.ndarray, ...], risks: np.ndarray, covariance: np.ndarray
) -> np.ndarray:
    """By how the mean risks move with the coefficients; covariates as they are."""
    gradient = np.array(
        [fit.family.slope(risk) @ each / len(each) for each, risk in zip(arms, risks, strict=True)]
    )
    return np.asarray(gradient @ covariance @ gradient.T)


def _of_influence(outcome: np.ndarray, risks: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """By each subject's influence: own residual by the arm's share, and own predicted risk."""
    n = len(outcome)
    influence = risks - risks.mean(axis=1, keepdims=True)
    for arm, risk in enumerate(risks):
        own = codes == arm
        influence[arm, own] += (outcome - risk)[own] / own.mean()
    return np.asarray(influence @ influence.T / n**2)


def _of_ye(outcome: np.ndarray, risks: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Ye, Bannick, Yi, Shao (Stat Theory Relat Fields 2023): variances within arms."""
    arms, n = len(risks), len(outcome)
    sizes = np.bincount(codes, minlength=arms)
    if sizes.min() < 2:
        raise AnalysisError("variance='ye2023' needs two subjects an arm")
    shared = np.cov(risks)
    between = np.empty((arms, arms))  # outcome of arm t with predictions for arm s, within t
    within = np.empty(arms)
    for arm in range(arms):
        own = codes == arm
        centred = outcome[own] - outcome[own].mean()
        between[arm] = risks[:, own] @ centred / (sizes[arm] - 1)
        within[arm] = (outcome - risks[arm])[own].var(ddof=1)
    covariance = between + between.T - shared
    covariance[np.diag_indices(arms)] += within * n / sizes
    return np.asarray(covariance / n)
