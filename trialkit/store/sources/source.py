"""Where the data of a trial come from: tables of text as they were entered, and nothing parsed."""

from typing import Protocol

from trialkit.files.csv_reading import RawTable
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas


class Source(Protocol):
    """A folder of files, tables in memory, or whatever else can say what was entered.

    A table has a text column for each of the form's keys and items (one that is calculated is blank
    where nobody entered it), a digest that changes with its content, and for each row the place that
    readers know it by: ``counted`` and its number, such as ``line`` 7 of ``data/pain.csv``.
    """

    def refuse_strangers(self, schemas: Schemas) -> None:
        """Raise :class:`~trialkit.errors.DataFileError` for data that belong to no form."""

    def table(self, form: Form, data: DataFormat) -> RawTable:
        """What was entered on a form; :class:`~trialkit.errors.DataFileError` where it is not there."""

    def marks(self, form: Form, data: DataFormat) -> RawTable | None:
        """What was marked as not done, under the columns of that form; None where nobody could."""

    def attached(self, schemas: Schemas) -> frozenset[str]:
        """The files that items may name, by their paths in ``files/``; none where no form asks."""
