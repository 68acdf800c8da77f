"""What is true of every outcome of a kind, whatever it measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Scale


class Summary(StrEnum):
    """How the values of a group are described and compared."""

    MEAN = "mean"
    """By mean, standard deviation and quantiles."""
    PROPORTION = "proportion"
    """By how many had the event, of how many."""
    LEVELS = "levels"
    """By how many are at each of several levels in their order."""
    RATE = "rate"
    """By how many events there were in the time at risk."""
    TIME = "time to event"
    """By the share that is still without the event, as time at risk goes on."""
    RECURRENCE = "recurrence"
    """By the mean number of events so far, as time at risk goes on."""


class Values(StrEnum):
    """What a form must record for an outcome."""

    NUMBER = "number"
    YES_NO = "yes or no"
    LEVEL = "level"
    """One of several choices, in their order."""
    DATE = "date"
    """On which day something happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeKind:
    """The card of a kind of outcome."""

    type: OutcomeType
    summary: Summary
    values: Values
    scale: Scale
    """The scale of the effect between arms, unless a method has its own."""

    @property
    def is_proportion(self) -> bool:
        """Whether a group is described by the share that had the event."""
        return self.summary is Summary.PROPORTION

    @property
    def is_mean(self) -> bool:
        """Whether a group is described by the middle and the spread of its values."""
        return self.summary is Summary.MEAN

    @property
    def is_of_time(self) -> bool:
        """Whether it is derived from days, of an event that happens once or again and again."""
        return self.summary in {Summary.TIME, Summary.RECURRENCE}

    @property
    def is_rate(self) -> bool:
        """Whether a group is described by its events in the time at risk."""
        return self.summary is Summary.RATE

    @property
    def counts_events(self) -> bool:
        """Whether it has so many events for so much exposure, entered as numbers or each with its day."""
        return self.summary in {Summary.RATE, Summary.RECURRENCE}

    @property
    def tells_who_is_better(self) -> bool:
        """Whether of two values at one time point the better one is known, whoever was at risk how long."""
        return self.summary in {Summary.MEAN, Summary.PROPORTION, Summary.LEVELS}

    @property
    def happens_once(self) -> bool:
        """Whether its event ends the time at risk."""
        return self.summary is Summary.TIME

    @property
    def has_change(self) -> bool:
        """Whether a value less the baseline value is a quantity of its own."""
        return self.summary is Summary.MEAN

    def summary_on(self, scale: Scale | None) -> Summary:
        """By what groups are summed up that are compared on ``scale``.

        Values that are compared by risks are those of responders. Levels stay levels, though an odds
        ratio of theirs has the name of one of risks.
        """
        responds = self.is_mean and scale is not None and scale.of_risks
        return Summary.PROPORTION if responds else self.summary


KINDS: Mapping[OutcomeType, OutcomeKind] = MappingProxyType(
    {
        kind.type: kind
        for kind in (
            OutcomeKind(
                type=OutcomeType.CONTINUOUS,
                summary=Summary.MEAN,
                values=Values.NUMBER,
                scale=Scale.DIFFERENCE,
            ),
            OutcomeKind(
                type=OutcomeType.BINARY,
                summary=Summary.PROPORTION,
                values=Values.YES_NO,
                scale=Scale.PERCENTAGE_POINTS,
            ),
            OutcomeKind(
                type=OutcomeType.COUNT,
                summary=Summary.RATE,
                values=Values.NUMBER,
                scale=Scale.RATE_RATIO,
            ),
            OutcomeKind(
                type=OutcomeType.ORDINAL,
                summary=Summary.LEVELS,
                values=Values.LEVEL,
                scale=Scale.ODDS_RATIO,
            ),
            OutcomeKind(
                type=OutcomeType.TIME_TO_EVENT,
                summary=Summary.TIME,
                values=Values.DATE,
                scale=Scale.HAZARD_RATIO,
            ),
            OutcomeKind(
                type=OutcomeType.RECURRENT_EVENTS,
                summary=Summary.RECURRENCE,
                values=Values.DATE,
                scale=Scale.RATE_RATIO,
            ),
        )
    }
)
"""Every kind of outcome that a protocol can name."""
