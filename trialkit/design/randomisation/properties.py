"""What a scheme promises: imbalance and predictability, exactly where the states can be counted.

The law of a scheme is followed state by state. A state is how far each unit is ahead of the one
with the fewest (units of one arm are alike, so sorted), or the place within a block.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import pandas as pd

from trialkit.design.randomisation.schemes import Arms, Coin, PermutedBlocks, Sequential
from trialkit.errors import DesignError
from trialkit.results.tabular import Tabular

MOST_STATES = 60_000
State: TypeAlias = tuple[tuple[int, ...], ...]
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way on: which arm comes, with which probability, and where that leads."""

    arm: int
    probability: float
    state: State


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DesignProperties(Tabular):
    """What one stratum's list of ``n`` allocations promises.

    Imbalance is the largest minus the smallest count over ratio: for two equal arms, their
    difference.
    """

    n: int
    arms: Arms
    imbalance: Mapping[Fraction, float]
    """The probability of each imbalance after ``n``."""
    difference: Mapping[int, float]
    """Of two arms, the probability of each ratio-weighted first minus second after ``n``."""
    correct_guesses: float
    """Expected number of allocations guessed by naming the arm that lags, ties by chance."""
    certain: float | None
    """Expected number of allocations that one who knows the length of each block could be sure of;
    None where it was not followed."""
    largest: Fraction
    """The largest imbalance possible at any place up to ``n``."""
    replicates: int = 0
    """How many lists were drawn; 0 means that everything is exact."""

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        how = f"from {self.replicates} lists drawn" if self.replicates else "exact"
        return f"What a list of {self.n} allocations promises ({how})"

    @property
    def expected_imbalance(self) -> float:
        """The mean imbalance after ``n``."""
        return sum(float(size) * chance for size, chance in self.imbalance.items())

    @property
    def correct_guess_share(self) -> float:
        """The share of allocations guessed."""
        return self.correct_guesses / self.n

    @property
    def variance_of_difference(self) -> float:
        """Of two arms, the variance of first minus second after ``n``."""
        mean = sum(size * chance for size, chance in self.difference.items())
        return sum((size - mean) ** 2 * chance for size, chance in self.difference.items())

    def to_frame(self) -> pd.DataFrame:
        """One row a property: property, value."""
        rows: list[tuple[str, float]] = [
            ("allocations", self.n),
            ("expected imbalance", self.expected_imbalance),
            ("largest possible imbalance", float(self.largest)),
            ("correct guesses, share", self.correct_guess_share),
            ("correct guesses without any scheme, share", max(self.arms.ratio) / self.arms.units),
        ]
        if self.certain is not None:
            rows.append(
                ("certain to one who knows the length of each block, share", self.certain / self.n)
            )
        rows += [
            (f"probability of an imbalance of {size}", chance)
            for size, chance in sorted(self.imbalance.items())
        ]
        return pd.DataFrame(rows, columns=["property", "value"])


def exact_properties(scheme: Sequential, arms: Arms, n: int) -> DesignProperties:
    """Imbalance and predictability of a list of ``n`` allocations, without sampling.

    Estimand
        The distribution of the imbalance after ``n`` and the expected number of correct guesses of
        the convergence strategy (name the arm that lags most, ties by chance).

    Reference
        Blackwell D, Hodges JL. Ann Math Stat 1957;28:449-460; Efron B. Biometrika 1971;58:403-417;
        Wei LJ. JASA 1978;73:559-563; Soares JF, Wu CFJ. Commun Stat 1983;12:2017-2034.

    Checked against
        ``tests/reference/randomisation/exact_properties.json``

    Raises :class:`DesignError` where there are too many states to follow.
    """
    if n < 1:
        raise DesignError(f"a list needs 1 allocation or more, got {n}")
    states: dict[State, float] = {start_state(scheme, arms): 1.0}
    correct = certain = 0.0
    largest = Fraction(0)
    for place in range(n):
        following: dict[State, float] = defaultdict(float)
        for state, probability in states.items():
            steps = list(next_steps(scheme, arms, state, place))
            correct += probability * _guessed(_counts(scheme, arms, state, place), arms, steps)
            certain += probability * (max(_by_arm(arms, steps)) > 1 - _ROUNDING)
            for step in steps:
                following[step.state] += probability * step.probability
        states = following
        if len(states) > MOST_STATES:
            raise DesignError(
                f"{len(states)} states after {place + 1} allocations are too many to follow; draw "
                "lists instead"
            )
        reached = (imbalance(_counts(scheme, arms, state, place + 1), arms) for state in states)
        largest = max(largest, *reached)
    sizes: dict[Fraction, float] = defaultdict(float)
    differences: dict[int, float] = defaultdict(float)
    for state, probability in states.items():
        counts = _counts(scheme, arms, state, n)
        sizes[imbalance(counts, arms)] += probability
        if len(counts) == 2:
            first, second = arms.ratio
            differences[counts[0] * second - counts[1] * first] += probability
    return DesignProperties(
        n=n,
        arms=arms,
        imbalance=dict(sizes),
        difference=dict(differences),
        correct_guesses=correct,
        certain=certain,
        largest=largest,
    )


