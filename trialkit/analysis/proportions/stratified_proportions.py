"""A binary outcome compared within strata: Cochran-Mantel-Haenszel.

See ``docs/methods/stratified_proportions.md``.
"""

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from trialkit.analysis.distributions import chi_squared
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, levels
from trialkit.analysis.frames.groups import (
    arm_codes,
    check_level,
    contrast_label,
    excluded_rows,
    refuse_empty,
)
from trialkit.analysis.frames.rows_of_subjects import refuse_repeated
from trialkit.analysis.proportions.event_counts import ArmCount, binary, without_limits
from trialkit.analysis.proportions.risk_difference import Estimate
from trialkit.analysis.proportions.three_measures import ThreeMeasures
from trialkit.errors import AnalysisError
from trialkit.results.effect import Status
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Both arms of one stratum; only strata with subjects in both take part."""

    label: str
    experimental: ArmCount
    reference: ArmCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Homogeneity:
    """Breslow, Day and Tarone's test that the odds ratio is the same in all strata."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedContrast(ThreeMeasures):
    """Mantel-Haenszel's common risk difference, risk ratio and odds ratio, with the tests.

    ``homogeneity`` is None where one informative stratum or none is left, or where the common odds
    ratio is 0 or infinite: there is nothing that could differ between strata.
    """

    contrast: str
    strata: tuple[Stratum, ...]
    statistic: float
    p_value: float
    statistic_corrected: float
    p_value_corrected: float
    homogeneity: Homogeneity | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StratifiedProportions(Tabular):
    """What ``cochran_mantel_haenszel`` found; ``excluded`` lists the rows that it could not use."""

    outcome: str
    strata: str
    conf_level: float
    contrasts: tuple[StratifiedContrast, ...]
    excluded: pd.DataFrame

    @property
    def title(self) -> str:
        """The outcome and what it is stratified by."""
        return f"{self.outcome} within {self.strata}: Cochran-Mantel-Haenszel"

    def to_frame(self) -> pd.DataFrame:
        """Three rows a contrast, with the test that holds for all three."""
        return pd.DataFrame(
            [
                {
                    "stat_name": name.value,
                    "contrast": each.contrast,
                    "estimate": found.estimate,
                    "conf_low": found.conf_low,
                    "conf_high": found.conf_high,
                    "conf_level": self.conf_level,
                    "interval": found.interval,
                    "statistic": each.statistic,
                    "df": 1.0,
                    "p_value": each.p_value,
                    "n_strata": len(each.strata),
                    "note": found.note,
                    "status": found.status.value,
                }
                for each in self.contrasts
                for name, found in each.measures
            ]
        )

    def tests(self) -> pd.DataFrame:
        """Cochran-Mantel-Haenszel without and with correction, and Breslow-Day-Tarone if it exists."""
        rows: list[tuple[str, str, float, int, float]] = []
        for each in self.contrasts:
            plain_test = (each.statistic, 1, each.p_value)
            corrected = (each.statistic_corrected, 1, each.p_value_corrected)
            rows.append((each.contrast, "cochran_mantel_haenszel", *plain_test))
            rows.append((each.contrast, "cochran_mantel_haenszel_corrected", *corrected))
            if each.homogeneity is not None:
                found = astuple(each.homogeneity)
                rows.append((each.contrast, "breslow_day_tarone", *found))
        return pd.DataFrame(rows, columns=["contrast", "test", "statistic", "df", "p_value"])


