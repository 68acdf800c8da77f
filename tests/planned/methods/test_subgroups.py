"""The rows of subgroups: the effect in all of them is of their own model, and asks no question."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.line import Line
from tests.planned.hand import ARM, ARMS, BETTER, PAIN, SUBJECTS, Rows, task_of
from tests.planned.test_carrying_out import results_of
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.datasets.model import CharacteristicKind
from trialkit.errors import AnalysisError
from trialkit.planned.methods.subgroups import OVERALL, in_level, state_subgroups
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.results.effect import Scale, Status
from trialkit.results.vocabulary import Stat

BY = "demographics.sex"


def test_the_effect_in_all_is_of_the_same_rows_without_the_interaction(example: Line) -> None:
    outcome = next(each for each in example.protocol.outcomes if not each.kind.is_proportion)
    specification = Subgroups(by=BY, covariates=("baseline",), response=Response.FINAL)
    results = results_of(example, specification, outcome.code)
    arm, reference = example.protocol.experimental[0].code, example.protocol.reference.code
    found = results.find(analysis_id="more", term=f"{arm} - {reference}", visit=outcome.time_point)
    rows = example.datasets.measurements
    mine = rows[(rows["outcome"] == outcome.code) & (rows["visit"] == outcome.time_point)]
    known = example.datasets.characteristics
    sexes = known[known["characteristic"] == BY].set_index("subject_id")["category"]
    whole = mine.assign(sex=mine["subject_id"].map(sexes)).dropna(subset=["value", "baseline"])
    sex = pd.get_dummies(whole["sex"].astype("str"), drop_first=True, dtype=float).to_numpy()
    design = np.column_stack(
        [np.ones(len(whole)), whole["arm"] == arm, whole["baseline"].astype(float), sex]
    )
    fit = sm.OLS(whole["value"].to_numpy(dtype=float), design.astype(float)).fit()
    low, high = fit.conf_int()[1]
    assert found.value(Stat.ESTIMATE) == pytest.approx(fit.params[1], rel=1e-9)
    assert found.value(Stat.CONF_LOW) == pytest.approx(low, rel=1e-9)
    assert found.value(Stat.CONF_HIGH) == pytest.approx(high, rel=1e-9)
    assert Stat.P_VALUE not in found


AGE = "demographics.age"
YEARS = CharacteristicKind(is_number=True, unit="years")
# both cut points are somebody's age, one of them reckoned; one participant's age is not known
AGES = np.array([39.95, 40.05 - 0.1, 64.9, 65, 70.3, 22, 51, 39.9] * 3)
AGES[9] = np.nan
LEVELS = ("< 39.95 years", "39.95 to < 65 years", "≥ 65 years")


SEX = np.array(["w", "m", "m", "w", "w", "m", "w", "m"] * 3)
DESIGN = np.column_stack([np.ones(24), ARM == 1, ARM == 2, PAIN[:, 0], SEX == "w"]).astype(float)
CONTRAST = (
    Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH,
)  # fmt: skip


BOTH = CharacteristicKind(labels={"m": "m", "w": "w"})
"""The form asks for men first."""


def sexes() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "subject_id": SUBJECTS,
            "arm": [ARMS[code] for code in ARM],
            "characteristic": pd.Categorical([BY] * 24),
            "value": np.nan,
            "category": SEX,
        }
    )


def ages() -> pd.DataFrame:
    return sexes().assign(characteristic=pd.Categorical([AGE] * 24), value=AGES, category=None)


def cut(outcome: str = "pain", points: tuple[float, ...] = (39.95, 65), **options: object) -> Rows:
    specification = Subgroups(by=AGE, cut_points=points, **options)  # type: ignore[arg-type]
    task = task_of(specification, outcome, characteristics=ages(), kinds={AGE: YEARS})
    return Rows(state_subgroups(task, specification))


def by_hand(values: np.ndarray) -> pd.DataFrame:
    """Who has an age, with the level of it by pandas."""
    arms = pd.Categorical.from_codes(ARM, categories=list(ARMS), ordered=True)
    frame = pd.DataFrame({"arm": arms, "value": values, "age": AGES.round(2)})
    ends = [-np.inf, 39.95, 65, np.inf]
    frame["level"] = pd.cut(frame["age"], ends, right=False, labels=LEVELS)
    return frame.assign(baseline=PAIN[:, 0]).dropna()


def stated(outcome: str = "pain", **options: object) -> Rows:
    specification = Subgroups(by=BY, **options)  # type: ignore[arg-type]
    task = task_of(specification, outcome, characteristics=sexes(), kinds={BY: BOTH})
    return Rows(state_subgroups(task, specification))


@pytest.mark.parametrize("response", list(Response))
def test_the_effect_in_each_level_is_that_of_the_model_with_the_interaction(
    response: Response,
) -> None:
    rows = stated(covariates=("baseline",), response=response)
    y = PAIN[:, 2] - (PAIN[:, 0] if response is Response.CHANGE else 0)
    women = (SEX == "w").astype(float)
    crossed = np.column_stack([DESIGN, women * (ARM == 1), women * (ARM == 2)])
    fit = sm.OLS(y, crossed).fit()
    for code in (1, 2):
        for level, share in (("m", 0.0), ("w", 1.0)):
            at = np.zeros(7)
            at[code], at[4 + code] = 1, share
            test = fit.t_test(at)
            low, high = test.conf_int(alpha=0.1)[0]
            numbers = [
                float(np.squeeze(getattr(test, name)))
                for name in ("effect", "sd", "df_denom", "tvalue", "pvalue")
            ]
            found = rows.values(CONTRAST, term=f"A{code} - A0 | {level}", visit="V2")
            np.testing.assert_allclose(found, [*numbers, low, high], rtol=1e-8)
    test = fit.f_test(np.eye(7)[5:])
    found = rows.values(
        (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE), term="interaction", visit="V2"
    )
    expected = [2, 17, float(test.fvalue), float(test.pvalue)]
    np.testing.assert_allclose(found, expected, rtol=1e-8)
    row = rows.row(Stat.P_VALUE, term="interaction", visit="V2")
    assert (row.scale, row.note) == (None, "by Sex")
    alike = sm.OLS(y, DESIGN).fit()
    whole = rows.value(Stat.ESTIMATE, term="A2 - A0", visit="V2")
    assert whole == pytest.approx(alike.params[2])
    assert rows.row(Stat.ESTIMATE, term="A2 - A0", visit="V2").note == OVERALL


def test_risks_are_compared_in_each_level() -> None:
    rows = stated("better")
    for code in (1, 2):
        for level in ("m", "w"):
            own, other = (BETTER[(each == ARM) & (level == SEX), 2] for each in (code, 0))
            about = {"term": f"A{code} - A0 | {level}", "visit": "V2", "by": "risk_difference"}
            assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(own.mean() - other.mean())
            assert rows.row(Stat.ESTIMATE, **about).scale is Scale.PERCENTAGE_POINTS
            assert rows.row(Stat.ESTIMATE, **about).note == "by Sex"
        own, other = (BETTER[each == ARM, 2] for each in (code, 0))
        about = {"term": f"A{code} - A0", "visit": "V2", "by": "risk_difference"}
        assert rows.value(Stat.ESTIMATE, **about) == pytest.approx(own.mean() - other.mean())
        assert rows.row(Stat.ESTIMATE, **about).note == OVERALL
    tested = [row for row in rows.rows if row.term.startswith("interaction ")]
    assert {row.term for row in tested} == {"interaction A1 - A0", "interaction A2 - A0"}
    assert all(row.scale is None for row in tested)


def test_levels_stand_behind_their_contrast() -> None:
    assert in_level("A1 - A0", "w") == "A1 - A0 | w"


@pytest.mark.parametrize("outcome", ["pain", "better"])
def test_a_level_of_the_form_that_nobody_has_is_said_and_has_no_number(outcome: str) -> None:
    three = replace(BOTH, labels={"m": "Men", "x": "Others", "w": "Women"})
    task = task_of(Subgroups(by=BY), outcome, characteristics=sexes(), kinds={BY: three})
    rows = Rows(state_subgroups(task, Subgroups(by=BY))).rows
    effects = [row for row in rows if row.term.startswith("A1 - A0 | ")]
    terms = [row.term.removeprefix("A1 - A0 | ") for row in effects]
    assert list(dict.fromkeys(terms)) == ["Men", "Others", "Women"]
    for row in (row for row in effects if row.term.endswith("Others")):
        assert (row.stat_name, row.stat, row.status) == (Stat.ESTIMATE, None, Status.NOT_ESTIMABLE)
        assert row.note == "by Sex; nobody with a value is in this subgroup"
    two = task_of(Subgroups(by=BY), outcome, characteristics=sexes(), kinds={BY: BOTH})
    without = Rows(state_subgroups(two, Subgroups(by=BY))).rows
    sizes = [row.stat for row in rows if row.term == "participants | Others"]
    assert sizes == [0, 0, 0]
    others = [row for row in rows if row.term.partition(" | ")[2] != "Others"]
    assert [row.stat for row in others if row.stat is not None] == [row.stat for row in without]


@pytest.mark.parametrize("numbers", [("baseline",), ("baseline", "age"), ()])
def test_a_number_is_cut_as_by_hand(numbers: tuple[str, ...]) -> None:
    """The second route: the column cut by pandas, the estimator called on it."""
    rows = cut(covariates=tuple(AGE if each == "age" else each for each in numbers))
    found = subgroup_effects(
        by_hand(PAIN[:, 2]), outcome="value", arm="arm", reference="A0", subgroup="level",
        covariates=numbers,
    )  # fmt: skip
    columns = ["estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high"]
    for _, row in found.to_frame(conf_level=0.9).iterrows():
        term = f"{row['contrast']} | {row['level']}"
        np.testing.assert_allclose(
            rows.values(CONTRAST, term=term, visit="V2"), row[columns].astype(float), rtol=1e-9
        )
    test = rows.values((Stat.DF_NUM, Stat.DF_DEN, Stat.P_VALUE), term="interaction", visit="V2")
    expected = (found.interaction.df_num, found.interaction.df_den, found.interaction.p_value)
    np.testing.assert_allclose(test, expected, rtol=1e-9)
    alike = ancova(
        by_hand(PAIN[:, 2]), outcome="value", arm="arm", reference="A0",
        covariates=(*numbers, "level"),
    ).contrasts(conf_level=0.9)  # fmt: skip
    whole = rows.value(Stat.ESTIMATE, term="A1 - A0", visit="V2")
    assert whole == pytest.approx(alike.iloc[0]["estimate"], rel=1e-9)
    row = rows.row(Stat.P_VALUE, term="interaction", visit="V2")
    assert row.note == "by Age, years"
    assert rows.value(Stat.N, visit="V2", arm="A1") == 7


def test_risks_are_compared_in_levels_that_are_cut() -> None:
    rows = cut("better")
    frame = by_hand(BETTER[:, 2])
    found = compare_proportions_in_subgroups(
        frame, outcome="value", arm="arm", reference="A0", subgroup="level", conf_level=0.9
    )
    for _, row in found.to_frame().iterrows():
        about = {"term": f"{row['contrast']} | {row['subgroup']}", "by": row["stat_name"]}
        if pd.notna(row["estimate"]):
            own = rows.value(Stat.ESTIMATE, visit="V2", **about)
            assert own == pytest.approx(row["estimate"], rel=1e-9)
    terms = [row.term for row in rows.rows if row.term.startswith("A1 - A0 | ")]
    assert tuple(dict.fromkeys(terms)) == tuple(f"A1 - A0 | {level}" for level in LEVELS)


@pytest.mark.parametrize("outcome", ["pain", "better"])
def test_a_level_between_cut_points_that_nobody_has_stands_in_its_place(outcome: str) -> None:
    rows = cut(outcome, points=(9, 10, 60)).rows
    terms = [row.term for row in rows if row.term.startswith("A2 - A0 | ")]
    said = ["< 9 years", "9 to < 10 years", "10 to < 60 years", "≥ 60 years"]
    assert [each.removeprefix("A2 - A0 | ") for each in dict.fromkeys(terms)] == said
    nobody = [row for row in rows if row.term.endswith(("< 9 years", "9 to < 10 years"))]
    assert {row.stat for row in nobody if row.term.startswith("participants")} == {0}
    for row in (row for row in nobody if not row.term.startswith("participants")):
        assert (row.stat, row.status) == (None, Status.NOT_ESTIMABLE)
        assert row.note == "by Age, years; nobody with a value is in this subgroup"


def test_numbers_without_a_level_of_both_arms_name_it() -> None:
    specification = Subgroups(by=AGE, cut_points=(100,))
    lone = ages().assign(value=np.where(ARM == 0, 30, 120.0))
    task = task_of(specification, characteristics=lone, kinds={AGE: YEARS})
    said = "nobody in Arm 1 and Arm 2 with Age, years: < 100 years"
    with pytest.raises(AnalysisError, match=said):
        list(state_subgroups(task, specification))
