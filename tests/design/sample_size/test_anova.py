"""Analyses of variance against G*Power as published, and against t."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f, ncf

from tests.conftest import examples
from tests.design.size_reference import PUBLISHED, R, values_of
from trialkit.design.sample_size.anova import (
    MixedAnova,
    OneWayAnova,
    cohen_f,
    convention_shown,
    f_from_partial_eta_squared,
    mixed_f,
)
from trialkit.design.sample_size.t_tests import TwoSampleT
from trialkit.errors import DesignError, ProtocolError
from trialkit.protocol.sizing.design import EffectSizeConvention

ROWS = [
    dict(zip(PUBLISHED["mixed_anova"]["columns"], row, strict=True))
    for row in PUBLISHED["mixed_anova"]["rows"]
]


def trial_of(row: dict) -> MixedAnova:
    names = ("effect", "groups", "visits", "f", "correlation", "epsilon")
    return MixedAnova(**{name: row[name] for name in names})


def name_of(row: dict) -> str:
    return "-".join(str(row[name]) for name in PUBLISHED["mixed_anova"]["columns"][:7])


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_size_is_that_of_gpower(row: dict) -> None:
    size = trial_of(row).solve_n(row["target"])
    assert size.n == row["n"]
    assert size.power == pytest.approx(row["power"], abs=5.1e-8)
    found = {each.name: each.value for each in size.quantities}
    assert found["noncentrality"] == pytest.approx(row["noncentrality"], abs=5e-5)
    assert found["critical_f"] == pytest.approx(row["critical_f"], abs=5.1e-8)
    assert found["df_den"] == pytest.approx(row["df_den"])


@pytest.mark.parametrize(
    ("name", "trial"),
    [
        ("k2_m2_n34", MixedAnova(f=0.25, visits=2, correlation=0.5)),
        ("k2_m2_n46", MixedAnova(f=0.25, visits=2, correlation=0.5)),
        ("k2_m4_n30_eps", MixedAnova(f=0.25, visits=4, correlation=0.5, epsilon=0.75)),
        ("k3_m3_n36", MixedAnova(f=0.25, visits=3, groups=3, correlation=0.5)),
        ("within_m3_n28", MixedAnova(f=0.25, visits=3, groups=1, correlation=0.5, effect="within")),
        ("between_m2_n98", MixedAnova(f=0.25, visits=2, correlation=0.5, effect="between")),
    ],
)
def test_noncentrality_critical_value_and_power_are_those_of_r(
    name: str, trial: MixedAnova
) -> None:
    n = int(name.partition("_n")[2].partition("_")[0])
    size = trial.evaluate(n)
    found = {each.name: each.value for each in size.quantities}
    names = ("noncentrality", "critical_f", "df_num", "df_den")
    expected = R["mixed_anova"][name]
    assert [found[each] for each in names] == pytest.approx(expected[:4], rel=1e-12)
    assert size.power == pytest.approx(expected[4], abs=1e-8)


def test_the_size_not_rounded_is_that_of_pwrss() -> None:
    size = MixedAnova(f=0.25, visits=2, correlation=0.5).solve_n(0.8)
    assert f"{size.n_unrounded:.4f}" == str(PUBLISHED["mixed_anova"]["pwrss_unrounded"])


def test_the_public_claim_of_72_for_three_groups_is_42() -> None:
    assert MixedAnova(f=0.25, visits=2, groups=3, correlation=0.5).solve_n(0.8).n == 42


@settings(deadline=None, max_examples=examples(30))
@given(
    means=st.tuples(*[st.floats(-2, 2)] * 4),
    rho=st.floats(-0.5, 0.9),
    n=st.integers(3, 60),
)
def test_two_groups_at_two_visits_are_the_t_test_of_the_changes(
    means: tuple[float, float, float, float], rho: float, n: int
) -> None:
    table = [means[:2], means[2:]]
    difference = (means[3] - means[2]) - (means[1] - means[0])
    if abs(difference) < 1e-3:
        return
    by_f = MixedAnova(f=mixed_f(table, sd=1), visits=2, correlation=rho)
    by_t = TwoSampleT(difference=difference, sd=sqrt(2 * (1 - rho)))
    assert by_f.power(2 * n) == pytest.approx(by_t.power(2 * n), abs=1e-9)


def test_f_of_the_published_means_is_a_quarter() -> None:
    assert mixed_f([[-0.25, 0.25], [0.25, -0.25]], sd=1) == pytest.approx(0.25)
    assert mixed_f([[-0.25, -0.25], [0.25, 0.25]], sd=1, effect="between") == pytest.approx(0.25)


def test_the_three_conventions_of_f_are_one_effect() -> None:
    n, k, m, rho, epsilon, size = 40, 2, 4, 0.5, 0.8, 0.25
    gpower = MixedAnova(f=size, visits=m, correlation=rho, epsilon=epsilon)
    of_cohen = size * sqrt(m / (1 - rho))
    of_spss = size * sqrt(n * m / ((1 - rho) * (n - k) * (m - 1)))
    cohen = MixedAnova(f=of_cohen, visits=m, epsilon=epsilon, convention="cohen")
    spss = MixedAnova(f=of_spss, visits=m, epsilon=epsilon, convention="spss")
    assert cohen.power(n) == pytest.approx(gpower.power(n), abs=1e-12)
    assert spss.power(n) == pytest.approx(gpower.power(n), abs=1e-12)


def test_superpowers_example_has_the_same_power_as_in_spss() -> None:
    gpower = MixedAnova(f=0.25, visits=3, groups=1, correlation=0.8, effect="within")
    published = PUBLISHED["mixed_anova"]["superpower_spss"]["f"]
    spss = MixedAnova(f=published, visits=3, groups=1, effect="within", convention="spss")
    assert spss.power(20) == pytest.approx(gpower.power(20), abs=5e-5)


def test_the_convention_is_named_in_sentence_and_notes() -> None:
    size = MixedAnova(f=0.25, visits=2, convention="spss").solve_n(0.8)
    assert "as in SPSS" in size.sentence
    assert any("as in SPSS" in note for note in size.notes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"f": 0.25, "visits": 2},
        {"f": 0.25, "visits": 2, "convention": "cohen", "correlation": 0.5},
        {"f": 0.25, "visits": 2, "convention": "spss", "effect": "between"},
        {"f": 0.25, "visits": 3, "correlation": 0.5, "epsilon": 0.4},
        {"f": 0.25, "visits": 3, "correlation": -0.5},
        {"f": 0.25, "visits": 2, "groups": 1, "correlation": 0.5},
        {"f": 0.25, "visits": 2, "correlation": 0.5, "effect": "between", "epsilon": 0.9},
        {"f": 0.25, "visits": 2, "correlation": 0.5, "allocation": (1, 1, 1)},
    ],
)
def test_assumptions_that_cannot_hold_are_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError):
        MixedAnova(**wrong)


def test_one_way_is_that_of_pwr() -> None:
    trial = OneWayAnova(f=0.25, groups=4)
    assert trial.solve_n(0.8).n_unrounded == pytest.approx(4 * R["one_way_anova"], rel=1e-6)
    assert trial.power(180) == pytest.approx(R["one_way_anova_power"], abs=1e-8)
    assert trial.detectable(180, R["one_way_anova_power"]) == pytest.approx(0.25, rel=1e-6)


def test_two_groups_one_way_are_the_two_sample_t() -> None:
    trial = OneWayAnova(f=cohen_f((0, 0.6), sd=1, allocation=(1, 2)), groups=2, allocation=(1, 2))
    assert trial.power((20, 40)) == pytest.approx(TwoSampleT(difference=0.6).power((20, 40)))


@pytest.mark.parametrize(
    "call",
    [
        lambda: cohen_f([1.0], sd=1),
        lambda: cohen_f([1.0, 2.0], sd=0),
        lambda: mixed_f([[1.0], [2.0]], sd=1),
        lambda: f_from_partial_eta_squared(1.0),
    ],
    ids=lambda each: f"line {each.__code__.co_firstlineno}",
)
def test_effects_need_means_and_a_spread(call: object) -> None:
    with pytest.raises(DesignError):
        call()


def test_f_of_a_partial_eta_squared() -> None:
    assert f_from_partial_eta_squared(0.2) == pytest.approx(0.5)


def test_every_group_and_the_error_of_a_one_way_anova_are_counted() -> None:
    trial = OneWayAnova(f=0.3, groups=3, alpha=0.01, allocation=(2, 4, 2))
    limit, shift = f.isf(0.01, 2, 37), 0.09 * 40
    assert trial.power(40) == pytest.approx(ncf.sf(limit, 2, 37, shift), abs=1e-12)
    assert values_of(trial.quantities((10, 20, 10))) == [
        ("noncentrality", pytest.approx(shift)),
        ("critical_f", pytest.approx(limit)),
        ("df_num", 2),
        ("df_den", 37),
    ]
    assert trial.shares == (1, 2, 1)
    assert OneWayAnova(f=0.3, groups=4).shares == (1, 1, 1, 1)


def test_f_of_a_table_of_means_by_hand() -> None:
    """Visits 2, 4, 6 and 4, 8, 12: the centre is 6, rows 4 and 8, columns 3, 6, 9."""
    table = [[2, 4, 6], [4, 8, 12]]
    assert mixed_f(table, sd=1, effect="between") == pytest.approx(2)
    assert mixed_f(table, sd=1, effect="within") == pytest.approx(sqrt(6))
    # what is left: 2 - 4 - 3 + 6 = 1, 0, -1 and -1, 0, 1
    assert mixed_f(table, sd=0.5) == pytest.approx(2 * sqrt(4 / 6))


def test_cohens_f_weighs_the_groups_by_their_shares() -> None:
    """Means 0 and 6 at 1 to 2: the centre is 4, the variance (16 + 2 * 4) / 3 = 8."""
    assert cohen_f([0, 6], sd=4, allocation=(1, 2)) == pytest.approx(sqrt(8) / 4)
    assert cohen_f([0, 6], sd=4) == pytest.approx(3 / 4)


@pytest.mark.parametrize("wrong", [{"allocation": (1, 2, 3)}, {"allocation": (1, 0)}, {"sd": -1}])
def test_shares_that_are_no_shares_of_the_means_are_refused(wrong: dict) -> None:
    with pytest.raises(DesignError, match="two means or more, as many shares above 0, and sd"):
        cohen_f([0, 6], **{"sd": 1} | wrong)


@pytest.mark.parametrize(
    ("means", "sd"), [([[1, 2], [3, float("nan")]], 1), ([[1, 2], [3, 4]], 0), ([1, 2], 1)]
)
def test_a_table_of_means_has_rows_of_finite_means(means: list, sd: float) -> None:
    with pytest.raises(DesignError, match="rows of visits' means, one row a group, and sd above 0"):
        mixed_f(means, sd=sd)


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_partial_eta_squared_is_a_share(wrong: float) -> None:
    with pytest.raises(DesignError, match=f"lies between 0 and 1, got {wrong}"):
        f_from_partial_eta_squared(wrong)


def test_an_analysis_of_variance_needs_an_error_degree_of_freedom() -> None:
    for trial in (
        OneWayAnova(f=0.3, groups=3),
        MixedAnova(f=0.3, visits=2, groups=3, correlation=0),
    ):
        sizes = [(1, 1, 2), (1, 1, 1), (0, 5, 5)]
        assert [trial.possible(each) for each in sizes] == [True, False, False]


def test_the_question_names_the_effect_and_the_convention_of_f() -> None:
    assert OneWayAnova(f=0.3, groups=3, alpha=0.01).question() == (
        "to detect an effect of f = 0.3 between 3 groups by a one-way analysis of variance at the "
        "level 0.01"
    )
    interaction = MixedAnova(f=0.3, visits=4, groups=3, correlation=0.6, epsilon=0.8, alpha=0.02)
    assert interaction.question() == (
        "to detect an interaction of group and visit of f = 0.3 (as in G*Power 3.0, correlation "
        "0.6, epsilon 0.8) with 3 group(s) and 4 visits by a mixed analysis of variance at the "
        "level 0.02"
    )
    within = MixedAnova(f=0.3, visits=3, effect="within", convention="cohen")
    assert (
        "difference between visits of f = 0.3 (as in Cohen (1988), epsilon 1" in within.question()
    )
    between = MixedAnova(f=0.3, visits=3, effect="between", correlation=0.2)
    assert "a difference between groups of f = 0.3 (as in G*Power 3.0" in between.question()
    assert between.notes() == (
        "f is as in G*Power 3.0; under G*Power's other options the same number means another effect",
    )
    assert [convention_shown(each) for each in EffectSizeConvention] == [
        "as in G*Power 3.0",
        "as in Cohen (1988)",
        "as in SPSS",
    ]
