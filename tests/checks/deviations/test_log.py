"""The log of deviations: whatever is found and whatever is typed, in any order, nothing is lost."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.checks.deviations.log import (
    DECIDED,
    GONE,
    LOG_COLUMNS,
    DeviationDecision,
    DeviationLog,
)
from trialkit.checks.deviations.log_file import log_bytes, log_in
from trialkit.checks.deviations.proposals import PROPOSED, deviation_id

KINDS = ("Visit missed", "Visit outside its window")
PLACES = [(who, visit, kind) for who in ("S1", "001") for visit in ("W6", "") for kind in KINDS]
TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)


def proposed(found: dict[tuple[str, str, str], str]) -> pd.DataFrame:
    rows = [
        (deviation_id(*place), place[0], "01", place[1], "", place[2], says, "due")
        for place, says in found.items()
    ]
    return pd.DataFrame(rows, columns=list(PROPOSED), dtype="str")


def typed(log: DeviationLog, row: int, **cells: str) -> DeviationLog:
    """The log after somebody typed into a row of its file and saved it."""
    lines = [dict(zip(each.heads, each.cells, strict=True)) for each in log.rows]
    lines[row] |= cells
    return log_in(
        log_bytes(DeviationLog(heads=log.heads, rows=tuple(log.row_of(each) for each in lines)))
    )


def written(log: DeviationLog) -> list[tuple[str, ...]]:
    """What stands in the file, but for what is found now."""
    heads = [name for name in LOG_COLUMNS if name != "found_now"]
    kept = log_in(log_bytes(log)) if log.rows else log
    return [tuple(row[name] for name in heads) for row in kept.rows]


FINDING = st.dictionaries(st.sampled_from(PLACES), st.sampled_from(["so", "otherwise"]))
EDIT = st.tuples(st.integers(0, 7), st.sampled_from([*DECIDED, "description"]), TYPED)


@given(steps=st.lists(st.one_of(FINDING, EDIT), max_size=8), cells=st.data())
@settings(max_examples=examples(60))
def test_no_decision_is_lost_whatever_the_order_of_findings_and_edits(steps, cells):
    log = DeviationLog()
    for step in steps:
        if isinstance(step, dict):
            before = written(log)
            log = log.proposing(proposed(step))
            assert written(log)[: len(before)] == before
            keys = [row.key for row in log.rows]
            assert len(keys) == len(set(keys))
            assert {deviation_id(*place) for place in step} <= set(keys)
        elif log.rows:
            at, name, text = step
            row = at % len(log.rows)
            log = typed(log, row, **{name: text})
            plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
            assert log.rows[row][name] in {plain, plain.removeprefix("'")}
    again = log.proposing(proposed({}))
    assert again.proposing(proposed({})) == again
    assert not again.rows or log_in(log_bytes(again)).proposing(proposed({})).heads == LOG_COLUMNS


def test_what_is_gone_is_marked_and_comes_back():
    first = {PLACES[0]: "so", PLACES[1]: "so"}
    log = typed(DeviationLog().proposing(proposed(first)), 0, decision="confirmed")
    gone = log.proposing(proposed({PLACES[1]: "otherwise"}))
    assert [row["found_now"] for row in gone.rows] == [GONE, "otherwise"]
    assert gone.rows[0].decision is DeviationDecision.CONFIRMED
    assert gone.conflicts == (
        "row 2: was confirmed, and is no longer found in the data; look at both",
    )
    back = gone.proposing(proposed(first))
    assert [row["found_now"] for row in back.rows] == ["", ""]
    assert back.conflicts == ()


def test_a_row_of_somebodys_own_and_one_without_its_id_are_kept():
    log = DeviationLog().proposing(proposed({PLACES[0]: "so"}))
    log = typed(log, 0, id="", decision="Not a  deviation")
    own = log.row_of({"subject_id": "S9", "kind": "Unblinded", "decision": "confirmed"})
    log = DeviationLog(heads=log.heads, rows=(own, *log.rows))
    after = log.proposing(proposed({PLACES[0]: "so", PLACES[2]: "so"}))
    assert after.rows[:2] == log.rows
    assert [row.decision for row in after.rows] == ["confirmed", "not a deviation", ""]
    assert after.proposing(proposed({})).rows[0]["found_now"] == ""


def test_conflicts_are_told_with_their_rows():
    log = DeviationLog().proposing(proposed(dict.fromkeys(PLACES[:3], "so")))
    log = typed(log, 0, decision="perhaps", important="very")
    log = typed(log, 1, subject_id="1")
    log = typed(log, 2, decision="confirmed")
    twin = typed(log, 2, decision="not a deviation").rows[2]
    told = DeviationLog(heads=log.heads, rows=(*log.rows, twin)).conflicts
    assert [each.partition(":")[0] for each in told] == ["row 2", "row 2", "row 3", "row 4, 4"]
    assert "'perhaps', and counts as none" in told[0]
    assert "important is 'very'" in told[1]
    assert "as when a spreadsheet takes 001 for 1" in told[2]
    assert "with different decisions" in told[3]
