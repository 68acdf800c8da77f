"""The data of a trial as they stood at one moment, read-only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import polars as pl

from trialkit.disk.digests import sha256_of_all
from trialkit.schemas.values.distinct import is_short, mostly_different, numbered
from trialkit.store.data_days import NO_DAYS, DataDays


@dataclass(frozen=True, kw_only=True, eq=False)
class FormData:
    """What was entered on one form: typed values, missing codes and raw text kept apart.

    All tables have the same rows, in file order, and the same columns: the form's key columns
    (``subject_id``, ``visit``, ``repeat`` where it has them), then its items in the order of the
    form. They are kept as polars columns, which hold a million rows without a Python object for
    each cell; ``raw``, ``values`` and ``codes`` are the same as pandas frames under a plain range
    index, made when first asked for. To look at some rows only, ``take`` them first.
    """

    form_id: str
    file: str
    sha256: str
    entered: pl.DataFrame
    """Text exactly as entered; an empty cell is ``""``."""
    typed: pl.DataFrame
    """Values: text, Int64, Float64, Boolean, Date, Datetime, and for a choice an Enum of the form's
    codes; null where the cell holds no value, or one that could not be read. Several choices are
    their codes with a space between, an empty text when none was chosen; a partial date is text
    such as ``2026-03-UN``."""
    coded: pl.DataFrame
    """The missing code of a cell that holds one, else null."""
    lines: np.ndarray
    """The line of the file on which each row begins, for messages; 0 for a row that only a mark of
    ``not_done.csv`` stands for."""
    counted: str = "line"
    """What messages call the place of a row: its line, or its ``row`` in a file without lines."""

    def __post_init__(self) -> None:
        for frame in (self.entered, self.typed, self.coded):
            if frame.height != len(self.lines) or frame.columns != self.typed.columns:
                raise RuntimeError(f"the tables of {self.file} are not about the same cells")

    @cached_property
    def raw(self) -> pd.DataFrame:
        """Text exactly as entered; an empty cell is ``""``."""
        return _frame(self.entered)

    @cached_property
    def values(self) -> pd.DataFrame:
        """Typed values, missing where there is none or where it could not be read.

        Text items as ``str``; choice items as a categorical in the order of the form; integers
        ``Int64``; other numbers ``float64``; yes_no ``boolean``; dates and moments
        ``datetime64[us]``; times, several choices and partial dates as text. Keys: ``subject_id`` and ``visit`` text, ``repeat`` ``Int64``.
        """
        return _frame(self.typed)

    @cached_property
    def codes(self) -> pd.DataFrame:
        """The missing code of a cell that holds one, else ``None``; keys are ``None``."""
        columns = {
            name: pd.Series(self.coded[name].cast(pl.String).to_numpy(), dtype="object")
            for name in self.coded.columns
        }
        return pd.DataFrame(columns, copy=False)

    @cached_property
    def line(self) -> pd.Series:
        """The line of the file on which each row begins."""
        return pd.Series(self.lines, dtype="int64")

    def take(self, rows: np.ndarray, columns: Iterable[str] | None = None) -> "FormData":
        """Some rows by number, and some columns where they are named, as a table of its own."""
        names = self.typed.columns if columns is None else list(columns)
        at = pl.Series(rows, dtype=pl.UInt32)
        return replace(
            self,
            entered=self.entered.select(pl.col(names).gather(at)),
            typed=self.typed.select(pl.col(names).gather(at)),
            coded=self.coded.select(pl.col(names).gather(at)),
            lines=self.lines[rows],
        )


def each_text_once(
    texts: Iterable[str | None], known: dict[str | None, str | None]
) -> list[str | None]:
    """The same texts, of which those that are equal are one object, as are those that are ``known``.

    A few subjects, visits and messages stand in hundreds of thousands of rows.
    """
    return [known.setdefault(text, text) for text in texts]


def _frame(columns: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: as_pandas(columns[name]) for name in columns.columns}, copy=False)


def as_pandas(column: pl.Series) -> pd.Series:
    """A typed column as pandas holds it."""
    match column.dtype:
        case pl.Int64:
            whole = _filled(column, 0).to_numpy().copy()
            return pd.Series(pd.arrays.IntegerArray(whole, _missing(column)))
        case pl.Float64:
            return pd.Series(_filled(column, np.nan).to_numpy(), dtype="float64")
        case pl.Boolean:
            truths = _filled(column, filler=False).to_numpy().astype(bool)
            return pd.Series(pd.arrays.BooleanArray(truths, _missing(column)))
        case pl.Date | pl.Datetime:
            return pd.Series(column.cast(pl.Datetime("us")).to_numpy(), dtype="datetime64[us]")
        case pl.Enum():
            numbers = _filled(column.to_physical().cast(pl.Int64), -1).to_numpy()
            codes = pd.Index(column.dtype.categories.to_list())
            return pd.Series(pd.Categorical.from_codes(numbers, categories=codes, ordered=True))
        case pl.String:
            return pd.Series(_texts(column), dtype="str")
    raise RuntimeError(f"column {column.name!r} has the type {column.dtype}, which no item has")


def _texts(column: pl.Series) -> np.ndarray | list[str | None]:
    """The texts of a column; those that are equal are one object, unless hardly any are."""
    if is_short(column):
        return each_text_once(column.to_list(), {})
    if mostly_different(column):
        return column.to_numpy()
    distinct, numbers = numbered(column)
    texts = np.array([*distinct.to_list(), None], dtype=object)
    each: np.ndarray = texts[_filled(numbers, len(distinct)).to_numpy()]
    return each


def _filled(column: pl.Series, filler: float) -> pl.Series:
    """The column without nulls; most columns of a small trial have none, and are not walked."""
    return column.fill_null(filler) if column.null_count() else column


def _missing(column: pl.Series) -> np.ndarray:
    if column.null_count():
        return column.is_null().to_numpy()
    return np.zeros(len(column), dtype=bool)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NotDone:
    """What was marked as not done, and the places for which a mark can be taken."""

    data: FormData
    """The file of marks as it was read: subject, visit, form and reason (a missing code)."""
    marked: Mapping[str, pl.DataFrame]
    """By form: the key of each row that was not done, and its reason."""

    def places(self, form_id: str) -> pl.DataFrame:
        """Subject and visit (empty for a form without) of every row that was not done."""
        rows = self.marked[form_id]
        return rows.select(
            "subject_id", pl.col("visit") if "visit" in rows.columns else pl.lit("").alias("visit")
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """Every form's data at the data cut, and the hashes of the files they came from."""

    forms: Mapping[str, FormData]
    days: DataDays = NO_DAYS
    """The data cut, and the last day that the data can know of."""
    after_cut: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By form, the keys of the rows that were left out, of subjects who had come by the cut: these
    forms are not missing, they are later."""
    left_out: int = 0
    """How many rows the cut left out, those of people who came after it among them."""
    files: frozenset[str] = frozenset()
    """The paths of the files in the trial's folder ``files/``, when any form asks for one."""
    not_done: NotDone | None = None
    """The marks of ``not_done.csv``; None where the trial has no such file."""

    def __getitem__(self, form_id: str) -> FormData:
        return self.forms[form_id]

    def let_go_of_frames(self) -> None:
        """Free the frames of pandas that were made so far, which take more memory than the data.

        Whoever asks for one has it made again, the same.
        """
        for data in self.forms.values():
            for made in ("raw", "values", "codes", "line"):
                vars(data).pop(made, None)

    @property
    def cut(self) -> pd.Timestamp | None:
        """The data cut; None where nobody stated one, so that everything is due."""
        return self.days.cut_moment

    def later(self, form_id: str) -> pd.DataFrame:
        """``subject_id`` and ``visit`` (empty for a form without) of rows after the cut, once."""
        keys = self.after_cut.get(form_id, pd.DataFrame({"subject_id": pd.Series([], dtype="str")}))
        visit = keys["visit"] if "visit" in keys.columns else ""
        return keys[["subject_id"]].assign(visit=visit).drop_duplicates(ignore_index=True)

    @property
    def sha256_of_files(self) -> tuple[tuple[str, str], ...]:
        """Each data file with its SHA-256, in the order of the forms."""
        marks = [self.not_done.data] if self.not_done else []
        return tuple((data.file, data.sha256) for data in (*self.forms.values(), *marks))

    @property
    def data_sha256(self) -> str:
        """One SHA-256 of all data files, as the report and its manifest print it."""
        return sha256_of_all(self.sha256_of_files)
