"""Win ratio, win odds and net benefit. The method is in ``docs/methods/ordinal.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import arm_codes, check_level, contrast_label, excluded_rows
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.ordinal.pairwise_wins import (
    RankedOutcome,
    WinOutcome,
    WinShares,
    read_outcome,
    win_shares,
)
from trialkit.errors import AnalysisError
from trialkit.results.effect import Status
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

NO_LOSS = "no pair is lost, or none won: the ratio is 0 or infinite, without limits"
ALIKE = "all pairs of an arm end alike: there is no variance, and the limits equal the estimate"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wins:
    """Shares of pairs that the experimental arm wins and loses, and how they vary together.

    ``covariance`` (2, 2) of ``win`` and ``loss``; ``se`` and ``df`` are those of Brunner and Munzel
    for the probability of superiority, ``win`` and half the ties; ``by_outcome`` (k, 2).
    """

    contrast: str
    win: float
    loss: float
    covariance: np.ndarray
    se: float
    df: float
    by_outcome: np.ndarray

    @property
    def tie(self) -> float:
        """The share of pairs in which nobody is better."""
        return max(1 - self.win - self.loss, 0.0)

    @property
    def probability(self) -> float:
        """That the experimental subject of a pair is the better one, ties half."""
        return (1 + self.win - self.loss) / 2

    @property
    def win_ratio(self) -> float:
        """Won over lost pairs."""
        return self.win / self.loss if self.loss else np.inf

    @property
    def win_odds(self) -> float:
        """The odds of the probability of superiority."""
        return self.probability / (1 - self.probability) if self.probability < 1 else np.inf

    @property
    def net_benefit(self) -> float:
        """Won less lost pairs."""
        return self.win - self.loss


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WinComparison(Tabular):
    """What ``compare_wins`` found; ``excluded`` lists the rows that it could not use."""

    outcomes: tuple[WinOutcome, ...]
    arm: str
    conf_level: float
    wins: tuple[Wins, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcomes in their order, and the arm."""
        names = [
            each.column if isinstance(each, RankedOutcome) else each.time for each in self.outcomes
        ]
        return f"Wins in {', then '.join(names)} by {self.arm}"

    def to_frame(self) -> pd.DataFrame:
        """Four rows a contrast: probability_of_superiority, win_odds, win_ratio, net_benefit.

        Columns ``contrast``, ``measure``, ``estimate``, ``se`` (of the logarithm for a ratio), ``df``,
        ``statistic``, ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``status``, ``note``.
        """
        return pd.DataFrame(
            [row for each in self.wins for row in _rows(each, conf_level=self.conf_level)]
        )

    def shares(self) -> pd.DataFrame:
        """The shares of pairs won, lost and tied in all, and how many each outcome decides.

        Columns ``contrast``, ``outcome`` (``all``, then each), ``win``, ``loss``, ``tie``; ties are
        those left after the outcome.
        """
        rows = []
        for each in self.wins:
            rows.append((each.contrast, "all", each.win, each.loss, each.tie))
            left = 1.0
            for outcome, (won, lost) in zip(self.outcomes, each.by_outcome, strict=True):
                left -= won + lost
                name = outcome.column if isinstance(outcome, RankedOutcome) else outcome.time
                rows.append((each.contrast, name, won, lost, max(left, 0.0)))
        return pd.DataFrame(rows, columns=["contrast", "outcome", "win", "loss", "tie"])


