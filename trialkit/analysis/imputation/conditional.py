"""What missing values are expected to be given a subject's observed ones, and how they spread."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trialkit.analysis.imputation.draws import Draws
from trialkit.analysis.imputation.events import Affected
from trialkit.analysis.imputation.strategies import (
    StrategyFunction,
    VisitDistribution,
    missing_at_random,
    supposed,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImputedAlike:
    """Subjects of one arm that lack the same visits and are affected alike."""

    subjects: np.ndarray
    arm: int
    missing: np.ndarray  # (m,)
    at_random: np.ndarray  # (m,)
    strategy: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedMeans:
    """What each subject's outcome is expected to be, in its own and in the reference arm (D, n, m)."""

    own: np.ndarray
    reference: np.ndarray


def subjects_alike(draws: Draws, affected: Affected) -> tuple[ImputedAlike, ...]:
    """The subjects with a missing value, those that are treated alike together."""
    trial = draws.trial
    at_random = ~affected.not_at_random
    groups: dict[tuple[object, ...], list[int]] = {}
    for i in np.flatnonzero(trial.missing.any(axis=1)):
        key = (
            int(trial.arm[i]),
            affected.strategy[i],
            at_random[i].tobytes(),
            trial.missing[i].tobytes(),
        )
        groups.setdefault(key, []).append(int(i))
    return tuple(
        ImputedAlike(
            subjects=np.array(members),
            arm=int(trial.arm[members[0]]),
            missing=trial.missing[members[0]],
            at_random=at_random[members[0]],
            strategy=affected.strategy[members[0]],
        )
        for members in groups.values()
    )


def expected_means(draws: Draws, references: tuple[int, ...]) -> ExpectedMeans:
    """The means of all subjects; ``references`` are the arms that stand for each arm."""
    own = np.einsum("nd,smd->snm", draws.profiles, draws.coefficients, optimize=True)
    reference = own.copy()
    for arm, other in enumerate(references):
        if arm != other:
            members = draws.trial.arm == arm
            as_other = draws.profiles_in(other)[members]
            reference[:, members] = np.einsum(
                "nd,smd->snm", as_other, draws.coefficients, optimize=True
            )
    return ExpectedMeans(own=own, reference=reference)


def conditional(
    draws: Draws,
    means: ExpectedMeans,
    each: ImputedAlike,
    *,
    reference: int,
    functions: Mapping[str, StrategyFunction],
) -> tuple[np.ndarray, np.ndarray]:
    """What is expected of the missing values (D, subject, missing), and their covariance (D, …)."""
    who, arm = each.subjects, each.arm
    function = missing_at_random if each.at_random.all() else functions[each.strategy]
    told = supposed(
        function,
        VisitDistribution(mean=means.own[:, who], covariance=draws.sigma[:, arm]),
        VisitDistribution(mean=means.reference[:, who], covariance=draws.sigma[:, reference]),
        each.at_random,
    )
    gone, seen = each.missing, ~each.missing
    expected = told.mean[:, :, gone]
    left = told.covariance[:, gone][:, :, gone]
    if seen.any():
        crossed = told.covariance[:, seen][:, :, gone]
        slope = np.linalg.solve(told.covariance[:, seen][:, :, seen], crossed)
        residual = draws.trial.outcome[who][:, seen] - told.mean[:, :, seen]
        expected = expected + residual @ slope
        left = left - np.swapaxes(crossed, 1, 2) @ slope
    return expected, (left + np.swapaxes(left, 1, 2)) / 2
