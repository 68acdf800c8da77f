"""Events over visits: the plan's analysis is the direct call, its headline at the time point."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.every_method import SEX
from tests.planned.hand import ARM, ARMS, BETTER, SUBJECTS, VISITS, Rows, task_of
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.errors import AnalysisError
from trialkit.planned.methods.gee import state_gee
from trialkit.planned.methods.glmm import state_glmm
from trialkit.planned.task.visits_compared import state_at_visits, visits_after_baseline
from trialkit.protocol.headline_tests import is_headline_p
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import ReferenceDistribution, WorkingCorrelation
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.repeated_events import family_of
from trialkit.results.effect import Scale
from trialkit.results.vocabulary import Stat

GAPS = BETTER.copy()
GAPS[5, 2] = GAPS[20, 1] = np.nan
"""Two participants lack one of the visits after baseline."""
LONG = pd.DataFrame(
    {
        "who": np.repeat(SUBJECTS, 2),
        "arm": np.repeat([ARMS[arm] for arm in ARM], 2),
        "visit": np.tile(VISITS[1:], len(SUBJECTS)),
        "y": GAPS[:, 1:].ravel(),
    }
)
WHO = {
    "outcome": "y",
    "subject": "who",
    "visit": "visit",
    "arm": "arm",
    "reference": "A0",
    "family": "binomial",
    "by_visit": True,
    "order": {"arm": list(ARMS), "visit": list(VISITS[1:])},
}
STATS = (Stat.ESTIMATE, Stat.SE, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH)


def compare(rows: Rows, contrasts: pd.DataFrame) -> None:
    for each in contrasts.to_dict("records"):
        where = {"term": str(each["contrast"]), "visit": str(each["visit"])}
        assert rows.values(STATS, **where) == pytest.approx([each[stat.value] for stat in STATS])
        assert rows.row(Stat.ESTIMATE, **where).scale is Scale.ODDS_RATIO


def test_who_lacks_a_visit_stays_with_the_other_and_every_visit_has_its_contrast() -> None:
    asked = Gee()
    rows = Rows(state_gee(task_of(asked, "better", better=GAPS), asked))
    fit = generalised_estimating_equations(LONG, **WHO)
    compare(rows, fit.contrasts(conf_level=0.9))
    assert [rows.value(Stat.N, visit="V2", arm=arm) for arm in ARMS] == [8, 8, 8]
    assert rows.value(Stat.CORRELATION, term="V1, V2") == pytest.approx(fit.alpha[0])
    assert rows.value(Stat.DF, term="A1 - A0", visit="V2") == 24 - 6


def test_independence_states_no_correlation_and_the_normal_no_degrees_of_freedom() -> None:
    asked = Gee(
        correlation=WorkingCorrelation.INDEPENDENCE, compared_with=ReferenceDistribution.NORMAL
    )
    rows = Rows(state_gee(task_of(asked, "better"), asked))
    assert not {Stat.CORRELATION, Stat.DF} & {each.stat_name for each in rows.rows}


def test_the_mixed_model_states_its_intercepts_and_its_likelihood() -> None:
    rng = np.random.default_rng(5)
    own = rng.normal(scale=2, size=24)[:, None] + 0.8 * ARM[:, None] - 0.5
    better = (rng.random((24, 3)) < 1 / (1 + np.exp(-own))).astype(float)
    asked = Glmm(nodes=31)
    task = task_of(asked, "better", better=better)
    rows = Rows(state_glmm(task, asked))
    fit = random_intercept_model(LONG.assign(y=better[:, 1:].ravel()), **WHO, nodes=31)
    assert fit.sd_intercept > 0.5
    compare(rows, fit.contrasts(conf_level=0.9))
    assert rows.value(Stat.SD_INTERCEPT) == pytest.approx(fit.sd_intercept)
    assert rows.value(Stat.LOG_LIKELIHOOD) == pytest.approx(fit.log_likelihood)
    families = [row for row in rows.rows if is_headline_p(row, task.protocol)]
    assert [(row.term, row.visit) for row in families] == [("A1 - A0", "V2"), ("A2 - A0", "V2")]


def test_one_visit_with_values_is_no_model_over_visits() -> None:
    once = BETTER.copy()
    once[:, 1] = np.nan
    with pytest.raises(AnalysisError, match="two or more visits after baseline"):
        visits_after_baseline(task_of(Gee(), "better", better=once), Gee())


def test_characteristics_stand_beside_every_visit() -> None:
    asked = replace(Gee(), covariates=(SEX,))
    frame = visits_after_baseline(task_of(asked, "better", better=GAPS), asked)
    assert len(frame) == 2 * len(SUBJECTS) - 2
    assert frame.groupby("subject_id")[SEX].nunique().eq(1).all()
    assert set(frame["visit"].cat.categories) == {"V1", "V2"}


def test_a_visit_without_degrees_of_freedom_states_none() -> None:
    task = task_of(Gee(), "better")
    numbers = {stat.value: 0.5 for stat in STATS} | {"conf_level": 0.9, "df": np.inf}
    frame = pd.DataFrame([{"contrast": "A1 - A0", "visit": "V1", **numbers}])
    rows = Rows(state_at_visits(task, frame, note="said"))
    assert {each.stat_name for each in rows.rows} == {*STATS, Stat.CONF_LEVEL}
    assert {each.note for each in rows.rows} == {"said"}


def test_an_event_is_binomial() -> None:
    assert family_of(OutcomeType.BINARY) == "binomial"