def cochran_mantel_haenszel(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    strata: str,
    event: object | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> StratifiedProportions:
    """Compare a binary outcome between arms within strata.

    Estimand
        The common risk difference, risk ratio and odds ratio over the strata, by Mantel and
        Haenszel's weights; the test asks whether the odds ratio is 1 in all strata.

    Reference
        Mantel N, Haenszel W. J Natl Cancer Inst 1959;22:719-748. Robins J, Breslow N, Greenland S.
        Biometrics 1986;42:311-323 (odds ratio). Greenland S, Robins JM. Biometrics 1985;41:55-68
        (risk ratio). Sato T. Biometrics 1989;45:1323-1324 (risk difference). Tarone RE. Biometrika
        1985;72:91-95 (homogeneity).

    Checked against
        ``tests/reference/between/stratified.json`` (R stats::mantelhaen.test, published formulas)

    A stratum in which one of the two arms has no subject tells nothing and is listed in
    ``.excluded``; so are rows without outcome, arm or stratum. No cell is padded.
    Raises :class:`AnalysisError` where no stratum holds both arms, for an arm without subjects, for
    a ``subject`` with two rows, and for an outcome that is not binary.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    happened = binary(frame, outcome, event=event)
    codes, arms = arm_codes(frame, arm, reference=reference, order=order)
    places, names = levels(frame, strata, parameter="strata", order=order, keep_empty=False)
    known = (codes >= 0) & (places >= 0) & ~np.isnan(happened)
    sizes = tuple((str(name), int((known & (codes == i)).sum())) for i, name in enumerate(arms))
    refuse_empty(sizes, of=outcome, arm=arm)
    control = arms.index(reference)
    contrasts = []
    used = np.zeros(len(frame), dtype=bool)
    for index, name in enumerate(arms):
        if index == control:
            continue
        chosen, compared = _strata(
            happened,
            known=known,
            in_experimental=codes == index,
            in_reference=codes == control,
            places=places,
            labels=(str(name), str(arms[control]), *(str(each) for each in names)),
        )
        used |= compared
        contrasts.append(_stratified(chosen, conf_level=conf_level))
    refuse_repeated(frame, subject, used=used)
    return StratifiedProportions(
        outcome=outcome,
        strata=strata,
        conf_level=conf_level,
        contrasts=tuple(contrasts),
        excluded=excluded_rows(
            frame,
            subject=subject,
            reasons=(
                (codes < 0, f"{arm} is missing"),
                (np.isnan(happened), f"{outcome} is missing"),
                (places < 0, f"{strata} is missing"),
                (known & ~used, f"nobody of the other arm in this {strata}"),
            ),
        ),
    )


def _strata(
    happened: np.ndarray,
    *,
    known: np.ndarray,
    in_experimental: np.ndarray,
    in_reference: np.ndarray,
    places: np.ndarray,
    labels: tuple[str, ...],
) -> tuple[tuple[Stratum, ...], np.ndarray]:
    """The strata with subjects in both arms, and the rows of their subjects."""
    experimental, reference, *names = labels
    chosen = []
    compared = np.zeros(len(happened), dtype=bool)
    for place, label in enumerate(names):
        here = known & (places == place)
        first, second = here & in_experimental, here & in_reference
        if first.any() and second.any():
            compared |= first | second
            chosen.append(
                Stratum(
                    label=label,
                    experimental=ArmCount(
                        arm=experimental,
                        events=int(happened[first].sum()),
                        n=int(first.sum()),
                    ),
                    reference=ArmCount(
                        arm=reference, events=int(happened[second].sum()), n=int(second.sum())
                    ),
                )
            )
    if not chosen:
        raise AnalysisError(
            f"no stratum holds both {experimental} and {reference}: there is nothing to compare "
            "within strata"
        )
    return tuple(chosen), compared


def _stratified(strata: tuple[Stratum, ...], *, conf_level: float) -> StratifiedContrast:
    a = np.array([each.experimental.events for each in strata], dtype=float)
    b = np.array([each.experimental.without for each in strata], dtype=float)
    c = np.array([each.reference.events for each in strata], dtype=float)
    d = np.array([each.reference.without for each in strata], dtype=float)
    z = float(-ndtri((1 - conf_level) / 2))
    statistic, corrected = _association(a, b, c, d)
    odds = _common_odds_ratio(a, b, c, d)
    return StratifiedContrast(
        contrast=contrast_label(strata[0].experimental.arm, strata[0].reference.arm),
        strata=strata,
        risk_difference=_difference(a, b, c, d, z=z, conf_level=conf_level),
        risk_ratio=_ratio(a, b, c, d, z=z, conf_level=conf_level),
        odds_ratio=_odds(a, b, c, d, z=z, conf_level=conf_level),
        statistic=statistic,
        p_value=float(chi_squared.sf(statistic, 1)),
        statistic_corrected=corrected,
        p_value_corrected=float(chi_squared.sf(corrected, 1)),
        homogeneity=_breslow_day_tarone(a, b, c, d, odds),
    )


def _association(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> tuple[float, float]:
    """The chi-square statistic without and with continuity correction; 0 without any event.

    As in R's ``mantelhaen.test``, a distance below ½ is not corrected at all.
    """
    n1, n2, events, total = a + b, c + d, a + c, a + b + c + d
    distance = abs(float((a - n1 * events / total).sum()))
    more = total > 1
    parts = (n1 * n2 * events * (total - events))[more] / (total**2 * (total - 1))[more]
    variance = float(parts.sum())
    if variance == 0:
        return 0.0, 0.0
    corrected = distance - 0.5 if distance >= 0.5 else distance
    return distance**2 / variance, corrected**2 / variance


def _difference(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, *, z: float, conf_level: float
) -> Estimate:
    """Mantel-Haenszel's risk difference with Sato's variance."""
    n1, n2, total = a + b, c + d, a + b + c + d
    weight = float((n1 * n2 / total).sum())
    estimate = float(((a * n2 - c * n1) / total).sum()) / weight
    p = (n1**2 * c - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / total**2
    q = (a * (n2 - c) + c * (n1 - a)) / (2 * total)
    variance = (estimate * float(p.sum()) + float(q.sum())) / weight**2
    some = variance > 0
    half = z * np.sqrt(variance) if some else 2.0
    return Estimate(
        estimate=estimate,
        conf_low=float(max(estimate - half, -1.0)),
        conf_high=float(min(estimate + half, 1.0)),
        conf_level=conf_level,
        interval="sato",
        note="" if some else f"a variance of 0: {without_limits('sato')}",
        status=Status.ESTIMATED if some else Status.NOT_ESTIMABLE,
    )


def _ratio(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, *, z: float, conf_level: float
) -> Estimate:
    """Mantel-Haenszel's risk ratio with Greenland and Robins' variance of its logarithm."""
    n1, n2, total = a + b, c + d, a + b + c + d
    r, s = float((a * n2 / total).sum()), float((c * n1 / total).sum())
    p = float(((n1 * n2 * (a + c) - a * c * total) / total**2).sum())
    variance = p / (r * s) if r and s else 0.0
    return _on_log_scale(r, s, variance, z=z, conf_level=conf_level, interval="greenland_robins")


def _odds(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, *, z: float, conf_level: float
) -> Estimate:
    """Mantel-Haenszel's odds ratio with the variance of Robins, Breslow and Greenland."""
    total = a + b + c + d
    p, q, r, s = (a + d) / total, (b + c) / total, a * d / total, b * c / total
    sum_r, sum_s = float(r.sum()), float(s.sum())
    variance = 0.0
    if sum_r and sum_s:
        variance = float(
            (p * r).sum() / (2 * sum_r**2)
            + (p * s + q * r).sum() / (2 * sum_r * sum_s)
            + (q * s).sum() / (2 * sum_s**2)
        )
    return _on_log_scale(
        sum_r,
        sum_s,
        variance,
        z=z,
        conf_level=conf_level,
        interval="robins_breslow_greenland",
    )


def _on_log_scale(
    numerator: float,
    denominator: float,
    variance: float,
    *,
    z: float,
    conf_level: float,
    interval: str,
) -> Estimate:
    """A ratio with an interval about its logarithm; 0 to infinity where that does not exist."""
    if numerator and denominator and variance > 0:
        estimate = numerator / denominator
        reach = float(np.exp(z * np.sqrt(variance)))
        low, high, note = estimate / reach, estimate * reach, ""
    else:
        low, high = 0.0, np.inf
        unbounded = np.inf if numerator else float("nan")
        estimate = numerator / denominator if denominator else unbounded
        note = f"zero cells in all strata: {without_limits(interval)}"
        if np.isnan(estimate):
            note = "not estimable: no event, or nothing but events, in any stratum"
    return Estimate(
        estimate=estimate,
        conf_low=low,
        conf_high=high,
        conf_level=conf_level,
        interval=interval,
        note=note,
        status=Status.NOT_ESTIMABLE if note else Status.ESTIMATED,
    )


def _common_odds_ratio(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> float:
    total = a + b + c + d
    r, s = float((a * d / total).sum()), float((b * c / total).sum())
    if s:
        return r / s
    return np.inf if r else float("nan")


def _breslow_day_tarone(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, odds_ratio: float
) -> Homogeneity | None:
    """The test that the odds ratio is the same in all strata; strata without information drop."""
    n1, n2, events = a + b, c + d, a + c
    informative = (events > 0) & (events < n1 + n2)
    df = int(informative.sum()) - 1
    if df < 1 or not 0 < odds_ratio < np.inf:
        return None
    n1, n2, events, observed = (each[informative] for each in (n1, n2, events, a))
    expected = _expected(odds_ratio, n1=n1, n2=n2, events=events)
    variance = 1 / (
        1 / expected + 1 / (n1 - expected) + 1 / (events - expected) + 1 / (n2 - events + expected)
    )
    distance = observed - expected
    statistic = (distance**2 / variance).sum() - distance.sum() ** 2 / variance.sum()
    return Homogeneity(
        statistic=float(statistic), df=df, p_value=float(chi_squared.sf(statistic, df))
    )


def _expected(
    odds_ratio: float, *, n1: np.ndarray, n2: np.ndarray, events: np.ndarray
) -> np.ndarray:
    """The expected experimental events of each stratum, given its margins and the odds ratio."""
    quadratic = odds_ratio - 1
    linear = n2 - events + odds_ratio * (n1 + events)
    root = np.sqrt(linear**2 - 4 * quadratic * odds_ratio * n1 * events)
    return np.asarray(2 * odds_ratio * n1 * events / (linear + root))
