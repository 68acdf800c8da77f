"""The properties of a scheme whose states are too many to follow: from lists that are drawn.

The stream's key is a constant, so that the same question has the same answer.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from math import prod

from trialkit.design.randomisation.minimisation import Factor, Minimisation, Minimiser
from trialkit.design.randomisation.properties import (
    MOST_STATES,
    DesignProperties,
    exact_properties,
    guesses,
    imbalance,
)
from trialkit.design.randomisation.schemes import (
    Arms,
    BigStick,
    PermutedBlocks,
    Sequential,
    sequence,
)
from trialkit.design.randomisation.stream import Stream

_KEY = b"the properties of a scheme"
LISTS = 400


def properties_of(
    scheme: Sequential | Minimisation, arms: Arms, n: int, *, factors: Sequence[Factor] = ()
) -> DesignProperties:
    """The properties of a list of ``n``, exact where that is possible."""
    if isinstance(scheme, Minimisation):
        return _summed(_minimised(scheme, arms, factors, n), arms, n)
    if _can_be_followed(scheme, arms, n):
        return exact_properties(scheme, arms, n)
    return _summed(_listed(scheme, arms, n), arms, n)


def _can_be_followed(scheme: Sequential, arms: Arms, n: int) -> bool:
    """Whether the states surely stay below the most that are followed."""
    if isinstance(scheme, PermutedBlocks):
        longest = max(scheme.lengths) // arms.units
        return (
            prod(longest * ratio + 1 for ratio in arms.ratio) * len(scheme.lengths) <= MOST_STATES
        )
    ahead = scheme.limit if isinstance(scheme, BigStick) else n
    return bool((ahead + 1) ** (arms.units - 1) <= MOST_STATES)


def _listed(scheme: Sequential, arms: Arms, n: int) -> Iterator[list[int]]:
    numbers = {code: arm for arm, code in enumerate(arms.codes)}
    for each in range(LISTS):
        slots = islice(sequence(scheme, arms, Stream(_KEY, str(each))), n)
        yield [numbers[slot.arm] for slot in slots]


def _minimised(
    scheme: Minimisation, arms: Arms, factors: Sequence[Factor], n: int
) -> Iterator[list[int]]:
    """Lists for people whose levels are drawn evenly and independently."""
    numbers = {code: arm for arm, code in enumerate(arms.codes)}
    for each in range(LISTS):
        people = Stream(_KEY, f"people {each}")
        minimiser = Minimiser(scheme, arms, factors, Stream(_KEY, str(each)))
        allocated = []
        for _ in range(n):
            levels = {
                factor.name: factor.levels[people.below(len(factor.levels))] for factor in factors
            }
            allocated.append(numbers[minimiser.allocate(levels)])
        yield allocated


def _summed(lists: Iterator[list[int]], arms: Arms, n: int) -> DesignProperties:
    sizes: Counter[Fraction] = Counter()
    differences: Counter[int] = Counter()
    correct, drawn, largest = 0.0, 0, Fraction(0)
    for allocated in lists:
        drawn += 1
        counts = [0] * len(arms.shares)
        for arm in allocated:
            named = guesses(counts, arms)
            correct += (arm in named) / len(named)
            counts[arm] += 1
            largest = max(largest, imbalance(counts, arms))
        sizes[imbalance(counts, arms)] += 1
        if len(counts) == 2:
            differences[counts[0] * arms.ratio[1] - counts[1] * arms.ratio[0]] += 1
    return DesignProperties(
        n=n,
        arms=arms,
        imbalance={size: count / drawn for size, count in sizes.items()},
        difference={size: count / drawn for size, count in differences.items()},
        correct_guesses=correct / drawn,
        certain=None,
        largest=largest,
        replicates=drawn,
    )
