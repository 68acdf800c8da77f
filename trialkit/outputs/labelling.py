"""Tables as CSV, with the label of synthetic data in every row."""

from collections.abc import Iterator

import pandas as pd

from trialkit.files.spreadsheets import csv_pieces

_AT_A_TIME = 10_000
"""Rows that are labelled together."""


def labelled_csv(frame: pd.DataFrame, column: str, label: str) -> bytes:
    """A frame as CSV, with the label in this column of every row."""
    return b"".join(labelled_pieces(frame, column, label))


def labelled_pieces(frame: pd.DataFrame, column: str, label: str) -> Iterator[bytes]:
    """The same file, some rows at a time."""
    return csv_pieces(list(frame.columns), _labelled_rows(frame, column, label))


def _labelled_rows(frame: pd.DataFrame, column: str, label: str) -> Iterator[tuple[object, ...]]:
    for first in range(0, len(frame), _AT_A_TIME):
        part = frame.iloc[first : first + _AT_A_TIME]
        texts = part[column].astype("str").tolist()
        labelled = {text: with_label(text, label) for text in set(texts)}
        part = part.assign(**{column: [labelled[text] for text in texts]})
        yield from zip(*(part[name].tolist() for name in part.columns), strict=True)


def with_label(text: str, label: str) -> str:
    """Synthetic data say so in every row of every file, since rows are copied out of files."""
    return "; ".join(filter(None, (text, label)))
