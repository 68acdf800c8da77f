"""Intercurrent events: from which visit on they affect a subject, and what is supposed from there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import column, plain
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import ImputationStrategy

AT_RANDOM = ImputationStrategy.MISSING_AT_RANDOM.value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Affected:
    """From which visit on each subject is affected, and by the name of which strategy.

    ``first`` is the number of visits where there is no event; ``strategy`` is then missing at random.
    """

    first: np.ndarray  # (n,)
    strategy: tuple[str, ...]  # (n,)
    visits: int

    @property
    def after(self) -> np.ndarray:
        """Which visits stand at or after the event (n, m)."""
        return np.arange(self.visits) >= self.first[:, None]

    @property
    def not_at_random(self) -> np.ndarray:
        """Which of these are not supposed missing at random (n, m)."""
        other = np.array([each != AT_RANDOM for each in self.strategy], dtype=bool)
        return np.asarray(self.after & other[:, None])


def read_events(
    events: pd.DataFrame | None,
    *,
    subject: str,
    visit: str,
    subjects: tuple[object, ...],
    visits: tuple[object, ...],
) -> Affected:
    """The events of a frame with columns ``subject``, ``visit`` and ``strategy``, a row a subject."""
    first = np.full(len(subjects), len(visits), dtype=np.intp)
    strategy = [AT_RANDOM] * len(subjects)
    if events is not None:
        known = {each: at for at, each in enumerate(subjects)}
        steps = {each: at for at, each in enumerate(visits)}
        rows = zip(
            plain(column(events, subject, parameter="subject of events")),
            plain(column(events, visit, parameter="visit of events")),
            plain(column(events, "strategy", parameter="strategy of events")),
            strict=True,
        )
        told: set[object] = set()
        for who, when, what in rows:
            at = _place(who, known, "events name the subject", "a subject of the data")
            step = _place(when, steps, f"the event of {who!r} stands at the visit", "a visit")
            if who in told:
                raise AnalysisError(
                    f"events have two rows of subject {who!r}",
                    advice="give the first visit that is affected",
                )
            told.add(who)
            if not isinstance(what, str) or not what:
                raise AnalysisError(f"the event of subject {who!r} has no strategy: {what!r}")
            first[at], strategy[at] = step, str(what)
    return Affected(first=first, strategy=tuple(strategy), visits=len(visits))


def renamed(
    affected: Affected, strategy: str | Mapping[str, str] | None, outcome: np.ndarray
) -> Affected:
    """The same events with another strategy: of all, or of those that a mapping names.

    What was observed after an event is left out of the imputation model unless it is supposed missing
    at random, so that this cannot change once draws are made, but for subjects without such values.
    """
    if strategy is None:
        return affected
    has_event = affected.first < affected.visits
    before = np.array(affected.strategy, dtype=object)
    given = strategy if isinstance(strategy, Mapping) else None
    after = before.copy()
    for at in np.flatnonzero(has_event):
        name = before[at]
        after[at] = str(given.get(name, name) if given is not None else strategy)
    turned = (before == AT_RANDOM) != (after == AT_RANDOM)
    seen = (affected.after & ~np.isnan(outcome)).any(axis=1)
    if (turned & seen).any():
        raise AnalysisError(
            f"{int((turned & seen).sum())} subject(s) have values after the event, of which the "
            "imputation model made use, or not, by the strategy that it was fitted with",
            advice="give this strategy with the events and draw again",
        )
    return Affected(first=affected.first, strategy=tuple(map(str, after)), visits=affected.visits)


def _place(value: object, known: Mapping[object, int], what: str, of: str) -> int:
    if value not in known:
        raise AnalysisError(f"{what} {value!r}, which is not {of}")
    return known[value]
