"""A model of the plan is carried out in each imputed data set as if everything had been observed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.hand import BETTER, PAIN, SUBJECTS, Rows, task_of
from trialkit.analysis.imputation.sequential import SequentialImputations
from trialkit.analysis.missing.rubin import pool_rubin
from trialkit.errors import AnalysisError
from trialkit.planned.imputing.models import model_analysis
from trialkit.planned.imputing.sequential import planned_sequential_imputations
from trialkit.planned.methods.methods import card_of
from trialkit.planned.methods.multiple_imputation import MULTIPLE_IMPUTATION
from trialkit.planned.task.contrasts_stated import contrasts_stated
from trialkit.planned.task.stating import contrast_statement
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.generalised_models import RatioLimits, WhenSeparated
from trialkit.protocol.methods.imputation import DrawMethod, SequentialFamily
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.results.vocabulary import Stat

RANDOM = {"draws": DrawMethod.APPROXIMATE_BAYES, "samples": 12, "seed": 4}
ODDS = MultipleImputation(**RANDOM, model=Logistic(limits=RatioLimits.WALD))


def gaps(values: np.ndarray) -> np.ndarray:
    found = values.copy()
    found[[3, 11, 17], 2] = np.nan
    found[12, 1:] = np.nan
    return found


def imputed() -> SequentialImputations:
    task = task_of(ODDS, "better", better=gaps(BETTER))
    return planned_sequential_imputations(task, ODDS, {}, family=SequentialFamily.LOGISTIC)


def test_odds_ratios_are_pooled_as_logarithms() -> None:
    task = task_of(ODDS, "better", better=gaps(BETTER))
    rows = Rows(MULTIPLE_IMPUTATION.carry_out(task, ODDS))
    own = []
    for number in range(12):
        frame = imputed().data_set(number)
        values = frame.set_index(["subject_id", "visit"])["value"].unstack()  # noqa: PD010 (unique)
        whole = BETTER.copy()
        whole[:, 1:] = values.loc[list(SUBJECTS), ["V1", "V2"]].to_numpy(dtype=float)
        single = Logistic(limits=RatioLimits.WALD)
        stated = Rows(card_of(single).carry_out(task_of(single, "better", better=whole), single))
        about = {"visit": "V2", "term": "A1 - A0", "by": "odds_ratio"}
        own.append((stated.value(Stat.ESTIMATE, **about), stated.value(Stat.SE, **about)))
    ratios, errors = np.array(own).T
    pooled = pool_rubin(np.log(ratios), errors**2, conf_level=task.level)
    about = {"visit": "V2", "term": "A1 - A0", "by": "odds_ratio"}
    assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(np.exp(pooled.estimate), rel=1e-9)
    assert rows.value(Stat.SE, **about) == pytest.approx(pooled.se, rel=1e-9)
    assert rows.value(Stat.CONF_LOW, **about) == pytest.approx(np.exp(pooled.conf_low), rel=1e-9)
    assert rows.value(Stat.P_VALUE, **about) == pytest.approx(pooled.p_value, rel=1e-9)
    assert rows.value(Stat.N, visit="V2", arm="A1") == 8


def test_complete_yes_and_no_are_the_model_itself() -> None:
    rows = Rows(MULTIPLE_IMPUTATION.carry_out(task_of(ODDS, "better"), ODDS))
    single = Logistic(limits=RatioLimits.WALD)
    alone = Rows(card_of(single).carry_out(task_of(single, "better"), single))
    about = {"visit": "V2", "term": "A2 - A0", "by": "odds_ratio"}
    for stat in (Stat.ESTIMATE, Stat.SE):
        assert rows.value(stat, **about) == pytest.approx(alone.value(stat, **about), rel=1e-9)


def test_a_ratio_of_geometric_means_is_one_of_each_data_set() -> None:
    logs = MultipleImputation(**RANDOM, model=Ancova(scale=OutcomeScale.LOG))
    rows = Rows(MULTIPLE_IMPUTATION.carry_out(task_of(logs), logs))
    single = Ancova(scale=OutcomeScale.LOG)
    alone = Rows(card_of(single).carry_out(task_of(single), single))
    about = {"visit": "V2", "term": "A1 / A0"}
    for stat in (Stat.ESTIMATE, Stat.SE):
        assert rows.value(stat, **about) == pytest.approx(alone.value(stat, **about), rel=1e-9)
    assert rows.row(Stat.ESTIMATE, **about).unit == ""


def test_changes_are_of_imputed_values() -> None:
    change = MultipleImputation(**RANDOM, model=Ancova(response="change"))
    task = task_of(change, pain=gaps(PAIN))
    effect = contrast_statement(task).effect
    assert effect is not None
    model = change.model
    assert model is not None
    analyse = model_analysis(task, model, effect, card_of(model).carry_out)
    frame = pd.DataFrame(
        {
            "subject_id": np.repeat(SUBJECTS, 2),
            "visit": ["V1", "V2"] * 24,
            "value": PAIN[:, 1:].ravel(),
        }
    )
    single = Ancova(response="change")
    stated = card_of(single).carry_out(task_of(single), single)
    own = contrasts_stated(stated, task, effect.scale)
    expected = list(own.values())
    found = pd.DataFrame(analyse(frame))
    assert found["estimate"].tolist() == pytest.approx([e[Stat.ESTIMATE].stat for e in expected])


def test_a_data_set_without_an_estimate_is_not_pooled() -> None:
    nobody = BETTER.copy()
    nobody[8:16, 2] = 0
    separated = Logistic(limits=RatioLimits.WALD, when_separated=WhenSeparated.LIKELIHOOD)
    asked = replace(ODDS, model=separated)
    with pytest.raises(AnalysisError, match="no estimate for 'A1' that could be pooled"):
        list(MULTIPLE_IMPUTATION.carry_out(task_of(asked, "better", better=nobody), asked))
    nobody[:, 2] = 0
    with pytest.raises(AnalysisError, match="has the event of"):
        list(MULTIPLE_IMPUTATION.carry_out(task_of(ODDS, "better", better=nobody), ODDS))


def test_a_delta_moves_the_logit_of_who_left() -> None:
    asked = MultipleImputation(**RANDOM, delta={"A1": 30.0})
    task = task_of(asked, "better", better=gaps(BETTER))
    found = planned_sequential_imputations(
        task, asked, {"A1": {"": 30.0}}, family=SequentialFamily.LOGISTIC
    )
    last = found.data_set(0)
    own = last[(last["subject_id"] == SUBJECTS[11]) & (last["visit"] == "V2")]
    assert own["value"].tolist() == [1.0]
