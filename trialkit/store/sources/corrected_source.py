"""A source with some cells as they would be: what the checks would say is asked before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.store.sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedSource:
    """Another source, in which these cells hold other texts."""

    source: Source
    cells: Mapping[str, Mapping[str, Mapping[int, str]]]
    """By form and item, the text by the number of its row."""

    def refuse_strangers(self, schemas: Schemas) -> None:
        """As the other source does."""
        self.source.refuse_strangers(schemas)

    def table(self, form: Form, data: DataFormat) -> RawTable:
        """The table of the other source with the corrected cells."""
        raw = self.source.table(form, data)
        corrected = self.cells.get(form.id, {})
        columns = [
            raw.cells[item].scatter(list(texts), list(texts.values()))
            for item, texts in corrected.items()
        ]
        return replace(raw, cells=raw.cells.with_columns(columns)) if columns else raw

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """As the other source has them."""
        return self.source.marks(form, data)

    def attached(self, schemas: Schemas) -> frozenset[str]:
        """As the other source has them."""
        return self.source.attached(schemas)
