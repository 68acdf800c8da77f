"""The mixed model for repeated measures, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.repeated_model import RepeatedMeasuresModel
from trialkit.protocol.methods.specification import reads_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrm(RepeatedMeasuresModel):
    """The values at all visits after baseline together; ``covariates`` are as for ANCOVA."""

    method: Method = Method.MMRM
    response: Response = Response.CHANGE
    covariates: tuple[str, ...] = ("baseline",)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline alone, if anything: whatever was observed after it is used."""
        return (outcome.baseline,) if self.uses_baseline(outcome) else ()

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """Any visit after baseline that is analysed."""
        return self.analysed_visits(outcome)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, (*self.covariates, *self.covariates_by_visit))
