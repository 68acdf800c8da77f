"""A trial rehearsed: its folder with made-up data, which every step of the line accepts."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from trialkit import __version__
from trialkit.checks.trial.checking import check
from trialkit.design.simulation.answers import written
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.entries import first_entries
from trialkit.design.simulation.entry_rows import EntryRow
from trialkit.design.simulation.mending import items_of, mend
from trialkit.design.simulation.people import enrol
from trialkit.disk.reading import reading
from trialkit.errors import DesignError, TrialStep
from trialkit.files.whole_files import write_whole
from trialkit.files.whole_folders import copy_files, new_folder
from trialkit.protocol.loading import FILE, load_protocol
from trialkit.protocol.reference_files import reference_files
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.memory_source import MemorySource

LABEL = "Simulated from the protocol; no participant's data"
RECORD = "simulated.json"

Watching = Callable[[str], None]
"""Called with a few words on how far the work is."""


def unwatched(_: str) -> None:
    """Progress that nobody watches."""


def write_rehearsal(
    trial: Path,
    out: Path,
    assumptions: Assumptions,
    *,
    entropy: int,
    progress: Watching = unwatched,
) -> tuple[Path, ...]:
    """A copy of the trial in ``out``, with simulated data and labelled as such; its files.

    The same protocol, forms, assumptions and entropy give the same bytes. Nothing is written when
    data cannot be made that keep the forms' hard rules.

    Raises :class:`DesignError` for a folder that exists, and for rules that cannot be kept.
    """
    if out.resolve().is_relative_to(trial.resolve()):
        raise DesignError(f"{out}: must not lie in the trial's own folder")
    protocol = load_protocol(trial, step=TrialStep.ANALYSE)
    schemas = form_schemas(trial, protocol, step=TrialStep.ANALYSE)
    rng = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(entropy)))
    people = enrol(protocol, schemas, assumptions.conduct, rng)
    rows = first_entries(people, protocol, schemas, assumptions, rng)
    cut = max((row.day for row in rows), default=_NO_ROWS) + _MENDED
    schemas = replace(schemas, data=replace(schemas.data, cut=cut))
    with new_folder(out) as target:
        _copy_definitions(trial, target, protocol, cut)

        def findings(now: Sequence[EntryRow]) -> pd.DataFrame:
            source = MemorySource(tables=_tables(now, schemas))
            return check(freeze(source, schemas), schemas, protocol).to_frame()

        mend(
            rows,
            schemas,
            findings,
            rng=rng,
            progress=lambda attempt, left: progress(f"round {attempt + 1}, {left} to mend"),
        )
        _write_data(_tables(rows, schemas), schemas, target)
        record = {
            "label": LABEL,
            "trialkit": __version__,
            "entropy": entropy,
            "assumptions": asdict(assumptions),
        }
        write_whole(target / RECORD, (json.dumps(record, indent=1) + "\n").encode())
    return tuple(sorted(path for path in out.rglob("*") if path.is_file()))


_MENDED = timedelta(days=60)
"""How much later than its row a date may come to lie when rows are mended."""
_NO_ROWS = date(2000, 1, 1)


def labelled(text: str, cut: date) -> str:
    """The protocol's text with ``trial.synthetic`` saying what the data are, and their own cut."""
    lines = text.splitlines(keepends=True)
    start = next((at for at, line in enumerate(lines) if line.strip().startswith("[trial]")), None)
    if start is None:
        raise DesignError(f"{FILE}: its [trial] table must begin with a line '[trial]'")
    kept, table = [], ""
    for at, line in enumerate(lines):
        if line.lstrip().startswith("["):
            table = "[trial]" if at == start else line.partition("]")[0].strip() + "]"
        if (table, line.partition("=")[0].strip()) not in _NOT_KEPT:
            kept.append(line)
    kept.insert(kept.index(lines[start]) + 1, f"synthetic = {json.dumps(LABEL)}\n")
    of_data = [at for at, line in enumerate(kept) if line.partition("#")[0].strip() == "[data]"]
    stated = f"cut = {cut.isoformat()}\n"
    if of_data:
        kept.insert(of_data[0] + 1, stated)
    else:
        kept.append(f"\n\n[data]\n{stated}")
    return "".join(kept)


_NOT_KEPT = {("[trial]", "synthetic"), ("[data]", "cut")}
"""What a rehearsal says otherwise."""


def _copy_definitions(trial: Path, target: Path, protocol: Protocol, cut: date) -> None:
    with reading(trial / FILE):
        text = (trial / FILE).read_text(encoding="utf-8-sig")
    write_whole(target / FILE, labelled(text, cut).encode())
    copy_files(trial / "forms", target / "forms")
    for cited in reference_files(trial):
        copy_files(cited, target / cited.name)
    copied = load_protocol(target, step=TrialStep.ANALYSE)
    expected = replace(
        protocol,
        trial=replace(protocol.trial, synthetic=LABEL),
        data=replace(protocol.data, cut=cut),
        source_sha256=copied.source_sha256,
    )
    if copied != expected:
        raise DesignError(
            f"{FILE}: 'synthetic' could not be set; write it on one line of its own in [trial]"
        )


def _tables(rows: Sequence[EntryRow], schemas: Schemas) -> dict[str, pl.DataFrame]:
    """What was entered on each form, as text."""
    tables = {}
    for form in schemas.forms:
        cells = [_cells(row, form, schemas.data) for row in rows if row.form is form]
        columns = dict.fromkeys(items_of(form), pl.String)
        tables[form.id] = pl.DataFrame(cells, schema=columns, orient="row")
    return tables


def _cells(row: EntryRow, form: Form, data: DataFormat) -> list[str]:
    keys = {
        "subject_id": row.person.subject_id,
        "visit": row.visit,
        "repeat": str(row.repeat),
    }
    return [
        *(keys[key] for key in form.key),
        *(written(row.answers[item.id], data) for item in form.items),
    ]


def _write_data(tables: Mapping[str, pl.DataFrame], schemas: Schemas, target: Path) -> None:
    """Every form's file, as the protocol says that files are written."""
    data = schemas.data
    for name, cells in tables.items():
        text = StringIO(newline="")
        writer = csv.writer(text, delimiter=data.delimiter, lineterminator="\n")
        writer.writerows([cells.columns, *cells.rows()])
        write_whole(target / "data" / f"{name}.csv", text.getvalue().encode(data.encoding))
