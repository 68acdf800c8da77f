"""Two treatments in two periods, a numeric outcome. The method is in ``docs/methods/crossover.md``."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.crossover.two_periods import CARRY_OVER, TwoPeriods, read_two_periods
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, numbers
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.means.rank_tests import mann_whitney
from trialkit.analysis.means.t_tests import student_t, welch_t
from trialkit.decimals.columns import difference
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import MeansMethod
from trialkit.protocol.methods.crossover_options import CrossoverEffect
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverContrast:
    """One effect with its test; ``se`` and ``df`` are NaN of a rank test. ``note`` says what to know."""

    effect: CrossoverEffect
    contrast: str
    estimate: float
    se: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CrossoverMeans(Tabular):
    """The effects of treatment, period and carry-over; ``periods`` has the subjects' values."""

    outcome: str
    method: MeansMethod
    conf_level: float
    periods: TwoPeriods
    effects: tuple[CrossoverContrast, ...]

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        return (
            f"Crossover of {self.outcome} in two periods: {self.method.value} between sequences "
            f"(n = {len(self.periods.first)})"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The subjects left out, each with the reason."""
        return self.periods.excluded

    def to_frame(self) -> pd.DataFrame:
        """A row each for treatment, period and carry-over.

        Columns ``effect``, ``contrast``, ``method``, ``estimate``, ``se``, ``df``, ``statistic``,
        ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``n_experimental_first``,
        ``n_reference_first``, ``note``.
        """
        one, other = self.periods.sizes
        return pd.DataFrame(
            [
                {
                    "effect": each.effect.value,
                    "contrast": each.contrast,
                    "method": self.method.value,
                    Stat.ESTIMATE.value: each.estimate,
                    Stat.SE.value: each.se,
                    Stat.DF.value: each.df,
                    Stat.STATISTIC.value: each.statistic,
                    Stat.P_VALUE.value: each.p_value,
                    Stat.CONF_LOW.value: each.conf_low,
                    Stat.CONF_HIGH.value: each.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    "n_experimental_first": one,
                    "n_reference_first": other,
                    "note": each.note,
                }
                for each in self.effects
            ]
        )

    def means(self) -> pd.DataFrame:
        """A row a sequence and period: ``sequence``, ``period``, ``treatment``, ``n``, ``mean``, ``sd``."""
        both = self.periods
        rows = []
        for sequence, own, order in zip(
            both.sequences,
            (both.experimental_first, ~both.experimental_first),
            ((both.experimental, both.reference), (both.reference, both.experimental)),
            strict=True,
        ):
            for period, values, treatment in zip(
                both.periods, (both.first, both.second), order, strict=True
            ):
                rows.append(
                    {
                        "sequence": sequence,
                        "period": period,
                        "treatment": treatment,
                        Stat.N.value: int(own.sum()),
                        Stat.MEAN.value: float(values[own].mean()),
                        Stat.SD.value: float(values[own].std(ddof=1)),
                    }
                )
        return pd.DataFrame(rows)


def crossover_means(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    period: str,
    treatment: str,
    reference: object,
    method: MeansMethod | str = MeansMethod.STUDENT_T,
    conf_level: float = 0.95,
    order: Order | None = None,
) -> CrossoverMeans:
    """Two treatments compared in the same subjects over two periods, adjusted for the period.

    Estimand
        The difference in the outcome under the other treatment and under ``reference`` in the same
        subject, whatever the period, carry-over being nothing; by ranks its Hodges-Lehmann estimate.

    Reference
        Hills M, Armitage P. Br J Clin Pharmacol 1979;8:7-20. Koch GG. Biometrics 1972;28:577-584
        (ranks). Freeman PR. Stat Med 1989;8:1421-1432 (why carry-over must not choose).

    Checked against
        ``tests/reference/crossover/crossover_abba_complete.json``

    ``frame`` has one row a subject and period. Half the changes from the first period to the second
    are compared between the two sequences (treatment), and with the signs of one sequence turned
    (period); the subjects' totals are compared for carry-over, with a warning in ``note``: no analysis
    is chosen by it. ``method`` is ``student_t``, ``welch_t`` or one of ``mann_whitney``. Subjects with
    one period are in ``.excluded``; a mixed model keeps them.

    Raises ``AnalysisError`` for other than two treatments and two periods, a sequence of fewer than two
    subjects, two rows of a subject in a period, one treatment twice, changes that are all alike.
    """
    frame = as_pandas(frame)
    kind = choose(MeansMethod, method, parameter="method")
    check_level(conf_level)
    if not (kind.is_t_test or kind.is_rank_test):
        raise AnalysisError(
            f"method={kind.value!r} compares no two sequences; known are student_t, welch_t and "
            "mann_whitney with its asymptotic forms"
        )
    both = read_two_periods(
        frame,
        numbers(frame, outcome, parameter="outcome"),
        outcome=outcome,
        subject=subject,
        period=period,
        treatment=treatment,
        reference=reference,
        order=order,
    )
    refuse_unworkable_size(both.first, outcome)
    refuse_unworkable_size(both.second, outcome)
    change = difference(both.second, both.first)
    total = difference(both.second, -both.first)
    early, late = both.experimental_first, ~both.experimental_first
    test = _tester(kind, conf_level)
    treated = contrast_label(both.experimental, both.reference)
    over_time = contrast_label(both.periods[1], both.periods[0])
    effects = [
        test(CrossoverEffect.TREATMENT, treated, change[late] / 2, change[early] / 2, ""),
    ]
    for effect, contrast, one, other, note in (
        (CrossoverEffect.PERIOD, over_time, change[late] / 2, -change[early] / 2, ""),
        (CrossoverEffect.CARRY_OVER, treated, total[early], total[late], CARRY_OVER),
    ):
        try:
            effects.append(test(effect, contrast, one, other, note))
        except AnalysisError as error:  # the treatment's test stands without it
            nothing = dict.fromkeys(("se", "df", "statistic", "p_value"), float("nan"))
            effects.append(
                CrossoverContrast(
                    effect=effect,
                    contrast=contrast,
                    estimate=float(np.mean(one) - np.mean(other)),
                    conf_low=float("nan"),
                    conf_high=float("nan"),
                    note=f"no test: {error.reason}",
                    **nothing,
                )
            )
    return CrossoverMeans(
        outcome=outcome, method=kind, conf_level=conf_level, periods=both, effects=tuple(effects)
    )


def _tester(
    kind: MeansMethod, conf_level: float
) -> Callable[[CrossoverEffect, str, np.ndarray, np.ndarray, str], CrossoverContrast]:
    """The method as a function of an effect, its contrast, two samples and a note."""

    def by_t(
        effect: CrossoverEffect, contrast: str, one: np.ndarray, other: np.ndarray, note: str
    ) -> CrossoverContrast:
        compare = welch_t if kind is MeansMethod.WELCH_T else student_t
        found = compare(one, other, conf_level=conf_level)
        return CrossoverContrast(
            effect=effect,
            contrast=contrast,
            estimate=found.estimate,
            se=found.se,
            df=found.df,
            statistic=found.statistic,
            p_value=found.p_value,
            conf_low=found.conf_low,
            conf_high=found.conf_high,
            note=note,
        )

    def by_ranks(
        effect: CrossoverEffect, contrast: str, one: np.ndarray, other: np.ndarray, note: str
    ) -> CrossoverContrast:
        found = mann_whitney(one, other, method=kind, conf_level=conf_level)
        return CrossoverContrast(
            effect=effect,
            contrast=contrast,
            estimate=found.estimate,
            se=float("nan"),
            df=float("nan"),
            statistic=found.statistic,
            p_value=found.p_value,
            conf_low=found.conf_low,
            conf_high=found.conf_high,
            note=note,
        )

    return by_t if kind.is_t_test else by_ranks
