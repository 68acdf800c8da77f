"""A validated trial becomes datasets and the results of its plan."""

from collections.abc import Collection

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.datasets.pooling import build_pooled, pool
from trialkit.errors import AnalysisError, FindingsError
from trialkit.grammar import by_number
from trialkit.imports.external.reading import read_external
from trialkit.planned.carrying_out import carry_out
from trialkit.steps.progress import Progress, silently
from trialkit.steps.stages import Analysed, Validated


def analyse(
    validated: Validated,
    *,
    allow_hard: bool = False,
    only: Collection[str] = (),
    pooled: bool = False,
    progress: Progress = silently,
) -> Analysed:
    """The datasets and the results of the plan, or of those analyses of it that ``only`` names.

    ``pooled`` puts all participants into one arm: everything is described, and nothing compared.

    Raises :class:`FindingsError` when there are hard findings and they are not allowed.
    """
    validated.trial.protocol.plan.refuse_unknown(only)
    if pooled and only:
        raise AnalysisError("a pooled report carries out no analysis; leave out --only or --pooled")
    _refuse_hard_findings(validated, allow_hard=allow_hard)
    trial = validated.trial
    protocol = pool(trial.protocol, trial.schemas) if pooled else trial.protocol
    build = build_pooled if pooled else build_datasets
    datasets = build(validated.snapshot, trial.schemas, protocol)
    external = read_external(
        trial.folder, protocol.plan, data_sha256=validated.snapshot.data_sha256
    )
    return Analysed(
        validated=validated,
        protocol=protocol,
        datasets=datasets,
        results=carry_out(protocol, datasets, external=external, only=only, progress=progress),
        external=external,
        only=tuple(only),
    )


def datasets_of(validated: Validated, *, allow_hard: bool = False) -> Datasets:
    """The analysis datasets, without the plan being carried out.

    Raises :class:`FindingsError` when there are hard findings and they are not allowed.
    """
    _refuse_hard_findings(validated, allow_hard=allow_hard)
    trial = validated.trial
    return build_datasets(validated.snapshot, trial.schemas, trial.protocol)


def _refuse_hard_findings(validated: Validated, *, allow_hard: bool) -> None:
    hard = validated.findings.hard
    if hard and not allow_hard:
        noun = by_number(hard, "finding stops", "findings stop")
        raise FindingsError(
            f"{hard} hard {noun} the analysis; correct the data, or pass --allow-hard and the "
            "report will say so"
        )
