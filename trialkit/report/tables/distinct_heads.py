"""Rows of a table that would have one head, told apart by the analyses that they are of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from trialkit.report.content.tables import Row


def told_apart(rows: Iterable[tuple[str, Row]]) -> tuple[Row, ...]:
    """The rows, each beside the id of its analysis, which stands on those that share their head.

    What differs is in the plan, where the analysis has that id.
    """
    found = tuple(rows)
    heads = Counter(row.head for _, row in found)
    return tuple(
        replace(row, head=f"{row.head} [{analysis_id}]") if heads[row.head] > 1 else row
        for analysis_id, row in found
    )
