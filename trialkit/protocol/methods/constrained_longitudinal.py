"""The constrained longitudinal analysis, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome, from_baseline
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.repeated_model import RepeatedMeasuresModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedLongitudinal(RepeatedMeasuresModel):
    """The values of the baseline and of all visits after it, of one mean at baseline in all arms."""

    method: Method = Method.CONSTRAINED_LONGITUDINAL

    def __post_init__(self) -> None:
        # slots make another class of this one, so that super() alone finds none
        RepeatedMeasuresModel.__post_init__(self)
        if BASELINE in (*self.covariates, *self.covariates_by_visit):
            raise ProtocolError(
                "the baseline is an outcome of a constrained longitudinal analysis, and cannot be a "
                "covariate, too: take it out, or use method = 'mmrm'"
            )

    @property
    def adjusts_for_baseline(self) -> bool:
        """Yes, by its constraint: the arms differ alike in the change and in the final value."""
        return True

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """None: whatever was observed is used."""
        return ()

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """Any visit that is analysed, the baseline among them."""
        return from_baseline(outcome, self.analysed_visits(outcome))

    def _reads_baseline(self) -> bool:
        return True
