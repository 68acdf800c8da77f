"""The visits one after the other: each outcome given arm, covariates and the outcomes before it.

A value that is missing while a later one is used (a gap) is drawn given what came before and after:
Metropolis' steps, of which the proposal is the regression of its own visit. Whatever is missing after
the last used value is drawn forwards.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.imputation.visit_regression import VisitRegression, drawn_regression
from trialkit.protocol.methods.imputation import SequentialFamily


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainData:
    """What the regressions are of.

    ``base`` (n, q) has an intercept, the arm and standardised covariates; ``base_after`` the same with
    the arm in which missing values after an event are drawn. ``used`` says which values the regressions
    are fitted to. ``shift`` is added to the linear predictor where values are drawn forwards.
    """

    family: SequentialFamily
    base: np.ndarray
    base_after: np.ndarray
    after: np.ndarray  # (n, m) where ``base_after`` holds
    outcome: np.ndarray  # (n, m), NaN where missing
    used: np.ndarray  # (n, m)
    offset: np.ndarray  # (n, m)
    shift: np.ndarray  # (n, m)

    @property
    def missing(self) -> np.ndarray:
        """Which values are missing (n, m)."""
        return np.asarray(np.isnan(self.outcome))

    @property
    def gaps(self) -> np.ndarray:
        """Which missing values have a later one that is used (n, m)."""
        later = np.cumsum(self.used[:, ::-1], axis=1)[:, ::-1] > 0
        return np.asarray(self.missing & later)

    def history(self, values: np.ndarray) -> np.ndarray:
        """Outcomes as columns of a regression: centred, or logarithms of counts."""
        if self.family is SequentialFamily.LOGISTIC:
            return values - 0.5
        return np.asarray(np.log1p(values))

    def rows(self, values: np.ndarray, who: np.ndarray, visit: int, base: np.ndarray) -> np.ndarray:
        """The columns of the regression at ``visit`` for some subjects (D, k, p)."""
        past = self.history(values[:, who, :visit])
        fixed = np.broadcast_to(base[who], (len(values), *base[who].shape))
        return np.concatenate([fixed, past], axis=2)


def drawn_values(
    data: ChainData, *, draws: int, cycles: int, random: np.random.Generator
) -> np.ndarray:
    """The missing values of each draw (draw, missing value), in the order of subjects, then visits."""
    m = data.outcome.shape[1]
    gaps = data.gaps
    values = np.repeat(data.outcome[None], draws, axis=0)
    for visit in range(m):
        who = np.flatnonzero(gaps[:, visit])
        known = data.outcome[data.used[:, visit], visit]
        values[:, who, visit] = random.choice(known, (draws, len(who)))
    for _ in range(cycles if gaps.any() else 1):
        models = _models(data, values, gaps, random)
        for visit in range(m):
            metropolis(data, models, values, gaps=gaps, visit=visit, random=random)
    for visit in range(m):
        who = np.flatnonzero(data.missing[:, visit] & ~gaps[:, visit])
        if len(who):
            own = data.rows(values, who, visit, data.base)
            other = data.rows(values, who, visit, data.base_after)
            rows = np.where(data.after[who, visit, None], other, own)
            eta = models[visit].predictor(rows) + data.offset[who, visit] + data.shift[who, visit]
            values[:, who, visit] = models[visit].draw(eta, random)
    return values[:, data.missing]


def _models(
    data: ChainData, values: np.ndarray, gaps: np.ndarray, random: np.random.Generator
) -> list[VisitRegression]:
    """A draw of the regression of each visit."""
    found = []
    for visit in range(data.outcome.shape[1]):
        who = np.flatnonzero(data.used[:, visit])
        # where nobody has a gap before, all draws have the same rows
        alike = not gaps[who, :visit].any()
        rows = data.rows(values[:1] if alike else values, who, visit, data.base)
        found.append(
            drawn_regression(
                data.family,
                rows,
                data.outcome[who, visit],
                data.offset[who, visit],
                draws=len(values),
                random=random,
            )
        )
    return found


def metropolis(
    data: ChainData,
    models: list[VisitRegression],
    values: np.ndarray,
    *,
    gaps: np.ndarray,
    visit: int,
    random: np.random.Generator,
) -> None:
    """Propose the gaps of ``visit`` anew in place, and keep what the later values speak for."""
    who = np.flatnonzero(gaps[:, visit])
    if not len(who):
        return
    eta = models[visit].predictor(data.rows(values, who, visit, data.base))
    tried = values[:, who].copy()
    tried[:, :, visit] = models[visit].draw(eta + data.offset[who, visit], random)
    gain = np.zeros(eta.shape)
    whole = values.copy()
    whole[:, who] = tried
    for later in range(visit + 1, values.shape[2]):
        counts = data.used[who, later] | gaps[who, later]
        if not counts.any():
            continue
        outcome = np.where(counts, values[:, who, later], 0.0)
        for chain, sign in ((whole, 1.0), (values, -1.0)):
            rows = data.rows(chain, who, later, data.base)
            rows = np.where(np.isnan(rows), 0.0, rows)
            eta = models[later].predictor(rows) + data.offset[who, later]
            gain += sign * np.where(counts, models[later].log_likelihood(outcome, eta), 0.0)
    kept = np.log(random.random(gain.shape)) < gain
    values[:, who, visit] = np.where(kept, tried[:, :, visit], values[:, who, visit])
