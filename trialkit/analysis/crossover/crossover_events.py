"""Two treatments in two periods, yes or no. The method is in ``docs/methods/crossover.md``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.crossover.two_periods import CARRY_OVER, TwoPeriods, read_two_periods
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.means.rank_tests import permutation_of_means
from trialkit.analysis.proportions.event_counts import ArmCount, binary
from trialkit.analysis.proportions.odds_ratio import odds_ratio
from trialkit.analysis.proportions.proportion_tests import fisher_exact
from trialkit.protocol.methods.comparisons import OddsRatioMethod
from trialkit.protocol.methods.crossover_options import BinaryCrossoverTest, CrossoverEffect
from trialkit.results.effect import Scale, Status
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

NOBODY_PREFERS = "too few have the event in one period alone: one sequence has none of them"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CrossoverEvents(Tabular):
    """The tests of a binary outcome in two periods; ``periods`` has the subjects' values, 1 or 0."""

    outcome: str
    conf_level: float
    periods: TwoPeriods

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        return f"Crossover of {self.outcome} in two periods (n = {len(self.periods.first)})"

    @property
    def excluded(self) -> pd.DataFrame:
        """The subjects left out, each with the reason."""
        return self.periods.excluded

    def counts(self) -> pd.DataFrame:
        """A row a sequence: ``sequence``, ``neither``, ``first_only``, ``second_only``, ``both``, ``n``."""
        both = self.periods
        rows = []
        for sequence, own in zip(
            both.sequences, (both.experimental_first, ~both.experimental_first), strict=True
        ):
            first, second = both.first[own] == 1, both.second[own] == 1
            rows.append(
                {
                    "sequence": sequence,
                    "neither": int((~first & ~second).sum()),
                    "first_only": int((first & ~second).sum()),
                    "second_only": int((~first & second).sum()),
                    "both": int((first & second).sum()),
                    Stat.N.value: int(own.sum()),
                }
            )
        return pd.DataFrame(rows)

    def to_frame(self) -> pd.DataFrame:
        """Treatment by Mainland and Gart and by Prescott, period, carry-over: a row each.

        Columns ``effect``, ``contrast``, ``method``, ``measure`` (``odds_ratio``), ``estimate``,
        ``conf_low``, ``conf_high``, ``conf_level``, ``p_value``, ``n`` (who are in the test),
        ``status``, ``note``. A test without an estimate has it blank.
        """
        table = self.counts()
        one, other = (table.iloc[at] for at in (0, 1))
        both = self.periods
        treated = contrast_label(both.experimental, both.reference)
        over_time = contrast_label(both.periods[1], both.periods[0])
        return pd.DataFrame(
            [
                self._preferred(CrossoverEffect.TREATMENT, treated, "first_only", one, other),
                self._prescott(treated),
                self._preferred(CrossoverEffect.PERIOD, over_time, "second_only", one, other),
                self._carried_over(treated, one, other),
            ]
        )

    def _preferred(
        self,
        effect: CrossoverEffect,
        contrast: str,
        preferring: str,
        one: pd.Series,
        other: pd.Series,
    ) -> dict[str, object]:
        """The root of the conditional odds ratio of two sequences' preferences, with Fisher's test.

        ``preferring`` is the preference whose odds the first sequence has; the second has those of the
        first period.
        """
        sizes = [int(each["first_only"] + each["second_only"]) for each in (one, other)]
        method = BinaryCrossoverTest.MAINLAND_GART
        if not min(sizes):
            return self._row(
                effect, contrast, method, p=1.0, n=sum(sizes), measured=True, note=NOBODY_PREFERS
            )
        early = ArmCount(arm="", events=int(one[preferring]), n=sizes[0])
        late = ArmCount(arm="", events=int(other["first_only"]), n=sizes[1])
        ratio = odds_ratio(
            early, late, method=OddsRatioMethod.CONDITIONAL, conf_level=self.conf_level
        )
        ends = (ratio.estimate, ratio.conf_low, ratio.conf_high)
        return self._row(
            effect,
            contrast,
            method,
            p=fisher_exact(early, late),
            n=sum(sizes),
            measured=True,
            found=(float(np.sqrt(ends[0])), float(np.sqrt(ends[1])), float(np.sqrt(ends[2]))),
            note=ratio.note,
        )

    def _prescott(self, contrast: str) -> dict[str, object]:
        """The exact test of the mean change between sequences."""
        change = self.periods.second - self.periods.first
        early = self.periods.experimental_first
        alike = float(np.ptp(change)) == 0
        return self._row(
            CrossoverEffect.TREATMENT,
            contrast,
            BinaryCrossoverTest.PRESCOTT,
            p=1.0 if alike else permutation_of_means(change[~early], change[early]).p_value,
            n=len(change),
            note="all change alike" if alike else "",
        )

    def _carried_over(self, contrast: str, one: pd.Series, other: pd.Series) -> dict[str, object]:
        """Fisher's test of who has the event in both periods among those who prefer none."""
        sizes = [int(each["both"] + each["neither"]) for each in (one, other)]
        counts = [
            ArmCount(arm="", events=int(each["both"]), n=size)
            for each, size in zip((one, other), sizes, strict=True)
            if size
        ]
        return self._row(
            CrossoverEffect.CARRY_OVER,
            contrast,
            BinaryCrossoverTest.FISHER,
            p=fisher_exact(counts[0], counts[1]) if len(counts) == 2 else 1.0,
            n=sum(sizes),
            note=CARRY_OVER,
        )

    def _row(
        self,
        effect: CrossoverEffect,
        contrast: str,
        method: BinaryCrossoverTest,
        *,
        p: float,
        n: int,
        measured: bool = False,
        found: tuple[float, float, float] | None = None,
        note: str = "",
    ) -> dict[str, object]:
        """A row; ``measured`` tests have an odds ratio, None where these data have none."""
        nothing = (np.nan, 0.0, np.inf) if measured else (np.nan, np.nan, np.nan)
        estimate, low, high = nothing if found is None else found
        lost = measured and not (low > 0 or high < np.inf)
        return {
            "effect": effect.value,
            "contrast": contrast,
            "method": method.value,
            "measure": Scale.ODDS_RATIO.value if measured else "",
            Stat.ESTIMATE.value: estimate,
            Stat.CONF_LOW.value: low,
            Stat.CONF_HIGH.value: high,
            Stat.CONF_LEVEL.value: self.conf_level,
            Stat.P_VALUE.value: p,
            Stat.N.value: n,
            "status": (Status.NOT_ESTIMABLE if lost else Status.ESTIMATED).value,
            "note": note,
        }


