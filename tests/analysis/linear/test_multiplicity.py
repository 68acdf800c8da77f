"""Adjusted p values against R, and what every adjustment keeps."""

import json
from itertools import chain, combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.linear.multiplicity import adjust_p_values, serial_gatekeeper
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
NAMES = {
    "bonferroni": "bonferroni",
    "holm": "holm",
    "hochberg": "hochberg",
    "hommel": "hommel",
    "BH": "benjamini-hochberg",
    "BY": "benjamini-yekutieli",
}
FAMILIES = {
    "padjust": json.loads((REFERENCE / "padjust.json").read_text(encoding="utf-8")),
    **json.loads((REFERENCE / "padjust_more.json").read_text(encoding="utf-8")),
}
families = st.lists(st.integers(0, 40).map(lambda k: k / 40), min_size=1, max_size=8)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())
@pytest.mark.parametrize("name", NAMES)
def test_adjusted_p_values_equal_r(family, name):
    found = adjust_p_values(family["p"], method=NAMES[name])
    assert found.tolist() == pytest.approx(family[name], rel=1e-12)


@given(p=families)
@settings(max_examples=examples(60), deadline=None)
def test_hommel_is_the_closed_test_of_simes(p):
    def simes(chosen):
        ranked = sorted(chosen)
        return min(len(ranked) * each / (rank + 1) for rank, each in enumerate(ranked))

    everything = range(len(p))
    subsets = list(chain.from_iterable(combinations(everything, k + 1) for k in everything))
    closed = [
        max(simes([p[i] for i in chosen]) for chosen in subsets if index in chosen)
        for index in everything
    ]
    assert adjust_p_values(p, method="hommel").tolist() == pytest.approx(closed)


@given(p=families, seed=st.integers(0, 9))
@settings(max_examples=examples(40), deadline=None)
def test_the_order_of_a_family_does_not_matter_and_power_rises(p, seed):
    order = np.random.default_rng(seed).permutation(len(p))
    adjusted = {
        name: adjust_p_values(p, method=name)
        for name in ("bonferroni", "holm", "hochberg", "hommel", "benjamini-hochberg")
    }
    for name, plain in adjusted.items():
        assert adjust_p_values(np.array(p)[order], method=name).tolist() == plain[order].tolist()
        assert (plain >= np.array(p) - 1e-15).all()
        assert (plain <= 1).all()
    ranked = list(adjusted.values())
    for weaker, stronger in pairwise(ranked):
        assert (stronger <= weaker + 1e-12).all()


def test_a_fixed_sequence_stops_at_the_first_that_is_not_rejected():
    found = adjust_p_values([0.01, 0.2, 0.001], method="fixed-sequence")
    assert found.tolist() == [0.01, 0.2, 0.2]


def test_a_gate_opens_only_when_the_whole_family_before_it_is_rejected():
    primary, secondary, last = serial_gatekeeper([[0.01], [0.02, 0.03], [0.0001]], method="holm")
    assert primary.tolist() == [0.01]
    assert secondary.tolist() == pytest.approx([0.04, 0.04])
    assert last.tolist() == pytest.approx([0.04])
    closed = serial_gatekeeper([[0.2], [0.001]], method="holm")
    assert closed[1].tolist() == [0.2]


def test_families_with_holes_are_refused():
    with pytest.raises(AnalysisError, match="p value 2 of the family is nan"):
        adjust_p_values([0.1, np.nan], method="holm")
    with pytest.raises(AnalysisError, match=r"p value 1 of the family is 1\.2"):
        adjust_p_values([1.2], method="holm")
    with pytest.raises(AnalysisError, match="known are none, bonferroni, holm"):
        adjust_p_values([0.1], method="sidak")
    with pytest.raises(AnalysisError, match="family 2 of the gatekeeper has no hypothesis"):
        serial_gatekeeper([[0.1], []], method="holm")
    with pytest.raises(AnalysisError, match="family-wise"):
        serial_gatekeeper([[0.1]], method="benjamini-hochberg")
    assert adjust_p_values([], method="holm").tolist() == []
    original = np.array([0.5, 0.01])
    adjust_p_values(original, method="none")[0] = 0
    assert original.tolist() == [0.5, 0.01]
