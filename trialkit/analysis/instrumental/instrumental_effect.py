"""An effect of what was received, with its first stage and its assumptions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.instrumental.received_rows import WEAK, ReceivedRows
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.linear.least_squares import least_squares
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.instrumental_options import NonAdherence
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InstrumentalEffect(Tabular):
    """The effect of ``received`` by two-stage least squares, the arm being the instrument.

    ``effect`` says whose it is, ``assumptions`` what it rests on beside the trial's randomisation;
    ``adherence`` is None for an amount. ``exploratory`` is whether no trial can bear it out.
    """

    outcome: str
    received: str
    effect: str
    reference: object
    robust: RobustCovariance | None
    adherence: NonAdherence | None
    exploratory: bool
    assumptions: tuple[str, ...]
    stages: ReceivedRows

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        first = self.stages.fit.first_stage(self.robust)
        kind = "Exploratory two-stage" if self.exploratory else "Two-stage"
        errors = "model" if self.robust is None else self.robust.value
        return (
            f"{kind} least squares of {self.outcome} on {self.received} by "
            f"{self.stages.rows.arm.name} (first stage F = {first.statistic:.4g}, {errors} standard "
            f"errors, n = {len(self.stages.rows.outcome)})"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.stages.rows.excluded

    def to_frame(self) -> pd.DataFrame:
        """The effect, with 95 % limits."""
        return self.effects()

    def effects(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """One row.

        Columns ``effect``, ``received``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``,
        ``conf_low``, ``conf_high``, ``conf_level``, ``robust``, ``n``, ``first_stage_f``,
        ``adherence``, ``exploratory``, ``note``.
        """
        check_level(conf_level)
        fit = self.stages.fit
        estimate, se = float(fit.coefficients[0]), float(fit.se(self.robust)[0])
        first = fit.first_stage(self.robust)
        reach = t_critical(conf_level, fit.df) * se
        weak = first.statistic < WEAK
        return pd.DataFrame(
            [
                {
                    "effect": self.effect,
                    "received": self.received,
                    Stat.ESTIMATE.value: estimate,
                    Stat.SE.value: se,
                    Stat.DF.value: float(fit.df),
                    Stat.STATISTIC.value: estimate / se,
                    Stat.P_VALUE.value: float(t_p_value(np.array(estimate / se), fit.df)),
                    Stat.CONF_LOW.value: estimate - reach,
                    Stat.CONF_HIGH.value: estimate + reach,
                    Stat.CONF_LEVEL.value: conf_level,
                    "robust": "" if self.robust is None else self.robust.value,
                    Stat.N.value: len(fit.outcome),
                    "first_stage_f": first.statistic,
                    "adherence": "" if self.adherence is None else self.adherence.value,
                    "exploratory": self.exploratory,
                    "note": (
                        f"weak instrument (F below {WEAK:g}): estimate and limits are not to be "
                        "trusted, see weak_instrument_limits"
                        if weak
                        else ""
                    ),
                }
            ]
        )

    def first_stage(self) -> pd.DataFrame:
        """How far the arms moved what was received: a row each other arm.

        Columns ``contrast``, ``estimate`` (adjusted difference), ``received_experimental`` and
        ``received_reference`` (means as they are), and of all arms together ``statistic`` (F),
        ``df_num``, ``df_den``, ``p_value``.
        """
        stages = self.stages
        arm, first = stages.rows.arm, stages.fit.first_stage(self.robust)
        means = [
            float(stages.received[arm.codes == code].mean()) for code in range(len(arm.levels))
        ]
        others = [code for code in range(len(arm.levels)) if code != arm.base]
        moved = stages.fit.first.coefficients[-len(others) :]
        return pd.DataFrame(
            [
                {
                    "contrast": contrast_label(str(arm.levels[code]), str(self.reference)),
                    Stat.ESTIMATE.value: float(by),
                    "received_experimental": means[code],
                    "received_reference": means[arm.base],
                    Stat.STATISTIC.value: first.statistic,
                    Stat.DF_NUM.value: float(first.df_num),
                    Stat.DF_DEN.value: float(first.df_den),
                    Stat.P_VALUE.value: first.p_value,
                }
                for code, by in zip(others, moved, strict=True)
            ]
        )

    def as_randomised(self) -> pd.DataFrame:
        """The difference by arm, whatever was received: ``contrast`` and ``estimate``, a row each.

        By least squares with the same covariates (``ancova`` gives its limits). With two arms the
        effect is this difference over that of the first stage.
        """
        fit, arm = self.stages.fit, self.stages.rows.arm
        design = np.column_stack([fit.exogenous, fit.instruments])
        found = least_squares(design, fit.outcome).coefficients[-fit.instruments.shape[1] :]
        return pd.DataFrame(
            {
                "contrast": [
                    contrast_label(str(level), str(self.reference)) for level in arm.other_levels
                ],
                Stat.ESTIMATE.value: found,
            }
        )

    def weak_instrument_limits(self, *, conf_level: float = 0.95) -> tuple[float, float]:
        """Anderson and Rubin's limits, which hold however little the arms differ; ±∞ where open.

        Of one variance. Raises ``AnalysisError`` for more than two arms.
        """
        check_level(conf_level)
        if self.stages.fit.instruments.shape[1] != 1:
            raise AnalysisError("Anderson and Rubin's limits here are of two arms")
        return self.stages.fit.anderson_rubin(conf_level)