def crossover_events(
    frame: AnyFrame,
    *,
    outcome: str,
    subject: str,
    period: str,
    treatment: str,
    reference: object,
    event: object | None = None,
    conf_level: float = 0.95,
    order: Order | None = None,
) -> CrossoverEvents:
    """Two treatments compared in a binary outcome of the same subjects over two periods.

    Estimand
        The odds ratio of the event under the other treatment and under ``reference`` in the same
        subject and period, carry-over being nothing: the root of the conditional odds ratio of sequence
        and of the period in which alone the event was.

    Reference
        Mainland D. Elementary Medical Statistics, 1963. Gart JJ. Biometrika 1969;56:75-80. Prescott RJ.
        Appl Stat 1981;30:9-15.

    Checked against
        ``tests/reference/crossover/preferences_formoterol.json``

    ``frame`` has one row a subject and period; ``outcome`` is yes or no as in
    ``compare_proportions``. Mainland and Gart's exact test takes who has the event in one period alone;
    Prescott's exact test of the mean change takes all. Carry-over, of those who have it in both or in
    none, has its warning in ``note``: no analysis is chosen by it. Subjects with one period are in
    ``.excluded``. Where a sequence has nobody with one event alone the odds ratio is "not estimable"
    and p is 1.

    Raises ``AnalysisError`` for what ``crossover_means`` refuses of the design, and an outcome of
    other values.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    return CrossoverEvents(
        outcome=outcome,
        conf_level=conf_level,
        periods=read_two_periods(
            frame,
            binary(frame, outcome, event=event),
            outcome=outcome,
            subject=subject,
            period=period,
            treatment=treatment,
            reference=reference,
            order=order,
        ),
    )
