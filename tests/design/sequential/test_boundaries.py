"""Boundaries against rpact and gsDesign, and what must hold for any design."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from tests.conftest import examples
from tests.design.size_reference import LOOKS, PUBLISHED
from trialkit.design.sequential import (
    BetaSpending,
    FutilityBounds,
    GroupSequentialDesign,
    HwangShihDeCani,
    KimDeMets,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    PocockSpending,
    UserSpending,
    WangTsiatis,
    boundaries,
    boundaries_at,
    equal_looks,
    recursion,
)
from trialkit.errors import DesignError

KINDS = {
    "OF": OBrienFleming(),
    "P": Pocock(),
    "asOF": OBrienFlemingSpending(),
    "asP": PocockSpending(),
}


def looks(count: int, **more: object) -> GroupSequentialDesign:
    return GroupSequentialDesign(**{"times": equal_looks(count)} | more)


DESIGNS = {
    **{f"{name}_{k}": looks(k, efficacy=kind) for name, kind in KINDS.items() for k in range(2, 6)},
    "asOF_unequal": looks(3, times=(0.33, 0.7, 1), power=0.8),
    "asOF_actual": looks(3, times=(0.4, 0.75, 1)),
    "HSD_m4_5": looks(5, efficacy=HwangShihDeCani(gamma=-4)),
    "HSD_2_4": looks(4, efficacy=HwangShihDeCani(gamma=2)),
    "KD_2_4": looks(4, efficacy=KimDeMets(rho=2)),
    "WT_25_3": looks(3, efficacy=WangTsiatis(delta=0.25)),
    "user": GroupSequentialDesign(
        times=(0.45, 0.8, 1),
        efficacy=UserSpending(times=(0.45, 0.8, 1), cumulative=(0.001, 0.01, 0.025)),
    ),
    "asOF_bsOF": looks(3, futility=BetaSpending(spending=OBrienFlemingSpending())),
    "asOF_bsOF_binding": looks(
        3, futility=BetaSpending(spending=OBrienFlemingSpending()), binding=True
    ),
    "asP_bsP_binding": looks(
        4,
        efficacy=PocockSpending(),
        futility=BetaSpending(spending=PocockSpending()),
        binding=True,
        power=0.8,
    ),
    "asOF_futility": looks(3, times=(0.3, 0.6, 1), futility=FutilityBounds(z=(0, -inf)), power=0.8),
    "asOF_futility_0_0": looks(3, futility=FutilityBounds(z=(0, 0)), power=0.8),
    "OF_futility_binding": looks(
        3, efficacy=OBrienFleming(), futility=FutilityBounds(z=(0, 0.5)), binding=True
    ),
    "OF_two_sided": looks(3, efficacy=OBrienFleming(), alpha=0.05, sides=2, power=0.8),
    "asP_two_sided": looks(3, efficacy=PocockSpending(), alpha=0.05, sides=2),
}


def test_every_design_of_the_reference_is_tested() -> None:
    assert set(DESIGNS) == set(LOOKS["designs"])


@pytest.mark.parametrize("name", DESIGNS)
def test_boundaries_inflation_and_expected_size_are_those_of_rpact(name: str) -> None:
    expected, found = LOOKS["designs"][name], boundaries(DESIGNS[name])
    # rpact's own quadrature is good to 6e-8 with five looks; see the test of the nodes below
    assert found.upper == pytest.approx(expected["upper"], abs=6e-8)
    assert found.inflation == pytest.approx(expected["inflation"], abs=6e-8)
    assert found.alpha_spent == pytest.approx(expected["spent"], abs=2e-8)
    sizes = [
        found.inflation * found.expected_information(drift)
        for drift in (found.drift, found.drift / 2, 0.0)
    ]
    assert sizes == pytest.approx(expected["expected"], abs=6e-8)
    if DESIGNS[name].sides == 1:
        futility = [-6 if bound == -inf else bound for bound in found.lower[:-1]]
        assert futility == pytest.approx(np.atleast_1d(expected["futility"]), abs=6e-8)


@pytest.mark.parametrize("name", ["OF_5", "asP_5", "asOF_bsOF", "OF_two_sided"])
def test_more_nodes_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = boundaries(DESIGNS[name])
    monkeypatch.setattr(recursion, "_PANEL_SD", 0.7)
    monkeypatch.setattr(recursion, "_REACH", 12.0)
    finer = boundaries(DESIGNS[name])
    assert usual.upper == pytest.approx(finer.upper, abs=1e-11)
    assert usual.inflation == pytest.approx(finer.inflation, abs=1e-11)


PRINTED = {
    "OF_2": ((2.7965097, 1.9774310), 1.0071264),
    "OF_3": ((3.4710914, 2.4544323, 2.0040356), 1.0161007),
    "OF_4": ((4.0485910, 2.8627862, 2.3374551, 2.0242955), 1.0221630),
    "OF_5": ((4.5617423, 3.2256389, 2.6337232, 2.2808712, 2.0400732), 1.0264863),
    "P_2": ((2.1782721,) * 2, 1.1000825),
    "P_3": ((2.2894785,) * 3, 1.1506381),
    "P_4": ((2.3612997,) * 4, 1.1831344),
    "P_5": ((2.4131803,) * 5, 1.2065805),
    "asOF_2": ((2.9625880, 1.9685956), 1.0034179),
    "asOF_3": ((3.7103029, 2.5114275, 1.9930475), 1.0118528),
    "asOF_4": ((4.3326336, 2.9631316, 2.3590443, 2.0140901), 1.0182800),
    "asOF_5": ((4.8768849, 3.3570119, 2.6802801, 2.2898168, 2.0310321), 1.0230783),
    "asP_2": ((2.1569992, 2.2009770), 1.1110466),
    "asP_3": ((2.2794282, 2.2949111, 2.2959396), 1.1542202),
    "asP_4": ((2.3683277, 2.3675243, 2.3581683, 2.3500360), 1.1775870),
    "asP_5": ((2.4379767, 2.4268139, 2.4101941, 2.3966493, 2.3859997), 1.1923317),
    "asOF_unequal": ((3.7306653, 2.4396392, 2.0000972), 1.0150155),
    "HSD_m4_5": ((3.2526685, 2.9860459, 2.6916574, 2.3736670, 2.0253214), None),
    "WT_25_3": ((2.7411366, 2.3050119, 2.0828134), None),
    "user": ((3.09023231, 2.34150111, 2.00443641), None),
    "asOF_bsOF": ((3.7103029, 2.5114275, 1.9930475), 1.05939346),
}


@pytest.mark.parametrize("name", PRINTED)
def test_boundaries_are_the_printed_ones(name: str) -> None:
    """As rpact prints them at its own tolerance: one unit of the seventh decimal is its error."""
    upper, inflation = PRINTED[name]
    found = boundaries(DESIGNS[name])
    assert found.upper == pytest.approx(upper, abs=1.5e-7)
    if inflation is not None:
        assert found.inflation == pytest.approx(inflation, abs=6e-8)


def test_rpacts_own_unit_test() -> None:
    found = boundaries(DESIGNS["OF_3"])
    assert found.alpha_spent == pytest.approx((0.00025917372, 0.0071600594, 0.025), abs=1e-9)


def test_jennison_and_turnbulls_constants() -> None:
    last = [boundaries(DESIGNS[f"OF_{k}"]).upper[-1] for k in range(2, 6)]
    assert [f"{each:.3f}" for each in last] == ["1.977", "2.004", "2.024", "2.040"]


def test_gsdesigns_print() -> None:
    found, printed = boundaries(DESIGNS["HSD_m4_5"]), PUBLISHED["group_sequential"]
    assert [float(f"{each:.2f}") for each in found.upper] == printed["hsd_m4"]
    assert f"{found.inflation * found.expected_information():.4f}" == str(printed["expected"])


def test_futility_by_beta_spending_is_that_of_rpact() -> None:
    lower = boundaries(DESIGNS["asOF_bsOF"]).lower
    assert lower[:2] == pytest.approx((-0.694541166, 1.00245956), abs=1.1e-8)


def test_two_looks_are_those_of_the_bivariate_normal() -> None:
    found = boundaries(looks(2, times=(0.4, 1)))
    both = multivariate_normal.cdf(
        found.upper, cov=[[1, 0.4**0.5], [0.4**0.5, 1]], abseps=1e-12, releps=1e-12
    )
    assert 1 - both == pytest.approx(0.025, abs=1e-9)


def test_one_look_is_the_fixed_design() -> None:
    found = boundaries(looks(1))
    assert found.upper[0] == pytest.approx(1.959963984540054)
    assert found.inflation == pytest.approx(1, abs=1e-9)


EFFICACY = st.one_of(
    st.sampled_from([OBrienFlemingSpending(), PocockSpending(), OBrienFleming(), Pocock()]),
    st.floats(-8, 4).map(lambda gamma: HwangShihDeCani(gamma=gamma)),
    st.floats(0.5, 4).map(lambda rho: KimDeMets(rho=rho)),
    st.floats(-0.2, 0.6).map(lambda delta: WangTsiatis(delta=delta)),
)
TIMES = st.lists(st.floats(0.05, 0.95), min_size=0, max_size=4, unique=True).map(
    lambda found: (*sorted(found), 1.0)
)


@settings(deadline=None, max_examples=examples(30))
@given(efficacy=EFFICACY, times=TIMES, sides=st.sampled_from([1, 2]))
def test_alpha_and_power_are_kept_whatever_the_looks(
    efficacy: object, times: tuple[float, ...], sides: int
) -> None:
    if any(later - earlier < 1e-3 for earlier, later in pairwise(times)):
        return
    design = GroupSequentialDesign(times=times, efficacy=efficacy, alpha=0.05, sides=sides)
    found = boundaries(design)
    assert found.alpha_spent[-1] == pytest.approx(0.05, abs=1e-9)
    assert found.power() == pytest.approx(0.9, abs=1e-9)
    assert found.inflation >= 1 - 1e-9
    assert found.expected_information() <= 1


@pytest.mark.parametrize("binding", [True, False])
def test_futility_spends_its_beta_and_keeps_alpha(binding: bool) -> None:
    spending = HwangShihDeCani(gamma=-2)
    design = looks(4, futility=BetaSpending(spending=spending), binding=binding, power=0.85)
    found = boundaries(design)
    stopped = found.stopping()
    spent = [sum(stopped.lower[: k + 1]) for k in range(4)]
    expected = [spending.spent(time, 0.15) for time in design.times]
    assert spent == pytest.approx(expected, abs=1e-8)
    assert found.alpha_spent[-1] == pytest.approx(0.025, abs=1e-9)
    assert sum(found.stopping(0.0).upper) <= 0.025 + 1e-9


def test_looks_close_together_are_nearly_one() -> None:
    near = boundaries(looks(3, times=(0.5, 0.502, 1), efficacy=PocockSpending()))
    two = boundaries(looks(2, efficacy=PocockSpending()))
    assert near.upper[0] == pytest.approx(two.upper[0], abs=1e-12)
    assert near.alpha_spent[-1] == pytest.approx(0.025, abs=1e-9)


def test_boundaries_at_the_information_reached_are_those_of_rpact() -> None:
    planned = boundaries(looks(3))
    assert boundaries_at(planned, equal_looks(3)[:2]).upper == planned.upper
    actual = boundaries_at(planned, (0.4, 0.75))
    assert actual.upper == pytest.approx(LOOKS["designs"]["asOF_actual"]["upper"], abs=5e-9)
    over = boundaries_at(planned, (0.4, 0.75, 1.1), final=True)
    assert over.upper == pytest.approx(LOOKS["actual"]["over"], abs=5e-9)
    under = boundaries_at(planned, (0.4, 0.9), final=True)
    assert under.upper == pytest.approx(LOOKS["actual"]["under"], abs=5e-9)
    for each in (actual, over, under):
        assert each.alpha_spent[-1] == pytest.approx(0.025, abs=1e-9)
        assert each.drift == planned.drift


@pytest.mark.parametrize("binding", [True, False])
def test_futility_moves_with_the_information_and_keeps_alpha(binding: bool) -> None:
    spending = BetaSpending(spending=OBrienFlemingSpending())
    planned = boundaries(looks(3, futility=spending, binding=binding))
    actual = boundaries_at(planned, (0.4,))
    assert actual.times == (0.4, 2 / 3, 1)
    assert actual.lower[0] > planned.lower[0]
    assert actual.alpha_spent[-1] == pytest.approx(0.025, abs=1e-9)


def test_classical_boundaries_do_not_move() -> None:
    planned = boundaries(looks(3, efficacy=OBrienFleming()))
    assert boundaries_at(planned, (1 / 3,)) is planned
    with pytest.raises(DesignError, match="spending function"):
        boundaries_at(planned, (0.4,))


def test_the_frame_has_a_row_a_look() -> None:
    found = boundaries(looks(3, futility=FutilityBounds(z=(0, 0)), power=0.8))
    frame = found.to_frame()
    assert list(frame["look"]) == [1, 2, 3]
    assert [f"{each:.4f}" for each in frame["power_spent"]] == ["0.0204", "0.4371", "0.8000"]
    assert frame["upper_p"].iloc[0] == pytest.approx(float(ndtr(-found.upper[0])))
    assert "3 looks" in repr(found)


@pytest.mark.parametrize(
    "wrong",
    [
        {"times": (0.5, 0.4, 1)},
        {"times": (0.5, 0.9)},
        {"times": ()},
        {"times": (0.0, 1.0)},
        {"alpha": 0.6},
        {"power": 0.01},
        {"sides": 3},
        {"futility": FutilityBounds(z=(0,))},
        {"futility": FutilityBounds(z=(0, 0)), "sides": 2},
        {
            "efficacy": UserSpending(times=(0.5, 1), cumulative=(0.01, 0.05)),
        },
    ],
)
def test_designs_that_contradict_themselves_are_refused(wrong: dict) -> None:
    with pytest.raises(DesignError):
        looks(3, **wrong)


@pytest.mark.parametrize(
    "call",
    [
        lambda: boundaries(looks(3, futility=FutilityBounds(z=(4, 4)))),
        lambda: boundaries(looks(3, futility=FutilityBounds(z=(0, 2.4)), binding=True, power=0.99)),
        lambda: boundaries_at(boundaries(looks(3)), (0.5, 1.0)),
        lambda: boundaries_at(boundaries(looks(3)), (0.5, 0.4)),
        lambda: boundaries_at(
            boundaries(looks(3, futility=FutilityBounds(z=(0, 0)))), (0.4, 0.5, 0.8)
        ),
        lambda: equal_looks(0),
        lambda: boundaries(
            looks(
                3,
                efficacy=Pocock(),
                futility=BetaSpending(spending=PocockSpending()),
                binding=True,
            )
        ),
    ],
    ids=lambda each: f"line {each.__code__.co_firstlineno}",
)
def test_what_no_boundary_satisfies_is_refused(call: object) -> None:
    with pytest.raises(DesignError):
        call()
