"""Regressions of events that happen again: LWYY's rate ratio, and PWP's hazard of the next event.

The method is in ``docs/methods/recurrent_events.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.recurrent.event_history import EventHistory, read_event_history
from trialkit.analysis.survival.cox_fit import CoxFit, fit_cox
from trialkit.analysis.survival.cox_rows import CoxRows, read_cox_rows
from trialkit.analysis.survival.ratio_tables import coefficient_table, ratio_table
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import Comparisons
from trialkit.protocol.methods.time_to_event import RecurrentClock, TiedEvents
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale
from trialkit.results.pictures import PictureKind, Pictures, effects_picture
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RecurrentRegression(Tabular):
    """A fitted model of events that happen again, with robust standard errors of subjects."""

    name: str
    event: str
    reference: object
    n_subjects: int
    fit: CoxFit

    @property
    def title(self) -> str:
        """The model in a line."""
        return (
            f"{self.name} of {self.event}{self.fit.rows.adjusted_words} ({self.fit.ties.value} ties, "
            f"{self.n_subjects} subjects, {self.n_events} events)"
        )

    @property
    def n_events(self) -> int:
        """How many events there are."""
        return int(self.fit.rows.event.sum())

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.fit.rows.excluded

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.EFFECTS: lambda: effects_picture(self.to_frame(), scale=Scale.HAZARD_RATIO),
        }

    def to_frame(self) -> pd.DataFrame:
        """The ratio of each arm and the reference."""
        return self.ratios()

    def ratios(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Ratios of arms, with the columns of a Cox regression's."""
        return ratio_table(self.fit, self.reference, comparisons=comparisons, conf_level=conf_level)

    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """Every coefficient, with the columns of a Cox regression's."""
        return coefficient_table(self.fit, conf_level=conf_level)


def lwyy_regression(
    frame: AnyFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    event: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    strata: Sequence[str] = (),
    ties: TiedEvents | str = TiedEvents.EFRON,
    event_value: object | None = None,
    order: Order | None = None,
) -> RecurrentRegression:
    """The rate ratio of events that happen again, after Lin, Wei, Yang and Ying.

    Estimand
        The ratio of the mean numbers of events of two arms, taken to be the same at all times,
        however the events of a subject go together.

    Reference
        Andersen PK, Gill RD. Ann Stat 1982;10:1100-1120. Lin DY, Wei LJ, Yang I, Ying Z. J R Stat
        Soc B 2000;62:711-730 (robust variance).

    Checked against
        ``tests/reference/survival/recurrent_survival_cgd.json`` (R survival::coxph)

    Rows are intervals, as in :func:`mean_cumulative`. ``ties`` are ``efron`` (the default) or
    ``breslow``. A death ends the follow-up like censoring does: where there are many, say what the
    ratio is then of. Raises :class:`AnalysisError` as :func:`mean_cumulative` and
    :func:`cox_regression` do.
    """
    frame = as_pandas(frame)
    rows, _, method = _read(
        frame,
        subject=subject,
        start=start,
        stop=stop,
        event=event,
        arm=arm,
        reference=reference,
        covariates=covariates,
        strata=strata,
        ties=ties,
        event_value=event_value,
        order=order,
    )
    return _fitted("LWYY regression", event, reference, rows, method)


def pwp_regression(
    frame: AnyFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    event: str,
    arm: str,
    reference: object,
    clock: RecurrentClock | str = RecurrentClock.TOTAL,
    covariates: Sequence[str] = (),
    last_stratum: int | None = None,
    ties: TiedEvents | str = TiedEvents.EFRON,
    event_value: object | None = None,
    order: Order | None = None,
) -> RecurrentRegression:
    """The hazard ratio of the next event, after Prentice, Williams and Peterson.

    Estimand
        The ratio of the hazards of the next event of subjects who had equally many before, taken to
        be the same for each. Whoever had many events is compared with others who had: a treatment
        that prevents the first ones changes who they are, so that it is no effect on the rate.

    Reference
        Prentice RL, Williams BJ, Peterson AV. Biometrika 1981;68:373-379.

    Checked against
        ``tests/reference/survival/recurrent_survival_cgd.json`` (R survival::coxph)

    Rows are intervals, as in :func:`mean_cumulative`; the number of earlier events, which is the
    stratum, is counted. Time counts from the origin (``total``) or from the event before (``gap``).
    ``last_stratum`` puts all events from that number on together, as where few subjects had so many.
    Standard errors are robust. Raises :class:`AnalysisError` as :func:`mean_cumulative` and
    :func:`cox_regression` do, and for a ``last_stratum`` below 1.
    """
    frame = as_pandas(frame)
    counting = choose(RecurrentClock, clock, parameter="clock")
    if last_stratum is not None and last_stratum < 1:
        raise AnalysisError(f"last_stratum counts events from 1, got {last_stratum!r}")
    rows, history, method = _read(
        frame,
        subject=subject,
        start=start,
        stop=stop,
        event=event,
        arm=arm,
        reference=reference,
        covariates=covariates,
        strata=(),
        ties=ties,
        event_value=event_value,
        order=order,
    )
    place = np.cumsum(history.kept)[rows.places] - 1
    earlier = history.earlier[place]
    if last_stratum is not None:
        earlier = np.minimum(earlier, last_stratum - 1)
    rows = replace(rows, strata=np.unique(earlier, return_inverse=True)[1])
    if counting is RecurrentClock.GAP:
        since, begin = history.since[place], history.start[place]
        rows = replace(rows, time=history.stop[place] - since, start=begin - since)
    return _fitted(f"PWP {counting.value}-time regression", event, reference, rows, method)


def _read(
    frame: pd.DataFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    event: str,
    arm: str,
    reference: object,
    covariates: Sequence[str],
    strata: Sequence[str],
    ties: TiedEvents | str,
    event_value: object | None,
    order: Order | None,
) -> tuple[CoxRows, EventHistory, TiedEvents]:
    """The rows of the model, the history of all intervals, and the treatment of ties."""
    method = choose(TiedEvents, ties, parameter="ties")
    history = read_event_history(
        frame,
        subject=subject,
        start=start,
        stop=stop,
        event=event,
        arm=arm,
        reference=reference,
        event_value=event_value,
        order=order,
    )
    rows = read_cox_rows(
        frame,
        time=stop,
        event=event,
        arm=arm,
        reference=reference,
        covariates=covariates,
        strata=strata,
        start=start,
        cluster=subject,
        event_value=event_value,
        subject=subject,
        order=order,
    )
    return rows, history, method


def _fitted(
    name: str, event: str, reference: object, rows: CoxRows, ties: TiedEvents
) -> RecurrentRegression:
    clusters = rows.clusters
    assert clusters is not None  # every row has a subject
    return RecurrentRegression(
        name=name,
        event=event,
        reference=reference,
        n_subjects=int(clusters.max()) + 1,
        fit=fit_cox(rows, ties=ties, robust=True),
    )
