"""What is wrong with the tables of a store as they would be, and was not wrong before: nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl

from trialkit.checks.trial.checking_a_part import check_part
from trialkit.evidence.contents.comparing import numbered, widened
from trialkit.evidence.contents.half_sight import withheld_from, without_forms
from trialkit.evidence.contents.tables_at import tables_at
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import OF_CELLS, EventAction
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.tables import KEY
from trialkit.evidence.people.marks_apart import together
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Schemas, Severity
from trialkit.schemas.reading.judged_part import JudgedPart, Unjudged, judged_part
from trialkit.store.sources.attachments import attached_files
from trialkit.store.sources.memory_source import MemorySource

_COUNTED = (Severity.HARD, Severity.SOFT)
_SAYS = ["query_key", "severity", "message"]
"""By what a finding is another one than before."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FindingsBrought:
    """The findings that entries would bring, the hard ones first, as whoever asks may see them."""

    frame: pd.DataFrame
    """The columns of :mod:`trialkit.checks.findings.findings`; hard and soft ones."""
    left_out: Unjudged
    """What was not judged, since it is withheld."""

    def count(self, severity: Severity) -> int:
        """How many are so severe."""
        return int((self.frame["severity"] == severity.value).sum())


def findings_brought(
    store: Store,
    entries: pl.DataFrame,
    schemas: Schemas,
    protocol: Protocol,
    *,
    folder: Path,
    today: date | None,
) -> FindingsBrought:
    """The hard and soft findings of the store's tables after these entries that they do not have now.

    ``entries`` are those of :func:`~trialkit.evidence.contents.comparing.difference`. Raises
    :class:`~trialkit.errors.DataFileError` where the tables cannot be judged at all.
    """
    withheld = withheld_from(store)
    part = judged_part(schemas, withheld)
    held, _ = tables_at(store)
    after = tables_after(held, entries)
    before = {form: widened(held.get(form), table.columns) for form, table in after.items()}
    files = attached_files(folder, schemas)

    def judged(tables: Mapping[str, pl.DataFrame]) -> pd.DataFrame:
        seen = without_forms(together(tables), withheld)
        return _judged(MemorySource(tables=seen, files=files), part, protocol, today)

    found = judged(after)
    if not found.empty:
        known = pd.MultiIndex.from_frame(judged(before)[_SAYS])
        found = found[~pd.MultiIndex.from_frame(found[_SAYS]).isin(known)]
    order = [each.value for each in _COUNTED]
    found = found.sort_values("severity", key=lambda each: each.map(order.index), kind="stable")
    return FindingsBrought(frame=found.reset_index(drop=True), left_out=part.left_out)


def _judged(
    source: MemorySource, part: JudgedPart, protocol: Protocol, today: date | None
) -> pd.DataFrame:
    _, findings = check_part(source, part, protocol, today=today)
    frame = findings.to_frame()
    return frame[frame["severity"].isin([each.value for each in _COUNTED])]


def tables_after(
    held: Mapping[str, pl.DataFrame], entries: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The tables as the entries would make them; forms that the store does not have yet are among them."""
    return {**held} | {
        form: _after(held.get(form), entries.filter(pl.col("form") == form))
        for form in entries["form"].unique(maintain_order=True)
    }


def _after(held: pl.DataFrame | None, entries: pl.DataFrame) -> pl.DataFrame:
    columns = _columns(held, entries)
    keys = list(KEY)
    rows = numbered(widened(held, columns)).drop("row")
    gone = entries.filter(pl.col("action") == EventAction.ROW_REMOVED.value).select(keys)
    fresh = entries.filter(pl.col("action") == EventAction.ROW_ADDED.value).select(keys)
    cells = entries.filter(pl.col("action").is_in(OF_CELLS)).select(*keys, "item", "new")
    kept = pl.concat([rows.join(gone, on=keys, how="anti"), fresh], how="diagonal_relaxed")
    wide = cells.pivot(on="item", index=keys, values="new")  # noqa: PD010 - polars has no other
    items = [name for name in wide.columns if name not in keys]
    joined = kept.join(wide, on=keys, how="left", suffix=_NEW, maintain_order="left")
    now = [pl.coalesce(pl.col(f"{name}{_NEW}"), pl.col(name)).alias(name) for name in items]
    return joined.with_columns(now).select(pl.col(columns).fill_null(""))


_NEW = " becomes"
"""No name of an item has a blank in it."""


def _columns(held: pl.DataFrame | None, entries: pl.DataFrame) -> list[str]:
    """Those of the form as it would be open."""
    opened = entries.filter(pl.col("action") == EventAction.FORM_OPENED.value)["details"].to_list()
    if opened:
        return [*map(str, kept_object(opened[-1], of="a form")["columns"])]
    return [] if held is None else held.columns
