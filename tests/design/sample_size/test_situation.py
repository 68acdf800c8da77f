"""What every situation has in common: whole sizes, dropout, refusals, words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.design.size_reference import R
from trialkit.design.sample_size import (
    SITUATIONS,
    Ancova,
    ClusterMeans,
    LogRank,
    MixedAnova,
    OneWayAnova,
    PairedT,
    TwoProportions,
    TwoSampleT,
    power_curve,
    sensitivity_table,
    situation_of,
)
from trialkit.design.sample_size.situation import (
    EffectRange,
    lowest_terms,
    names_of_arms,
)
from trialkit.design.sample_size.solving import settled, whole_blocks
from trialkit.errors import AnalysisError, DesignError, ProtocolError
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.means import TwoSampleT as Planned
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS


def test_every_method_has_its_assumptions_and_its_power() -> None:
    assert set(SITUATIONS) == set(SIZE_SPECIFICATIONS) == set(SampleSizeMethod)
    for method, kind in SITUATIONS.items():
        assert issubclass(kind, SIZE_SPECIFICATIONS[method])
        assert set(kind.varied) <= set(SIZE_SPECIFICATIONS[method].__slots__)
        assert kind.effect_name in SIZE_SPECIFICATIONS[method].__slots__


def test_a_protocols_assumptions_become_their_situation() -> None:
    assert situation_of(Planned(difference=10, sd=24)) == TwoSampleT(difference=10, sd=24)


@settings(deadline=None, max_examples=examples(40))
@given(share=st.floats(0, 0.6), allocation=st.tuples(st.integers(1, 3), st.integers(1, 3)))
def test_the_randomised_keep_the_ratio_and_leave_enough(
    share: float, allocation: tuple[int, int]
) -> None:
    size = TwoSampleT(difference=0.8, allocation=allocation).solve_n(0.8, dropout=share)
    reference, experimental = size.randomised_by_arm
    assert reference * size.situation.shares[1] == experimental * size.situation.shares[0]
    left = [each * (1 - share) for each in size.randomised_by_arm]
    assert all(have >= need - 1e-6 for have, need in zip(left, size.n_by_arm, strict=True))


def test_dropout_that_divides_evenly_adds_nobody() -> None:
    assert TwoSampleT(difference=0.5).solve_n(0.8, dropout=0.2).randomised_by_arm == (80, 80)
    assert whole_blocks((63 / 0.9, 63 / 0.9), (1, 1)) == 70


def test_three_groups_are_numbered_and_round_up_together() -> None:
    size = OneWayAnova(f=0.4, groups=3, allocation=(1, 2, 2)).solve_n(0.8)
    assert list(size.to_frame()["arm"]) == ["group 1", "group 2", "group 3", "total"]
    assert size.n % 5 == 0


def test_an_effect_so_large_that_the_fewest_suffice() -> None:
    size = TwoSampleT(difference=100).solve_n(0.8)
    assert size.n == 4
    assert size.n_unrounded <= 4


@pytest.mark.parametrize("power", [0.0, 0.05, 1.0, 80, float("nan")])
def test_a_power_outside_alpha_to_one_is_refused(power: float) -> None:
    with pytest.raises(DesignError, match="power"):
        TwoSampleT(difference=0.5).solve_n(power)


@pytest.mark.parametrize(
    "n", [1, 2, -4, (64,), (10, 20, 30), float("inf"), float("nan"), (0, 5), "64", None]
)
def test_sizes_without_a_test_are_refused(n: object) -> None:
    with pytest.raises(DesignError):
        TwoSampleT(difference=0.5).power(n)


def test_dropout_outside_zero_to_one_is_refused() -> None:
    with pytest.raises(DesignError, match="dropout"):
        TwoSampleT(difference=0.5).solve_n(0.8, dropout=1.0)


def test_an_effect_too_small_to_be_shown_is_refused() -> None:
    with pytest.raises(DesignError, match="too small"):
        TwoSampleT(difference=1e-6).solve_n(0.8)


def test_an_effect_that_no_table_can_show_is_refused() -> None:
    with pytest.raises(DesignError, match="no effect"):
        TwoProportions(risk_reference=0.5, risk_experimental=0.9).detectable((2, 2), 0.8)


@pytest.mark.parametrize(
    "wrong",
    [
        {"difference": 0},
        {"difference": float("nan")},
        {"difference": "ten"},
        {"difference": 1, "allocation": (1.5, 1)},
        {"difference": 1, "sd": -1},
        {"difference": 1, "alpha": 0},
        {"difference": 1, "sides": 3},
        {"difference": 1, "allocation": (0, 1)},
        {"difference": 1, "allocation": (1,)},
    ],
)
def test_assumptions_that_cannot_hold_are_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError):
        TwoSampleT(**wrong)


def test_text_names_a_choice_and_a_wrong_one_lists_the_known() -> None:
    with pytest.raises(AnalysisError, match="gpower, cohen, spss"):
        MixedAnova(f=0.25, visits=2, convention="gpwer")


def test_the_sentence_says_everything() -> None:
    size = TwoSampleT(difference=10, sd=24).solve_n(0.9, dropout=0.1)
    assert size.sentence == (
        "To have a power of at least 0.9 to detect a difference in means of 10 with an SD of 24 by "
        "a two-sided two-sample t test at the level 0.05, 246 participants (123 reference and 123 "
        "experimental) must be analysed (power 0.9022). Allowing for 10% dropout, 274 participants "
        "(137 reference and 137 experimental) are to be randomised."
    )
    told = TwoSampleT(difference=-0.5).evaluate((28, 35)).sentence
    assert told.startswith("With 63 participants (28 reference and 35 experimental) analysed")
    assert told.endswith("is 0.4924.")


def test_a_power_is_never_overstated() -> None:
    size = TwoSampleT(difference=0.5).evaluate((63, 64))
    assert size.power < 0.7986
    assert "0.7982" in size.sentence or "0.7983" in size.sentence


def test_the_description_has_every_assumption_defaults_included() -> None:
    described = TwoSampleT(difference=10, sd=24).solve_n(0.9).describe().set_index("name")["value"]
    assert described["allocation"] == (1, 1)
    assert described["target_power"] == 0.9
    assert {"noncentrality", "critical_t", "df", "power"} <= set(described.index)


def test_the_sensitivity_table_varies_one_assumption_at_a_time() -> None:
    size = TwoSampleT(difference=10, sd=24).solve_n(0.8)
    table = sensitivity_table(size).set_index(["assumption", "factor"])
    assert table.loc[("as planned", 1.0), "n"] == size.n
    assert table.loc[("difference", 0.8), "n"] == TwoSampleT(difference=8, sd=24).solve_n(0.8).n
    assert table.loc[("sd", 1.25), "power"] == pytest.approx(
        TwoSampleT(difference=10, sd=30).power(size.n)
    )


@pytest.mark.parametrize(
    "size",
    [
        TwoProportions(risk_reference=0.2, risk_experimental=0.5).solve_n(0.8),
        MixedAnova(f=0.25, visits=3, correlation=0.9).evaluate(20),
        SITUATIONS[SampleSizeMethod.LOG_RANK](hazard_ratio=0.9).solve_n(0.8),
        SITUATIONS[SampleSizeMethod.MMRM](
            difference=0.5, correlation=0.25, retention=(1, 0.8)
        ).solve_n(0.8),
    ],
    ids=lambda each: each.situation.method.value,
)
def test_values_that_cannot_be_are_left_out_of_table_and_curve(size: object) -> None:
    table = sensitivity_table(size)
    assert table["power"].between(0, 1).all()
    assert len(table) > 1
    curve = power_curve(size)
    assumed = curve[curve["factor"] == 1]
    assert assumed["n"].is_monotonic_increasing
    assert size.n in set(assumed["n"])
    assert curve["power"].between(0, 1).all()


def test_the_curve_passes_through_the_size() -> None:
    size = TwoSampleT(difference=10, sd=24, allocation=(1, 2)).solve_n(0.8)
    curve = power_curve(size)
    here = curve[(curve["factor"] == 1) & (curve["n"] == size.n)]
    assert here["power"].item() == pytest.approx(size.power)


def test_a_power_in_teeth_is_searched_past_its_last_dip() -> None:
    dips = {50, 53, 58}
    found = settled(lambda n: 0.5 if n < 47 or n in dips else 0.9, power=0.8, start=48, least=2)
    assert found == 59
    assert settled(lambda n: 0.5 if n < 20 else 0.9, power=0.8, start=48, least=2) == 20
    assert settled(lambda _: 0.9, power=0.8, start=48, least=2) == 2


def test_arms_are_named_and_shares_are_in_lowest_terms() -> None:
    assert names_of_arms(1) == ("all",)
    assert names_of_arms(2) == ("reference", "experimental")
    assert names_of_arms(3) == ("group 1", "group 2", "group 3")
    assert lowest_terms((2, 4)) == (1, 2)
    assert lowest_terms((6, 9, 15)) == (2, 3, 5)
    assert lowest_terms((3,)) == (1,)
    assert TwoSampleT(difference=1, allocation=(4, 6)).shares == (2, 3)
    assert PairedT(difference=1).arm_names == ("all",)


def test_a_total_is_split_by_the_allocation_and_the_effect_lies_on_its_side() -> None:
    trial = TwoSampleT(difference=-0.5, allocation=(1, 3))
    assert trial.power(80) == trial.power((20, 60)) != trial.power((60, 21))
    assert trial.assumed_effect == -0.5
    assert trial.effect_range() == EffectRange(null=0, limit=-float("inf"))
    up = TwoSampleT(difference=0.5)
    assert up.effect_range() == EffectRange(null=0, limit=float("inf"))
    assert up.with_assumption("sd", 2) == TwoSampleT(difference=0.5, sd=2)
    assert up.smooth is up
    assert up.notes() == ()
    assert up.participants_of((3, 4)) == (3, 4)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        ("64", r"n must be a number, or one for each arm; got '64'"),
        ((64,), r"a total or 2 numbers, one for each of reference, experimental; got \(64,\)"),
        (float("inf"), r"a total or 2 numbers"),
        (2, r"n=2: too few participants for the test to exist"),
    ],
)
def test_a_refused_size_says_what_is_expected(n: object, said: str) -> None:
    with pytest.raises(DesignError, match=said):
        TwoSampleT(difference=0.5).power(n)


def test_the_limits_of_power_and_dropout_are_named() -> None:
    trial = TwoSampleT(difference=0.5, alpha=0.1)
    for power in (0.1, 1):
        with pytest.raises(DesignError, match=r"between alpha \(0.1\) and 1, got .*; 0.8 is 80 %"):
            trial.detectable(100, power)
    for share in (-0.01, 1):
        with pytest.raises(DesignError, match="dropout must be from 0 to below 1, got"):
            trial.evaluate(100, dropout=share)


def test_a_size_solved_for_keeps_what_it_was_asked_and_its_parts() -> None:
    """R's power.t.test: 63.766 an arm; 64 / 0.85 = 75.3, so 76 an arm are randomised."""
    size = TwoSampleT(difference=0.5).solve_n(0.8, dropout=0.15)
    assert size.unrounded_by_arm == pytest.approx((R["two_sample_t"]["strict"],) * 2, rel=1e-10)
    assert (size.n_by_arm, size.n) == ((64, 64), 128)
    assert (size.randomised_by_arm, size.n_randomised) == ((76, 76), 152)
    assert (size.target_power, size.dropout) == (0.8, 0.15)
    assert size.assumptions == (
        ("difference", 0.5),
        ("sd", 1.0),
        ("alpha", 0.05),
        ("sides", 2),
        ("allocation", (1, 1)),
    )
    assert size.title == "two_sample_t: 128 participants, power 0.8014"
    frame = size.to_frame()
    assert frame.columns.tolist() == [
        "arm",
        "participants",
        "participants_unrounded",
        "randomised",
    ]
    rough = R["two_sample_t"]["strict"]
    assert frame.to_numpy().tolist() == [
        ["reference", 64, pytest.approx(rough), 76],
        ["experimental", 64, pytest.approx(rough), 76],
        ["total", 128, pytest.approx(2 * rough), 152],
    ]
    described = size.describe()
    assert described["name"].tolist() == [
        "difference", "sd", "alpha", "sides", "allocation", "target_power", "dropout",
        "noncentrality", "critical_t", "df", "power",
    ]  # fmt: skip
    assert described["value"].tolist()[5:7] == [0.8, 0.15]
    assert described["value"].tolist()[-2:] == [126, pytest.approx(0.80146, abs=1e-5)]


