"""A frame as arrays and names, without anything that is code."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from trialkit.errors import AnalysisError

_PLAIN = "plain"
_CATEGORY = "category"
_TEXT = "text"


def columns_kept(frame: pd.DataFrame) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """What there is to say of each column, and the arrays of those that are numbers.

    Raises :class:`AnalysisError` for a column of anything but numbers, texts, truths and moments without a zone.
    """
    told: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for at, name in enumerate(frame.columns):
        values, place = frame[name], f"column_{at}"
        if isinstance(values.dtype, pd.CategoricalDtype):
            categories = _plain(values.cat.categories.tolist(), name)
            told.append(
                {
                    "name": str(name),
                    "kind": _CATEGORY,
                    "categories": categories,
                    "ordered": bool(values.cat.ordered),
                }
            )
            arrays[place] = values.cat.codes.to_numpy(dtype=np.int64)
        elif isinstance(values.dtype, np.dtype) and values.dtype.kind in "iufbMm":
            told.append({"name": str(name), "kind": _PLAIN})
            arrays[place] = values.to_numpy()
        else:
            listed = [None if pd.isna(each) else each for each in values.tolist()]
            kind = "object" if values.dtype == object else str(values.dtype)
            texts = _plain(listed, name)
            told.append({"name": str(name), "kind": _TEXT, "dtype": kind, "values": texts})
    return told, arrays


def frame_of(told: list[dict[str, Any]], arrays: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The frame that was kept; raises ``KeyError``, ``TypeError`` or ``ValueError`` for another."""
    columns: dict[str, pd.Series] = {}
    for at, each in enumerate(told):
        place = f"column_{at}"
        if each["kind"] == _PLAIN:
            columns[each["name"]] = pd.Series(arrays[place])
        elif each["kind"] == _CATEGORY:
            categories = pd.Categorical.from_codes(
                arrays[place], categories=each["categories"], ordered=bool(each["ordered"])
            )
            columns[each["name"]] = pd.Series(categories)
        else:
            values = each["values"]
            if each["dtype"] == "object":
                columns[each["name"]] = pd.Series(values, dtype=object)
            else:
                columns[each["name"]] = pd.Series(values, dtype=_known(each["dtype"]))
    return pd.DataFrame(columns)


def _known(dtype: str) -> str:
    """A type of pandas' own that :func:`columns_kept` may have met."""
    known = {"str", "string", "boolean", "Int64", "Int32", "Float64", "Float32"}
    if dtype not in known:
        raise ValueError(f"a column has the type {dtype!r}")
    return dtype


def _plain(values: list[Any], name: object) -> list[Any]:
    for each in values:
        if each is not None and not isinstance(each, str | int | float | bool):
            raise AnalysisError(
                f"the column {name!r} holds {each!r}, neither text nor a number, and cannot be kept"
            )
    return values
