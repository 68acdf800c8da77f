"""A binary outcome compared in subgroups: the effect in each, and whether the effects differ."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import xlogy

from trialkit.analysis.distributions import chi_squared
from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, levels
from trialkit.analysis.frames.groups import arm_codes, contrast_label, excluded_rows
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.proportions.event_counts import ArmCount, binary
from trialkit.analysis.proportions.odds_ratio import odds_ratio, risk_ratio
from trialkit.analysis.proportions.risk_difference import risk_difference
from trialkit.analysis.proportions.three_measures import ThreeMeasures
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import IntervalMethod, OddsRatioMethod, RatioInterval
from trialkit.protocol.methods.risk_measures import risk_measures
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupEffect(ThreeMeasures):
    """Two arms compared in one subgroup."""

    subgroup: str
    contrast: str
    experimental: ArmCount
    reference: ArmCount


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupInteraction:
    """The likelihood-ratio test that the odds ratio is the same in all subgroups."""

    contrast: str
    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ProportionSubgroups(Tabular):
    """What ``compare_proportions_in_subgroups`` found."""

    outcome: str
    subgroup: str
    conf_level: float
    effects: tuple[SubgroupEffect, ...]
    interactions: tuple[SubgroupInteraction, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcome and the subgroups."""
        return f"{self.outcome} in subgroups of {self.subgroup}"

    def to_frame(self) -> pd.DataFrame:
        """Three rows a subgroup and contrast."""
        return pd.DataFrame(
            [
                {
                    "subgroup": each.subgroup,
                    "stat_name": name.value,
                    "contrast": each.contrast,
                    "estimate": found.estimate,
                    "conf_low": found.conf_low,
                    "conf_high": found.conf_high,
                    "conf_level": self.conf_level,
                    "interval": found.interval,
                    "events_experimental": each.experimental.events,
                    "n_experimental": each.experimental.n,
                    "events_reference": each.reference.events,
                    "n_reference": each.reference.n,
                    "note": found.note,
                    "status": found.status.value,
                }
                for each in self.effects
                for name, found in each.measures
            ]
        )

    def interaction(self) -> pd.DataFrame:
        """One row a contrast: the test of arm by subgroup."""
        return pd.DataFrame(
            [
                {
                    "term": f"{self.subgroup}",
                    "contrast": each.contrast,
                    "method": "likelihood_ratio",
                    "statistic": each.statistic,
                    "df": each.df,
                    "p_value": each.p_value,
                }
                for each in self.interactions
            ]
        )


def compare_proportions_in_subgroups(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    subgroup: str,
    interval: IntervalMethod | str = IntervalMethod.MIETTINEN_NURMINEN,
    ratio_interval: RatioInterval | str | None = None,
    odds_ratio_method: OddsRatioMethod | str | None = None,
    event: object | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> ProportionSubgroups:
    """Compare a binary outcome between arms in each subgroup, and test the interaction.

    Estimand
        In each subgroup, each other arm against ``reference``: risk difference, risk ratio and
        odds ratio. The interaction asks whether the odds ratios differ: the likelihood-ratio test
        of arm by subgroup in a logistic model. A subgroup's own p value would answer another
        question and is not given.

    Reference
        Rothwell PM. Lancet 2005;365:176-186. McCullagh P, Nelder JA. Generalized Linear Models,
        1989, chapter 4.

    Checked against
        ``tests/reference/between/stratified.json`` (R stats::glm, analysis of deviance)

    Every subgroup must hold both arms. Zero cells are left as they are, also in the interaction:
    the likelihood has its limit there. Rows with a missing value are listed in ``.excluded``.
    Raises :class:`AnalysisError` for a subgroup without one of the arms, for fewer than two
    subgroups, for a ``subject`` with two rows, and as ``compare_proportions``.
    """
    frame = as_pandas(frame)
    measures = risk_measures(
        interval, ratio_interval=ratio_interval, odds_ratio_method=odds_ratio_method
    )
    happened = binary(frame, outcome, event=event)
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    places, names = levels(frame, subgroup, parameter="subgroup", order=order)
    known = (codes >= 0) & (places >= 0) & ~np.isnan(happened)
    refuse_repeated(frame, subject, used=known)

    def count(arm_index: int, place: int) -> ArmCount:
        here = known & (codes == arm_index) & (places == place)
        if not here.any():
            raise AnalysisError(
                f"no value of {outcome!r} in {arm} {arms[arm_index]} of {subgroup} {names[place]}: "
                "a subgroup needs both arms",
                advice="join it with another one, or leave it out",
            )
        return ArmCount(
            arm=str(arms[arm_index]), events=int(happened[here].sum()), n=int(here.sum())
        )

    control = arms.index(reference)
    effects, interactions = [], []
    for index in (i for i in range(len(arms)) if i != control):
        pairs = [(count(index, place), count(control, place)) for place in range(len(names))]
        label = contrast_label(str(arms[index]), str(arms[control]))
        effects += [
            SubgroupEffect(
                subgroup=str(name),
                contrast=label,
                experimental=first,
                reference=second,
                risk_difference=risk_difference(
                    first, second, interval=measures.difference, conf_level=conf_level
                ),
                risk_ratio=risk_ratio(
                    first, second, interval=measures.ratio, conf_level=conf_level
                ),
                odds_ratio=odds_ratio(first, second, method=measures.odds, conf_level=conf_level),
            )
            for name, (first, second) in zip(names, pairs, strict=True)
        ]
        statistic, df = interaction_test(pairs)
        interactions.append(
            SubgroupInteraction(
                contrast=label,
                statistic=statistic,
                df=df,
                p_value=float(chi_squared.sf(statistic, df)),
            )
        )
    return ProportionSubgroups(
        outcome=outcome,
        subgroup=subgroup,
        conf_level=conf_level,
        effects=tuple(effects),
        interactions=tuple(interactions),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=(
                (codes < 0, f"{arm} is missing"),
                (np.isnan(happened), f"{outcome} is missing"),
                (places < 0, f"{subgroup} is missing"),
            ),
        ),
    )


