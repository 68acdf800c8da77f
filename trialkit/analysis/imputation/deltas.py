"""Delta adjustment: what is added to imputed values, by arm, visit and time since the event."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import numbers, plain
from trialkit.analysis.imputation.events import AT_RANDOM
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.incomplete import IncompleteTrial
from trialkit.errors import AnalysisError


def imputation_deltas(
    imputations: Imputations,
    *,
    delta: Sequence[float] | Mapping[object, Sequence[float]] | None = None,
    lag: Sequence[float] | None = None,
    missing_only: bool = True,
) -> pd.DataFrame:
    """What is to be added to each value: a row for each subject and visit.

    Columns are those of subject, visit and arm, ``is_mar``, ``is_missing``, ``is_post_event``,
    ``strategy`` (where missing) and ``delta``. ``delta`` has a number for each visit, or such numbers by
    arm (arms that are not named get none); ``lag`` scales it at the first affected visit, the second,
    and so on. The products are summed up from the first affected visit on: ``lag`` (1, 0, 0, …) with
    equal ``delta`` adds the same at every visit, ones add one ``delta`` more at each. Without ``delta``
    the column is zero, for the caller to fill. ``missing_only`` adds nothing to observed values.

    Raises :class:`AnalysisError` for unknown arms and numbers that are not one a visit.
    """
    trial, affected = imputations.draws.trial, imputations.affected
    n, m = trial.shape
    after, missing = affected.after, trial.missing
    added = np.zeros((n, m))
    if delta is None and lag is not None:
        raise AnalysisError("lag scales a delta, and none is given")
    if delta is not None:
        scale = np.eye(1, m)[0] if lag is None else _numbers(lag, "lag", m)
        for code, each in enumerate(_by_arm(delta, trial.arms, m)):
            added[trial.arm == code] = _summed(each, scale, affected.first[trial.arm == code])
        if missing_only:
            added[after & ~missing] = 0.0
    strategy = np.where(affected.not_at_random, np.array(affected.strategy)[:, None], AT_RANDOM)
    columns = trial.columns
    return pd.DataFrame(
        {
            columns.subject: np.repeat(np.array(trial.subjects, dtype=object), m),
            columns.visit: list(trial.visits) * n,
            columns.arm: [trial.arms[code] for code in np.repeat(trial.arm, m)],
            "is_mar": ~affected.not_at_random.ravel(),
            "is_missing": missing.ravel(),
            "is_post_event": after.ravel(),
            "strategy": np.where(missing, strategy, "").ravel(),
            "delta": added.ravel(),
        }
    )


def added_values(imputations: Imputations, deltas: pd.DataFrame | None) -> np.ndarray | None:
    """The column ``delta`` of a frame by subject and visit (n, m); rows that lack add nothing.

    Raises :class:`AnalysisError` for unknown subjects or visits, missing deltas and rows twice.
    """
    if deltas is None:
        return None
    return placed_deltas(imputations.draws.trial, deltas)


def placed_deltas(trial: IncompleteTrial, deltas: pd.DataFrame) -> np.ndarray:
    """The column ``delta`` by subject and visit of ``trial`` (n, m), as :func:`added_values`."""
    columns = trial.columns
    n, m = trial.shape
    found = np.zeros(n * m)
    values = numbers(deltas, "delta", parameter="deltas")
    places = []
    for parameter, name, known in (
        ("subject", columns.subject, trial.subjects),
        ("visit", columns.visit, trial.visits),
    ):
        if name not in deltas.columns:
            raise AnalysisError(f"the frame of deltas has no column {name!r}")
        at = pd.Index(list(known)).get_indexer(pd.Index(plain(deltas[name])))
        if (at < 0).any():
            strange = plain(deltas[name])[int(np.argmax(at < 0))]
            raise AnalysisError(f"the frame of deltas names the {parameter} {strange!r}")
        places.append(at)
    place = places[0] * m + places[1]
    if len(np.unique(place)) < len(place) or np.isnan(values).any():
        raise AnalysisError("the frame of deltas needs one number a subject and visit")
    found[place] = values
    return found.reshape(n, m)


def _by_arm(
    delta: Sequence[float] | Mapping[object, Sequence[float]], arms: tuple[object, ...], m: int
) -> list[np.ndarray]:
    if not isinstance(delta, Mapping):
        return [_numbers(delta, "delta", m)] * len(arms)
    unknown = [each for each in delta if each not in arms]
    if unknown:
        raise AnalysisError(
            f"delta names the arm {unknown[0]!r}; arms are {', '.join(map(repr, arms))}"
        )
    none = [0.0] * m
    return [_numbers(delta.get(arm, none), f"delta of {arm!r}", m) for arm in arms]


def _numbers(given: Sequence[float], what: str, m: int) -> np.ndarray:
    found = np.asarray(given, dtype=float)
    if found.shape != (m,) or not np.isfinite(found).all():
        raise AnalysisError(f"{what} needs a number for each of {m} visits, got {given!r}")
    return found


def _summed(delta: np.ndarray, lag: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Σ of delta times the lag since ``first``, up to each visit (subject, m)."""
    visit = np.arange(len(delta))
    since = visit - first[:, None]
    scaled = np.where(since >= 0, delta * lag[np.clip(since, 0, None)], 0.0)
    return np.asarray(np.cumsum(scaled, axis=1))
