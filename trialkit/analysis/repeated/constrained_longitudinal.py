"""Constrained longitudinal analysis: the baseline is an outcome. See ``docs/methods/constrained_longitudinal.md``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.named_contrasts import NOWHERE
from trialkit.analysis.repeated.contrast_tests import estimate_contrasts
from trialkit.analysis.repeated.design import build_design
from trialkit.analysis.repeated.fit import (
    declared_structures,
    fit_design,
    refuse_single_text,
    refuse_time_without_space,
)
from trialkit.analysis.repeated.inference import settle_covariance
from trialkit.analysis.repeated.records import Columns, read_records
from trialkit.analysis.repeated.result import MmrmFit
from trialkit.analysis.repeated.shared_baseline import share_baseline
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, means_picture
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ConstrainedLongitudinalFit(Tabular):
    """A constrained longitudinal analysis. ``model`` is the mixed model, of all visits with ``baseline``.

    Its covariance, coefficients, tests of terms and residuals are asked of ``model``; ``excluded`` lists
    every row left out (subject, visit, reason).
    """

    baseline: object
    model: MmrmFit

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        fit = self.model
        return (
            f"Constrained longitudinal analysis of {fit.parts.records.columns.outcome}, one mean at "
            f"{self.baseline}, {fit.structure.value} covariance, {fit.likelihood.value.upper()}, "
            f"{fit.inference.value} degrees of freedom, {fit.n_subjects} subjects, "
            f"{fit.n_observations} values"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out: subject, visit, reason."""
        return self.model.excluded

    @property
    def visits(self) -> tuple[object, ...]:
        """The visits after the baseline, in their order."""
        return self.model.visits[1:]

    @property
    def arms(self) -> tuple[object, ...]:
        """The arms, the reference first."""
        return self.model.arms

    @property
    def log_likelihood(self) -> float:
        """The maximised log-likelihood, restricted under REML."""
        return self.model.log_likelihood

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.MEANS: lambda: means_picture(
                self.marginal_means(), upwards=self.model.parts.records.columns.outcome
            ),
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts()),
        }

    def to_frame(self) -> pd.DataFrame:
        """The contrasts of the arms at each visit."""
        return self.contrasts()

    def contrasts(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Differences between arms in the change from baseline at each visit after it.

        The baseline being one, they are the differences of the visit's means, too. Columns as those of
        ``mmrm``, adjusted for the contrasts of a visit together.
        """
        tables = []
        for number, visit in enumerate(self.visits):
            table = self.averaged_contrasts(
                [visit], comparisons=comparisons, adjustment=adjustment, conf_level=conf_level
            )
            table.insert(1, "visit", [visit] * len(table))
            tables.append(table.assign(_at=np.arange(len(table)) * len(self.visits) + number))
        stacked = pd.concat(tables, ignore_index=True).sort_values("_at", ignore_index=True)
        return stacked.drop(columns="_at")

    def averaged_contrasts(
        self,
        visits: Sequence[object] | None = None,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Differences averaged over ``visits`` with equal weights (all after the baseline by default).

        Columns as :meth:`contrasts`, without ``visit``.
        """
        chosen = self.visits if visits is None else visits
        if self.baseline in chosen:
            raise AnalysisError(
                f"the arms have one mean at the baseline {self.baseline!r}: there is no difference"
            )
        return self.model.averaged_contrasts(
            chosen, comparisons=comparisons, adjustment=adjustment, conf_level=conf_level
        )

    def contrast(
        self,
        arm: object,
        visit: object = None,
        *,
        at: Mapping[str, object] = NOWHERE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """A contrast by the names of arms and visits, the baseline among these, as of ``mmrm``.

        ``contrast({"A": 1}, ("W12", "BL"))`` is the change of an arm from the baseline.
        """
        return self.model.contrast(arm, visit, at=at, conf_level=conf_level)

    def marginal_means(
        self, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The mean of each arm at each visit, the same in all arms at the baseline; ``at`` as in ``mmrm``.

        Columns ``arm``, ``visit``, ``estimate``, ``se``, ``df``, ``conf_low``, ``conf_high``, ``conf_level``.
        """
        return self.model.marginal_means(at=at, conf_level=conf_level)

    @one_thread()
    def changes(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The mean change of each arm from the baseline to each visit after it.

        Columns ``arm``, ``visit``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``, ``conf_low``,
        ``conf_high``, ``conf_level``.
        """
        check_level(conf_level)
        marginal = self.model.parts.design.marginal
        rows = (marginal[:, 1:] - marginal[:, :1]).reshape(-1, marginal.shape[2])
        found = estimate_contrasts(
            self.model.parts.fitted, self.model.inference, rows, conf_level=conf_level
        )
        return pd.DataFrame(
            {
                "arm": [arm for arm in self.arms for _ in self.visits],
                "visit": [visit for _ in self.arms for visit in self.visits],
                Stat.ESTIMATE.value: found.estimate,
                Stat.SE.value: found.se,
                Stat.DF.value: found.df,
                Stat.STATISTIC.value: found.statistic,
                Stat.P_VALUE.value: found.p_value,
                Stat.CONF_LOW.value: found.conf_low,
                Stat.CONF_HIGH.value: found.conf_high,
                Stat.CONF_LEVEL.value: conf_level,
            }
        )


@one_thread()
def constrained_longitudinal(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    visit: str,
    baseline: object,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    covariates_by_visit: Sequence[str] = (),
    covariance: CovarianceStructure | str = CovarianceStructure.UNSTRUCTURED,
    fallback: Sequence[CovarianceStructure | str] = (),
    covariance_by: str | None = None,
    time: str | None = None,
    weights: str | None = None,
    method: Likelihood | str = Likelihood.REML,
    inference: Inference | str = Inference.KENWARD_ROGER_LINEAR,
    coefficient_covariance: CoefficientCovariance | str | None = None,
    order: Order | None = None,
) -> ConstrainedLongitudinalFit:
    """Arms compared in their change from baseline, the baseline being an outcome of one mean in all arms.

    Estimand
        The difference between arms in the mean change from baseline at each visit, had nobody's values been
        missing, missing values (of the baseline, too) being at random given the observed ones. Randomisation
        makes the arms' means at baseline equal.

    Reference
        Liang, Zeger, Sankhya B 2000;62:134; Liu, Lu, Mogg, Mallick, Mehrotra, Stat Med 2009;28:2509.

    Checked against
        ``tests/reference/mmrm/constrained.json``

    ``frame`` has one row a subject and visit, the ``baseline`` among them and first in the order of visits.
    Fixed effects are visit, arm at the visits after the baseline, covariates, and covariates by visit where
    asked; everything else is as in ``mmrm``. The baseline is no covariate. Who has the baseline alone, or
    lacks it, stays in.

    Raises ``AnalysisError`` for a baseline that is no visit or not the first, no visit after it, and for what
    ``mmrm`` refuses.
    """
    frame = as_pandas(frame)
    likelihood = choose(Likelihood, method, parameter="method")
    asked = choose(Inference, inference, parameter="inference")
    used_covariance = settle_covariance(asked, coefficient_covariance, likelihood)
    refuse_single_text(covariates=covariates, covariates_by_visit=covariates_by_visit)
    records = read_records(
        frame,
        Columns(
            outcome=outcome,
            subject=subject,
            visit=visit,
            arm=arm,
            reference=reference,
            covariates=tuple(covariates),
            covariates_by_visit=tuple(covariates_by_visit),
            covariance_by=covariance_by,
            time=time,
            weights=weights,
            order=order,
        ),
    )
    structures = declared_structures(covariance, fallback)
    refuse_time_without_space(time, structures)
    return ConstrainedLongitudinalFit(
        baseline=baseline,
        model=fit_design(
            records,
            share_baseline(records, build_design(records), baseline),
            structures,
            likelihood=likelihood,
            inference=asked,
            coefficient_covariance=used_covariance,
        ),
    )
