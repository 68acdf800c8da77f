"""Imputation: what stands in place of each missing value, draw by draw.

The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.imputation.conditional import (
    ImputedAlike,
    conditional,
    expected_means,
    subjects_alike,
)
from trialkit.analysis.imputation.draws import Draws
from trialkit.analysis.imputation.events import AT_RANDOM, Affected, renamed
from trialkit.analysis.imputation.resamples import stream
from trialkit.analysis.imputation.strategies import STRATEGIES, StrategyFunction
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular

_AT_ONCE = 2_000_000  # numbers of a chunk of imputed data sets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Imputations(Tabular):
    """Imputed data sets, made when they are asked for and never kept all together.

    ``references`` (arm) are the codes of the arms that stand for each arm after an event.
    """

    draws: Draws
    affected: Affected
    references: tuple[int, ...]
    functions: Mapping[str, StrategyFunction]
    alike: tuple[ImputedAlike, ...]

    @property
    def n_imputations(self) -> int:
        """How many imputed data sets there are."""
        return self.draws.n_draws * self.draws.nested

    @property
    def title(self) -> str:
        """What was imputed, in a line."""
        count = int(self.draws.trial.missing.sum())
        return (
            f"{count} missing values imputed {self.n_imputations} times ({self.draws.method.value})"
        )

    def to_frame(self) -> pd.DataFrame:
        """How many missing values each strategy imputes, by arm and visit.

        Columns ``arm``, ``visit``, ``strategy``, ``n_missing``.
        """
        trial = self.draws.trial
        subject, visit = np.nonzero(trial.missing)
        frame = pd.DataFrame(
            {
                "arm": [trial.arms[trial.arm[i]] for i in subject],
                "visit": [trial.visits[v] for v in visit],
                "strategy": [
                    self.affected.strategy[i] if self.affected.after[i, v] else AT_RANDOM
                    for i, v in zip(subject, visit, strict=True)
                ],
            }
        )
        counted = frame.groupby(["arm", "visit", "strategy"], sort=False).size()
        return counted.rename("n_missing").reset_index()

    def chunks(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Some draws at a time, and the imputed values (draw · nested, missing value) of each.

        The missing values stand in the order of subjects, then visits.
        """
        n, m = self.draws.trial.shape
        step = max(1, _AT_ONCE // (n * m * self.draws.nested))
        for start in range(0, self.draws.n_draws, step):
            some = slice(start, min(start + step, self.draws.n_draws))
            yield some, self.values(some)

    @one_thread()
    def values(self, some: slice) -> np.ndarray:
        """The imputed values (draw · nested, missing value) of some of the draws.

        Of a subject that a bootstrap sample has several times this is the mean of its copies.
        """
        draws = self.draws.some(some)
        missing = draws.trial.missing
        count = int(missing.sum())
        noise = self._noise(draws, count)
        found = np.empty((draws.n_draws, draws.nested, count))
        for own, expected, root in self._expected(draws):
            block = np.repeat(expected[:, None], draws.nested, axis=1)
            if noise is not None and root is not None:
                block += noise[:, :, own] @ np.swapaxes(root, 1, 2)[:, None]
            found[:, :, own] = block
        return found.reshape(draws.n_draws * draws.nested, -1)

    def sample(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """The subjects of one imputed data set, copies included, and their outcomes (row, m)."""
        draw, within = self._number(number)
        draws = self.draws.some(slice(draw, draw + 1))
        trial = draws.trial
        n = len(trial.subjects)
        times = np.ones(n, dtype=np.intp) if draws.counts is None else draws.counts[0].astype(int)
        subjects = np.repeat(np.arange(n), times)
        missing = trial.missing
        if draws.nested == 1:
            values = np.repeat(self.values(slice(draw, draw + 1)), max(1, times.max()), axis=0)
        else:
            noise = self._copies(draws, 0, int(missing.sum()))[:, within]
            values = np.empty_like(noise)
            for own, expected, root in self._expected(draws):
                assert root is not None
                values[:, own] = expected + noise[:, own] @ root[0].T
        copy = np.concatenate([np.arange(each) for each in times])
        place = np.cumsum(missing.ravel()).reshape(missing.shape) - 1
        outcomes = trial.outcome[subjects]
        row, visit = np.nonzero(missing[subjects])
        outcomes[row, visit] = values[copy[row], place[subjects[row], visit]]
        return subjects, outcomes

    def outcomes(self, some: slice) -> np.ndarray:
        """The imputed data sets (draw · nested, subject, visit) of some of the draws."""
        trial = self.draws.trial
        values = self.values(some)
        whole = np.repeat(trial.outcome[None], len(values), axis=0)
        whole[:, trial.missing] = values
        return whole

    def data_set(self, number: int) -> pd.DataFrame:
        """One imputed data set as the caller's frame, every subject with every visit.

        Where the draw resamples subjects these are its subjects, numbered in the column of subjects.
        """
        trial = self.draws.trial
        subjects, outcomes = self.sample(number)
        if self.draws.counts is None:
            return trial.completed(outcomes)
        m = len(trial.visits)
        rows = (subjects[:, None] * m + np.arange(m)).ravel()
        found = trial.frame.iloc[rows].reset_index(drop=True)
        named = {
            trial.columns.outcome: outcomes.ravel(),
            trial.columns.subject: np.repeat(np.arange(len(subjects)), m),
        }
        return found.assign(**named)

    def _number(self, number: int) -> tuple[int, int]:
        if not 0 <= number < self.n_imputations:
            raise AnalysisError(
                f"there are imputations 0 to {self.n_imputations - 1}, and not {number}"
            )
        return divmod(number, self.draws.nested)

    def _expected(self, draws: Draws) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
        """Places of missing values (subject, visit), what is expected there, and a root of the spread."""
        missing = draws.trial.missing
        place = np.cumsum(missing.ravel()).reshape(missing.shape) - 1
        means = expected_means(draws, self.references)
        for each in self.alike:
            expected, left = conditional(
                draws,
                means,
                each,
                reference=self.references[each.arm],
                functions=self.functions,
            )
            exact = draws.method.is_conditional_mean
            own = place[each.subjects][:, each.missing]
            yield own, expected, None if exact else np.linalg.cholesky(left)

    def _noise(self, draws: Draws, count: int) -> np.ndarray | None:
        """Standard normal values by draw, of random numbers that belong to the draw's number."""
        if draws.method.is_conditional_mean:
            return None
        if draws.nested == 1:
            rows = [
                self._random(draws, at).standard_normal((1, count)) for at in range(draws.n_draws)
            ]
            return np.stack(rows)
        times = np.stack([self._times(draws, at) for at in range(draws.n_draws)])
        found = np.empty((draws.n_draws, draws.nested, count))
        for at in range(draws.n_draws):
            copies = self._copies(draws, at, count)
            used = np.arange(len(copies))[:, None] < times[at]
            found[at] = (copies * used[:, None]).sum(axis=0) / np.maximum(times[at], 1)
        return found

    def _copies(self, draws: Draws, at: int, count: int) -> np.ndarray:
        """The normal values of each copy of a subject (copy, nested, missing value)."""
        most = int(max(1, self._times(draws, at).max(initial=1)))
        return self._random(draws, at).standard_normal((most, draws.nested, count))

    def _times(self, draws: Draws, at: int) -> np.ndarray:
        """How often the subject of each missing value counts."""
        assert draws.counts is not None
        subject, _ = np.nonzero(draws.trial.missing)
        return np.asarray(draws.counts[at][subject])

    def _random(self, draws: Draws, at: int) -> np.random.Generator:
        return stream(int(draws.seed or 0), 2, int(draws.numbers[at]))


def impute(
    draws: Draws,
    *,
    references: Mapping[object, object] | None = None,
    strategy: str | Mapping[str, str] | None = None,
    functions: Mapping[str, StrategyFunction] | None = None,
) -> Imputations:
    """Impute the missing values, given each subject's observed ones.

    Estimand
        That of the strategy of each event, from its first affected visit on. Missing values before
        it, and of subjects without one, are missing at random; under ``copy-reference`` an affected
        subject is imputed from the reference arm throughout.

    Reference
        Carpenter, Roger, Kenward, J Biopharm Stat 2013;23:1352.

    Checked against
        ``tests/reference/imputation/rbmi_antidepressant.json`` (R rbmi), by way of the estimates.

    ``references`` says which arm stands for each arm after an event: by default the reference arm for
    all. ``strategy`` changes that of every event, or of the events whose strategy it names. Missing at
    random cannot be changed into anything else, nor the reverse, for a subject with values after
    the event. ``functions`` are strategies of the caller's own by name (:data:`StrategyFunction`).

    Raises ``AnalysisError`` for unknown arms and strategies, and a subject without the visit that its
    strategy needs. The result has a row for each arm, visit and strategy.
    """
    trial = draws.trial
    affected = renamed(trial.affected, strategy, trial.outcome)
    return imputed_as(draws, affected, _references(trial.arms, references), functions)


def imputed_as(
    draws: Draws,
    affected: Affected,
    references: tuple[int, ...],
    functions: Mapping[str, StrategyFunction] | None,
) -> Imputations:
    """The imputations with these strategies of the events and these arms as references, as codes."""
    known = MappingProxyType({**STRATEGIES, **(functions or {})})
    if functions and AT_RANDOM in functions:
        raise AnalysisError(f"{AT_RANDOM} is what the imputation model supposes; it has no other")
    if any(not 0 <= each < len(draws.trial.arms) for each in references):
        raise AnalysisError("a reference is an arm that there is not")
    for name in affected.strategy:
        if name not in known:
            raise AnalysisError(
                f"the strategy {name!r} is not known; known are {', '.join(known)}",
                advice="give a function of that name in functions",
            )
    return Imputations(
        draws=draws,
        affected=affected,
        references=references,
        functions=known,
        alike=subjects_alike(draws, affected),
    )


def _references(arms: tuple[object, ...], given: Mapping[object, object] | None) -> tuple[int, ...]:
    stated = {} if given is None else dict(given)
    for arm in (*stated, *stated.values()):
        if arm not in arms:
            raise AnalysisError(
                f"references name the arm {arm!r}; arms are {', '.join(map(repr, arms))}"
            )
    return tuple(arms.index(stated.get(arm, arms[0])) for arm in arms)
