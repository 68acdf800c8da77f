"""Responders: participants who improved by at least an important amount, the missing counted."""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, numbers
from trialkit.analysis.frames.groups import arm_codes, excluded_rows, refuse_empty
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.proportions.proportions import ProportionsComparison, compare_proportions
from trialkit.decimals.columns import reaches
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import (
    IntervalMethod,
    MissingRule,
    OddsRatioMethod,
    ProportionTest,
    RatioInterval,
)
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovedBy:
    """Improved by at least ``amount``, in the outcome's unit (a minimal important change)."""

    amount: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.amount) and self.amount > 0):
            raise AnalysisError(f"a minimal important change must be above 0, got {self.amount}")

    def __str__(self) -> str:
        return f"improved by at least {self.amount:.12g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovedByShare:
    """Improved by at least ``share`` of the participant's own baseline (0.3 is 30 %)."""

    share: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise AnalysisError(
                f"a share of the baseline lies above 0 and up to 1, as 0.3 does; got {self.share}"
            )

    def __str__(self) -> str:
        return f"improved by at least {100 * self.share:.12g} % of baseline"


ResponseRule: TypeAlias = ImprovedBy | ImprovedByShare


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Responders(Tabular):
    """Responders compared, with the rules that made them; ``excluded`` lists who is not counted."""

    rule: ResponseRule
    missing: MissingRule
    n_missing: int
    """Who lacks one of the two values."""
    n_without_share: int
    """Whose baseline is 0, so that no share of it is an improvement."""
    responses: pd.Series
    comparison: ProportionsComparison
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The rule of response and the rule for the missing."""
        return f"Responders: {self.note}"

    @property
    def note(self) -> str:
        """Both rules in words, for the results."""
        who = f"{self.n_missing} without a value"
        if self.n_without_share:
            who += f" and {self.n_without_share} with a baseline of 0"
        match self.missing:
            case MissingRule.NON_RESPONDER:
                how = f"{who} counted as non-responders"
            case MissingRule.OBSERVED_ONLY:
                how = f"{who} left out"
            case _:
                assert_never(self.missing)
        return f"{self.rule}; {how}"

    def to_frame(self) -> pd.DataFrame:
        """As of ``compare_proportions``, with both rules in ``note``."""
        frame = self.comparison.to_frame()
        notes = [f"{self.note}; {each}" if each else self.note for each in frame["note"]]
        return frame.assign(note=notes)

    def counts(self) -> pd.DataFrame:
        """One row an arm: responders and participants counted."""
        return pd.DataFrame(
            [
                {"arm": each.arm, "responders": each.events, "n": each.n, "risk": each.risk}
                for each in self.comparison.counts
            ]
        )


def compare_responders(
    frame: AnyFrame,
    *,
    baseline: str,
    final: str,
    arm: str,
    reference: object,
    rule: ResponseRule,
    direction: Direction | str,
    missing: MissingRule | str,
    interval: IntervalMethod | str = IntervalMethod.MIETTINEN_NURMINEN,
    ratio_interval: RatioInterval | str | None = None,
    odds_ratio_method: OddsRatioMethod | str | None = None,
    test: ProportionTest | str = ProportionTest.CHI_SQUARE_N_MINUS_1,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> Responders:
    """Compare how many participants of each arm responded.

    Estimand
        Share of participants who improved from ``baseline`` to ``final`` by what ``rule`` asks,
        each other arm against ``reference``. ``missing`` says who has no value: a non-responder
        (composite strategy) or not counted (observed cases).

    Reference
        Ostelo RWJG et al. Spine 2008;33:90-94 (30 % of baseline); as ``compare_proportions``.

    Checked against
        ``tests/reference/between/bin_small_11_13_5_13.json`` (the comparison of the counts)

    ``frame`` has one row a participant. The threshold is met in decimal: 2.8 − 1.3 is an
    improvement of 1.5, and 6.3 one of 30 % from 9.0. A share of the baseline needs baselines above 0: one of exactly 0 is treated
    as missing, a negative one is an error. Raises :class:`AnalysisError` also for an arm without
    participants and for a ``subject`` with two rows.
    """
    frame = as_pandas(frame)
    how = choose(MissingRule, missing, parameter="missing")
    first = numbers(frame, baseline, parameter="baseline")
    last = numbers(frame, final, parameter="final")
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    responded = respond(first, last, rule=rule, direction=direction)
    unknown = np.isnan(responded)
    no_value = np.isnan(first) | np.isnan(last)
    in_arm = codes >= 0
    if how is MissingRule.NON_RESPONDER:
        counted = np.where(unknown, 0.0, responded)
        left_out = ~in_arm
    else:
        counted = responded
        left_out = ~in_arm | unknown
    refuse_repeated(frame, subject, used=~left_out)
    sizes = tuple(
        (str(name), int((~left_out & (codes == index)).sum())) for index, name in enumerate(arms)
    )
    refuse_empty(sizes, of=final, arm=arm)
    response = "response" if arm != "response" else "responded"
    comparison = compare_proportions(
        pd.DataFrame({response: counted[~left_out], arm: frame[arm][~left_out]}),
        outcome=response,
        arm=arm,
        reference=reference,
        interval=interval,
        ratio_interval=ratio_interval,
        odds_ratio_method=odds_ratio_method,
        test=test,
        conf_level=conf_level,
        order={arm: arms},
    )
    excluded = excluded_rows(
        frame,
        subject=subject,
        reasons=(
            (~in_arm, f"{arm} is missing"),
            (left_out & np.isnan(first), f"{baseline} is missing"),
            (left_out & np.isnan(last), f"{final} is missing"),
            (left_out & unknown, f"{baseline} is 0 and has no share"),
        ),
    )
    return Responders(
        rule=rule,
        missing=how,
        n_missing=int((no_value & in_arm).sum()),
        n_without_share=int((unknown & ~no_value & in_arm).sum()),
        responses=pd.Series(counted, index=frame.index, name=response),
        comparison=comparison,
        excluded=excluded,
    )


def respond(
    baseline: np.ndarray, final: np.ndarray, *, rule: ResponseRule, direction: Direction | str
) -> np.ndarray:
    """1 for who improved by what ``rule`` asks, 0 for who did not, NaN where nobody can tell."""
    way = choose(Direction, direction, parameter="direction")
    improvement = final - baseline if way is Direction.HIGHER else baseline - final
    match rule:
        case ImprovedBy(amount=amount):
            needed = np.full(len(baseline), amount)
        case ImprovedByShare(share=share):
            if np.any(baseline < 0):
                raise AnalysisError(
                    f"a share of the baseline needs baselines above 0, got {np.nanmin(baseline):g}"
                )
            needed = np.where(baseline == 0, np.nan, share * baseline)
        case _:
            assert_never(rule)
    size = np.fmax(np.fmax(np.abs(baseline), np.abs(final)), needed)
    known = ~np.isnan(improvement) & ~np.isnan(needed)
    return np.where(known, reaches(improvement, needed, size=size), np.nan)
