"""Imputation of yes-or-no outcomes and counts, visit by visit.

The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, numbers, sequence_of_names
from trialkit.analysis.imputation.deltas import placed_deltas
from trialkit.analysis.imputation.imputed_ancova import covariate_columns
from trialkit.analysis.imputation.incomplete import IncompleteTrial, TrialColumns, read_incomplete
from trialkit.analysis.imputation.resamples import stream
from trialkit.analysis.imputation.visit_chain import ChainData, drawn_values
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import (
    DrawMethod,
    ImputationStrategy,
    SequentialFamily,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular

_BLOCK = 64
_STRATEGIES = (
    ImputationStrategy.MISSING_AT_RANDOM.value,
    ImputationStrategy.COPY_REFERENCE.value,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SequentialImputations(Tabular):
    """Imputed data sets of a yes-or-no outcome or a count; ``values`` are the imputed ones alone."""

    trial: IncompleteTrial
    family: SequentialFamily
    values: np.ndarray  # (draw, missing value)
    seed: int

    @property
    def method(self) -> DrawMethod:
        """Parameters are drawn from an approximate posterior: Rubin's rules pool what follows."""
        return DrawMethod.APPROXIMATE_BAYES

    @property
    def n_imputations(self) -> int:
        """How many imputed data sets there are."""
        return len(self.values)

    @property
    def title(self) -> str:
        """What was imputed, in a line."""
        return (
            f"{self.values.shape[1]} missing values imputed {len(self.values)} times (sequential "
            f"{self.family.value} regression, seed {self.seed})"
        )

    def to_frame(self) -> pd.DataFrame:
        """The imputed values by arm and visit.

        Columns ``arm``, ``visit``, ``n_missing``, ``observed_mean`` and ``imputed_mean``.
        """
        trial = self.trial
        subject, visit = np.nonzero(trial.missing)
        rows = []
        for arm, name in enumerate(trial.arms):
            for v, label in enumerate(trial.visits):
                own = (trial.arm[subject] == arm) & (visit == v)
                seen = trial.outcome[trial.arm == arm, v]
                observed = float(np.nanmean(seen)) if (~np.isnan(seen)).any() else np.nan
                imputed = float(self.values[:, own].mean()) if own.any() else np.nan
                rows.append((name, label, int(own.sum()), observed, imputed))
        return pd.DataFrame(
            rows, columns=["arm", "visit", "n_missing", "observed_mean", "imputed_mean"]
        )

    def data_set(self, number: int) -> pd.DataFrame:
        """One imputed data set as the caller's frame, every subject with every visit."""
        if not 0 <= number < len(self.values):
            raise AnalysisError(
                f"there are imputations 0 to {len(self.values) - 1}, and not {number}"
            )
        outcome = self.trial.outcome.copy()
        outcome[self.trial.missing] = self.values[number]
        return self.trial.completed(outcome)