def imbalance(counts: Sequence[int], arms: Arms) -> Fraction:
    """The largest minus the smallest count over ratio."""
    scaled = [Fraction(count, ratio) for count, ratio in zip(counts, arms.ratio, strict=True)]
    return max(scaled) - min(scaled)


def guesses(counts: Sequence[int], arms: Arms) -> tuple[int, ...]:
    """The arms that one who sees all earlier allocations names next: those that lag most."""
    n = sum(counts)
    lags = [
        (n + 1) * ratio - arms.units * count
        for count, ratio in zip(counts, arms.ratio, strict=True)
    ]
    return tuple(arm for arm, lag in enumerate(lags) if lag == max(lags))


def _guessed(counts: Sequence[int], arms: Arms, steps: Sequence[Step]) -> float:
    named = guesses(counts, arms)
    by_arm = _by_arm(arms, steps)
    return sum(by_arm[arm] for arm in named) / len(named)


def _by_arm(arms: Arms, steps: Sequence[Step]) -> list[float]:
    """The probability of each arm; what the length of a block leaves open is summed over."""
    total = [0.0] * len(arms.shares)
    for step in steps:
        total[step.arm] += step.probability
    return total


def start_state(scheme: Sequential, arms: Arms) -> State:
    """Where every list begins."""
    if isinstance(scheme, PermutedBlocks):
        return _BETWEEN_BLOCKS
    return tuple((0,) * ratio for ratio in arms.ratio)


_BETWEEN_BLOCKS: State = ((), ())


def next_steps(scheme: Sequential, arms: Arms, state: State, place: int) -> Iterator[Step]:
    """The ways on from a state, when ``place`` allocations were made."""
    if isinstance(scheme, PermutedBlocks):
        yield from _block_steps(scheme, arms, state)
    else:
        yield from _coin_steps(scheme, arms, state, place)


def _block_steps(scheme: PermutedBlocks, arms: Arms, state: State) -> Iterator[Step]:
    """Where the state is (length of the block,), (how many of each arm have come in it)."""
    if state == _BETWEEN_BLOCKS:
        begun = [(length, (0,) * len(arms.shares)) for length in scheme.lengths]
    else:
        begun = [(state[0][0], state[1])]
    for length, taken in begun:
        left = length - sum(taken)
        for arm, ratio in enumerate(arms.ratio):
            remaining = length // arms.units * ratio - taken[arm]
            if remaining:
                after = tuple(count + (each == arm) for each, count in enumerate(taken))
                yield Step(
                    arm=arm,
                    probability=remaining / left / len(begun),
                    state=((length,), after) if left > 1 else _BETWEEN_BLOCKS,
                )


def _coin_steps(scheme: Coin, arms: Arms, state: State, place: int) -> Iterator[Step]:
    fewest = (place - sum(map(sum, state))) // arms.units
    flat = [fewest + ahead for units in state for ahead in units]
    weights = scheme.weights(flat)
    total = sum(weights)
    at = 0
    for arm, units in enumerate(state):
        shares = weights[at : at + len(units)]
        at += len(units)
        for unit, ahead in enumerate(units):
            if not shares[unit] or ahead in units[:unit]:
                continue
            alike = units.count(ahead)
            yield Step(
                arm=arm,
                probability=alike * shares[unit] / total,
                state=_advanced(state, arm, unit),
            )


def _advanced(state: State, arm: int, unit: int) -> State:
    units = list(state[arm])
    units[unit] += 1
    moved = [*state[:arm], tuple(sorted(units)), *state[arm + 1 :]]
    fewest = min(map(min, moved))
    return tuple(tuple(each - fewest for each in units) for units in moved)


def _counts(scheme: Sequential, arms: Arms, state: State, place: int) -> tuple[int, ...]:
    """How often each arm has come, but for full rounds, which change nothing."""
    if isinstance(scheme, PermutedBlocks):
        return state[1] or (0,) * len(arms.shares)
    del place
    return tuple(map(sum, state))
