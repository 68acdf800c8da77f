"""A validated trial becomes datasets and the results of its plan."""

from collections.abc import Collection

from trialkit.datasets.building import build_datasets
from trialkit.errors import FindingsError
from trialkit.planned.carrying_out import carry_out
from trialkit.steps.progress import Progress, silently
from trialkit.steps.stages import Analysed, Validated


def analyse(
    validated: Validated,
    *,
    allow_hard: bool = False,
    only: Collection[str] = (),
    progress: Progress = silently,
) -> Analysed:
    """The datasets and the results of the plan, or of those analyses of it that ``only`` names.

    Raises :class:`FindingsError` when there are hard findings and they are not allowed.
    """
    validated.trial.protocol.plan.refuse_unknown(only)
    hard = validated.findings.hard
    if hard and not allow_hard:
        noun = "finding stops" if hard == 1 else "findings stop"
        raise FindingsError(
            f"{hard} hard {noun} the analysis; correct the data, or pass --allow-hard and the "
            "report will say so"
        )
    trial = validated.trial
    datasets = build_datasets(validated.snapshot, trial.schemas, trial.protocol)
    results = carry_out(trial.protocol, datasets, only=only, progress=progress)
    return Analysed(validated=validated, datasets=datasets, results=results, only=tuple(only))
