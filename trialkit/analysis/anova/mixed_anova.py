"""Analysis of variance of one measurement repeated over visits in one or more groups.

The method is in ``docs/methods/mixed_anova.md``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.anova.batched_anova import (
    MIXED_TYPES,
    ROUNDING,
    BatchedAnova,
    mixed_anova_batch,
)
from trialkit.analysis.anova.repeated_outcome import RepeatedOutcome, read_repeated_outcome
from trialkit.analysis.anova.sphericity import Sphericity, sphericity_of
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.linear.contrasts import (
    Estimates,
    choose_adjustment,
    compared_levels,
    t_critical,
)
from trialkit.analysis.linear.named_contrasts import (
    NOWHERE,
    arm_weights,
    contrast_words,
    visit_weights,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    ContrastFamily,
    ContrastKind,
    SumOfSquares,
    sum_of_squares_type,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.pictures import PictureKind, Pictures, effects_picture, means_picture
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MixedAnova(Tabular):
    """A between × within analysis of variance, with what its means and contrasts need.

    ``data`` are the complete subjects, ``cell_means`` (groups, visits), ``error`` the
    within-group covariance matrix of the visits (visits, visits) on ``df`` degrees of freedom.
    ``left_out`` is what ``excluded`` hands out copies of.
    """

    data: RepeatedOutcome
    sum_of_squares: SumOfSquares
    anova: BatchedAnova
    sphericity: Sphericity
    cell_means: np.ndarray
    error: np.ndarray
    df: int
    left_out: pd.DataFrame

    @property
    def excluded(self) -> pd.DataFrame:
        """Each row without subject or visit, then each incomplete subject.

        Columns ``subject`` (blank where it is missing), ``reason``.
        """
        return self.left_out.copy()

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        between = f" by {self.data.between}" if self.data.between else ""
        return (
            f"Mixed ANOVA of {self.data.outcome}{between} over {self.data.within} "
            f"(type {int(self.sum_of_squares)}, n = {len(self.data.subjects)})"
        )

    @property
    def n(self) -> int:
        """How many subjects are in the analysis."""
        return len(self.data.subjects)

    @property
    def counts(self) -> dict[object, int]:
        """How many subjects of each group are in the analysis."""
        sizes = np.bincount(self.data.codes, minlength=len(self.data.groups))
        return {group: int(size) for group, size in zip(self.data.groups, sizes, strict=True)}

    def pictures(self) -> Pictures:
        """What it can be drawn as."""
        return {
            PictureKind.MEANS: lambda: means_picture(
                self.marginal_means(), upwards=self.data.outcome
            ),
            PictureKind.EFFECTS: lambda: effects_picture(self.contrasts()),
        }

    def to_frame(self) -> pd.DataFrame:
        """One row an effect, named by the columns: ``group``, ``time``, ``group:time``.

        ``df_num`` and ``df_den`` are uncorrected; ``p_value_gg`` and ``p_value_hf`` multiply both
        by the epsilon (at most 1). The between-subject effect assumes no sphericity: its epsilons
        are 1.
        """
        anova = self.anova
        names = {
            "between": self.data.between,
            "within": self.data.within,
            "interaction": f"{self.data.between}:{self.data.within}",
        }
        return pd.DataFrame(
            {
                "term": [names[effect] for effect in anova.effects],
                Stat.DF_NUM.value: anova.df_num.astype(float),
                Stat.DF_DEN.value: anova.df_den.astype(float),
                Stat.STATISTIC.value: anova.statistic[0],
                Stat.P_VALUE.value: anova.p_value[0],
                Stat.EPSILON_GG.value: anova.epsilon_gg[0],
                Stat.EPSILON_HF.value: anova.epsilon_hf[0],
                Stat.P_VALUE_GG.value: anova.p_value_gg[0],
                Stat.P_VALUE_HF.value: anova.p_value_hf[0],
                Stat.PARTIAL_ETA_SQUARED.value: anova.partial_eta_squared[0],
                Stat.GENERALISED_ETA_SQUARED.value: anova.generalised_eta_squared[0],
                Stat.SUM_SQUARES.value: anova.sum_squares[0],
                Stat.ERROR_SUM_SQUARES.value: anova.error_sum_squares[0],
            }
        )

    def marginal_means(self, *, conf_level: float = 0.95) -> pd.DataFrame:
        """The mean of each arm at each visit with its t interval.

        Columns ``arm`` (absent without groups), ``visit``, ``n``, ``estimate``, ``se``, ``df``,
        ``conf_low``, ``conf_high``, ``conf_level``. The variance is pooled over the arms but not
        over the visits (emmeans' ``model = "multivariate"``), which is unbiased when unbalanced.
        """
        check_level(conf_level)
        groups, visits = self.cell_means.shape
        sizes = np.repeat(np.bincount(self.data.codes, minlength=groups), visits)
        estimate = self.cell_means.ravel()
        se = np.sqrt(np.tile(np.diag(self.error), groups) / sizes)
        reach = t_critical(conf_level, self.df) * se
        labels: dict[str, object] = {
            "arm": _labels(self.data.groups, repeat=visits),
            "visit": _labels(self.data.visits * groups),
        }
        if self.data.between is None:
            del labels["arm"]
        return pd.DataFrame(
            labels
            | {
                Stat.N.value: sizes,
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: float(self.df),
                Stat.CONF_LOW.value: estimate - reach,
                Stat.CONF_HIGH.value: estimate + reach,
                Stat.CONF_LEVEL.value: conf_level,
            }
        )

    def contrasts(
        self,
        kind: ContrastKind | str | None = None,
        *,
        comparisons: Comparisons | str = Comparisons.REFERENCE,
        reference: object | None = None,
        adjustment: ContrastAdjustment | str = ContrastAdjustment.NONE,
        family: ContrastFamily | str = ContrastFamily.EACH,
        conf_level: float = 0.95,
    ) -> pd.DataFrame:
        """Planned comparisons, a row each.

        ``kind`` is ``at_visit`` (arms at each visit; the default with groups), ``change`` (arms in
        their change from the first visit) or ``within`` (visits in each arm; the default without
        groups). ``comparisons`` is ``reference`` (each against ``reference``, the first level
        unless given) or ``all_pairs``. A family is the contrasts at one visit (or in one arm),
        or with ``family="all"`` all of them; ``p_adjusted`` and the limits answer for it.

        Columns: ``contrast`` (``B - A``), ``visit`` or ``arm`` where it holds, ``from_visit`` for a
        change, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``, ``p_adjusted``,
        ``conf_low``, ``conf_high``, ``conf_level``, ``adjustment``. Each contrast uses the
        covariance of the visits it compares, on subjects − groups degrees of freedom.
        """
        default = ContrastKind.WITHIN if self.data.between is None else ContrastKind.AT_VISIT
        chosen = choose(ContrastKind, kind or default, parameter="kind")
        if self.data.between is None and chosen is not ContrastKind.WITHIN:
            raise AnalysisError(f"kind={chosen.value!r} compares arms, and there is one group only")
        compared = choose(Comparisons, comparisons, parameter="comparisons")
        by = choose_adjustment(adjustment, comparisons=compared)
        levels = self.data.visits if chosen is ContrastKind.WITHIN else self.data.groups
        base = _reference_level(levels, reference)
        pairs = compared_levels(levels, comparisons=compared, reference=base)
        rows = _contrast_rows(self.data, chosen, pairs)
        weights = np.array([row.weights for row in rows])
        together = choose(ContrastFamily, family, parameter="family") is ContrastFamily.ALL
        if together and by in {ContrastAdjustment.TUKEY, ContrastAdjustment.DUNNETT}:
            raise AnalysisError(
                f"adjustment={by.value!r} holds within one visit or arm; "
                "choose 'bonferroni' or 'holm' with family='all'"
            )
        return Estimates(
            values=np.einsum("cgv,gv->c", weights, self.cell_means),
            covariance=self._covariance(weights),
            df=self.df,
            family=np.zeros(len(rows), int) if together else np.array([r.family for r in rows]),
            means=len(levels),
        ).test(
            conf_level=conf_level,
            adjustment=by,
            labels=_contrast_labels(rows, chosen, self.data),
        )

    def contrast(
        self, arm: object = None, visit: object = None, *, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """A contrast by the names of arms and visits, in a row as of :meth:`contrasts`.

        ``arm`` and ``visit`` as in the ``contrast`` of ``mmrm``, the reference being the first arm;
        without groups there is no ``arm`` to name.
        """
        if self.data.between is None and arm is not None:
            raise AnalysisError(f"arm={arm!r}: there is one group only")
        one_group = {self.data.groups[0]: 1.0}
        by_arm = arm_weights(
            one_group if self.data.between is None else arm,
            self.data.groups,
            reference=self.data.groups[0],
        )
        by_visit = visit_weights(visit, self.data.visits)
        weights = np.multiply.outer(by_arm.weights, by_visit.weights)[None]
        words = contrast_words(by_arm, by_visit, NOWHERE)
        return Estimates(
            values=np.einsum("cgv,gv->c", weights, self.cell_means),
            covariance=self._covariance(weights),
            df=self.df,
            family=np.zeros(1, dtype=int),
            means=len(self.data.groups),
        ).alone(
            conf_level=conf_level,
            words=by_visit.words if self.data.between is None else words,
        )

    def _covariance(self, weights: np.ndarray) -> np.ndarray:
        """Covariance of contrasts with weights (contrasts, groups, visits).

        Where all of a group change alike its variance is 0, and not what rounding makes of it.
        """
        sizes = np.bincount(self.data.codes, minlength=weights.shape[1])
        product = "agv,vw,bgw,g->ab"
        found = np.einsum(product, weights, self.error, weights, 1 / sizes, optimize=True)
        parts = np.abs(weights), np.abs(self.error), np.abs(weights)
        size = np.diag(np.einsum(product, *parts, 1 / sizes, optimize=True))
        values = np.square(ROUNDING * np.abs(self.cell_means).max())
        alike = np.diag(found) <= ROUNDING * size + values
        return np.where(alike[:, None] | alike, 0.0, found)


def mixed_anova(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    between: str | None,
    within: str,
    sum_of_squares: int = 3,
    reference: object | None = None,
    order: Order | None = None,
) -> MixedAnova:
    """Between × within analysis of variance of an outcome measured at the same visits in all.

    Estimand
        Equality of the groups' means over all visits (``between``), of the visits' means over all
        groups (``within``) and of the groups' changes (``between:within``), in subjects with every
        visit measured. Type III weights groups equally; type II by their size. Between and
        interaction are the same in both.

    Reference
        Winer, Brown, Michels, Statistical Principles in Experimental Design, 3rd ed. 1991, ch. 7;
        Greenhouse, Geisser, Psychometrika 1959;24:95; Lecoutre, J Educ Stat 1991;16:371 (the
        Huynh–Feldt epsilon); Olejnik, Algina, Psychol Methods 2003;8:434 (generalised eta squared).

    Checked against
        ``tests/reference/anova/sim_3x4_unbal.json``

    ``frame`` has one row a subject and visit. ``between`` is constant in a subject; ``None`` gives
    the one-group repeated-measures analysis. Levels are in the order of ``order``, of an ordered
    categorical, or numeric; the first group is the reference unless ``reference`` names it. A
    subject without an outcome at some visit, or without a group, is left out and listed in
    ``.excluded``; so is a row without a subject or a visit.

    Raises ``AnalysisError`` for an unknown or unordered column, two rows for one subject and
    visit, a subject in two groups, one visit only, a group without a complete subject, no variance
    within or between subjects, no degree of freedom for error, and values too large or too small
    to be squared.
    """
    frame = as_pandas(frame)
    kind = sum_of_squares_type(sum_of_squares, allowed=MIXED_TYPES)
    data, excluded = read_repeated_outcome(
        frame,
        outcome=outcome,
        subject=subject,
        between=between,
        within=within,
        reference=reference,
        order=order,
    )
    anova = mixed_anova_batch(data.values[None], data.codes, sum_of_squares=kind)
    cell_means = np.array(
        [data.values[data.codes == code].mean(axis=0) for code in range(len(data.groups))]
    )
    residuals = data.values - cell_means[data.codes]
    df = anova.subject_df
    return MixedAnova(
        data=data,
        sum_of_squares=kind,
        anova=anova,
        sphericity=sphericity_of(anova.within_error[0], df=df, within=within),
        cell_means=cell_means,
        error=residuals.T @ residuals / df,
        df=df,
        left_out=excluded,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _ContrastRow:
    """Weights (groups, visits) of one contrast, its label, and where it holds."""

    label: str
    place: object
    family: int
    weights: np.ndarray


def _contrast_rows(
    data: RepeatedOutcome, kind: ContrastKind, pairs: list[tuple[int, int]]
) -> list[_ContrastRow]:
    """The contrasts of one kind: at each place (visit or arm) every pair of levels."""
    levels = data.visits if kind is ContrastKind.WITHIN else data.groups
    places = data.groups if kind is ContrastKind.WITHIN else data.visits
    rows = []
    for at, place in enumerate(places):
        if kind is ContrastKind.CHANGE and at == 0:
            continue
        for one, other in pairs:
            weights = np.zeros((len(data.groups), len(data.visits)))
            if kind is ContrastKind.WITHIN:
                weights[at, one], weights[at, other] = 1.0, -1.0
            else:
                weights[one, at], weights[other, at] = 1.0, -1.0
            if kind is ContrastKind.CHANGE:
                weights[one, 0], weights[other, 0] = -1.0, 1.0
            label = contrast_label(str(levels[one]), str(levels[other]))
            rows.append(_ContrastRow(label=label, place=place, family=at, weights=weights))
    return rows


def _contrast_labels(
    rows: list[_ContrastRow], kind: ContrastKind, data: RepeatedOutcome
) -> dict[str, object]:
    """The columns that say what each contrast is."""
    labels: dict[str, object] = {"contrast": [row.label for row in rows]}
    places = _labels(tuple(row.place for row in rows))
    if kind is not ContrastKind.WITHIN:
        labels["visit"] = places
    elif data.between is not None:
        labels["arm"] = places
    if kind is ContrastKind.CHANGE:
        labels["from_visit"] = _labels(data.visits[:1] * len(rows))
    return labels


def _labels(levels: tuple[object, ...], *, repeat: int = 1) -> list[object]:
    return [level for level in levels for _ in range(repeat)]


def _reference_level(levels: tuple[object, ...], reference: object | None) -> object:
    if reference is None:
        return levels[0]
    if reference not in levels:
        listed = ", ".join(repr(level) for level in levels)
        raise AnalysisError(f"reference={reference!r} is not among the levels {listed}")
    return reference
