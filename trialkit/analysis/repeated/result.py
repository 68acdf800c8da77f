"""A fitted mixed model for repeated measures, and what can be asked of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.linear.contrasts import Estimates as SharedEstimates
from trialkit.analysis.linear.contrasts import choose_adjustment, compared_levels
from trialkit.analysis.linear.named_contrasts import (
    NOWHERE,
    arm_weights,
    contrast_words,
    held_covariates,
    visit_weights,
)
from trialkit.analysis.repeated.cohort import Cohort
from trialkit.analysis.repeated.contrast_tests import (
    MatrixTest,
    MmrmEstimates,
    VectorTest,
    estimate_contrasts,
)
from trialkit.analysis.repeated.design import MmrmDesign, levels_in_use
from trialkit.analysis.repeated.fitted import Fitted
from trialkit.analysis.repeated.inference import matrix_test
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.maximise import Optimum
from trialkit.analysis.repeated.prediction import Predictions
from trialkit.analysis.repeated.predictor import predict_unobserved
from trialkit.analysis.repeated.records import Records
from trialkit.analysis.repeated.residuals import residual_frame, residual_values
from trialkit.analysis.repeated.statistics import MmrmStatistics, Patterns
from trialkit.analysis.repeated.structures import parameter_table
from trialkit.analysis.repeated.terms import term_contrasts
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
    ResidualKind,
    TermTestType,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, means_picture
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A structure that was tried, and why it was not used; no reason is given for the one used."""

    structure: CovarianceStructure
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """The arrays behind a fit."""

    records: Records
    design: MmrmDesign
    cohort: Cohort
    patterns: Patterns
    statistics: MmrmStatistics
    model: CovarianceModel
    optimum: Optimum
    fitted: Fitted


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MmrmFit(Tabular):
    """A fitted mixed model for repeated measures.

    ``structure`` is the covariance structure in use, ``attempts`` those tried in the declared order,
    with the reason why each before it failed. ``excluded`` lists every row left out (subject, visit,
    reason) and, with no visit, every subject without a usable row.
    """

    structure: CovarianceStructure
    likelihood: Likelihood
    inference: Inference
    coefficient_covariance: CoefficientCovariance
    attempts: tuple[Attempt, ...]
    parts: Parts

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return (
            f"MMRM of {self.parts.records.columns.outcome}, {self.structure.value} covariance, "
            f"{self.likelihood.value.upper()}, {self.inference.value} degrees of freedom, "
            f"{self.n_subjects} subjects, {self.n_observations} values"
        )

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.MEANS: lambda: means_picture(
                self.marginal_means(), upwards=self.parts.records.columns.outcome
            ),
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts()),
        }

    def to_frame(self) -> pd.DataFrame:
        """The contrasts of the arms at each visit."""
        return self.contrasts()

    @property
    def method(self) -> str:
        """The name of the method in the results."""
        return "mmrm"

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out: subject, visit, reason."""
        return self.parts.records.excluded.copy()

    @property
    def visits(self) -> tuple[object, ...]:
        """The visits in their order."""
        return self.parts.records.visits

    @property
    def arms(self) -> tuple[object, ...]:
        """The arms, the reference first."""
        return self.parts.records.arms

    @property
    def n_subjects(self) -> int:
        """How many subjects are analysed."""
        return len(self.parts.cohort.subjects)

    @property
    def n_observations(self) -> int:
        """How many rows are analysed."""
        return self.parts.cohort.n_observations

    @property
    def log_likelihood(self) -> float:
        """The maximised log-likelihood, restricted under REML."""
        return -float(self.parts.optimum.at.value) / 2

    @property
    def n_covariance_parameters(self) -> int:
        """How many covariance parameters were estimated."""
        return self.parts.model.n_parameters

    @property
    def aic(self) -> float:
        """−2ℓ plus twice the number of covariance parameters, under ML too, as R's mmrm has it."""
        return -2 * self.log_likelihood + 2 * self.n_covariance_parameters

    @property
    def bic(self) -> float:
        """−2ℓ plus the number of covariance parameters times the log of the number of subjects."""
        return -2 * self.log_likelihood + self.n_covariance_parameters * float(
            np.log(self.n_subjects)
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the terms of the model, the intercept left out."""
        return tuple(term.name for term in self.parts.design.terms[1:])

    @property
    def coefficient_covariance_matrix(self) -> pd.DataFrame:
        """The covariance of the fixed effects in use."""
        basis, names = self.parts.fitted.basis, list(self.parts.design.names)
        matrix = basis @ self.parts.fitted.covariance @ basis.T
        return pd.DataFrame(matrix, index=names, columns=names)

    @one_thread()
    def coefficients(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The fixed effects, one row each, with their t tests: coefficient, term, level, estimate, se and so on."""
        design = self.parts.design
        found = self._estimates(np.eye(len(design.names)), conf_level)
        keys = {
            "coefficient": list(design.names),
            "term": [each.term for each in design.coefficients],
            "level": [each.level for each in design.coefficients],
        }
        return _table(keys, found, tests=True, conf_level=conf_level)

    def covariance(self, group: object | None = None) -> pd.DataFrame:
        """The covariance of the residuals by visit, of ``group`` where each has its own.

        Where the spatial structure has times of their own for each subject it is that of the subject
        with the most visits.
        """
        records, model = self.parts.records, self.parts.model
        code = self._group_code(group)
        block = self._typical_block(code)
        sigma = model.sigma(self.parts.optimum.at.theta)[:, :, block]
        names = list(records.visits)
        return pd.DataFrame(sigma, index=names, columns=names)

    def correlation(self, group: object | None = None) -> pd.DataFrame:
        """The correlation of the residuals by visit, of ``group`` where each has its own."""
        covariance = self.covariance(group)
        sd = np.sqrt(np.diag(covariance.to_numpy()))
        return covariance.div(sd, axis=0).div(sd, axis=1)

    @one_thread()
    def covariance_parameters(self) -> pd.DataFrame:
        """The parameters that were estimated: group, parameter, estimate, theta, se_theta."""
        model = self.parts.model
        theta, jacobian = model.reported(self.parts.optimum.at.theta)
        se = np.sqrt(np.diag(jacobian @ self.parts.fitted.theta_covariance @ jacobian.T))
        frames = []
        for code, group in enumerate(self.parts.records.groups):
            own = model.own(code)
            table = parameter_table(model.structure, theta[own], self.visits)
            frames.append(table.assign(se_theta=se[own]))
            frames[-1].insert(0, "group", [group] * len(table))
        return pd.concat(frames, ignore_index=True)

    @one_thread()
    def marginal_means(
        self, *, at: Mapping[str, object] = NOWHERE, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The mean of each arm at each visit: arm, visit, estimate, se, df, conf_low, conf_high.

        Covariates stand where ``at`` holds them (``at={"baseline": 50, "site": "Ulm"}``); other numeric
        ones at their mean over the analysed rows, other categories at equal weights.
        """
        marginal = self._marginal(at)
        arms, visits = marginal.shape[:2]
        found = self._estimates(marginal.reshape(arms * visits, -1), conf_level)
        keys = {
            "arm": self._arm_column(np.repeat(np.arange(arms), visits)),
            "visit": self._visit_column(np.tile(np.arange(visits), arms)),
        }
        return _table(keys, found, tests=False, conf_level=conf_level)

    @one_thread()
    def contrasts(
        self,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Differences between arms at each visit, against the reference or of ``all_pairs``.

        Columns ``contrast``, ``visit``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``,
        ``p_adjusted``, ``conf_low``, ``conf_high``, ``conf_level``, ``adjustment``. With an
        ``adjustment`` the adjusted p values and the limits answer for the contrasts of a visit
        together, each with its own degrees of freedom.
        """
        marginal = self.parts.design.marginal
        visits = np.arange(marginal.shape[1])
        pairs, tested = self._compared(marginal, comparisons, adjustment, conf_level)
        tested.insert(0, "contrast", np.repeat(self._pair_labels(pairs), len(visits)))
        tested.insert(1, "visit", self._visit_column(np.tile(visits, len(pairs))))
        return tested

    @one_thread()
    def contrast(
        self,
        arm: object,
        visit: object = None,
        *,
        at: Mapping[str, object] = NOWHERE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """A contrast by the names of arms and visits, in a row: what it is, its test and limits.

        ``arm`` is an arm (against the reference), a pair ``("A", "B")``, the first less the second,
        or weights by arm, such as ``{"A": 1}`` for its own mean. ``visit`` is a visit, a pair
        ``("W12", "W4")`` for the change between them, or weights by visit. ``at`` holds covariates.
        Columns as of :meth:`contrasts`, without ``visit`` and adjustment. Raises
        :class:`AnalysisError` with the names that there are for one that is not known.
        """
        by_arm = arm_weights(arm, self.arms, reference=self.arms[0])
        by_visit = visit_weights(visit, self.visits)
        row = np.einsum("a,v,avp->p", by_arm.weights, by_visit.weights, self._marginal(at))
        if not row.any():
            raise AnalysisError("a contrast of zeros tests nothing")
        found = self._estimates(row[None], conf_level)
        keys = {"contrast": [contrast_words(by_arm, by_visit, at)]}
        return _table(keys, found, tests=True, conf_level=conf_level)

    @one_thread()
    def averaged_marginal_means(
        self, visits: Sequence[object] | None = None, *, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The mean of each arm averaged over ``visits`` with equal weights (all by default)."""
        rows = self.parts.design.marginal[:, self._chosen(visits)].mean(axis=1)
        keys = {"arm": self._arm_column(np.arange(len(rows)))}
        return _table(keys, self._estimates(rows, conf_level), tests=False, conf_level=conf_level)

    @one_thread()
    def averaged_contrasts(
        self,
        visits: Sequence[object] | None = None,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Differences between arms averaged over ``visits`` with equal weights (all by default).

        Columns as :meth:`contrasts`, without ``visit``.
        """
        means = self.parts.design.marginal[:, self._chosen(visits)].mean(axis=1, keepdims=True)
        pairs, tested = self._compared(means, comparisons, adjustment, conf_level)
        tested.insert(0, "contrast", self._pair_labels(pairs))
        return tested

    @one_thread()
    def test(self, contrast: object, *, conf_level: float = 0.95) -> VectorTest | MatrixTest:
        """The t test of a contrast vector, or the F test of a contrast matrix.

        ``contrast`` is in the order of :meth:`coefficients`, of shape (coefficients,) or (contrasts,
        coefficients). With Satterthwaite's method the F of a matrix depends on the basis chosen.
        """
        matrix = self._as_contrasts(contrast)
        if matrix.ndim == 1:
            found = self._estimates(matrix[None], conf_level)
            return VectorTest(
                estimate=float(found.estimate[0]),
                se=float(found.se[0]),
                df=float(found.df[0]),
                statistic=float(found.statistic[0]),
                p_value=float(found.p_value[0]),
                conf_low=float(found.conf_low[0]),
                conf_high=float(found.conf_high[0]),
                conf_level=conf_level,
            )
        found_f = matrix_test(self.inference, self.parts.fitted, matrix)
        return MatrixTest(
            statistic=found_f.statistic,
            df_num=found_f.df_num,
            df_den=found_f.df_den,
            p_value=float(fdtrc(found_f.df_num, found_f.df_den, found_f.statistic)),
        )

    @one_thread()
    def term_tests(self, kind: TermTestType | str = TermTestType.TYPE_III) -> pd.DataFrame:
        """The F test of each term: term, df_num, df_den, statistic, p_value."""
        kind = choose(TermTestType, kind, parameter="kind")
        terms = self.parts.design.terms
        place, visit = np.nonzero(self.parts.cohort.observed)
        rows = self.parts.design.rows(self.parts.cohort.subjects[place], visit)
        tests = [self.test(term_contrasts(term, terms, rows, kind)) for term in terms[1:]]
        names = pd.DataFrame({"term": [term.name for term in terms[1:]]})
        return names.join(pd.concat([each.to_frame() for each in tests], ignore_index=True))

    @one_thread()
    def residuals(self, kind: ResidualKind | str = ResidualKind.RESPONSE) -> pd.DataFrame:
        """The residual of each analysed row: subject, visit, residual."""
        parts = self.parts
        values = residual_values(
            parts.cohort,
            parts.patterns,
            parts.model,
            parts.optimum.at,
            choose(ResidualKind, kind, parameter="kind"),
        )
        return residual_frame(parts.cohort, values, parts.records.subjects, self.visits)

    @one_thread()
    def predict(self) -> Predictions:
        """The visits not observed given those observed, with the covariance of the errors.

        Subjects without any observed visit get the mean of their arm and covariates.
        """
        parts = self.parts
        return predict_unobserved(
            parts.records,
            parts.design,
            parts.cohort,
            model=parts.model,
            at=parts.optimum.at,
            fitted=parts.fitted,
        )

    def _estimates(self, rows: np.ndarray, conf_level: float) -> MmrmEstimates:
        check_level(conf_level)
        return estimate_contrasts(self.parts.fitted, self.inference, rows, conf_level=conf_level)

    def _marginal(self, at: Mapping[str, object]) -> np.ndarray:
        """What makes the mean of each arm at each visit, covariates held ``at`` values."""
        if not at:
            return self.parts.design.marginal
        records = self.parts.records
        known = {
            each.name: tuple(each.levels[code] for code in levels_in_use(records, each)) or None
            for each in records.covariates
        }
        return self.parts.design.marginal_at(held_covariates(at, known))

    def _as_contrasts(self, contrast: object) -> np.ndarray:
        matrix = np.asarray(contrast, dtype=float)
        count = len(self.parts.design.names)
        if matrix.ndim not in (1, 2) or matrix.shape[-1] != count or not np.isfinite(matrix).all():
            raise AnalysisError(
                f"a contrast needs a finite number for each of the {count} coefficients "
                f"({', '.join(self.parts.design.names)}), got shape {matrix.shape}"
            )
        if matrix.size == 0 or not matrix.any():
            raise AnalysisError("a contrast of zeros tests nothing")
        return matrix

    def _group_code(self, group: object | None) -> int:
        groups = self.parts.records.groups
        if group is None and len(groups) == 1:
            return 0
        if group not in groups:
            raise AnalysisError(
                f"each level of {self.parts.records.columns.covariance_by!r} has its own covariance; "
                f"name one of {', '.join(repr(each) for each in groups)}, got {group!r}"
            )
        return groups.index(group)

    def _typical_block(self, code: int) -> int:
        patterns, model = self.parts.patterns, self.parts.model
        own = model.group_of_block[patterns.block] == code
        visits = np.where(own, patterns.present.sum(axis=1), -1)
        return int(patterns.block[int(np.argmax(visits))])

    def _chosen(self, visits: Sequence[object] | None) -> list[int]:
        if visits is None:
            return list(range(len(self.visits)))
        unknown = [each for each in visits if each not in self.visits]
        if unknown or not len(visits):
            raise AnalysisError(
                f"visits to average over must be among {', '.join(map(repr, self.visits))}, "
                f"got {list(visits)!r}"
            )
        return [self.visits.index(each) for each in visits]

    def _compared(
        self,
        means: np.ndarray,
        comparisons: Comparisons | str,
        adjustment: ContrastAdjustment | str,
        conf_level: float,
    ) -> tuple[list[tuple[int, int]], pd.DataFrame]:
        """The pairs of arms, and their differences in ``means`` (arm, visit, p), visit by visit."""
        compared = choose(Comparisons, comparisons, parameter="comparisons")
        by = choose_adjustment(adjustment, comparisons=compared)
        pairs = compared_levels(self.arms, comparisons=compared, reference=self.arms[0])
        rows = np.concatenate([means[one] - means[other] for one, other in pairs])
        found = self._estimates(rows, conf_level)
        internal = self.parts.fitted.internal(rows)
        tested = SharedEstimates(
            values=found.estimate,
            covariance=internal @ self.parts.fitted.covariance @ internal.T,
            df=found.df,
            family=np.tile(np.arange(means.shape[1]), len(pairs)),
            means=len(self.arms),
        ).test(conf_level=conf_level, adjustment=by)
        return pairs, tested

    def _pair_labels(self, pairs: list[tuple[int, int]]) -> np.ndarray:
        names = [str(each) for each in self.arms]
        return np.array([contrast_label(names[a], names[b]) for a, b in pairs], dtype=object)

    def _arm_column(self, codes: np.ndarray) -> list[object]:
        return [self.arms[code] for code in codes]

    def _visit_column(self, codes: np.ndarray) -> list[object]:
        return [self.visits[code] for code in codes]


def _table(
    keys: Mapping[str, object], found: MmrmEstimates, *, tests: bool, conf_level: float
) -> pd.DataFrame:
    """The keys, then the estimates in the vocabulary of the results."""
    columns: dict[str, object] = {
        **keys,
        Stat.ESTIMATE.value: found.estimate,
        Stat.SE.value: found.se,
        Stat.DF.value: found.df,
    }
    if tests:
        columns[Stat.STATISTIC.value] = found.statistic
        columns[Stat.P_VALUE.value] = found.p_value
    columns[Stat.CONF_LOW.value] = found.conf_low
    columns[Stat.CONF_HIGH.value] = found.conf_high
    columns[Stat.CONF_LEVEL.value] = conf_level
    return pd.DataFrame(columns)
