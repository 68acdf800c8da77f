"""Effects in subgroups against a second route, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.subgroups import SubgroupEffects, subgroup_effects
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "ancova"
ORDER = {"Treat": ["CBT", "Cont", "FT"], "Start": ["82 lb or less", "above 82 lb"]}


def anorexia() -> pd.DataFrame:
    rows = pd.read_csv(REFERENCE / "MASS_anorexia.csv")
    start = np.where(rows["Prewt"] > 82, "above 82 lb", "82 lb or less")
    return rows.assign(Change=rows["Postwt"] - rows["Prewt"], Start=start)


def analyse(frame: pd.DataFrame | None = None, **options: object) -> SubgroupEffects:
    defaults = {
        "outcome": "Change",
        "arm": "Treat",
        "reference": "Cont",
        "subgroup": "Start",
        "covariates": ("Prewt",),
        "order": ORDER,
    }
    return subgroup_effects(anorexia() if frame is None else frame, **defaults | options)


def test_effects_and_interaction_are_those_of_the_reference() -> None:
    expected = json.loads((REFERENCE / "subgroups_anorexia.json").read_text())
    result = analyse()
    table = result.to_frame().set_index(["level", "contrast"])
    assert len(table) == len(expected["effects"])
    for row in expected["effects"]:
        found = table.loc[(row["level"], row["contrast"])]
        assert found["estimate"] == pytest.approx(row["estimate"], rel=1e-8)
        assert found["se"] == pytest.approx(row["SE"], rel=1e-8)
        assert found["df"] == row["df"]
        assert found["statistic"] == pytest.approx(row["t.ratio"], rel=1e-8)
        assert found["p_value"] == pytest.approx(row["p.value"], rel=1e-8)
        assert found["conf_low"] == pytest.approx(row["lower.CL"], rel=1e-8)
        assert found["conf_high"] == pytest.approx(row["upper.CL"], rel=1e-8)
    interaction = expected["interaction"]
    assert result.interaction.df_num == interaction["Df"]
    assert result.interaction.df_den == interaction["Res.Df"]
    assert result.interaction.statistic == pytest.approx(interaction["F value"], rel=1e-8)
    assert result.interaction.p_value == pytest.approx(interaction["Pr(>F)"], rel=1e-8)


def test_without_covariates_effects_are_differences_of_cell_means() -> None:
    frame = anorexia()
    result = analyse(covariates=())
    means = frame.groupby(["Start", "Treat"])["Change"].mean()
    for row in result.to_frame().itertuples():
        arm = row.contrast.split(" - ")[0]
        difference = means[row.level, arm] - means[row.level, "Cont"]
        assert row.estimate == pytest.approx(difference, rel=1e-9)
        sizes = frame.groupby(["Start", "Treat"]).size()
        assert (row.n, row.n_reference) == (sizes[row.level, arm], sizes[row.level, "Cont"])
        se = result.model.fit.sigma * np.sqrt(1 / row.n + 1 / row.n_reference)
        assert row.se == pytest.approx(se, rel=1e-9)


def test_with_two_arms_and_levels_the_interaction_is_the_squared_t_of_the_effects() -> None:
    frame = anorexia()
    table = analyse(frame[frame["Treat"] != "FT"], order=ORDER | {"Treat": ["Cont", "CBT"]})
    effects = table.to_frame()
    rows = [table._effect_row(level, 1, 0) for level in (0, 1)]
    contrast = rows[1] - rows[0]
    t = (effects["estimate"][1] - effects["estimate"][0]) / np.sqrt(
        contrast @ table.model.covariance @ contrast
    )
    assert table.interaction.statistic == pytest.approx(t**2, rel=1e-8)
    assert (effects["interaction_p_value"] == table.interaction.p_value).all()


def test_the_main_model_and_the_subgroup_model_agree_on_who_is_used() -> None:
    frame = anorexia()
    frame.loc[3, "Start"] = np.nan
    result = analyse(frame)
    assert result.excluded.to_dict("records") == [{"row": 3, "reason": "Start is missing"}]
    assert result.n == 71
    whole = ancova(
        frame, outcome="Change", arm="Treat", reference="Cont", covariates=("Prewt",), order=ORDER
    )
    assert whole.n == 72


def test_robust_and_log_are_those_of_the_ancova() -> None:
    assert analyse(robust="HC3").model.robust == "HC3"
    ratios = analyse(outcome="Postwt", scale="log").to_frame()
    assert list(ratios["contrast"].unique()) == ["CBT / Cont", "FT / Cont"]
    assert ((ratios["conf_low"] < ratios["estimate"]) & (ratios["conf_low"] > 0)).all()


def test_numbers_can_be_subgroup_levels() -> None:
    frame = anorexia().assign(centre=np.arange(72) % 2)
    assert list(analyse(frame, subgroup="centre").to_frame()["level"].unique()) == [0, 1]


def test_bad_requests_are_refused_in_words() -> None:
    frame = anorexia()
    with pytest.raises(AnalysisError, match="in the model already"):
        analyse(covariates=("Prewt", "Start"))
    gone = frame[(frame["Treat"] != "FT") | (frame["Start"] == "above 82 lb")]
    with pytest.raises(AnalysisError, match="no row of Treat 'FT' in Start '82 lb or less'"):
        analyse(gone)
    with pytest.raises(AnalysisError, match="nobody stated the order"):
        analyse(order={"Treat": ORDER["Treat"]})
    with pytest.raises(AnalysisError, match="one level only"):
        analyse(frame[frame["Start"] == "above 82 lb"])


def test_the_effects_are_the_contrasts_of_emmeans() -> None:
    programs = json.loads((REFERENCE / "programs.json").read_text())
    ours = analyse().to_frame().set_index(["level", "contrast"])
    assert len(ours) == len(programs["emmeans_by_start"])
    for row in programs["emmeans_by_start"]:
        found = ours.loc[(row["level"], row["contrast"])]
        assert found["estimate"] == pytest.approx(row["estimate"], rel=1e-9)
        assert found["se"] == pytest.approx(row["SE"], rel=1e-9)
        assert found["p_value"] == pytest.approx(row["p.value"], rel=1e-9)


def test_a_cell_that_emmeans_cannot_estimate_is_refused_by_name() -> None:
    cell = json.loads((REFERENCE / "programs.json").read_text())["empty_cell_nonest"]
    with pytest.raises(AnalysisError, match=f"no row of arm {cell['arm']!r} in s {cell['s']!r}"):
        subgroup_effects(
            pd.read_csv(REFERENCE / "empty_cell.csv"),
            outcome="y",
            arm="arm",
            reference="C",
            subgroup="s",
            order={"arm": ["C", "E", "X"], "s": ["f", "m"]},
        )


def test_numbers_are_named_as_they_are_written() -> None:
    frame = anorexia().assign(centre=np.arange(72) % 2)
    gone = frame[(frame["Treat"] != "FT") | (frame["centre"] == 1)]
    with pytest.raises(AnalysisError, match="'FT' in centre 0:"):
        analyse(gone, subgroup="centre")


def test_who_was_left_out_cannot_be_changed_in_the_result() -> None:
    frame = anorexia()
    result = analyse(frame.assign(Change=frame["Change"].mask(frame.index == 5)))
    handed_out = result.excluded
    handed_out["reason"] = "none"
    assert list(result.excluded["reason"]) == ["Change is missing"]


def test_one_way_of_checking_the_sign() -> None:
    frame = anorexia()
    high = frame[frame["Start"] == "above 82 lb"]
    samples = [high.loc[high["Treat"] == arm, "Change"] for arm in ("FT", "Cont")]
    found = analyse(covariates=()).to_frame().set_index(["level", "contrast"])
    t = stats.ttest_ind(*samples)
    assert np.sign(found.loc[("above 82 lb", "FT - Cont"), "statistic"]) == np.sign(t.statistic)
