"""The analysis datasets as files, for a script in R, SAS or Stata, or for whoever looks at them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from trialkit.datasets.model import Datasets
from trialkit.files.own_files import Maker, replace_own
from trialkit.files.spreadsheets import csv_bytes
from trialkit.outputs.labelling import with_label
from trialkit.outputs.replacing import Files
from trialkit.report.content.manifest import sha256
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.identifying import identifying, masked
from trialkit.steps.stages import Validated

DATASETS = "datasets"
"""The folder in the trial's own."""
DESCRIPTION = "datasets.json"
"""What the tables hold, and one hash of the data that they were made from."""


def datasets_files(validated: Validated, datasets: Datasets) -> Files:
    """Each dataset as a CSV file, and ``datasets.json``, which lists them with their hashes.

    Days are ISO 8601, yes and no ``true`` and ``false``; blank is what nobody knows, or what does not
    apply. Baseline characteristics that name a person are masked.
    """
    trial = validated.trial
    tables = dict(_tables(datasets, trial.schemas))
    label = trial.protocol.trial.synthetic
    written: dict[str, bytes] = {}
    for name, table in tables.items():
        plain = _plain(table)
        if label:
            plain.insert(len(plain.columns), "note", with_label("", label))
        rows = plain.itertuples(index=False, name=None)
        written[f"{name}.csv"] = csv_bytes(list(plain.columns), rows)
    described: dict[str, object] = {
        "trial": trial.protocol.trial.id,
        "synthetic": label,
        "data_cut": validated.cut,
        "data_sha256": validated.snapshot.data_sha256,
        "datasets": {name: list(table.columns) for name, table in tables.items()},
    }
    described["files"] = [
        {"file": name, "sha256": sha256(content)} for name, content in written.items()
    ]
    document = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    return {**written, DESCRIPTION: document.encode()}


def replace_datasets(out: Path, files: Files) -> list[Path]:
    """These files in the place of those of an earlier call in ``out``, all together or none.

    Raises :class:`DataFileError`, and nothing is changed, where a file in the way was not made by
    ``trialkit datasets``, or was changed since.
    """
    return replace_own(MAKER, out, files)


def _is_table(name: str) -> bool:
    """Whether a name of a manifest is one that a table has: a CSV file beside it."""
    return name.endswith(".csv") and not {"/", "\\"} & set(name)


MAKER = Maker(manifest=DESCRIPTION, what="trialkit datasets", option="--out", owns=_is_table)


def _tables(datasets: Datasets, schemas: Schemas) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "subjects", datasets.subjects
    yield "characteristics", _without_names(datasets.characteristics, schemas)
    yield "measurements", datasets.measurements
    if len(datasets.periods):
        yield "periods", datasets.periods
    if not datasets.at_risk.empty:
        yield "at_risk", datasets.at_risk
    if not datasets.event_log.empty:
        yield "event_log", datasets.event_log
    if len(datasets.exposures):
        yield "exposures", datasets.exposures
    if not datasets.intercurrent.empty:
        yield "intercurrent", datasets.intercurrent
    yield "populations", _populations(datasets)
    yield "adverse_events", datasets.adverse_events
    yield "attendance", datasets.attendance
    yield "dose", datasets.dose
    yield "concomitant", datasets.concomitant
    yield "deviations", datasets.deviations


def _without_names(characteristics: pd.DataFrame, schemas: Schemas) -> pd.DataFrame:
    naming = {f"{form.id}.{item}" for form in schemas.forms for item in identifying(form)}
    hidden = characteristics["characteristic"].astype("str").isin(naming)
    if not hidden.any():
        return characteristics
    said = (
        characteristics["category"]
        .astype("object")
        .fillna(characteristics["value"].astype("object"))
    )
    marks = said.map(lambda each: masked(str(each)), na_action="ignore")
    return characteristics.assign(
        value=characteristics["value"].mask(hidden),
        category=characteristics["category"].astype("object").where(~hidden, marks),
    )


def _populations(datasets: Datasets) -> pd.DataFrame:
    """Each randomised participant and population: in it, in which arm, or why not."""
    parts = []
    for each in datasets.populations:
        parts.append(each.members.assign(population=each.code, included=True, reason=None))
        parts.append(each.excluded.assign(population=each.code, included=False))
    columns = ["subject_id", "population", "included", "arm", "reason"]
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})
    return pd.concat([each.astype("object") for each in parts], ignore_index=True)[columns]


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """The table as text and numbers, blank where there is nothing."""
    return pd.DataFrame({name: _column(table[name]) for name in table.columns}).reset_index(
        drop=True
    )


def _column(values: pd.Series) -> list[object]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = values.dt.strftime("%Y-%m-%d").astype("object")
        return list(days.where(values.notna(), ""))
    return [_cell(each) for each in values.astype("object").tolist()]


def _cell(value: object) -> object:
    if isinstance(value, frozenset | set):
        return " ".join(sorted(str(each) for each in value))
    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
