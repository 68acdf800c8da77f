"""How well an analysis' assumptions hold, as rows beside its result.

Diagnostics describe; they never choose the test, which the plan did, and never stop it: a check that
the data cannot carry, or whose arithmetic fails, is a row that is not estimable and says why.
The method is in ``docs/methods/diagnostics.md``.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from trialkit.analysis.anova.mixed_anova import MixedAnova
from trialkit.analysis.diagnosing.equal_covariance import SINGULAR, box_m
from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest
from trialkit.analysis.diagnosing.pairwise import welch
from trialkit.analysis.diagnosing.residual_tests import brown_forsythe, shapiro_wilk
from trialkit.analysis.engines import pingouin as engine
from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.linear.ancova import Ancova
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.diagnostics import Check
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

NOT_ESTIMABLE = "not estimable"
BEYOND = "its numbers pass out of what a computer can hold"
UNABLE = (AnalysisError, ArithmeticError, np.linalg.LinAlgError)
"""What a check raises that these data cannot carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One assumption, at one place (a visit, a covariate, a subject), checked by one method.

    What a method does not have (a chi-square its second degrees of freedom, Cook's distance a
    p value) is ``None``; where nothing could be computed ``note`` says why.
    """

    check: Check
    place: str
    method: str
    statistic: float | None = None
    df_num: float | None = None
    df_den: float | None = None
    p_value: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Diagnostics(Tabular):
    """The diagnostic rows of one analysis."""

    analysed: str
    rows: tuple[Diagnostic, ...]

    @property
    def title(self) -> str:
        """Which analysis the rows are about."""
        return f"Diagnostics of {self.analysed}"

    def to_frame(self) -> pd.DataFrame:
        """Columns ``check``, ``place``, ``method``, the numbers (blank where none), ``note``."""
        return pd.DataFrame(
            {
                "check": [row.check.value for row in self.rows],
                "place": [row.place for row in self.rows],
                "method": [row.method for row in self.rows],
                Stat.STATISTIC.value: _blank([row.statistic for row in self.rows]),
                Stat.DF_NUM.value: _blank([row.df_num for row in self.rows]),
                Stat.DF_DEN.value: _blank([row.df_den for row in self.rows]),
                Stat.P_VALUE.value: _blank([row.p_value for row in self.rows]),
                "note": [row.note for row in self.rows],
            }
        )


def diagnose_ancova(result: Ancova) -> Diagnostics:
    """Normality, equal variance, equal slopes and influential rows of an ANCOVA.

    Estimand
        None: what the analysis assumes, described.

    Reference
        Royston, Appl Stat 1995;44:547; Brown, Forsythe, JASA 1974;69:364; Cook, Technometrics
        1977;19:15. ``docs/methods/diagnostics.md``.

    Checked against
        ``tests/reference/ancova/anorexia_final.json``

    Normality and variance are judged on the residuals (the second between arms). With covariates
    there is a row for each one's interaction with the arm, on the degrees of freedom that can be
    estimated. Each row with a Cook's distance above 4/n is named.

    Raises nothing: a check that the data cannot carry is a row that says so.
    """
    residuals = result.model.fit.residuals
    codes, arms = result.rows.arm.codes, result.rows.arm.levels
    samples = [residuals[codes == level] for level in range(len(arms))]
    influence = result.model.influence_table()
    named = result.rows.labels if result.rows.subjects is None else result.rows.subjects
    rows = [
        _normality(residuals, place=""),
        _equal_variance(samples, place="", scale=result.sigma),
        *_equal_slopes(result),
        *_influential(influence["cooks_distance"].to_numpy(), named),
    ]
    return Diagnostics(analysed=result.title, rows=tuple(rows))


def diagnose_mixed_anova(result: MixedAnova) -> Diagnostics:
    """Normality and equal variance at each visit, equal covariance, sphericity, influence.

    Estimand
        None: what the analysis assumes, described.

    Reference
        Box, Biometrika 1949;36:317; Mauchly, Ann Math Stat 1940;11:204; Barrett, Ling, JASA
        1992;87:184. ``docs/methods/diagnostics.md``.

    Checked against
        ``tests/reference/anova/sim_3x4_unbal.json``

    All are judged on the deviations from the means of arm and visit. Arms are compared in pairs
    at each visit by Welch's t, unadjusted, beside the planned contrasts. Each subject with a
    multivariate Cook's distance above 4/n is named.

    Raises nothing: a check that the data cannot carry is a row that says so.
    """
    data = result.data
    residuals = data.values - result.cell_means[data.codes]
    rows: list[Diagnostic] = []
    for at, visit in enumerate(data.visits):
        values, scale = residuals[:, at], float(np.sqrt(result.error[at, at]))
        rows.append(_normality(values, place=str(visit)))
        if data.between is not None:
            samples = [values[data.codes == code] for code in range(len(data.groups))]
            rows.append(_equal_variance(samples, place=str(visit), scale=scale))
            rows.extend(_pairwise(result, at))
    if data.between is not None:
        rows.append(_equal_covariance(result))
    rows.append(_sphericity(result, residuals))
    rows.extend(_influential_subjects(result))
    return Diagnostics(analysed=result.title, rows=tuple(rows))


def multivariate_cooks_distance(result: MixedAnova) -> np.ndarray:
    """Cook's distance of each subject's visits together, (subjects,).

    Barrett and Ling, JASA 1992;87:184: h/(1 − h)² · e'S⁻¹e / (groups × visits), h one over the
    size of the group; infinite for the only subject of a group. Raises ``AnalysisError`` where the
    within-group covariance S is singular.
    """
    data = result.data
    residuals = data.values - result.cell_means[data.codes]
    sizes = np.bincount(data.codes)[data.codes]
    root = np.sqrt(np.diag(result.error))
    if (root == 0).any() or result.df < len(root):
        raise AnalysisError("too few subjects, or a visit without variance")
    scaled = result.error / np.outer(root, root)
    if np.linalg.cond(scaled) > SINGULAR:
        raise AnalysisError("the visits' covariance is singular")
    squared = np.einsum("ik,ki->i", residuals / root, np.linalg.solve(scaled, (residuals / root).T))
    alone = sizes == 1
    leverage = np.where(alone, 0.5, 1 / sizes)
    distance = leverage / (1 - leverage) ** 2 * squared / (len(data.groups) * len(root))
    return np.where(alone, np.inf, distance)


def _normality(residuals: np.ndarray, *, place: str) -> Diagnostic:
    return _tested(Check.NORMALITY, place, "Shapiro–Wilk", lambda: shapiro_wilk(residuals))


def _equal_variance(samples: Sequence[np.ndarray], *, place: str, scale: float) -> Diagnostic:
    def test() -> HypothesisTest:
        if any(len(sample) < 2 for sample in samples):
            raise AnalysisError("an arm has fewer than two subjects")
        deviations = [np.abs(sample - np.median(sample)) for sample in samples]
        if max(float(np.ptp(each)) for each in deviations) <= 1e-12 * scale:
            raise AnalysisError("the deviations from the medians do not vary")
        return brown_forsythe(samples)

    return _tested(Check.EQUAL_VARIANCE, place, "Levene (medians)", test)


def _equal_slopes(result: Ancova) -> list[Diagnostic]:
    """A row for each covariate, which says so where there is no test."""
    method = "F test of the interaction with the arm"
    if not result.rows.covariates:
        return []
    try:
        with _quietly():
            rows = result.slopes_test().to_dict("records")
    except UNABLE as error:
        return [_without(Check.EQUAL_SLOPES, "", method, _why(error))]
    return [
        _finite(
            Diagnostic(
                check=Check.EQUAL_SLOPES,
                place=str(row["term"]),
                method=method,
                statistic=_number(row["statistic"]),
                df_num=_number(row["df_num"]),
                df_den=_number(row["df_den"]),
                p_value=_number(row["p_value"]),
                note=str(row["note"]),
            )
        )
        for row in rows
    ]


def _pairwise(result: MixedAnova, at: int) -> list[Diagnostic]:
    """Welch's t of all pairs of arms at one visit, the later minus the earlier, unadjusted."""
    data = result.data
    samples = [data.values[data.codes == code, at] for code in range(len(data.groups))]
    rows = []
    for other, one in combinations(range(len(samples)), 2):
        label = contrast_label(str(data.groups[one]), str(data.groups[other]))
        place = f"{data.visits[at]}, {label}"
        test = partial(welch, samples[one], samples[other])
        rows.append(_tested(Check.PAIRWISE, place, "Welch t, unadjusted", test))
    return rows


