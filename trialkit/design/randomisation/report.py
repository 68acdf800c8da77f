"""The design report: what a planned randomisation promises before anybody is randomised."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from trialkit.design.randomisation.drawn import properties_of
from trialkit.design.randomisation.minimisation import Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan, words
from trialkit.design.randomisation.properties import DesignProperties
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DesignReport(Tabular):
    """What the plan promises when ``participants`` come, spread evenly over the strata.

    It holds block lengths: for the vault, not for those who recruit.
    """

    plan: RandomisationPlan
    participants: int
    stratum: DesignProperties
    """Of one stratum with its share of the participants; of all with minimisation."""
    overall: Mapping[int, float]
    """Of two arms, the distribution of the weighted difference over all strata."""

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return f"Randomisation of {self.participants}: {words(self.plan.scheme)}"

    @property
    def expected_difference(self) -> float | None:
        """Of two arms, the expected size of the weighted difference over all strata."""
        if not self.overall:
            return None
        return sum(abs(size) * chance for size, chance in self.overall.items())

    def to_frame(self) -> pd.DataFrame:
        """One row a property: scope, property, value."""
        one = "all" if len(self.plan.strata) == 1 else "each stratum"
        frame = self.stratum.to_frame()
        frame.insert(0, "scope", one)
        rows: list[tuple[str, str, float]] = [
            ("all", "participants", self.participants),
            ("all", "strata", len(self.plan.strata)),
        ]
        if self.expected_difference is not None and one != "all":
            rows.append(("all", "expected imbalance", self.expected_difference))
        head = pd.DataFrame(rows, columns=["scope", "property", "value"])
        return pd.concat([head, frame], ignore_index=True)


def design_report(plan: RandomisationPlan, *, participants: int) -> DesignReport:
    """The properties of the plan for so many participants.

    Estimand
        As ``exact_properties``, in each stratum and over all.

    Reference
        As ``exact_properties``.

    Checked against
        ``tests/reference/randomisation/exact_properties.json``
    """
    strata = len(plan.strata)
    n = -(-participants // strata)
    factors = plan.factors if isinstance(plan.scheme, Minimisation) else ()
    stratum = properties_of(plan.scheme, plan.arms, n, factors=factors)
    return DesignReport(
        plan=plan,
        participants=participants,
        stratum=stratum,
        overall=_summed(stratum.difference, strata),
    )


def _summed(difference: Mapping[int, float], strata: int) -> dict[int, float]:
    """The distribution of the sum over independent strata."""
    if not difference:
        return {}
    total = {0: 1.0}
    for _ in range(strata):
        following: dict[int, float] = defaultdict(float)
        for sum_so_far, chance in total.items():
            for size, own in difference.items():
                following[sum_so_far + size] += chance * own
        total = {size: chance for size, chance in following.items() if chance > 1e-15}
    return total
