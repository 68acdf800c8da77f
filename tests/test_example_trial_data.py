"""The synthetic data of the example trial are what the folder says they are."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from example_trial import make_data
from tests.trials.three_arms import make_data as make_three_arms
from trialkit.analysis.anova.mixed_anova import mixed_anova

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "example_trial"
THREE_ARMS = ROOT / "tests" / "trials" / "three_arms"
LABEL = "Synthetic re-enactment; not data of ISRCTN14488937"

# outcome: form, item, published p, whether a fall is better
PUBLISHED = {
    "vas": ("pain", "vas_mm", "<0.001", True),
    "togu_balance": ("balance", "togu_score", ">=0.05", True),
    "back_strength": ("trunk", "back_strength_kg", "0.015", False),
    "abdominal_strength": ("trunk", "abdominal_strength_kg", ">=0.05", False),
    "back_endurance": ("trunk", "back_endurance_s", "0.027", False),
    "abdominal_endurance": ("trunk", "abdominal_endurance_s", "0.032", False),
    "hamstring_left": ("hamstring", "strength_left_kg", "0.007", False),
    "hamstring_right": ("hamstring", "strength_right_kg", "0.005", False),
    "sit_and_reach": ("hamstring", "sit_and_reach_cm", ">=0.05", False),
}
RESOLUTION = {
    "vas": "1",
    "togu_balance": "0.01",
    "back_strength": "0.1",
    "abdominal_strength": "0.1",
    "back_endurance": "1",
    "abdominal_endurance": "1",
    "hamstring_left": "0.1",
    "hamstring_right": "0.1",
    "sit_and_reach": "0.5",
}
# What an adult with back pain can score, by the assumed scale.
PLAUSIBLE = {
    "vas": (0, 100),
    "togu_balance": (1, 5),
    "back_strength": (20, 150),
    "abdominal_strength": (10, 110),
    "back_endurance": (10, 240),
    "abdominal_endurance": (10, 240),
    "hamstring_left": (5, 40),
    "hamstring_right": (5, 40),
    "sit_and_reach": (-25, 30),
}


def entered(form: str) -> pd.DataFrame:
    """A data file of the example as text."""
    path = EXAMPLE / "data" / f"{form}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def arms() -> pd.Series:
    return entered("randomisation").set_index("subject_id")["arm"]


def values(outcome: str) -> pd.DataFrame:
    """Subject by visit."""
    form, item, _, _ = PUBLISHED[outcome]
    wide = entered(form).pivot(index="subject_id", columns="visit", values=item)  # noqa: PD010
    return wide.astype(float)


def change(outcome: str, arm: str) -> pd.Series:
    wide = values(outcome)
    return (wide["W6"] - wide["BL"])[arms().loc[wide.index] == arm]


def p_value(outcome: str) -> float:
    return float(stats.ttest_ind(change(outcome, "EG"), change(outcome, "CG")).pvalue)


@pytest.mark.parametrize(
    ("folder", "files"),
    [
        pytest.param(EXAMPLE, make_data.files, id="example"),
        pytest.param(THREE_ARMS, make_three_arms.files, id="three arms"),
    ],
)
def test_the_generator_reproduces_every_data_file_byte_for_byte(folder, files):
    written = {path.name: path.read_bytes() for path in (folder / "data").glob("*.csv")}
    assert files() == written


def test_another_seed_gives_other_data():
    assert make_data.files(seed=make_data.SEED - 33) != make_data.files()


@pytest.mark.parametrize("seed", range(5))
def test_the_closed_form_of_the_t_test_agrees_with_scipy(seed):
    rng = np.random.default_rng(seed)
    control, treated = rng.integers(-50, 50, (2, make_data.ARM_SIZE)).tolist()
    found = make_data.two_sided_p(control, treated)
    assert found == pytest.approx(stats.ttest_ind(control, treated).pvalue, rel=1e-9)


@pytest.mark.parametrize("outcome", PUBLISHED)
def test_the_comparison_of_change_gives_the_published_p_value_as_it_was_printed(outcome):
    published = PUBLISHED[outcome][2]
    p = p_value(outcome)
    match published:
        case "<0.001":
            assert p < 0.001
        case ">=0.05":
            assert p >= 0.05
        case _:
            assert f"{p:.3f}" == published


@pytest.mark.parametrize("outcome", PUBLISHED)
def test_the_interaction_of_the_mixed_anova_is_that_comparison(outcome):
    wide = values(outcome)
    long = (
        wide.assign(arm=arms().loc[wide.index])
        .reset_index()
        .melt(id_vars=["subject_id", "arm"], var_name="visit", value_name="value")
    )
    ordered = long.assign(
        arm=pd.Categorical(long["arm"], ["CG", "EG"], ordered=True),
        visit=pd.Categorical(long["visit"], ["BL", "W6"], ordered=True),
    )
    anova = mixed_anova(
        ordered, outcome="value", subject="subject_id", between="arm", within="visit"
    ).to_frame()
    interaction = anova.set_index("term").loc["arm:visit"]
    assert interaction["p_value"] == pytest.approx(p_value(outcome), rel=1e-9)


@pytest.mark.parametrize("outcome", PUBLISHED)
def test_the_training_arm_does_better(outcome):
    difference = change(outcome, "EG").mean() - change(outcome, "CG").mean()
    assert (difference < 0) == PUBLISHED[outcome][3]


def test_holm_keeps_the_hamstrings_and_nothing_else():
    assert p_value("hamstring_left") < 0.00714
    secondary = [outcome for outcome in PUBLISHED if outcome != "vas"]
    _, adjusted, _, _ = multipletests([p_value(each) for each in secondary], method="holm")
    kept = {name for name, p in zip(secondary, adjusted, strict=True) if p < 0.05}
    assert kept == {"hamstring_left", "hamstring_right"}


@pytest.mark.parametrize("outcome", PUBLISHED)
def test_every_value_stands_on_the_scale_of_its_instrument(outcome):
    form, item, _, _ = PUBLISHED[outcome]
    step = Decimal(RESOLUTION[outcome])
    texts = entered(form)[item]
    assert all(Decimal(text) % step == 0 for text in texts)
    assert {Decimal(text).as_tuple().exponent for text in texts} == {step.as_tuple().exponent}


@pytest.mark.parametrize("outcome", PUBLISHED)
def test_every_participant_has_a_value_that_an_adult_can_score_at_both_visits(outcome):
    wide = values(outcome)
    low, high = PLAUSIBLE[outcome]
    assert wide.shape == (26, 2)
    assert wide.notna().all(axis=None)
    assert wide.ge(low).all(axis=None)
    assert wide.le(high).all(axis=None)


@pytest.mark.parametrize("outcome", PUBLISHED)
def test_the_arms_look_alike_at_baseline_and_the_visits_go_together(outcome):
    wide = values(outcome)
    treated = arms().loc[wide.index] == "EG"
    difference = wide.loc[treated, "BL"].mean() - wide.loc[~treated, "BL"].mean()
    assert abs(difference) < 0.5 * wide["BL"].std()
    assert 0.55 < wide["BL"].corr(wide["W6"]) < 0.95


def test_more_people_are_screened_than_randomised_and_each_other_one_has_a_reason():
    screened = entered("screening")
    randomised = screened["subject_id"].isin(arms().index)
    assert len(screened) == 34
    assert arms().value_counts().to_dict() == {"EG": 13, "CG": 13}
    assert (screened.loc[~randomised, "not_enrolled_reason"] != "").all()
    assert (screened.loc[randomised, "not_enrolled_reason"] == "").all()


def test_participants_are_as_old_as_the_trial_took_them():
    ages = entered("demographics")["age_years"].astype(int)
    assert ages.between(18, 65).all()


def test_only_the_training_arm_has_sessions_and_attendance_is_below_100_percent():
    sessions = entered("sessions")
    assert set(arms().loc[sessions["subject_id"]]) == {"EG"}
    assert sessions["repeat"].astype(int).between(1, 18).all()
    attended = (sessions["attended"] == "yes").groupby(sessions["subject_id"]).sum()
    assert len(attended) == 13
    assert 0.7 < attended.sum() / (13 * 18) < 1


def test_no_adverse_event_is_serious_and_some_are_mild():
    events = entered("adverse_events")
    assert set(events["serious"]) == {"no"}
    assert (events["severity"] == "mild").sum() >= 5


def test_the_label_stands_in_the_protocol_and_beside_the_data():
    protocol = tomllib.loads((EXAMPLE / "protocol.toml").read_text("utf-8"))
    assert protocol["trial"]["synthetic"] == LABEL
    for path in ("README.md", "data/README.md", "make_data.py"):
        assert LABEL in (EXAMPLE / path).read_text("utf-8"), path


def test_units_and_scales_that_the_sources_do_not_give_are_marked_assumed():
    protocol = tomllib.loads((EXAMPLE / "protocol.toml").read_text("utf-8"))
    assert len(protocol["outcomes"]) == 9
    assert all("the sources" in outcome["assumed"] for outcome in protocol["outcomes"])


def test_nothing_in_the_example_is_contact_data():
    for path in EXAMPLE.rglob("*"):
        if path.is_file() and path.suffix in {".toml", ".csv", ".md", ".py"}:
            text = re.sub(r"\[@\w+\]|@dataclass|@property", "", path.read_text("utf-8"))
            assert "@" not in text, path
