"""The bootstrap interval, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.comparisons import TwoGroupEstimate
from trialkit.protocol.methods.limits import refuse_few
from trialkit.protocol.methods.method import Method, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """The interval of a two-group estimate by the BCa bootstrap."""

    method: Method = Method.BOOTSTRAP
    response: Response = Response.CHANGE
    estimator: TwoGroupEstimate = TwoGroupEstimate.MEAN_DIFFERENCE
    replicates: int = 9_999
    seed: int = 1

    def __post_init__(self) -> None:
        refuse_few(self.replicates, self.seed)
