"""Contrasts of the arms over visits, from coefficients and their covariance."""

import numpy as np
import pandas as pd

from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.gee.long_rows import LongRows
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.protocol.methods.generalised_models import ResponseFamily
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat

MEASURES = {
    ResponseFamily.BINOMIAL: Scale.ODDS_RATIO,
    ResponseFamily.POISSON: Scale.RATE_RATIO,
    ResponseFamily.GAUSSIAN: Scale.DIFFERENCE,
}


def arm_contrasts(
    long: LongRows,
    coefficients: np.ndarray,
    covariance: np.ndarray,
    *,
    family: ResponseFamily,
    reference: object,
    by_visit: str | None,
    df: float,
    conf_level: float,
) -> pd.DataFrame:
    """A row for each other arm, and for each visit where the arms differ ``by_visit``."""
    names, arm = long.model.names, long.rows.arm
    visits: list[object] = [None]
    if by_visit is not None:
        visits = list(next(c.levels for c in long.model.columns if c.name == by_visit))  # type: ignore[union-attr]
    rows, labels = [], []
    for level in arm.other_levels:
        for visit in visits:
            row = np.zeros(len(names))
            main = f"{arm.name}[{level}]"
            row[names.index(main)] = 1.0
            also = f"{main}:{by_visit}[{visit}]"
            if also in names:
                row[names.index(also)] = 1.0
            rows.append(row)
            labels.append((contrast_label(str(level), str(reference)), visit))
    matrix = np.array(rows)
    found = term_table(
        [label for label, _ in labels],
        matrix @ coefficients,
        np.sqrt(np.einsum("ij,jk,ik->i", matrix, covariance, matrix)),
        df=df,
        conf_level=conf_level,
    ).rename(columns={"term": "contrast"})
    scale = MEASURES[family]
    place = 1
    if by_visit is not None:
        found.insert(place, "visit", [visit for _, visit in labels])
        place += 1
    found.insert(place, "measure", scale.value)
    if not scale.is_ratio:
        return found
    found.insert(place + 2, "log_estimate", found[Stat.ESTIMATE.value])
    ends = [Stat.ESTIMATE.value, Stat.CONF_LOW.value, Stat.CONF_HIGH.value]
    return found.assign(**{name: np.exp(found[name]) for name in ends})


def term_table(
    terms: list[str],
    estimate: np.ndarray,
    se: np.ndarray,
    *,
    df: float,
    conf_level: float,
) -> pd.DataFrame:
    """Estimates (m,) with standard errors, t tests and limits, a row each."""
    check_level(conf_level)
    reach = t_critical(conf_level, df) * se
    return pd.DataFrame(
        {
            "term": terms,
            Stat.ESTIMATE.value: estimate,
            Stat.SE.value: se,
            Stat.DF.value: df,
            Stat.STATISTIC.value: estimate / se,
            Stat.P_VALUE.value: t_p_value(estimate / se, df),
            Stat.CONF_LOW.value: estimate - reach,
            Stat.CONF_HIGH.value: estimate + reach,
            Stat.CONF_LEVEL.value: conf_level,
        }
    )