def _equal_covariance(result: MixedAnova) -> Diagnostic:
    data = result.data
    samples = [data.values[data.codes == code] for code in range(len(data.groups))]
    return _tested(Check.EQUAL_COVARIANCE, "", "Box M", lambda: box_m(samples))


def _sphericity(result: MixedAnova, residuals: np.ndarray) -> Diagnostic:
    """Mauchly's W, with the p value of the pooled error's degrees of freedom."""
    ours, method = result.sphericity, "Mauchly"
    w, df, p_value = ours.mauchly_w, ours.mauchly_df, ours.mauchly_p_value
    if w is None or df is None or p_value is None:
        # of two visits there is nothing to estimate
        note = ours.note if len(result.data.visits) < 3 else f"{NOT_ESTIMABLE}: {ours.note}"
        return Diagnostic(check=Check.SPHERICITY, place=ours.within, method=method, note=note)

    def test() -> HypothesisTest:
        return HypothesisTest(
            statistic=engine.mauchly_w(residuals), p_value=p_value, df_num=float(df)
        )

    note = f"Greenhouse–Geisser epsilon {ours.epsilon_gg:.3f}"
    return _tested(Check.SPHERICITY, ours.within, method, test, note=note)


def _influential(distances: np.ndarray, names: np.ndarray) -> list[Diagnostic]:
    """The rows whose Cook's distance passes 4/n, the most influential first."""
    limit = 4 / len(distances)
    order = np.argsort(-distances, kind="stable")
    return [
        Diagnostic(
            check=Check.INFLUENCE,
            place=str(names[i]),
            method="Cook distance",
            statistic=float(distances[i]),
            note=(
                "determines a coefficient alone"
                if np.isinf(distances[i])
                else f"above 4/n = {limit!r}"
            ),
        )
        for i in order
        if distances[i] > limit
    ]


