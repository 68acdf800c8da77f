"""Randomisation lists: how long making, sealing and checking 10 000 slots takes.

Run ``pytest benchmarks/randomisation_benchmark.py``. All in one process on one machine; nothing is
asserted about time.
"""

import hashlib
from collections.abc import Callable
from fractions import Fraction
from itertools import islice

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.minimisation import Factor, Minimisation, Minimiser
from trialkit.design.randomisation.plans import RandomisationPlan
from trialkit.design.randomisation.properties import exact_properties
from trialkit.design.randomisation.schemes import (
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Sequential,
    Simple,
    WeiUrn,
    arms_of,
    sequence,
)
from trialkit.design.randomisation.sealing import open_slot, seal_list
from trialkit.design.randomisation.stream import Stream

SLOTS = 10_000
TWO = arms_of((1, 1))
PLAN = RandomisationPlan(
    trial="benchmark", arms=TWO, scheme=PermutedBlocks(lengths=(2, 4, 6)), slots=SLOTS
)
LAWS = {
    "blocks": PermutedBlocks(lengths=(2, 4, 6)),
    "simple": Simple(),
    "efron": EfronCoin(),
    "urn": WeiUrn(),
    "big stick": BigStick(),
}


def stated_bytes() -> Callable[[int], bytes]:
    numbers = iter(range(10**9))
    return lambda size: hashlib.shake_256(str(next(numbers)).encode()).digest(size)


@pytest.mark.parametrize("law", LAWS)
def test_list_of_10_000(benchmark: BenchmarkFixture, law: str) -> None:
    scheme: Sequential = LAWS[law]
    benchmark.group = "a list of 10 000 allocations"
    made = benchmark(lambda: list(islice(sequence(scheme, TWO, Stream(b"k", "all")), SLOTS)))
    assert len(made) == SLOTS


def test_commitment_of_10_000(benchmark: BenchmarkFixture) -> None:
    found = benchmark(lambda: commitment(b"n" * 32, canonical_list(PLAN, b"k" * 32)))
    assert len(found) == 64


def test_sealing_10_000(benchmark: BenchmarkFixture) -> None:
    listed = make_list(PLAN, b"k" * 32)
    sealed = benchmark(lambda: seal_list(listed, b"s" * 32, stated_bytes()))
    assert open_slot(sealed, b"s" * 32, stratum="all", number=7) == listed[6].arm


def test_minimising_1_000(benchmark: BenchmarkFixture) -> None:
    factors = [Factor(name="sex", levels=("f", "m")), Factor(name="site", levels=tuple("abcdef"))]

    def minimise() -> int:
        minimiser = Minimiser(Minimisation(p=Fraction(4, 5)), TWO, factors, Stream(b"k", "all"))
        people = Stream(b"p", "all")
        given = [
            minimiser.allocate(
                {each.name: each.levels[people.below(len(each.levels))] for each in factors}
            )
            for _ in range(1_000)
        ]
        return len(given)

    assert benchmark(minimise) == 1_000


def test_exact_properties_of_100(benchmark: BenchmarkFixture) -> None:
    found = benchmark(lambda: exact_properties(EfronCoin(), TWO, 100))
    assert found.difference[0] == pytest.approx(0.500011, abs=6e-7)
