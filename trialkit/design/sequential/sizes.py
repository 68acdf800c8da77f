"""A fixed sample size made into that of a group-sequential trial.

See ``docs/methods/group_sequential.md``.
"""

from dataclasses import dataclass

import pandas as pd

from trialkit.decimals import significant
from trialkit.design.sample_size.situation import RequiredSize
from trialkit.design.sample_size.solving import whole_blocks
from trialkit.design.sample_size.words import percent_shown, shown
from trialkit.design.sequential.boundaries import Boundaries
from trialkit.errors import DesignError
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SequentialSize(Tabular):
    """How many are needed up to each look, in the unit of the fixed size (participants, events).

    ``n_unrounded`` is the inflated size times the look's time, ``n`` whole and in the ratio of the
    allocation. Expected sizes are of ``n_unrounded``: under the planned effect, half of it, none.
    """

    boundaries: Boundaries
    fixed: RequiredSize
    n_unrounded: tuple[float, ...]
    n: tuple[int, ...]
    expected_alternative: float
    expected_half: float
    expected_null: float

    @property
    def title(self) -> str:
        """The most that may be needed, and what is expected."""
        unit = self.fixed.situation.unit
        return f"at most {self.n[-1]} {unit}, {significant(self.expected_alternative, 4)} expected"

    @property
    def sentence(self) -> str:
        """The sentence for the protocol: what the looks ask for, beside the size without them."""
        fixed, design = self.fixed, self.boundaries.design
        unit = fixed.situation.unit
        *earlier, last = map(str, self.n)
        when = f"{', '.join(earlier)} and {last}" if earlier else last
        stops = "" if design.futility is None else f", with futility {_binding(design.binding)},"
        lost = (
            f" Dropout of {percent_shown(fixed.dropout)} comes on top of these."
            if fixed.dropout
            else ""
        )
        return (
            f"With {len(self.n)} looks, after {when} {unit}, by {design.efficacy.words}{stops or ','} at most "
            f"{self.n[-1]} {unit} must be analysed for a power of at least "
            f"{shown(design.power)} {fixed.situation.question()}; "
            f"{significant(self.expected_alternative, 4)} are expected if the effect is as planned. "
            f"Without looks it would be {fixed.n}.{lost}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a look."""
        return pd.DataFrame(
            {
                "look": range(1, len(self.n) + 1),
                "time": self.boundaries.times,
                "n_unrounded": self.n_unrounded,
                "n": self.n,
                "upper_z": self.boundaries.upper,
                "lower_z": self.boundaries.lower,
            }
        )


def _binding(binding: bool) -> str:  # noqa: FBT001 - a word for yes and one for no
    return "that binds" if binding else "that does not bind"


def sequential_size(boundaries: Boundaries, fixed: RequiredSize) -> SequentialSize:
    """The size of a fixed design, inflated for the looks.

    Estimand
        That of the fixed design.

    Reference
        Jennison C, Turnbull BW. Group sequential methods, 2000, section 2.2.

    Checked against
        ``tests/reference/design/group_sequential.json`` (R rpact)

    The fixed size was solved for with the same power and the same alpha for each side. Raises
    :class:`DesignError` otherwise.
    """
    design = boundaries.design
    if not fixed.situation.has_a_direction:
        raise DesignError(
            f"{fixed.situation.method.value}: looks are for a test of one difference, not of "
            "several or of equivalence"
        )
    assumed = dict(fixed.assumptions)
    alpha, sides = float(str(assumed["alpha"])), int(str(assumed.get("sides", 1)))
    rough = fixed.n_unrounded
    if rough is None or fixed.target_power is None or fixed.unrounded_by_arm is None:
        raise DesignError("the fixed size must have been solved for, by solve_n")
    if abs(alpha / sides - design.alpha / design.sides) > 1e-12 or (
        abs(fixed.target_power - design.power) > 1e-12
    ):
        raise DesignError(
            f"the fixed size has alpha {alpha:g} ({sides}-sided) and power {fixed.target_power:g}, "
            f"the design alpha {design.alpha:g} ({design.sides}-sided) and power {design.power:g}"
        )
    most = rough * boundaries.inflation
    shares = fixed.situation.shares
    looks = tuple(most * time for time in boundaries.times)
    whole = tuple(
        sum(shares) * whole_blocks(tuple(look * share / sum(shares) for share in shares), shares)
        for look in looks
    )
    return SequentialSize(
        boundaries=boundaries,
        fixed=fixed,
        n_unrounded=looks,
        n=whole,
        expected_alternative=most * boundaries.expected_information(),
        expected_half=most * boundaries.expected_information(boundaries.drift / 2),
        expected_null=most * boundaries.expected_information(0.0),
    )