@one_thread()
def sequential_imputations(
    frame: AnyFrame,
    *,
    outcome: str,
    family: SequentialFamily | str,
    subject: str,
    visit: str,
    arm: str,
    reference: object,
    draws: int,
    seed: int,
    covariates: Sequence[str] = (),
    exposure: str | None = None,
    events: AnyFrame | None = None,
    references: Mapping[object, object] | None = None,
    deltas: AnyFrame | None = None,
    cycles: int = 10,
    order: Order | None = None,
) -> SequentialImputations:
    """Impute a yes-or-no outcome (0 and 1) or a count by regressions on arm, covariates and earlier values.

    Estimand
        That of the analysis, values being missing at random given arm, covariates and the values that
        are used. From the event on, ``copy-reference`` draws a missing value as in the reference arm
        given the subject's own history; other strategies suppose means of a joint distribution, which
        these regressions do not have, and are refused. ``deltas`` (frame of subject, visit and delta)
        move the logit, or the logarithm of the mean, of values that are drawn forwards.

    Reference
        Rubin, Multiple imputation for nonresponse in surveys, 1987, 5.4 (monotone). van Buuren, Flexible
        imputation of missing data, 2018.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json``, by way of the regression and its errors.

    ``frame`` has one row a subject and visit. The family is ``logistic``, ``poisson`` or
    ``negative-binomial``; ``exposure`` is a column of positive numbers known in every row. A draw takes the
    coefficients of each visit from the normal approximation to their posterior, which has a weak prior.
    Gaps before a used value are drawn given what comes after them, too, in ``cycles`` of Metropolis'
    steps. Values after an event are left out of the regressions unless it is missing at random.

    Raises ``AnalysisError`` for outcomes that are not of the family, a visit that nobody has, unknown
    strategies, missing covariates and exposures, and a delta of a gap.
    """
    kind = choose(SequentialFamily, family, parameter="family")
    names = sequence_of_names(covariates, parameter="covariates")
    _refuse_numbers(draws, seed, cycles)
    trial = read_incomplete(
        as_pandas(frame),
        TrialColumns(outcome=outcome, subject=subject, visit=visit, arm=arm),
        reference=reference,
        events=None if events is None else as_pandas(events),
        needed=names,
        order=order,
    )
    _refuse_other_values(trial, kind)
    _refuse_strategies(trial)
    data = _chain_data(
        trial,
        kind,
        names,
        exposure=exposure,
        references=references,
        deltas=None if deltas is None else as_pandas(deltas),
        order=order,
    )
    parts = [
        drawn_values(
            data,
            draws=min(_BLOCK, draws - start),
            cycles=cycles,
            random=stream(seed, 3, start // _BLOCK),
        )
        for start in range(0, draws, _BLOCK)
    ]
    return SequentialImputations(trial=trial, family=kind, values=np.concatenate(parts), seed=seed)


def _refuse_numbers(draws: int, seed: int, cycles: int) -> None:
    if draws < 2 or cycles < 1:
        raise AnalysisError(f"draws must be 2 or more, and cycles 1 or more, got {draws}, {cycles}")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise AnalysisError(f"seed must be a whole number of 0 or more, got {seed!r}")


def _refuse_other_values(trial: IncompleteTrial, family: SequentialFamily) -> None:
    seen = trial.outcome[~trial.missing]
    if family is SequentialFamily.LOGISTIC:
        wrong, wanted = ~np.isin(seen, (0.0, 1.0)), "0 or 1"
    else:
        wrong, wanted = (seen < 0) | (seen != np.round(seen)), "a whole number of 0 or more"
    if wrong.any():
        raise AnalysisError(
            f"outcome={trial.columns.outcome!r} holds {seen[wrong][0]:g}; for a {family.value} "
            f"regression each value is {wanted}"
        )


def _refuse_strategies(trial: IncompleteTrial) -> None:
    for name in trial.affected.strategy:
        if name not in _STRATEGIES:
            raise AnalysisError(
                f"the strategy {name!r} supposes means of a joint normal distribution; sequential "
                f"regression has {' and '.join(_STRATEGIES)}"
            )


def _chain_data(
    trial: IncompleteTrial,
    family: SequentialFamily,
    covariates: Sequence[str],
    *,
    exposure: str | None,
    references: Mapping[object, object] | None,
    deltas: pd.DataFrame | None,
    order: Order | None,
) -> ChainData:
    arms = len(trial.arms)
    stated = dict(references or {})
    for each in (*stated, *stated.values()):
        if each not in trial.arms:
            raise AnalysisError(f"references name the arm {each!r}, which there is not")
    stands_for = np.array([trial.arms.index(stated.get(a, trial.arms[0])) for a in trial.arms])
    columns = [column for name in covariates for column, _ in covariate_columns(trial, name, order)]
    others = np.column_stack([np.ones(len(trial.subjects)), *columns])

    def with_arm(code: np.ndarray) -> np.ndarray:
        return np.column_stack([others, *((code == each).astype(float) for each in range(1, arms))])

    used = ~trial.missing & ~trial.affected.not_at_random
    for v, label in enumerate(trial.visits):
        if not used[:, v].any():
            raise AnalysisError(
                f"nobody has a value at visit {label!r} from which others can be imputed"
            )
    data = ChainData(
        family=family,
        base=with_arm(trial.arm),
        base_after=with_arm(stands_for[trial.arm]),
        after=trial.affected.not_at_random,
        outcome=trial.outcome,
        used=used,
        offset=_offset(trial, exposure),
        shift=_shift(trial, deltas),
    )
    if (data.gaps & (data.shift != 0)).any():
        raise AnalysisError(
            "deltas move a value that is missing before one that is used; such a gap is at random"
        )
    return data


def _offset(trial: IncompleteTrial, exposure: str | None) -> np.ndarray:
    if exposure is None:
        return np.zeros(trial.shape)
    found = numbers(trial.frame, exposure, parameter="exposure")
    if not (found > 0).all():
        raise AnalysisError(f"exposure={exposure!r} must be above 0 and known in every row")
    return np.asarray(np.log(found).reshape(trial.shape))


def _shift(trial: IncompleteTrial, deltas: pd.DataFrame | None) -> np.ndarray:
    found = np.zeros(trial.shape) if deltas is None else placed_deltas(trial, deltas)
    return np.where(trial.missing, found, 0.0)
