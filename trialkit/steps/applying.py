"""The right values of answers on their way into the data: compared, tried, and written at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from trialkit.checks.queries.by_hand import applied
from trialkit.checks.queries.queries import Queries, Query
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.trial.checking import check
from trialkit.files.whole_files import write_together
from trialkit.imports.taking_in.corrections import Corrections, corrections
from trialkit.imports.taking_in.writing import import_contents
from trialkit.schemas.forms.forms import Severity
from trialkit.steps.stages import OpenedTrial
from trialkit.store.changes.change_log import Signature
from trialkit.store.freezing import freeze
from trialkit.store.sources.corrected_source import CorrectedSource
from trialkit.store.sources.folder_source import FolderSource


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trying:
    """What the right values would change, and what the checks would say then."""

    trial: OpenedTrial
    corrections: Corrections
    new_hard: pd.DataFrame
    """The hard findings that there would be and are not now."""


def try_right_values(
    trial: OpenedTrial, asked: Collection[Query], *, today: date | None = None
) -> Trying:
    """What the right values of these queries would change; nothing is written."""
    found = corrections(trial.folder, trial.schemas, asked)
    source = FolderSource(folder=trial.folder)
    cells: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for cell in found.cells:
        cells[cell.form_id][cell.item][cell.row] = cell.after
    now = _hard(trial, source, today)
    corrected = CorrectedSource(source=source, cells=cells)
    then = _hard(trial, corrected, today) if cells else now
    new = then[~then["query_key"].isin(now["query_key"])]
    return Trying(trial=trial, corrections=found, new_hard=new)


def _hard(
    trial: OpenedTrial, source: FolderSource | CorrectedSource, today: date | None
) -> pd.DataFrame:
    snapshot = freeze(source, trial.schemas, today=today)
    findings = check(snapshot, trial.schemas, trial.protocol).to_frame()
    return findings[findings["severity"] == Severity.HARD.value]


def write_right_values(trying: Trying, queries: Queries, signed: Signature) -> tuple[Path, ...]:
    """Write the data, what was changed in them, and that it was, all of it or nothing."""
    trial, found = trying.trial, trying.corrections
    after = applied(queries, found.taken, by=signed.who, on=signed.on.date().isoformat())
    folder = QueryFolder(trial=trial.folder)
    contents = import_contents(
        found.difference, trial.schemas.data, signed=signed, replace=True, empty=True
    )
    return tuple(write_together({**contents, **folder.files(after, before=queries)}))
