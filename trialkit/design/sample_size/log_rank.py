"""Times to an event: how many events the log-rank test needs; ``docs/methods/sample_size.md``."""

from math import log, sqrt
from typing import ClassVar

from trialkit.design.sample_size.distributions import NormalTest
from trialkit.design.sample_size.situation import EffectRange, Situation, Sizes
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import shown
from trialkit.protocol.sizing import survival as assumed
from trialkit.protocol.sizing.design import LogRankFormula, SampleSizeMethod


class LogRank(Situation, assumed.LogRank):
    """Two arms' times to an event, compared by the log-rank test.

    Estimand
        Hazard ratio, experimental over reference, under proportional hazards.

    Reference
        Schoenfeld D. Biometrika 1981;68:316-319. Freedman LS. Stat Med 1982;1:121-129.

    Checked against
        ``tests/reference/design/sample_size.json`` (R rpact)

    Sizes are events, both arms together. Schoenfeld's and Freedman's formulas are both asymptotic:
    the first is for ratios near 1, the second keeps closer to simulations far from 1.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.LOG_RANK
    effect_name: ClassVar[str] = "hazard_ratio"
    varied: ClassVar[tuple[str, ...]] = (
        "hazard_ratio",
        "event_share_reference",
        "event_share_experimental",
    )
    unit: ClassVar[str] = "events"
    not_analysed: ClassVar[str] = "trialkit cannot yet analyse times to an event"

    @property
    def shares(self) -> tuple[int, ...]:
        """Events are counted in both arms together."""
        return (1,)

    def power_of(self, sizes: Sizes) -> float:
        """The power by the normal distribution."""
        (events,) = sizes
        reference, experimental = self.allocation
        if self.formula is LogRankFormula.SCHOENFELD:
            both = (reference + experimental) ** 2
            shift = log(self.hazard_ratio) * sqrt(events * reference * experimental / both)
        else:
            ratio = experimental / reference
            shift = (1 - self.hazard_ratio) * sqrt(events * ratio) / (1 + ratio * self.hazard_ratio)
        return NormalTest(shift=shift).power(self.alpha, self.sides)

    def possible(self, sizes: Sizes) -> bool:
        """An event."""
        return sizes[0] >= 1

    def effect_range(self) -> EffectRange:
        """From 1 to none, or without bound."""
        return EffectRange(null=1.0, limit=0.0 if self.hazard_ratio < 1 else float("inf"))

    def participants_of(self, sizes: Sizes) -> Sizes | None:
        """The participants among whom the events are expected; None without the arms' shares."""
        if self.event_share_reference is None or self.event_share_experimental is None:
            return None
        reference, experimental = self.allocation
        events = reference * self.event_share_reference
        events += experimental * self.event_share_experimental
        units = sizes[0] / events
        return units * reference, units * experimental

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a hazard ratio of {shown(self.hazard_ratio)} by a "
            f"{sides_shown(self.sides)} log-rank test ({self.formula.value.capitalize()}'s "
            f"formula) at the level {shown(self.alpha)}"
        )

    def notes(self) -> tuple[str, ...]:
        """What cannot be done, and what is missing for participants."""
        if self.event_share_reference is not None:
            return (self.not_analysed,)
        lacking = (
            "how many participants these events need depends on the share of each arm that will "
            "have one: give event_share_reference and event_share_experimental"
        )
        return self.not_analysed, lacking
