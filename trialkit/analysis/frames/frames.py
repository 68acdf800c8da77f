"""What a caller's frame must be before a statistic touches it.

Every estimator reads its columns through these functions, so that the same mistake gets the same
message everywhere: an unknown column suggests the nearest, a text column whose order nobody stated
is refused, infinite values are refused, and missing values are the estimator's own affair.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from trialkit.errors import AnalysisError, UnorderedError
from trialkit.protocol.tables.choices import suggestion

Order = Mapping[str, Sequence[object]]
"""The order of the levels of a category, by column name; the alphabet orders none."""


def column(frame: pd.DataFrame, name: str, *, parameter: str) -> pd.Series:
    """The column ``name`` of ``frame``, or an error that suggests the nearest one."""
    if not isinstance(name, str):
        raise AnalysisError(
            f"{parameter}={name!r} must be the name of one column, as text; "
            f"got {type(name).__name__}"
        )
    if name not in frame.columns:
        known = [str(each) for each in frame.columns]
        raise AnalysisError(
            f"{parameter}={name!r} is not a column of the data; columns are {', '.join(known)}"
            + suggestion(str(name), known)
        )
    found = frame[name]
    if isinstance(found, pd.DataFrame):
        raise AnalysisError(f"{parameter}={name!r} names {found.shape[1]} columns of the data")
    return found


def numbers(frame: pd.DataFrame, name: str, *, parameter: str) -> np.ndarray:
    """The column as floats, missing values as NaN; text and infinite values are refused."""
    found = column(frame, name, parameter=parameter)
    dtype = found.dtype
    if not pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_complex_dtype(dtype):
        raise AnalysisError(
            f"{parameter}={name!r} must be numeric, got a column of type {found.dtype}; "
            "convert it before the analysis, so that what could not be read is seen"
        )
    values = found.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        count = int(np.isinf(values).sum())
        raise AnalysisError(f"{parameter}={name!r} holds {count} infinite value(s)")
    return values


def levels(
    frame: pd.DataFrame,
    name: str,
    *,
    parameter: str,
    order: Order | None = None,
    reference: object | None = None,
    keep_empty: bool = True,
) -> tuple[np.ndarray, tuple[object, ...]]:
    """The column as integer codes (−1 where missing) and its levels in their stated order.

    The order is ``order[name]`` if given, else that of an ordered categorical, else the numeric
    one; with ``reference`` and only one other level it is plain. Otherwise text is refused.
    Levels without rows are kept, for the estimator to refuse or to allow, unless ``keep_empty``
    is false.
    """
    found = column(frame, name, parameter=parameter)
    _refuse_order_of_unknown(frame, order)
    stated = _stated_order(found, name, parameter=parameter, order=order, reference=reference)
    _refuse_alike(stated, name)
    codes = _codes(found, stated)
    if (codes < 0).any():
        _refuse_unknown(found[codes < 0].dropna(), stated, f"{parameter}={name!r}")
    _refuse_unknown_reference(reference, stated, name)
    if keep_empty:
        return codes, stated
    present = np.bincount(codes[codes >= 0], minlength=len(stated)) > 0
    renumber = np.append(np.cumsum(present) - 1, -1)
    kept = tuple(level for level, here in zip(stated, present, strict=True) if here)
    return renumber[codes], kept


def _codes(found: pd.Series, stated: tuple[object, ...]) -> np.ndarray:
    """The number of each value's level, −1 where it is none of them."""
    if isinstance(found.array, pd.Categorical) and plain(found.array.categories) == stated:
        return np.asarray(found.array.codes, dtype=np.intp)
    return np.asarray(pd.Index(list(stated)).get_indexer(pd.Index(found)), dtype=np.intp)


def _refuse_unknown(unknown: pd.Series, stated: tuple[object, ...], where: str) -> None:
    if len(unknown):
        strange = ", ".join(repr(each) for each in plain(unknown.unique()[:5]))
        listed = ", ".join(repr(each) for each in stated)
        raise AnalysisError(f"{where} holds {strange}, not among its levels {listed}")


def plain(values: Iterable[object]) -> tuple[object, ...]:
    """The values as Python's own numbers and text, which print as they are written."""
    numpys = (np.number, np.bool_, np.str_)
    # text of pandas takes a function call a value otherwise
    listed = values.tolist() if isinstance(values, pd.Index | ExtensionArray) else values
    return tuple(each.item() if isinstance(each, numpys) else each for each in listed)


def sequence_of_names(names: Sequence[str], *, parameter: str) -> tuple[str, ...]:
    """The names as a tuple; a lone text, a sequence of letters, and a name said twice are refused."""
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise AnalysisError(
            f"{parameter}={names!r} must be a sequence of names, such as ({names!r},)"
        )
    twice = [name for index, name in enumerate(names) if name in names[:index]]
    if twice:
        raise AnalysisError(f"{parameter}={tuple(names)!r} names {twice[0]!r} twice")
    return tuple(names)


def _refuse_alike(stated: tuple[object, ...], name: str) -> None:
    """Refuse levels such as 1 and '1', which no table could tell apart."""
    printed = [str(each) for each in stated]
    for index, text in enumerate(printed):
        if text in printed[:index]:
            first = stated[printed.index(text)]
            raise AnalysisError(
                f"{name!r} holds the levels {first!r} and {stated[index]!r}, which print alike; "
                "rename one of them"
            )


def _refuse_order_of_unknown(frame: pd.DataFrame, order: Order | None) -> None:
    """Refuse an order of a column that the data do not have, or that is a text of letters."""
    for name, stated in ({} if order is None else order).items():
        column(frame, name, parameter="order")
        if isinstance(stated, str):
            raise AnalysisError(f"order[{name!r}]={stated!r} must be a sequence of levels")


def _refuse_unknown_reference(
    reference: object | None, known: tuple[object, ...], name: str
) -> None:
    if reference is None or reference in known:
        return
    if not known:
        raise AnalysisError(f"{name!r} holds no value, so reference={reference!r} is none of them")
    listed = ", ".join(repr(each) for each in known[:8])
    near = suggestion(str(reference), [str(each) for each in known])
    raise AnalysisError(f"reference={reference!r} is not a level of {name!r}: {listed}{near}")


def _stated_order(
    found: pd.Series,
    name: str,
    *,
    parameter: str,
    order: Order | None,
    reference: object | None,
) -> tuple[object, ...]:
    """The levels in the order that somebody stated, or an error that asks for it."""
    if order is not None and name in order:
        stated = plain(order[name])
        if len(set(stated)) != len(stated):
            raise AnalysisError(f"order[{name!r}] names a level twice: {list(stated)}")
        return stated
    if isinstance(found.dtype, pd.CategoricalDtype):
        categories = plain(found.cat.categories)
        if found.cat.ordered or pd.api.types.is_numeric_dtype(found.cat.categories.dtype):
            return categories
        present = categories
    else:
        known = pd.unique(found.dropna())
        if pd.api.types.is_numeric_dtype(found.dtype):
            return plain(sorted(known))
        present = plain(known)
    if reference is not None and reference in present and len(present) <= 2:
        return (reference, *(level for level in present if level != reference))
    if len(present) == 1:
        return present
    _refuse_unknown_reference(reference, present, name)
    if not present:
        return ()
    raise UnorderedError(
        f"nobody stated the order of the levels of {parameter}={name!r} "
        f"({', '.join(repr(each) for each in present[:8])})",
        advice=f"make it an ordered categorical or pass order={{{name!r}: [...]}}: the alphabet must "
        "not choose a reference",
    )