def test_a_size_that_was_given_is_randomised_as_given() -> None:
    size = TwoSampleT(difference=0.5).evaluate((28, 35))
    assert size.randomised_by_arm == (28, 35)
    assert (size.n_unrounded, size.unrounded_by_arm, size.target_power) == (None, None, None)
    assert size.power == pytest.approx(R["two_sample_t"]["unequal_power"], abs=1e-12)
    assert size.to_frame()["participants_unrounded"].isna().all()
    # with dropout whole blocks of the allocation are randomised, enough for the larger arm
    assert TwoSampleT(difference=0.5).evaluate((28, 35), dropout=0.3).randomised_by_arm == (50, 50)


def test_a_frame_of_events_and_of_clusters_says_whom_to_randomise_where_it_is_known() -> None:
    events = LogRank(
        hazard_ratio=0.7, event_share_reference=0.5, event_share_experimental=0.4
    ).evaluate(247)
    # 247 events among 0.9 for each 2: 274.4 an arm; the one row of events is not that of an arm
    assert events.randomised_by_arm == (275, 275)
    frame = events.to_frame()
    assert frame[["arm", "events"]].to_numpy().tolist() == [["all", 247], ["total", 247]]
    assert frame["randomised"].isna().tolist() == [True, False]
    assert frame["randomised"].tolist()[-1] == 550
    clusters = ClusterMeans(difference=0.5, icc=0.05, cluster_size=20).evaluate((8, 8))
    assert clusters.to_frame()[["clusters", "randomised"]].to_numpy().tolist() == [
        [8, 160],
        [8, 160],
        [16, 320],
    ]


def test_a_choice_is_described_by_its_name_in_the_protocol() -> None:
    described = Ancova(difference=0.5, correlation=0.5).evaluate(98).describe()
    assert described.set_index("name")["value"]["balance"] == "balanced"
    assert type(described.set_index("name")["value"]["balance"]) is str


def test_one_group_has_no_list_of_arms_in_its_sentence() -> None:
    assert PairedT(difference=0.5).evaluate(34).sentence == (
        "With 34 participants analysed the power to detect a mean difference of 0.5 with an SD of "
        "the differences of 1 by a two-sided paired t test at the level 0.05 is 0.8077."
    )


def test_a_size_without_quantities_on_the_way_is_described_without_them() -> None:
    size = LogRank(hazard_ratio=0.7).evaluate(200)
    assert size.quantities == ()
    assert size.notes[0].startswith("how many participants these events need")
    assert size.describe()["name"].tolist()[-3:] == ["target_power", "dropout", "power"]
