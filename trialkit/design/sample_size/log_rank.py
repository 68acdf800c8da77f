"""Times to an event: how many events the log-rank test needs; ``docs/methods/sample_size.md``."""

from collections.abc import Iterator
from math import log, sqrt
from typing import ClassVar

from trialkit.design.sample_size.distributions import NormalTest
from trialkit.design.sample_size.expected_events import Following, event_share
from trialkit.design.sample_size.situation import (
    TWO_ARMS,
    EffectRange,
    Quantity,
    Situation,
    Sizes,
)
from trialkit.design.sample_size.t_tests import sides_shown
from trialkit.design.sample_size.words import listed, shown
from trialkit.errors import DesignError
from trialkit.protocol.sizing import survival as assumed
from trialkit.protocol.sizing.design import LogRankFormula, SampleSizeMethod

_FORMULAS = {
    LogRankFormula.SCHOENFELD: "Schoenfeld's formula",
    LogRankFormula.FREEDMAN: "Freedman's formula",
    LogRankFormula.LACHIN_FOULKES: "Lachin and Foulkes' formula",
}


class LogRank(Situation, assumed.LogRank):
    """Two arms' times to an event, compared by the log-rank test.

    Estimand
        Hazard ratio, experimental over reference, under proportional hazards.

    Reference
        Schoenfeld D. Biometrika 1981;68:316-319, Biometrics 1983;39:499-503. Freedman LS. Stat Med
        1982;1:121-129. Lachin JM, Foulkes MA. Biometrics 1986;42:507-519.

    Checked against
        ``tests/reference/design/sample_size.json`` (R rpact), ``tests/reference/published/rpact.json``,
        ``tests/reference/published/gsdesign.json``

    Sizes are events, both arms together. Schoenfeld's and Freedman's formulas are both asymptotic:
    the first is for ratios near 1, the second keeps closer to simulations far from 1. Lachin and
    Foulkes' (2.4) has the variance of the log hazard ratio under the hypothesis, both arms with the
    mean hazard, and under the assumptions. How many participants have so many events follows from the
    hazards, entry and losses, or from each arm's share.
    """

    __slots__ = ()

    method: ClassVar[SampleSizeMethod] = SampleSizeMethod.LOG_RANK
    effect_name: ClassVar[str] = "hazard_ratio"
    varied: ClassVar[tuple[str, ...]] = (
        "hazard_ratio",
        "event_share_reference",
        "event_share_experimental",
        "median_reference",
        "accrual",
        "follow_up",
    )
    unit: ClassVar[str] = "events"
    of_hazards: ClassVar[bool] = True

    @property
    def shares(self) -> tuple[int, ...]:
        """Events are counted in both arms together."""
        return (1,)

    @property
    def event_shares(self) -> tuple[float, float] | None:
        """The share of each arm that will have an event; None where nothing says so."""
        if self.event_share_reference is not None and self.event_share_experimental is not None:
            return self.event_share_reference, self.event_share_experimental
        if not self.hazards:
            return None
        shares = self._shares_at((1.0, self.hazard_ratio))
        return shares if min(shares) > 0 else None

    def _shares_at(self, ratios: tuple[float, float]) -> tuple[float, float]:
        """The share of each arm whose hazard is so many times that of the reference arm."""
        losses = self.loss_hazards or (0.0, 0.0)
        reference, experimental = (
            event_share(
                [ratio * hazard for hazard in self.hazards],
                self.hazard_changes,
                Following(accrual=self.accrual, follow_up=self.follow_up or 0.0, loss=loss),
            )
            for ratio, loss in zip(ratios, losses, strict=True)
        )
        return reference, experimental

    def power_of(self, sizes: Sizes) -> float:
        """The power by the normal distribution."""
        (events,) = sizes
        reference, experimental = self.allocation
        spread = 1.0
        if self.formula is LogRankFormula.SCHOENFELD:
            both = (reference + experimental) ** 2
            shift = log(self.hazard_ratio) * sqrt(events * reference * experimental / both)
        elif self.formula is LogRankFormula.FREEDMAN:
            ratio = experimental / reference
            shift = (1 - self.hazard_ratio) * sqrt(events * ratio) / (1 + ratio * self.hazard_ratio)
        else:
            null, actual = self._variances(events)
            shift, spread = log(self.hazard_ratio) / sqrt(null), sqrt(actual / null)
        return NormalTest(shift=shift, spread=spread).power(self.alpha, self.sides)

    def _variances(self, events: float) -> tuple[float, float]:
        """Of the log hazard ratio: both arms with the mean hazard, and each with its own."""
        people = self.participants_of((events,))
        if people is None:
            raise DesignError(self.notes()[0])
        reference, experimental = self.allocation
        mean = (reference + experimental * self.hazard_ratio) / (reference + experimental)
        null, actual = (
            sum(1 / (n * share) for n, share in zip(people, self._shares_at(ratios), strict=True))
            for ratios in ((mean, mean), (1.0, self.hazard_ratio))
        )
        return null, actual

    def possible(self, sizes: Sizes) -> bool:
        """An event."""
        return sizes[0] >= 1

    def effect_range(self) -> EffectRange:
        """From 1 to none, or without bound."""
        return EffectRange(null=1.0, limit=0.0 if self.hazard_ratio < 1 else float("inf"))

    def participants_of(self, sizes: Sizes) -> Sizes | None:
        """The participants among whom the events are expected; None without the arms' shares."""
        shares = self.event_shares
        if shares is None:
            return None
        reference, experimental = self.allocation
        units = sizes[0] / (reference * shares[0] + experimental * shares[1])
        return units * reference, units * experimental

    def question(self) -> str:
        """What is to be shown."""
        return (
            f"to detect a hazard ratio of {shown(self.hazard_ratio)} by a "
            f"{sides_shown(self.sides)} log-rank test ({_FORMULAS[self.formula]}) at the level "
            f"{shown(self.alpha)}{self._followed()}"
        )

    def _followed(self) -> str:
        """What is assumed of the hazard and of how long participants are followed; blank without it."""
        if not self.hazards:
            return ""
        return f", assuming {'; '.join(self._assumed())}"

    def _assumed(self) -> Iterator[str]:
        if self.median_reference is not None:
            yield f"a median of {shown(self.median_reference)} in the reference arm"
        else:
            from_when = [f"from {shown(each)} on" for each in self.hazard_changes]
            pieces = [
                " ".join(filter(None, (shown(hazard), when)))
                for hazard, when in zip(self.hazards, ["", *from_when], strict=True)
            ]
            yield f"a hazard of {', '.join(pieces)} in the reference arm"
        if self.accrual:
            yield (
                f"uniform entry over {shown(self.accrual)}, and the end {shown(self.follow_up)} after the last entry"
            )
        else:
            yield f"a follow-up of {shown(self.follow_up)} for everybody"
        if any(self.loss_hazards):
            reference, experimental = self.loss_hazards
            yield (
                f"hazards of leaving of {shown(reference)} in the reference and {shown(experimental)} in the "
                "experimental arm"
            )

    def quantities(self, sizes: Sizes) -> tuple[Quantity, ...]:
        """The share of each arm with an event, and the events that are expected in each."""
        shares, people = self.event_shares, self.participants_of(sizes)
        if shares is None or people is None:
            return ()
        found = zip(TWO_ARMS, shares, people, strict=True)
        return tuple(
            each
            for name, share, n in found
            for each in (
                Quantity(name=f"event_share_{name}", value=share),
                Quantity(name=f"events_{name}", value=share * n),
            )
        )

    @property
    def counts_losses(self) -> bool:
        """Whether a hazard of leaving is assumed."""
        return any(self.loss_hazards)

    def expecting(self, sizes: Sizes) -> str:
        """How many of the events are expected in each arm."""
        found = {each.name: each.value for each in self.quantities(sizes)}
        if not found:
            return ""
        of_arms = [round(found[f"events_{name}"]) for name in TWO_ARMS]
        return f"; {listed(of_arms, TWO_ARMS)} of the events are expected"

    def notes(self) -> tuple[str, ...]:
        """What is missing for participants."""
        if self.event_shares is not None:
            return ()
        if self.hazards:
            return ("nobody has the event as long as participants are followed",)
        lacking = (
            "how many participants these events need depends on the share of each arm that will have one: "
            "give event_share_reference and event_share_experimental, or median_reference and follow_up"
        )
        return (lacking,)
