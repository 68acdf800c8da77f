"""A result of a trial is followed to what was entered."""

from dataclasses import dataclass

from trialkit.datasets.sources import Sources
from trialkit.schemas.forms.identifying import unmasked
from trialkit.steps.stages import Analysed
from trialkit.trails.tracing import follow
from trialkit.trails.trail import Trail


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """An analysed trial, and the trail of one of its results."""

    analysed: Analysed
    trail: Trail


def follow_result(analysed: Analysed, name: str, *, show_identifiers: bool = False) -> Followed:
    """The trail of the result with this id; answers that name a person are masked unless asked for.

    Raises :class:`AnalysisError` for an id that the results do not have.
    """
    trial = analysed.validated.trial
    schemas = unmasked(trial.schemas) if show_identifiers else trial.schemas
    trail = follow(
        name,
        analysed.results,
        datasets=analysed.datasets,
        sources=Sources(snapshot=analysed.validated.snapshot, schemas=schemas),
        protocol=analysed.protocol,
    )
    return Followed(analysed=analysed, trail=trail)
