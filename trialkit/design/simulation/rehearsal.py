"""A trial rehearsed: its folder with made-up data, which every step of the line accepts."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from trialkit import __version__
from trialkit.checks.judging.hits import Hits
from trialkit.checks.trial.checking import check_alone, every_hit
from trialkit.design.simulation.answers import all_written
from trialkit.design.simulation.assumptions import Assumptions
from trialkit.design.simulation.cluster_membership import in_clusters
from trialkit.design.simulation.entries import first_entries
from trialkit.design.simulation.entry_rows import EntryRow
from trialkit.design.simulation.mending import items_of, mend
from trialkit.design.simulation.people import Person, enrol
from trialkit.disk.reading import reading
from trialkit.errors import DesignError, TrialStep
from trialkit.files.whole_files import write_whole
from trialkit.files.whole_folders import copy_files, new_folder
from trialkit.protocol.loading import FILE, load_protocol
from trialkit.protocol.reference_files import reference_files
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Schemas, Severity
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
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
    people = in_clusters(enrol(protocol, schemas, assumptions.conduct, rng), protocol, schemas, rng)
    with new_folder(out) as target:
        made = _made(people, protocol, schemas, assumptions, rng=rng, progress=progress)
        _copy_definitions(trial, target, protocol, made.cut)
        _write_data(made.tables, schemas, target)
        record = {
            "label": LABEL,
            "trialkit": __version__,
            "entropy": entropy,
            "assumptions": asdict(assumptions),
        }
        write_whole(target / RECORD, (json.dumps(record, indent=1) + "\n").encode())
    return tuple(sorted(path for path in out.rglob("*") if path.is_file()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Made:
    """Data that keep the forms' hard rules."""

    tables: Mapping[str, pl.DataFrame]
    """What was entered on each form, as text."""
    cut: date


def _made(
    people: tuple[Person, ...],
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    *,
    rng: np.random.Generator,
    progress: Watching,
) -> _Made:
    """The data of all, made of so many people at a time; at once if rules need that."""
    parts = [people[start : start + _AT_A_TIME] for start in range(0, len(people), _AT_A_TIME)]
    made = [
        _part(part, protocol, schemas, assumptions, rng=rng, progress=_of_part(progress, at, parts))
        for at, part in enumerate(parts)
    ]
    if len(parts) == 1:
        return made[0]
    progress("looking at all together")
    cut = max(each.cut for each in made)
    tables = {form.id: pl.concat([each.tables[form.id] for each in made]) for form in schemas.forms}
    if _hard(tables, _with_cut(schemas, cut), protocol).empty:
        return _Made(tables=tables, cut=cut)
    return _part(people, protocol, schemas, assumptions, rng=rng, progress=progress)


def _of_part(progress: Watching, at: int, parts: Sequence[object]) -> Watching:
    if len(parts) == 1:
        return progress
    return lambda words: progress(f"part {at + 1} of {len(parts)}, {words}")


def _part(
    people: tuple[Person, ...],
    protocol: Protocol,
    schemas: Schemas,
    assumptions: Assumptions,
    *,
    rng: np.random.Generator,
    progress: Watching,
) -> _Made:
    """The data of some, who break no hard rule among themselves."""
    rows = first_entries(people, protocol, schemas, assumptions, rng)
    cut = max((row.day for row in rows), default=_NO_ROWS) + _MENDED
    schemas = _with_cut(schemas, cut)
    checked: dict[str, pl.DataFrame] = {}

    def check(now: Sequence[EntryRow]) -> pd.DataFrame:
        checked.update(_tables(now, schemas))
        return _hard(checked, schemas, protocol)

    mend(
        rows,
        schemas,
        check,
        sooner=lambda now: _broken(
            check_alone(_frozen(_tables(now, schemas), schemas), schemas, protocol)
        ),
        rng=rng,
        progress=lambda attempt, left: progress(f"round {attempt + 1}, {left} to mend"),
    )
    return _Made(tables=checked, cut=cut)  # the last check was of all rows, as they are now


def _hard(tables: Mapping[str, pl.DataFrame], schemas: Schemas, protocol: Protocol) -> pd.DataFrame:
    """Where hard rules are broken, by all checks of a trial."""
    hits, _ = every_hit(_frozen(tables, schemas), schemas, protocol)
    return _broken(hits)


def _frozen(tables: Mapping[str, pl.DataFrame], schemas: Schemas) -> Snapshot:
    return freeze(MemorySource(tables=tables), schemas)


def _broken(hits: Iterable[Hits]) -> pd.DataFrame:
    """The places of what is hard: as the listing names them, without the rest of it."""
    places = [
        each.places[["subject_id", "visit", "repeat", "message"]].assign(
            form=each.form.id, item=each.item, rule_id=each.rule_id, severity=each.severity.value
        )
        for each in hits
        if each.severity is Severity.HARD
    ]
    return pd.concat(places, ignore_index=True) if places else _NOTHING_BROKEN


_NOTHING_BROKEN = pd.DataFrame({"severity": pd.Series(dtype="str")})


def _with_cut(schemas: Schemas, cut: date) -> Schemas:
    return replace(schemas, data=replace(schemas.data, cut=cut))


_AT_A_TIME = 5000
"""People whose rows are made and mended together, so that memory does not grow with the trial."""
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
    of_form: dict[str, list[EntryRow]] = {form.id: [] for form in schemas.forms}
    for row in rows:
        of_form[row.form.id].append(row)
    return {form.id: _table(of_form[form.id], form, schemas.data) for form in schemas.forms}


def _table(rows: Sequence[EntryRow], form: Form, data: DataFormat) -> pl.DataFrame:
    keys = {
        "subject_id": [row.person.subject_id for row in rows],
        "visit": [row.visit for row in rows],
        "repeat": [str(row.repeat) for row in rows],
    }
    cells = {key: keys[key] for key in form.key}
    for item in form.items:
        cells[item.id] = all_written([row.answers[item.id] for row in rows], data)
    return pl.DataFrame(cells, schema=dict.fromkeys(items_of(form), pl.String))


def _write_data(tables: Mapping[str, pl.DataFrame], schemas: Schemas, target: Path) -> None:
    """Every form's file, as the protocol says that files are written."""
    data = schemas.data
    for name, cells in tables.items():
        text = StringIO(newline="")
        writer = csv.writer(text, delimiter=data.delimiter, lineterminator="\n")
        writer.writerows([cells.columns, *cells.rows()])
        write_whole(target / "data" / f"{name}.csv", text.getvalue().encode(data.encoding))
