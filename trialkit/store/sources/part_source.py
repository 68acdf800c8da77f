"""A source of which somebody sees a part: what is left out of the judging is not looked at."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.not_done import FORM, not_done_form
from trialkit.store.sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartSource:
    """The tables of a source as far as they are judged; places and digests are those of the whole."""

    source: Source
    whole: Schemas
    """All that the trial asks, by which the source has its columns."""

    def refuse_strangers(self, schemas: Schemas) -> None:  # noqa: ARG002 - the whole says who is one
        """Raise :class:`~trialkit.errors.DataFileError` for data that belong to no form at all."""
        self.source.refuse_strangers(self.whole)

    def table(self, form: Form, data: DataFormat) -> RawTable:
        """The columns of a form that are judged."""
        return _with(
            self.source.table(self.whole.form(form.id), data),
            [*form.key, *(item.id for item in form.items)],
        )

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """The marks of what was not done, without those of forms that are left out."""
        raw = self.source.marks(not_done_form(self.whole), data)
        left_out = {*_forms(not_done_form(self.whole))} - {*_forms(form)}
        if raw is None or not left_out:
            return raw
        there = ~raw.cells[FORM].str.strip_chars().is_in(sorted(left_out))
        return replace(raw, cells=raw.cells.filter(there), lines=raw.lines[there.to_numpy()])

    def attached(self, schemas: Schemas) -> frozenset[str]:  # noqa: ARG002 - as above
        """The files that items may name."""
        return self.source.attached(self.whole)


def _forms(marks: Form) -> Collection[str]:
    """The forms that a mark can be about."""
    return marks.item(FORM).codes


def _with(raw: RawTable, columns: list[str]) -> RawTable:
    left_out = tuple(name for name in raw.left_out if name in columns)
    return replace(raw, cells=raw.cells.select(columns), left_out=left_out)
