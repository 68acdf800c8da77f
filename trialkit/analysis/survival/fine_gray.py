"""Fine and Gray's regression of the incidence of one of several competing events.

The method is in ``docs/methods/competing_events.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.survival.competing_events import cause_number, read_causes
from trialkit.analysis.survival.competing_risk_sets import (
    competing_risk_sets,
    influence_of_censoring,
)
from trialkit.analysis.survival.cox_fit import CoxFit, sandwich, standardised
from trialkit.analysis.survival.cox_rows import CoxRows, read_cox_rows
from trialkit.analysis.survival.newton import maximise
from trialkit.analysis.survival.partial_likelihood import breslow
from trialkit.analysis.survival.ratio_tables import coefficient_table, ratio_table
from trialkit.protocol.methods.linear_models import Comparisons
from trialkit.protocol.methods.time_to_event import TiedEvents
from trialkit.results.effect import Scale
from trialkit.results.pictures import PictureKind, Pictures, effects_picture
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FineGray(Tabular):
    """A fitted model of the subdistribution hazard of ``cause``."""

    time: str
    cause: object
    reference: object
    n_events: int
    n_competing: int
    fit: CoxFit

    @property
    def title(self) -> str:
        """The model in a line."""
        return (
            f"Fine-Gray regression of {self.time} to {self.cause}{self.fit.rows.adjusted_words} (n = {self.n}, "
            f"{self.n_events} events, {self.n_competing} competing)"
        )

    @property
    def n(self) -> int:
        """How many subjects are used."""
        return len(self.fit.rows.time)

    @property
    def log_likelihood(self) -> float:
        """The logarithm of the weighted partial likelihood at its maximum."""
        return self.fit.maximum.at.log_likelihood

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.fit.rows.excluded

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.EFFECTS: lambda: effects_picture(
                self.to_frame(), scale=Scale.SUBDISTRIBUTION_HAZARD_RATIO
            ),
        }

    def to_frame(self) -> pd.DataFrame:
        """The subdistribution hazard ratio of each arm and the reference."""
        return self.hazard_ratios()

    def hazard_ratios(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Subdistribution hazard ratios, with the columns of a Cox regression's."""
        return ratio_table(self.fit, self.reference, comparisons=comparisons, conf_level=conf_level)

    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """Every coefficient, with the columns of a Cox regression's."""
        return coefficient_table(self.fit, conf_level=conf_level)


def fine_gray(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    cause: object,
    censored: object | None,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    subject: str | None = None,
    order: Order | None = None,
) -> FineGray:
    """Fine and Gray's proportional subdistribution hazards regression.

    Estimand
        The ratio of the subdistribution hazards of a cause: above 1 its cumulative incidence is
        higher. It is no ratio of rates among those still free of all events; a Cox regression that
        censors the other causes is.

    Reference
        Fine JP, Gray RJ. JASA 1999;94:496-509. Ties after Breslow; the variance counts what the
        estimated weights of censoring add.

    Checked against
        ``tests/reference/survival/competing_mgus2.json`` (R cmprsk::crr)

    Data are as in :func:`cumulative_incidence`, ``cause`` the event that is modelled. Censoring is
    taken to be alike in all arms, as ``crr`` takes it. Raises :class:`AnalysisError` as
    :func:`cumulative_incidence` and :func:`cox_regression` do, and for a cause that nobody had.
    """
    frame = as_pandas(frame)
    values, causes = read_causes(frame, event, censored=censored)
    number = cause_number(causes, cause)
    rows = read_cox_rows(
        frame,
        time=time,
        event=event,
        arm=arm,
        reference=reference,
        covariates=covariates,
        event_value=cause,
        subject=subject,
        order=order,
    )
    own = values[rows.places]
    kind = np.where(own == number, 1, np.where(own > 0, 2, 0))
    return FineGray(
        time=time,
        cause=cause,
        reference=reference,
        n_events=int((kind == 1).sum()),
        n_competing=int((kind == 2).sum()),
        fit=_fit(rows, kind),
    )


@one_thread()
def _fit(rows: CoxRows, kind: np.ndarray) -> CoxFit:
    """The maximum and its sandwich, of kinds (n,): 1 of the cause, 2 of another, 0 censored."""
    sets = competing_risk_sets(rows.time, kind)
    covariates, scale = standardised(rows, sets.order)
    likelihood = breslow(sets, covariates)
    maximum = maximise(likelihood, len(scale))
    residuals = likelihood.score_residuals(maximum.beta) + influence_of_censoring(
        likelihood, maximum.beta, time=rows.time[sets.order], kind=kind[sets.order]
    )
    return CoxFit(
        rows=rows,
        ties=TiedEvents.BRESLOW,
        likelihood=likelihood,
        maximum=maximum,
        scale=scale,
        robust=sandwich(residuals, maximum, scale),
    )
