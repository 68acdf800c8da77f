"""A trial at every stage of the line from its protocol to its results."""

from dataclasses import dataclass
from pathlib import Path

from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Results
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.folder_source import FolderSource


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A trial at every stage of the line; none of it is changed by a test."""

    folder: Path
    protocol: Protocol
    schemas: Schemas
    snapshot: Snapshot
    datasets: Datasets
    results: Results


def line_of(folder: Path) -> Line:
    """The straight line, step by step."""
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    datasets = build_datasets(snapshot, schemas, protocol)
    return Line(
        folder=folder,
        protocol=protocol,
        schemas=schemas,
        snapshot=snapshot,
        datasets=datasets,
        results=carry_out(protocol, datasets),
    )
