"""A trial's folder with a plan of the test's own: the protocol, and the datasets that it reads."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def with_the_plan(
    folder: Path,
    planned: Mapping[str, Specification],
    outcome_of: Callable[[Specification], str],
) -> tuple[Protocol, Datasets]:
    """The trial whose analyses are these by their ids, the first of them primary."""
    protocol = load_protocol(folder)
    analyses = tuple(
        Analysis(
            id=name,
            role=AnalysisRole.EXPLORATORY if place else AnalysisRole.PRIMARY,
            outcomes=(outcome_of(each),),
            population="itt",
            estimand="E1",
            specification=each,
        )
        for place, (name, each) in enumerate(planned.items())
    )
    protocol = replace(protocol, plan=replace(protocol.plan, analyses=analyses))
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return protocol, build_datasets(snapshot, schemas, protocol)
