"""The frame that a caller gives, of whatever library, as the one that estimators read.

A polars frame, and any other that gives an Arrow stream (DuckDB, PyArrow), becomes a pandas frame of
the same columns: whole numbers and yes or no with missing values stay what they are, an Enum is an
ordered categorical in its own order, a Categorical is one whose order nobody stated.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from trialkit.errors import AnalysisError

if TYPE_CHECKING:
    import polars as pl


class ArrowFrame(Protocol):
    """A frame of another library that hands its columns over as an Arrow stream."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The PyCapsule of the stream."""


AnyFrame = pd.DataFrame | ArrowFrame
"""What every estimator takes: a frame of pandas, of polars, or one that gives an Arrow stream."""


def as_pandas(frame: AnyFrame) -> pd.DataFrame:
    """The caller's frame as a pandas frame; one of pandas is itself, not a copy.

    polars is loaded where the frame is not one of pandas, and only there. Raises
    :class:`AnalysisError` for what is no frame, and for a lazy one, which has no rows yet.
    """
    if isinstance(frame, pd.DataFrame):
        return frame
    if isinstance(frame, pd.Series) or not hasattr(frame, "__arrow_c_stream__"):
        raise AnalysisError(
            "the data must be a data frame (of pandas, of polars, or one that gives an Arrow stream), "
            f"got {type(frame).__name__}",
            advice="collect() it first" if hasattr(frame, "collect") else "",
        )
    read: pl.DataFrame = import_module("polars").DataFrame(frame)
    return pd.DataFrame(
        {each.name: _column(each) for each in read.get_columns()}, index=range(read.height)
    )


def _column(given: "pl.Series") -> pd.Series:
    """One column, missing where it is null."""
    kind = given.dtype
    if str(kind).startswith(("Enum", "Categorical")):
        return pd.Series(_categories(given))
    if kind.is_integer() or str(kind) == "Boolean":
        return _whole(given)
    if kind.is_float() or kind.is_decimal() or str(kind) == "Null":
        return pd.Series(given.cast(import_module("polars").Float64).to_numpy(), copy=True)
    if zone := getattr(kind, "time_zone", None):
        moments = given.dt.convert_time_zone("UTC").dt.replace_time_zone(None).to_numpy()
        return pd.Series(moments, copy=True).dt.tz_localize("UTC").dt.tz_convert(zone)
    if str(kind) == "Date" or str(kind).startswith(("Datetime", "Duration")):
        return pd.Series(given.to_numpy(), copy=True)
    listed = given.to_list()
    return pd.Series(listed, dtype=pd.StringDtype(na_value=np.nan) if _is_text(given) else object)


def _is_text(given: "pl.Series") -> bool:
    return str(given.dtype) == "String"


def _categories(given: "pl.Series") -> pd.Categorical:
    """An Enum states its levels and their order; the order of a Categorical is nobody's."""
    stated: pl.Series | None = getattr(given.dtype, "categories", None)
    ordered = str(given.dtype).startswith("Enum")
    levels = (
        stated if ordered and stated is not None else given.drop_nulls().unique(maintain_order=True)
    )
    names = levels.cast(import_module("polars").String).to_list()
    return pd.Categorical(given.to_list(), categories=names, ordered=ordered)


def _whole(given: "pl.Series") -> pd.Series:
    """Whole numbers or yes and no; with pandas' own missing value where one is missing."""
    if not given.null_count():
        return pd.Series(given.to_numpy(), copy=True)
    missing = given.is_null().to_numpy()
    if given.dtype.is_integer():
        return pd.Series(
            pd.arrays.IntegerArray(given.fill_null(strategy="zero").to_numpy(), missing)
        )
    said = given.cast(import_module("polars").Int8).fill_null(0).to_numpy().astype(bool)
    return pd.Series(pd.arrays.BooleanArray(said, missing))
