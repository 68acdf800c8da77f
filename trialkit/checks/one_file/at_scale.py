"""One data file of any size, validated as it streams by: every row looked at, all findings counted.

A row is suspected by one expression over the columns (:mod:`trialkit.checks.one_file.suspects`), and the
suspects are judged by the checks that judge every trial, so that both find the same and say it in
the same words. Where rules ask other rows of a participant, a second pass judges them together. What
needs more than that is not checked, and named.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.findings.findings import COLUMNS, Findings
from trialkit.checks.findings.listing import findings_frame, query_keys
from trialkit.checks.judging.hits import KEY_LABELS, Hits
from trialkit.checks.judging.judge import judge
from trialkit.checks.judging.others import CellsOfForms, Others, Rows
from trialkit.checks.judging.shape import placed_rows
from trialkit.checks.one_file.alone import FormAlone, form_alone
from trialkit.checks.one_file.beyond_the_row import (
    BeyondTheRow,
    beyond_the_row,
    first_listed,
    judged_together,
)
from trialkit.checks.one_file.own_data import NOTHING, OwnData
from trialkit.checks.one_file.suspects import SUSPECT, with_suspects
from trialkit.errors import DataFileError
from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Schemas, Severity
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.freezing import parsed
from trialkit.store.one_file.by_participant import LINE, rows_by_participant
from trialkit.store.one_file.key_uniqueness import Duplicates
from trialkit.store.one_file.scanning import Batch, Scan, as_text
from trialkit.store.snapshot import FormData, Snapshot, as_pandas

_TOGETHER = 100_000
"""How many suspects are judged together."""
LIMIT = 1000
"""How many findings are listed where nothing else is asked for."""
Watch = Callable[[int, int, int], None]
"""Called with the rows so far, and how much of how much of the file has been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often a rule was broken about an item."""

    rule_id: str
    item: str
    severity: Severity
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileFindings:
    """What is wrong with the rows of one file."""

    rows: int
    counts: tuple[Count, ...]
    """Every rule that was broken, most often first."""
    listed: Findings
    """The first findings in the order of the rows, those of single rows before those that other rows
    were asked for; each up to the limit."""
    limit: int
    not_checked: tuple[str, ...]
    """What a trial's validation would also look at."""

    def count(self, severity: Severity) -> int:
        """How many findings have this severity, listed or not."""
        return sum(each.findings for each in self.counts if each.severity is severity)

    def to_frame(self) -> pd.DataFrame:
        """The counts, one row a rule and item."""
        rows = [
            (each.rule_id, each.item, each.severity.value, each.findings) for each in self.counts
        ]
        return pd.DataFrame(rows, columns=["rule_id", "item", "severity", "findings"])


def check_file(
    scan: Scan,
    form: Form,
    schemas: Schemas,
    protocol: Protocol,
    *,
    files: frozenset[str] = frozenset(),
    days: DataDays = NO_DAYS,
    own: OwnData = NOTHING,
    limit: int = LIMIT,
    watch: Watch = lambda _rows, _done, _of: None,
) -> FileFindings:
    """Every row of a file, judged by itself and, where rules ask for it, beside others.

    ``files`` are those attached to the trial, ``own`` is what it has of other forms. No row is left out for its date; ``days`` say which dates had not come.

    Raises :class:`~trialkit.errors.DataFileError` for a file that cannot be read.
    """
    beyond = beyond_the_row(form, schemas, own.rows)
    alone = form_alone(form, schemas, beyond)
    if scan.typed:
        data = _as_typed(schemas.data)
        alone = replace(alone, schemas=replace(alone.schemas, data=data))
        if beyond:
            beyond = replace(beyond, schemas=replace(beyond.schemas, data=data))
    tally = _Tally(scan=scan, alone=alone, protocol=protocol, files=files, days=days, limit=limit)
    rows = 0
    for batch in scan.batches():
        tally.add(_suspects(batch, scan, alone, files=files, days=days))
        rows += batch.rows
        watch(rows, batch.done, batch.of)
    tally.judge()
    if beyond:
        tally.add_together(beyond, own, rows=rows)
    counts = (
        Count(rule_id=rule, item=item, severity=severity, findings=findings)
        for (rule, item, severity), findings in tally.counter.most_common()
    )
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return FileFindings(
        rows=rows,
        counts=tuple(counts),
        listed=Findings(frame=pd.concat([empty, *tally.pages], ignore_index=True)),
        limit=limit,
        not_checked=(*alone.not_checked, *_why_not(own)),
    )


def _why_not(own: OwnData) -> tuple[str, ...]:
    return (f"what reads other forms, since {own.why_not}",) if own.why_not else ()


def with_duplicates(found: FileFindings, shared: Duplicates, form: Form) -> FileFindings:
    """The findings with one for each key that several rows have, the first of them listed."""
    if not shared.keys:
        return found
    keys = {name: as_pandas(shared.listed[name]) if name in form.key else "" for name in KEY_LABELS}
    times = as_pandas(shared.listed["rows"]).astype("str")
    places = pd.DataFrame(
        {
            **keys,
            "value": "",
            "missing_code": "",
            "message": times + " rows have the same key; keep one, or correct the key of the "
            "others.",
            "form": form.id,
            "site": "",
            "item": "",
            "label": form.title,
            "rule_id": BuiltIn.DUPLICATE_KEY.value,
            "severity": Severity.HARD.value,
        }
    )
    listed = places.assign(query_key=query_keys(places), cause="")[list(COLUMNS)]
    count = Count(
        rule_id=BuiltIn.DUPLICATE_KEY.value, item="", severity=Severity.HARD, findings=shared.keys
    )
    together = pd.concat([listed, found.listed.to_frame()], ignore_index=True).astype("str")
    return replace(found, counts=(count, *found.counts), listed=Findings(frame=together))


