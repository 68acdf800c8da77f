"""A planned multiple imputation in many simulated trials, one after the other."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import PooledImputations, pool_imputations
from trialkit.errors import AnalysisError
from trialkit.planned.imputing.affected import first_affected, missing_tails
from trialkit.planned.methods.kernel import Decisions, SimulatedTrials
from trialkit.protocol.methods.imputation import ImputationStrategy, ImputedQuantity
from trialkit.protocol.methods.imputing_method import MISSING
from trialkit.protocol.methods.multiple_imputation import MultipleImputation

_FOUND = ("estimate", "se", "p_value", "conf_low", "conf_high")


def decide_imputed(specification: MultipleImputation, trials: SimulatedTrials) -> Decisions:
    """The pooled difference of each arm at the time point, NaN where a data set does not allow it.

    What the plan supposes after an event holds from leaving on: where it is an event of the plan that a
    form records, also of who was observed afterwards; else from the first of the visits from which to
    the last no value is there. Who lacks the baseline is left out.
    """
    arms = int(trials.arms.max())
    found = {name: np.full((len(trials.values), arms), np.nan) for name in _FOUND}
    columns = _Columns(specification, trials)
    for place in range(len(trials.values)):
        try:
            pooled = _pooled(specification, trials, columns, place)
        except AnalysisError:
            continue
        frame = pooled.to_frame()
        at = frame["visit"].astype(int) == trials.place
        own = frame[at & (frame["quantity"] == ImputedQuantity.DIFFERENCE.value)]
        order = own["arm"].astype(int).to_numpy() - 1
        for name in _FOUND:
            found[name][place, order] = own[name].to_numpy(dtype=float)
    return Decisions(**found)


class _Columns:
    """The covariates of a plan as columns of numbers, a category as several, by their names."""

    def __init__(self, specification: MultipleImputation, trials: SimulatedTrials) -> None:
        self.values: dict[str, np.ndarray] = {}
        self.named: dict[str, tuple[str, ...]] = {}
        for name in specification.imputed_from:
            drawn = trials.columns((name,))
            own = tuple(f"{name}_{at}" for at in range(drawn.shape[2]))
            self.named[name] = own
            self.values |= {each: drawn[:, :, at] for at, each in enumerate(own)}

    def of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of these covariates."""
        return tuple(each for name in names for each in self.named[name])


def _pooled(
    specification: MultipleImputation, trials: SimulatedTrials, columns: _Columns, place: int
) -> PooledImputations:
    rows = _rows(trials, columns, place)
    model = imputation_model(
        rows,
        outcome="value",
        subject="subject_id",
        visit="visit",
        arm="arm",
        reference="0",
        covariates=columns.of((*specification.covariates, *specification.auxiliary)),
        covariates_by_visit=columns.of(specification.covariates_by_visit),
        events=_events(rows, specification, _left(specification, trials, place)),
        covariance=specification.covariance,
        fallback=specification.fallback,
        covariance_by_arm=specification.covariance_by_arm,
        method=specification.likelihood,
    )
    random = specification.draws.is_random
    drawn = imputation_draws(
        model,
        method=specification.draws,
        draws=specification.samples,
        seed=int(trials.rng.integers(2**32)) if random else None,
    )
    ancova = ImputedAncova(covariates=columns.of(specification.model_covariates or ()))
    analyses = analyse_imputations(impute(drawn), ancova)
    return pool_imputations(analyses, conf_level=trials.level, limits=specification.limits)


def _rows(trials: SimulatedTrials, columns: _Columns, place: int) -> pd.DataFrame:
    """A row a participant and visit after baseline; visits and arms are named by their numbers."""
    values = trials.values[place]
    n, visits = values.shape
    there = ~np.isnan(values[:, 0])
    frame = pd.DataFrame(
        {
            "subject_id": np.repeat(np.arange(n).astype(str), visits - 1),
            "visit": _in_order(np.tile(np.arange(1, visits), n), range(1, visits)),
            "arm": _in_order(np.repeat(trials.arms, visits - 1), range(trials.arms.max() + 1)),
            "value": values[:, 1:].ravel(),
            "missing_reason": "",
            **{name: np.repeat(drawn[place], visits - 1) for name, drawn in columns.values.items()},
        }
    )
    return frame[np.repeat(there, visits - 1)].reset_index(drop=True)


def _in_order(numbers: np.ndarray, known: Iterable[int]) -> pd.Categorical:
    """Numbers as names in their order."""
    return pd.Categorical(numbers.astype(str), categories=[*map(str, known)], ordered=True)


def _left(
    specification: MultipleImputation, trials: SimulatedTrials, place: int
) -> pd.DataFrame | None:
    """Who has left, with the first visit after it; None where the plan supposes nothing of that."""
    if trials.gone is None or not trials.event:
        return None
    if trials.event not in specification.follows((trials.event,)):
        return None
    gone = trials.gone[place, :, 1:]
    who = np.flatnonzero(gone.any(axis=1))
    visits = (gone[who].argmax(axis=1) + 1).astype(str)
    return pd.DataFrame(
        {"subject_id": who.astype(str), "visit": visits, "event": trials.event}, dtype=object
    )


def _events(
    rows: pd.DataFrame, specification: MultipleImputation, left: pd.DataFrame | None
) -> pd.DataFrame | None:
    """Who is affected from which visit on: what comes first, leaving or the last values missing."""
    if specification.strategy is ImputationStrategy.MISSING_AT_RANDOM:
        return None
    known = [missing_tails(rows).assign(event=MISSING)]
    if left is not None:
        known.append(left[left["subject_id"].isin(rows["subject_id"])])
    return first_affected(known, list(rows["visit"].cat.categories), specification)


def imputation_refusal(specification: MultipleImputation) -> str:
    """Why a multiple imputation is not simulated; blank where it is."""
    if specification.model_covariates is None:
        return "a multiple imputation analysed by another model than ANCOVA has no kernel"
    if specification.strategies or specification.shifts:
        return "a multiple imputation with strategies by event or a delta has no kernel"
    if specification.visits:
        return "a multiple imputation of chosen visits has no kernel"
    if set(specification.model_covariates) - {*specification.imputed_from}:
        return "a multiple imputation analysed with other covariates has no kernel"
    return ""
