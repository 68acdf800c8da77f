"""Cox regression: hazard ratios of arms, adjusted for covariates and within strata.

The method is in ``docs/methods/time_to_event.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.survival.baseline_hazard import baseline_steps
from trialkit.analysis.survival.cox_fit import CoxFit, fit_cox
from trialkit.analysis.survival.cox_rows import read_cox_rows
from trialkit.analysis.survival.profiled_ratios import profiled_ratio_table
from trialkit.analysis.survival.proportional_hazards import proportionality_tests
from trialkit.analysis.survival.ratio_tables import coefficient_table, ratio_table
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import Comparisons
from trialkit.protocol.methods.time_to_event import HazardLimits, TiedEvents, TimeScale
from trialkit.protocol.tables.choices import choose
from trialkit.results.effect import Scale
from trialkit.results.pictures import PictureKind, Pictures, effects_picture
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CoxRegression(Tabular):
    """A fitted Cox model; ``excluded`` lists the rows that could not be used."""

    time: str
    event: str
    reference: object
    fit: CoxFit

    @property
    def title(self) -> str:
        """The model in a line."""
        rows = self.fit.rows
        notes = [f"{self.fit.ties.value} ties", f"n = {self.n}", f"{self.n_events} events"]
        if (strata := int(rows.strata.max()) + 1) > 1:
            notes.append(f"{strata} strata")
        if self.fit.robust is not None:
            notes.append("robust standard errors")
        model = f"Cox regression of {self.time} to {self.event}{rows.adjusted_words}"
        return f"{model} ({', '.join(notes)})"

    @property
    def n(self) -> int:
        """How many rows are used."""
        return len(self.fit.rows.time)

    @property
    def n_events(self) -> int:
        """How many of them end with the event."""
        return int(self.fit.rows.event.sum())

    @property
    def arms(self) -> tuple[object, ...]:
        """The arms in their stated order."""
        return self.fit.rows.arm.levels

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.fit.rows.excluded

    @property
    def log_likelihood(self) -> float:
        """The logarithm of the partial likelihood at its maximum."""
        return self.fit.maximum.at.log_likelihood

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.EFFECTS: lambda: effects_picture(self.to_frame(), scale=Scale.HAZARD_RATIO),
        }

    def to_frame(self) -> pd.DataFrame:
        """The hazard ratio of each arm and the reference."""
        return self.hazard_ratios()

    def hazard_ratios(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        limits: HazardLimits | str = HazardLimits.WALD,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Hazard ratios of arms, against the reference or of ``all_pairs``.

        Columns ``contrast``, ``estimate``, ``se`` (of the logarithm, robust where asked for),
        ``statistic``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``status``, ``note``.
        Where one of two arms has no event at a time that tells, the ratio is 0 or infinite and its
        Wald limits are 0 and infinity. ``profile`` limits, with the likelihood ratio test, of
        comparisons with the reference, leave one of them finite.
        """
        check_level(conf_level)
        compared = choose(Comparisons, comparisons, parameter="comparisons")
        if choose(HazardLimits, limits, parameter="limits") is HazardLimits.WALD:
            return ratio_table(
                self.fit, self.reference, comparisons=compared, conf_level=conf_level
            )
        if compared is not Comparisons.REFERENCE:
            raise AnalysisError("profile limits are of comparisons with the reference alone")
        return profiled_ratio_table(self.fit, self.reference, conf_level=conf_level)

    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """Every coefficient: the logarithm of a hazard ratio, with Wald's test and limits.

        Columns ``coefficient``, ``estimate``, ``se``, ``statistic``, ``p_value``, ``conf_low``,
        ``conf_high``, ``conf_level``, ``status``, ``note``, ``model_se`` (the inverse
        information's) and ``hazard_ratio``.
        """
        return coefficient_table(self.fit, conf_level=conf_level)

    def tests(self) -> pd.DataFrame:
        """The likelihood ratio, score and Wald tests of the whole model: test, statistic, df, p_value."""
        rows = [(each.name, each.statistic, each.df, each.p_value) for each in self.fit.tests()]
        return pd.DataFrame(rows, columns=["test", "statistic", "df", "p_value"])

    def proportional_hazards(self, scale: TimeScale | str = TimeScale.KAPLAN_MEIER) -> pd.DataFrame:
        """Whether hazard ratios change with time: a score test of each term and of all together.

        Reference: Grambsch PM, Therneau TM. Biometrika 1994;81:515-526, as in R survival 3's
        ``cox.zph`` (the whole information, not its mean). Columns ``term``, ``statistic``, ``df``,
        ``p_value``; the last row is ``global``.
        """
        return proportionality_tests(self.fit, choose(TimeScale, scale, parameter="scale"))

    def baseline_hazard(self) -> pd.DataFrame:
        """The cumulative hazard where covariates are 0 and categories at their first level.

        Columns ``stratum`` (by number), ``time``, ``cumulative_hazard``, ``survival``: the steps of
        each stratum, of Efron or Breslow as the ties are.
        """
        return baseline_steps(self.fit)


def cox_regression(
    frame: AnyFrame,
    *,
    time: str,
    event: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    strata: Sequence[str] = (),
    start: str | None = None,
    ties: TiedEvents | str = TiedEvents.EFRON,
    robust: bool = False,
    cluster: str | None = None,
    event_value: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> CoxRegression:
    """Cox's proportional hazards regression of the time to an event by arm.

    Estimand
        The ratio of the hazards of subjects with the same covariates (and of one stratum) in two
        arms, taken to be the same at all times. It is conditional on the covariates: adjusting for
        one that matters moves it away from 1.

    Reference
        Cox DR. J R Stat Soc B 1972;34:187-220. Efron B. JASA 1977;72:557-565. Breslow N. Biometrics
        1974;30:89-99. Lin DY, Wei LJ. JASA 1989;84:1074-1078 (robust).

    Checked against
        ``tests/reference/survival/survival_veteran.json`` (R survival::coxph, cox.zph)

    A row of ``frame`` is a subject, watched until ``time``; with ``start`` it is an interval of one,
    who is at risk after its start and until its end. ``event`` is as in :func:`kaplan_meier`.
    Covariates are numeric or, with their order stated, categorical. ``ties`` are ``efron`` (the
    default here and in R), ``breslow`` (the default of SAS and Stata) or ``exact`` (the discrete
    model). ``robust`` takes the sandwich of Lin and Wei, with the rows of a ``cluster`` together.
    Where the likelihood has no maximum (nobody of an arm had the event) the ratio is 0 or infinite
    without limits, and says so. Raises :class:`AnalysisError` for negative times, an interval that
    does not end after it starts, an event that is not yes or no, unknown, collinear or constant
    covariates, an arm without a row, two rows of a ``subject`` (unless there is a ``start``), and where nobody
    had the event.
    """
    frame = as_pandas(frame)
    method = choose(TiedEvents, ties, parameter="ties")
    rows = read_cox_rows(
        frame,
        time=time,
        event=event,
        arm=arm,
        reference=reference,
        covariates=covariates,
        strata=strata,
        start=start,
        cluster=cluster,
        event_value=event_value,
        subject=subject,
        order=order,
    )
    return CoxRegression(
        time=time,
        event=event,
        reference=reference,
        fit=fit_cox(rows, ties=method, robust=robust or cluster is not None),
    )