def compare_wins(
    frame: AnyFrame,
    *,
    outcomes: Sequence[WinOutcome],
    arm: str,
    reference: object,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> WinComparison:
    """Who of two subjects, one of each arm, has the better outcome: probability, odds, ratio, net benefit.

    Estimand
        For a subject of each other arm and one of ``reference`` at random: the probability that the
        first has the better outcome, ties half; its odds (win odds); won over lost pairs (win
        ratio); won less lost pairs (net benefit).

    Reference
        Brunner E, Munzel U. Biom J 2000;42:17-25. Brunner E, Vandemeulebroecke M, Mütze T. Stat Med
        2021;40:3367-3384 (win odds). Pocock SJ et al. Eur Heart J 2012;33:176-182 (win ratio). Bebu I,
        Lachin JM. Biostatistics 2016;17:178-187 (its variance). Buyse M. Stat Med 2010;29:3245-3257.

    Checked against
        ``tests/reference/ordinal/ordinal_pgic_simulated.json``

    ``outcomes`` are asked in their order: a pair that the first does not tell apart is compared by
    the second, and so on. ``frame`` has one row a subject; a missing value tells nobody apart, and a
    row without any outcome, or without arm, is listed in ``.excluded``. Limits of probability, win odds
    (on the log odds) and net benefit by t with Brunner and Munzel's degrees of freedom, those of
    the win ratio on the logarithm by the normal distribution. All from variances of U statistics
    that allow unequal distributions. Censored times make the measures depend on the length of
    follow-up.

    Raises ``AnalysisError`` for no outcome, an arm of less than two, two rows of a subject, levels of
    unstated order, a negative ``margin`` or time.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    if isinstance(outcomes, RankedOutcome) or not outcomes:
        raise AnalysisError("outcomes must be a sequence, such as [RankedOutcome(column='pain')]")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    read = tuple(read_outcome(frame, each, order=order) for each in outcomes)
    nothing = np.all([np.isnan(each.value) for each in read], axis=0)
    used = (codes >= 0) & ~nothing
    refuse_repeated(frame, subject, used=used)
    base = arms.index(reference)
    at = [np.flatnonzero(used & (codes == number)) for number in range(len(arms))]
    few = [str(name) for name, rows in zip(arms, at, strict=True) if len(rows) < 2]
    if few:
        raise AnalysisError(
            f"wins need two subjects an arm with an outcome; {', '.join(few)} has less"
        )
    return WinComparison(
        outcomes=tuple(outcomes),
        arm=arm,
        conf_level=conf_level,
        wins=tuple(
            _wins(win_shares(read, at[number], at[base]), contrast_label(str(name), str(reference)))
            for number, name in enumerate(arms)
            if number != base
        ),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=((codes < 0, f"{arm} is missing"), (nothing, "no outcome is there")),
        ),
    )


def _wins(shares: WinShares, contrast: str) -> Wins:
    """Wins and their variances: of the means of each arm's own shares."""
    m, n = len(shares.wins), len(shares.wins_over)
    one, other = np.cov(shares.wins, shares.losses), np.cov(shares.wins_over, shares.losses_to)
    halves = (
        float(np.var(shares.wins - shares.losses, ddof=1)) / 4 / m,
        float(np.var(shares.wins_over - shares.losses_to, ddof=1)) / 4 / n,
    )
    variance = sum(halves)
    spread = halves[0] ** 2 / (m - 1) + halves[1] ** 2 / (n - 1)
    return Wins(
        contrast=contrast,
        win=float(shares.wins.mean()),
        loss=float(shares.losses.mean()),
        covariance=np.asarray(one / m + other / n),
        se=float(np.sqrt(variance)),
        df=variance**2 / spread if spread else np.inf,
        by_outcome=shares.by_outcome,
    )


def _rows(wins: Wins, *, conf_level: float) -> list[dict[str, object]]:
    p = wins.probability
    reach = t_critical(conf_level, wins.df) * wins.se
    low, high = max(p - reach, 0.0), min(p + reach, 1.0)
    common = {"contrast": wins.contrast, Stat.CONF_LEVEL.value: conf_level}
    statistic = (p - 0.5) / wins.se if wins.se else np.copysign(np.inf, p - 0.5)
    test = {
        Stat.DF.value: wins.df,
        Stat.STATISTIC.value: statistic if p != 0.5 else 0.0,
        Stat.P_VALUE.value: float(t_p_value(np.array(statistic), wins.df)) if p != 0.5 else 1.0,
    }
    note = "" if wins.se else ALIKE
    given = {"status": Status.ESTIMATED.value, "note": note}
    inside = 0 < p < 1
    log_se = wins.se / (p * (1 - p)) if inside else np.nan
    by = np.exp(t_critical(conf_level, wins.df) * log_se) if inside else np.nan
    none = {"status": Status.NOT_ESTIMABLE.value, "note": NO_LOSS}
    rows = [
        {"measure": "probability_of_superiority", Stat.ESTIMATE.value: p, Stat.SE.value: wins.se}
        | test | {Stat.CONF_LOW.value: low, Stat.CONF_HIGH.value: high} | given,
        {"measure": "win_odds", Stat.ESTIMATE.value: wins.win_odds, Stat.SE.value: log_se}
        | test
        | {
            Stat.CONF_LOW.value: wins.win_odds / by if inside else 0.0,
            Stat.CONF_HIGH.value: wins.win_odds * by if inside else np.inf,
        }
        | (given if inside else none),
        {"measure": "win_ratio"} | _win_ratio(wins, conf_level=conf_level),
        {
            "measure": "net_benefit",
            Stat.ESTIMATE.value: wins.net_benefit,
            Stat.SE.value: 2 * wins.se,
        }
        | test | {Stat.CONF_LOW.value: 2 * low - 1, Stat.CONF_HIGH.value: 2 * high - 1} | given,
    ]  # fmt: skip
    return [common | row for row in rows]


def _win_ratio(wins: Wins, *, conf_level: float) -> dict[str, object]:
    """The ratio on its logarithm; without a won or a lost pair it has no limits."""
    if not wins.win or not wins.loss:
        return {
            Stat.ESTIMATE.value: wins.win_ratio if wins.win or wins.loss else np.nan,
            Stat.SE.value: np.nan, Stat.DF.value: np.inf, Stat.STATISTIC.value: np.nan,
            Stat.P_VALUE.value: np.nan, Stat.CONF_LOW.value: 0.0, Stat.CONF_HIGH.value: np.inf,
            "status": Status.NOT_ESTIMABLE.value, "note": NO_LOSS,
        }  # fmt: skip
    by = np.array([1 / wins.win, -1 / wins.loss])
    se = float(np.sqrt(max(by @ wins.covariance @ by, 0.0)))
    logarithm = float(np.log(wins.win_ratio))
    reach = t_critical(conf_level, np.inf) * se
    statistic = logarithm / se if se else (np.copysign(np.inf, logarithm) if logarithm else 0.0)
    return {
        Stat.ESTIMATE.value: wins.win_ratio,
        Stat.SE.value: se,
        Stat.DF.value: np.inf,
        Stat.STATISTIC.value: statistic,
        Stat.P_VALUE.value: float(t_p_value(np.array(statistic), np.inf)),
        Stat.CONF_LOW.value: float(np.exp(logarithm - reach)),
        Stat.CONF_HIGH.value: float(np.exp(logarithm + reach)),
        "status": Status.ESTIMATED.value,
        "note": "" if se else ALIKE,
    }
