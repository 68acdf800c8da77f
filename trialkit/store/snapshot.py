"""The data of a trial as they stood at one moment, read-only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormData:
    """What was entered on one form: typed values, missing codes and raw text kept apart.

    The three frames have the same rows, in file order under a plain range index, and the same
    columns: the form's key columns (``subject_id``, ``visit``, ``repeat`` where it has them), then
    its items in the order of the form.

    * ``raw``: text exactly as entered; an empty cell is ``""``.
    * ``values``: text items as ``str``; choice items as a categorical in the order of the form
      (a code that is no choice is missing here); integers ``Int64``; decimals ``float64``;
      yes_no ``boolean``; dates ``datetime64[us]``; times as text ``HH:MM``. What could not be read
      is missing. Keys: ``subject_id`` and ``visit`` text, ``repeat`` ``Int64``.
    * ``codes``: the missing code of a cell that holds one, else ``None``; keys are ``None``.

    ``line`` is the line number of each row in the file, for messages.
    """

    form_id: str
    file: str
    sha256: str
    raw: pd.DataFrame
    values: pd.DataFrame
    codes: pd.DataFrame
    line: pd.Series


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """Every form's data at the data cut, and the hashes of the files they came from."""

    forms: Mapping[str, FormData]
    cut: pd.Timestamp | None
    """The data cut that was asked for, else the latest date in the data; None without dates."""
    after_cut: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By form, the keys of the rows that were left out, of subjects who had come by the cut: these
    forms are not missing, they are later."""

    def __getitem__(self, form_id: str) -> FormData:
        return self.forms[form_id]

    def later(self, form_id: str) -> pd.DataFrame:
        """``subject_id`` and ``visit`` (empty for a form without) of rows after the cut, once."""
        keys = self.after_cut.get(form_id, pd.DataFrame({"subject_id": pd.Series([], dtype="str")}))
        visit = keys["visit"] if "visit" in keys.columns else ""
        return keys[["subject_id"]].assign(visit=visit).drop_duplicates(ignore_index=True)

    @property
    def sha256_of_files(self) -> tuple[tuple[str, str], ...]:
        """Each data file with its SHA-256, in the order of the forms."""
        return tuple((data.file, data.sha256) for data in self.forms.values())
