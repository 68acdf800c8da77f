"""The results as files: a table of statistics, a document, and a table of the series."""

import json
from collections.abc import Iterator
from dataclasses import astuple

from trialkit.files.spreadsheets import csv_bytes
from trialkit.outputs.labelling import with_label
from trialkit.outputs.names import RESULTS
from trialkit.results.document import to_document
from trialkit.results.results import COLUMNS, Results
from trialkit.results.series import SERIES_COLUMNS
from trialkit.steps.stages import Analysed


def results_files(analysed: Analysed) -> dict[str, bytes]:
    """``results.csv``, the analysis results dataset, ``results.json``, and ``series.csv``, what is drawn."""
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
        **to_document(analysed.results),
    }
    document = _in_lines(content)
    series = ((*point, trial.synthetic) for point in _points(analysed.results))
    files = (
        csv_bytes(COLUMNS, table),
        document.encode(),
        csv_bytes((*SERIES_COLUMNS, "note"), series),
    )
    return dict(zip(RESULTS, files, strict=True))


def _in_lines(content: dict[str, object]) -> str:
    """JSON with a line for each element of each list: fast to write, and a change is a line."""
    parts = []
    for name, value in content.items():
        if isinstance(value, list):
            lines = ",\n".join(_json(each) for each in value)
            parts.append(f"{_json(name)}: [\n{lines}\n]")
        else:
            parts.append(f"{_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _points(results: Results) -> Iterator[tuple[object, ...]]:
    """One row a point, each with the id of its series."""
    for series in results.series:
        about = (series.result_id, series.kind.value, series.analysis_id, series.outcome)
        for point in series.points:
            yield (*about, *("" if each is None else each for each in astuple(point)))
