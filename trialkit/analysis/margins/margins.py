"""Non-inferiority and equivalence: a confidence interval held against a margin.

The margin is a positive number in the unit of the comparison; the direction says which way is
better. The interval has level 1 − 2 alpha, so that the conclusion and the one-sided test at
``alpha`` always agree. See ``docs/methods/margins.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from trialkit.analysis.distributions import student
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import contrast_label, split_by_arm
from trialkit.analysis.means.t_tests import TTest, student_t, welch_t
from trialkit.analysis.proportions.event_counts import ArmCount, count_events
from trialkit.analysis.proportions.score_intervals import difference_limits, difference_z
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import MarginQuestion, MarginTest, MeansMethod
from trialkit.protocol.methods.conclusions import conclude
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginContrast:
    """One contrast held against the margin.

    ``p_value`` is one-sided; for equivalence it is the larger of the two. ``shown`` is whether the
    interval excludes the margin (both margins, for equivalence), and ``conclusion`` says so.
    """

    contrast: str
    estimate: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    shown: bool
    conclusion: str
    n_experimental: int
    n_reference: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MarginComparison(Tabular):
    """What a comparison with a margin found; ``excluded`` lists the rows that it could not use."""

    question: MarginQuestion
    outcome: str
    method: str
    margin: float
    direction: Direction
    alpha: float
    contrasts: tuple[MarginContrast, ...]
    excluded: pd.DataFrame

    @property
    def conf_level(self) -> float:
        """The level of the interval that answers at one-sided ``alpha``."""
        return 1 - 2 * self.alpha

    @property
    def title(self) -> str:
        """The question, the outcome and the margin."""
        return f"{self.outcome}: {self.question.value}, margin {self.margin:g}, {self.method}"

    def to_frame(self) -> pd.DataFrame:
        """One row a contrast, the conclusion in words in the last column."""
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    "method": self.method,
                    "estimate": each.estimate,
                    "margin": self.margin,
                    "statistic": each.statistic,
                    "p_value": each.p_value,
                    "alpha": self.alpha,
                    "conf_low": each.conf_low,
                    "conf_high": each.conf_high,
                    "conf_level": self.conf_level,
                    "n_experimental": each.n_experimental,
                    "n_reference": each.n_reference,
                    "shown": each.shown,
                    "conclusion": each.conclusion,
                }
                for each in self.contrasts
            ]
        )


def compare_means_with_margin(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    question: MarginQuestion | str,
    margin: float,
    direction: Direction | str,
    alpha: float = 0.025,
    method: MeansMethod | str = MeansMethod.WELCH_T,
    subject: str | None = None,
    order: Order | None = None,
) -> MarginComparison:
    """Non-inferiority or equivalence of means.

    Estimand
        Mean of each other arm minus mean of ``reference``, in the outcome's unit, held against
        ``margin`` in the same unit.

    Reference
        Schuirmann DJ. J Pharmacokinet Biopharm 1987;15:657-680 (two one-sided tests). Piaggio G et
        al. CONSORT for non-inferiority and equivalence. JAMA 2012;308:2594-2604.

    Checked against
        ``tests/reference/between/margins.json`` (R stats::t.test with mu)

    ``direction`` says which way is better, ``"higher"`` or ``"lower"``. ``method`` is ``welch_t``
    or ``student_t``. Raises :class:`AnalysisError` for a margin that is not above 0, for ``alpha``
    outside 0 to 0.5, and as ``compare_means``.
    """
    frame = as_pandas(frame)
    kind = choose(MeansMethod, method, parameter="method")
    ask, way = _question(question, direction, margin=margin, alpha=alpha)
    if kind not in {MeansMethod.WELCH_T, MeansMethod.STUDENT_T}:
        raise AnalysisError(
            f"method={kind.value!r} has no margin; for means it is welch_t or student_t"
        )
    test_of = welch_t if kind is MeansMethod.WELCH_T else student_t
    groups = split_by_arm(
        frame, outcome=outcome, arm=arm, reference=reference, subject=subject, order=order
    )
    contrasts = []
    for experimental, control in groups.against(reference):
        test = test_of(experimental.values, control.values, conf_level=1 - 2 * alpha)
        statistic, p = _of_sides(_t_sides(test, ask, way, margin))
        contrasts.append(
            _conclude(
                ask,
                way,
                names=(experimental.arm, control.arm),
                sizes=(experimental.n, control.n),
                estimate=test.estimate,
                limits=(test.conf_low, test.conf_high),
                margin=margin,
                test=(statistic, p),
            )
        )
    return MarginComparison(
        question=ask,
        outcome=outcome,
        method=kind.value,
        margin=margin,
        direction=way,
        alpha=alpha,
        contrasts=tuple(contrasts),
        excluded=groups.excluded,
    )


def compare_proportions_with_margin(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    question: MarginQuestion | str,
    margin: float,
    direction: Direction | str,
    alpha: float = 0.025,
    method: MarginTest | str = MarginTest.MIETTINEN_NURMINEN,
    event: object | None = None,
    subject: str | None = None,
    order: Order | None = None,
) -> MarginComparison:
    """Non-inferiority or equivalence of risks, by the score test of their difference.

    Estimand
        Risk under each other arm minus risk under ``reference``, from −1 to 1, held against
        ``margin`` (0.1 is ten percentage points).

    Reference
        Miettinen O, Nurminen M. Stat Med 1985;4:213-226. Farrington CP, Manning G. Stat Med
        1990;9:1447-1454 (the same without the factor N / (N − 1)).

    Checked against
        ``tests/reference/between/bin_newcombe_a_56_70_48_80.json`` (interval; the test is its
        inversion)

    ``direction`` is ``"higher"`` if the event is desired and ``"lower"`` if it is harmful. The
    interval inverts the very test, so the two cannot disagree. Raises :class:`AnalysisError` for a
    margin outside 0 to 1, and as ``compare_proportions``.
    """
    frame = as_pandas(frame)
    kind = choose(MarginTest, method, parameter="method")
    ask, way = _question(question, direction, margin=margin, alpha=alpha)
    if margin >= 1:
        raise AnalysisError(f"a margin of risks lies between 0 and 1 (0.1 is 10 %), got {margin}")
    small_sample = kind is MarginTest.MIETTINEN_NURMINEN
    counted = count_events(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        event=event,
        subject=subject,
        order=order,
    )
    contrasts = []
    for experimental, control in counted.against(reference):
        low, high = difference_limits(
            experimental, control, conf_level=1 - 2 * alpha, small_sample=small_sample
        )
        sides = _z_sides(experimental, control, ask, way, margin, small_sample=small_sample)
        statistic, p = _of_sides(sides)
        contrasts.append(
            _conclude(
                ask,
                way,
                names=(experimental.arm, control.arm),
                sizes=(experimental.n, control.n),
                estimate=experimental.risk - control.risk,
                limits=(low, high),
                margin=margin,
                test=(statistic, p),
            )
        )
    return MarginComparison(
        question=ask,
        outcome=outcome,
        method=kind.value,
        margin=margin,
        direction=way,
        alpha=alpha,
        contrasts=tuple(contrasts),
        excluded=counted.excluded,
    )


def _question(
    question: MarginQuestion | str, direction: Direction | str, *, margin: float, alpha: float
) -> tuple[MarginQuestion, Direction]:
    if not (np.isfinite(margin) and margin > 0):
        raise AnalysisError(f"a margin is a number above 0 in the outcome's unit, got {margin}")
    if not 0 < alpha < 0.5:
        raise AnalysisError(f"alpha is one-sided and lies between 0 and 0.5, got {alpha}")
    return (
        choose(MarginQuestion, question, parameter="question"),
        choose(Direction, direction, parameter="direction"),
    )


def _t_sides(
    test: TTest, question: MarginQuestion, direction: Direction, margin: float
) -> list[tuple[float, float]]:
    """Statistic and one-sided p of each margin that must be excluded."""
    sides = []
    if question is MarginQuestion.EQUIVALENCE or direction is Direction.HIGHER:
        statistic = (test.estimate + margin) / test.se
        sides.append((statistic, float(student.sf(statistic, test.df))))
    if question is MarginQuestion.EQUIVALENCE or direction is Direction.LOWER:
        statistic = (test.estimate - margin) / test.se
        sides.append((statistic, float(student.cdf(statistic, test.df))))
    return sides


def _z_sides(
    experimental: ArmCount,
    reference: ArmCount,
    question: MarginQuestion,
    direction: Direction,
    margin: float,
    *,
    small_sample: bool,
) -> list[tuple[float, float]]:
    sides = []
    if question is MarginQuestion.EQUIVALENCE or direction is Direction.HIGHER:
        z = difference_z(experimental, reference, -margin, small_sample=small_sample)
        sides.append((z, float(ndtr(-z))))
    if question is MarginQuestion.EQUIVALENCE or direction is Direction.LOWER:
        z = difference_z(experimental, reference, margin, small_sample=small_sample)
        sides.append((z, float(ndtr(z))))
    return sides


def _of_sides(sides: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The side that is harder to exclude."""
    return max(sides, key=lambda side: side[1])


def _conclude(
    question: MarginQuestion,
    direction: Direction,
    *,
    names: tuple[str, str],
    sizes: tuple[int, int],
    estimate: float,
    limits: tuple[float, float],
    margin: float,
    test: tuple[float, float],
) -> MarginContrast:
    shown, words = conclude(question, direction, limits=limits, margin=margin, names=names)
    return MarginContrast(
        contrast=contrast_label(*names),
        estimate=estimate,
        statistic=test[0],
        p_value=test[1],
        conf_low=limits[0],
        conf_high=limits[1],
        shown=shown,
        conclusion=words,
        n_experimental=sizes[0],
        n_reference=sizes[1],
    )
