"""Rows that would have one head, told apart by the analyses that they are of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from trialkit.report.content.tables import Row


def distinct_heads(named: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Heads, each given beside the id of its analysis, which stands on those that several share.

    What differs is in the plan, where the analysis has that id.
    """
    found = tuple(named)
    shared = Counter(head for _, head in found)
    return tuple(
        f"{head} [{analysis_id}]" if shared[head] > 1 else head for analysis_id, head in found
    )


def told_apart(rows: Iterable[tuple[str, Row]]) -> tuple[Row, ...]:
    """The rows, each given beside the id of its analysis, with heads that tell them apart."""
    found = tuple(rows)
    heads = distinct_heads((analysis_id, row.head) for analysis_id, row in found)
    return tuple(replace(row, head=head) for head, (_, row) in zip(heads, found, strict=True))