def _as_typed(data: DataFormat) -> DataFormat:
    """How values of a file with types are written out: as ISO 8601 and with a point."""
    return replace(data, decimal=".", delimiter=",", dates=DateOrder.YMD)


def _suspects(
    batch: Batch, scan: Scan, alone: FormAlone, *, files: frozenset[str], days: DataDays
) -> pl.DataFrame:
    """The rows of a batch that at a glance may have a finding, and where they stand in the file.

    Raises :class:`DataFileError` when not every row of the batch was looked at.
    """
    columns = [*alone.form.key, *(item.id for item in alone.form.items)]
    cells = batch.cells.select(columns).with_row_index(LINE)
    frame = with_suspects(cells, alone.form, alone.schemas, files=files, days=days, glance=True)
    with scan.looked_at():
        taken = frame.select(
            pl.len().alias("rows"),
            pl.struct(LINE, *columns).filter(pl.col(SUSPECT)).implode().alias("suspects"),
        ).collect(engine="streaming")
    if taken["rows"][0] != batch.rows:
        raise DataFileError(
            f"{scan.file}: {batch.rows} rows were to be read, but {taken['rows'][0]} came; the file "
            "is damaged, or was changed while it was read"
        )
    suspects: pl.DataFrame = taken["suspects"][0].struct.unnest()
    rows = suspects[LINE].to_numpy().astype(np.int64)
    return suspects.with_columns(pl.Series(LINE, batch.numbers(rows), dtype=pl.Int64))


@dataclass(kw_only=True, eq=False)
class _Tally:
    """What was found so far, and the suspects that are still to be judged."""

    scan: Scan
    alone: FormAlone
    protocol: Protocol
    files: frozenset[str]
    days: DataDays
    limit: int
    counter: Counter[tuple[str, str, Severity]] = field(default_factory=Counter)
    pages: list[pd.DataFrame] = field(default_factory=list)
    waiting: list[pl.DataFrame] = field(default_factory=list)

    def add(self, suspects: pl.DataFrame) -> None:
        """Take suspects, and judge them when there are enough to be worth it."""
        if suspects.height:
            self.waiting.append(suspects)
        if sum(each.height for each in self.waiting) >= _TOGETHER:
            self.judge()

    def judge(self) -> None:
        """Count what is wrong with the suspects, and list it up to the limit."""
        if not self.waiting:
            return
        suspects = self._closely(pl.concat(self.waiting))
        self.waiting = []
        if suspects.is_empty():
            return
        form, schemas = self.alone.form, self.alone.schemas
        data = parsed(self._raw(suspects, form), form, schemas.data)
        hits = _judged(data, self.alone, files=self.files, days=self.days)
        self._count(hits)
        room = self.limit - sum(len(page) for page in self.pages)
        if hits and room:
            self.pages.append(self._listing(_first(hits, room), data, schemas).head(room))

    def add_together(self, beyond: BeyondTheRow, own: OwnData, *, rows: int) -> None:
        """Count and list what is found with the other rows of each participant at hand."""
        form, schemas = beyond.form, beyond.schemas
        listed: list[tuple[pd.DataFrame, np.ndarray]] = []
        for cells in rows_by_participant(self.scan, beyond.columns, rows=rows):
            data = parsed(self._raw(cells, form), form, schemas.data)
            hits = judged_together(beyond, data, own, files=self.files, days=self.days)
            self._count(hits)
            if hits and self.limit:
                first = _first(hits, self.limit)
                frame = self._listing(first, data, replace(schemas, forms=(form,)))
                lines = data.lines[np.sort(np.concatenate([each.rows for each in first]))]
                listed = [first_listed([*listed, (frame, lines)], self.limit)]
        self.pages += [frame for frame, _ in listed]

    def _count(self, hits: Sequence[Hits]) -> None:
        for each in hits:
            self.counter[each.rule_id, each.item, each.severity] += len(each.rows)

    def _listing(self, hits: Sequence[Hits], data: FormData, schemas: Schemas) -> pd.DataFrame:
        snapshot, nobody = Snapshot(forms={data.form_id: data}), pd.Series([], dtype="str")
        return findings_frame(hits, snapshot, schemas, self.protocol, subjects=nobody)

    def _raw(self, cells: pl.DataFrame, form: Form) -> RawTable:
        return RawTable(
            file=self.scan.file,
            sha256="",
            cells=as_text(cells.drop(LINE), form),
            lines=cells[LINE].to_numpy(),
            counted=self.scan.counted,
        )

    def _closely(self, suspects: pl.DataFrame) -> pl.DataFrame:
        """Those that are suspected when they are looked at more closely."""
        form, schemas = self.alone.form, self.alone.schemas
        looked_at = with_suspects(suspects.lazy(), form, schemas, files=self.files, days=self.days)
        return looked_at.filter(SUSPECT).select(suspects.columns).collect()


def _judged(
    data: FormData, alone: FormAlone, *, files: frozenset[str], days: DataDays
) -> tuple[Hits, ...]:
    """What the checks say of rows, each by itself."""
    form, schemas = alone.form, alone.schemas
    placed = placed_rows(form, data)
    rows = Rows(data=data, usable=~placed.faulty)
    others = Others(schemas=schemas, cells=CellsOfForms({form.id: rows}, schemas, files, days))
    return (*placed.hits, *judge(form, rows, others).hits)


def _first(hits: Sequence[Hits], room: int) -> list[Hits]:
    """What was found in the first rows, as many of them as a listing has room for, or a few more."""
    rows = np.sort(np.concatenate([each.rows for each in hits]))
    last = rows[:room][-1]
    return [replace(each, places=each.places[each.rows <= last]) for each in hits]