def _influential_subjects(result: MixedAnova) -> list[Diagnostic]:
    try:
        with _quietly():
            distances = multivariate_cooks_distance(result)
        if np.isnan(distances).any():
            raise AnalysisError(BEYOND)
    except UNABLE as error:
        return [_without(Check.INFLUENCE, "", "Cook distance", _why(error))]
    return _influential(distances, np.array(result.data.subjects, dtype=object))


def _quietly() -> np.errstate:
    """Overflow without a warning: its numbers are looked at afterwards."""
    return np.errstate(all="ignore")


def _tested(
    check: Check, place: str, method: str, test: Callable[[], HypothesisTest], *, note: str = ""
) -> Diagnostic:
    """The row of a test, or of why there is none."""
    try:
        with _quietly():
            found = test()
    except UNABLE as error:
        return _without(check, place, method, _why(error))
    return _finite(
        Diagnostic(
            check=check,
            place=place,
            method=method,
            statistic=found.statistic,
            df_num=found.df_num,
            df_den=found.df_den,
            p_value=found.p_value,
            note=note,
        )
    )


def _finite(row: Diagnostic) -> Diagnostic:
    """The row as it is, or as not estimable where it has no numbers, or one that is none."""
    numbers = [
        value for value in (row.statistic, row.df_num, row.df_den, row.p_value) if value is not None
    ]
    if not numbers:
        return _without(row.check, row.place, row.method, row.note)
    if all(map(math.isfinite, numbers)):
        return row
    return _without(row.check, row.place, row.method, BEYOND)


def _without(check: Check, place: str, method: str, why: str) -> Diagnostic:
    return Diagnostic(check=check, place=place, method=method, note=f"{NOT_ESTIMABLE}: {why}")


def _why(error: Exception) -> str:
    return error.reason if isinstance(error, AnalysisError) else BEYOND


def _number(value: object) -> float | None:
    """A value of a nullable column."""
    return float(value) if isinstance(value, float) else None


def _blank(values: list[float | None]) -> pd.Series:
    """A nullable column: what a method does not have is missing, not a number."""
    return pd.Series(values, dtype="Float64")
