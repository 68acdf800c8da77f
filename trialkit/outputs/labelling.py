"""Tables as CSV, with the label of synthetic data in every row."""

import pandas as pd

from trialkit.files.spreadsheets import csv_bytes


def labelled_csv(frame: pd.DataFrame, column: str, label: str) -> bytes:
    """A frame as CSV, with the label in this column of every row."""
    texts = frame[column].astype("str").tolist()
    labelled = {text: with_label(text, label) for text in set(texts)}
    columns = frame.assign(**{column: [labelled[text] for text in texts]})
    rows = zip(*(columns[name].tolist() for name in columns), strict=True)
    return csv_bytes(list(frame.columns), rows)


def with_label(text: str, label: str) -> str:
    """Synthetic data say so in every row of every file, since rows are copied out of files."""
    return "; ".join(filter(None, (text, label)))
