"""The results as files: a table and a document."""

import json
from math import isinf
from pathlib import Path

from trialkit.files.spreadsheets import csv_bytes
from trialkit.files.whole_files import write_files
from trialkit.outputs.labelling import with_label
from trialkit.outputs.names import RESULTS
from trialkit.results.results import COLUMNS
from trialkit.steps.stages import Analysed


def write_results(analysed: Analysed, out: Path) -> list[Path]:
    """``results.csv``, the analysis results dataset, and ``results.json``, the same with its trial."""
    return write_files(results_files(analysed), out)


def results_files(analysed: Analysed) -> dict[str, bytes]:
    """The files of the results, by their names in the output folder."""
    trial = analysed.validated.trial.protocol.trial
    rows = [row.cells() for row in analysed.results.rows]
    note = COLUMNS.index("note")
    table = (
        (*values[:note], with_label(str(values[note]), trial.synthetic), *values[note + 1 :])
        for values in rows
    )
    content = {
        "trial": trial.id,
        "synthetic": trial.synthetic,
        "results": [_finite(dict(zip(COLUMNS, values, strict=True))) for values in rows],
    }
    document = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    return dict(zip(RESULTS, (csv_bytes(COLUMNS, table), document.encode()), strict=True))


def _finite(row: dict[str, object]) -> dict[str, object]:
    """JSON has no infinity: an infinite ratio or limit becomes the text ``inf`` or ``-inf``."""
    stat = row["stat"]
    return row | {"stat": str(stat)} if isinstance(stat, float) and isinf(stat) else row
