"""The small trial validated: its findings, and the queries that they opened."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.miniature import Miniature
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.steps.stages import OpenedTrial, Validated
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


def validated(
    trial: Miniature, folder: Path, *, before: Queries | None = None, synthetic: str = ""
) -> Validated:
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=date(2025, 2, 27))
    protocol = replace(trial.protocol, trial=replace(trial.protocol.trial, synthetic=synthetic))
    findings = check(snapshot, schemas, protocol)
    earlier = before or Queries()
    return Validated(
        trial=OpenedTrial(folder=folder, protocol=protocol, schemas=schemas),
        snapshot=snapshot,
        findings=findings,
        queries=reconcile(earlier, findings, snapshot, schemas),
        queries_before=earlier,
        looks_back=False,
        asks=True,
    )