def interaction_test(pairs: list[tuple[ArmCount, ArmCount]]) -> tuple[float, int]:
    """The deviance between a common odds ratio and one a subgroup, and its degrees of freedom.

    Given an odds ratio, each subgroup's likeliest risks expect as many events as it had; so the
    common odds ratio is one root in one unknown.
    """
    if len(pairs) < 2:
        raise AnalysisError("an interaction needs two subgroups, got one")
    a = np.array([first.events for first, _ in pairs], dtype=float)
    n1 = np.array([first.n for first, _ in pairs], dtype=float)
    c = np.array([second.events for _, second in pairs], dtype=float)
    n2 = np.array([second.n for _, second in pairs], dtype=float)
    df = len(pairs) - 1
    if not ((a > 0) & (c < n2)).any() or not ((a < n1) & (c > 0)).any():
        return 0.0, df  # every table is the most extreme of its margins: one odds ratio fits all

    def unexpected(log_ratio: float) -> float:
        return float((a - _expected(log_ratio, a + c, n1, n2)).sum())

    span = 1.0
    while unexpected(-span) < 0 or unexpected(span) > 0:
        span *= 2
    fitted = _expected(bracketed_root(unexpected, -span, span, xtol=1e-14), a + c, n1, n2)
    deviance = _deviance(a, fitted, n1) + _deviance(c, a + c - fitted, n2)
    return max(deviance, 0.0), df


def _expected(log_ratio: float, events: np.ndarray, n1: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """The experimental events that each subgroup expects, given its events and the odds ratio."""
    if log_ratio > 0:  # the quadratic is solved with an odds ratio below 1, so as not to overflow
        return np.asarray(events - _expected(-log_ratio, events, n2, n1))
    ratio = float(np.exp(log_ratio))
    linear = n2 - events + ratio * (n1 + events)
    root = np.sqrt(linear**2 + 4 * (1 - ratio) * ratio * n1 * events)
    stable = 2 * ratio * n1 * events / np.where(linear + root > 0, linear + root, 1.0)
    other = (root - linear) / (2 * (1 - ratio) + 1e-300)
    return np.asarray(np.where(linear >= 0, stable, other))


def _deviance(observed: np.ndarray, fitted: np.ndarray, n: np.ndarray) -> float:
    """Twice the log likelihood lost by fitting ``fitted`` of ``n`` events instead of ``observed``."""
    fitted = np.clip(fitted, 1e-300, None)
    rest = np.clip(n - fitted, 1e-300, None)
    gained = xlogy(observed, observed / fitted) + xlogy(n - observed, (n - observed) / rest)
    return float(2 * gained.sum())
