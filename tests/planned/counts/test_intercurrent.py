"""Intercurrent events are counted by arm, and what the strategies made of values by arm and visit."""

from dataclasses import replace

from tests.datasets.stopped import ESTIMAND, PRIMARY, STOPPED, UNASKED, stopped, three_visits
from trialkit.planned.counts.intercurrent import state_intercurrent, state_treated
from trialkit.planned.task.task import task_of
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ROWS = "S1,2025-01-20,wish\nS2,2025-02-10,pain\nS3,2025-01-21,"


def told(rows: list[Result]) -> dict[tuple[str, str, str, str], float | None]:
    return {(row.term, row.visit, row.arm, row.stat_name.value): row.stat for row in rows}


def test_participants_are_counted_by_arm_and_first_affected_visit(tmp_path) -> None:
    """S1 and S3 are in A, S2 in P; why S3 stopped is not said."""
    protocol = three_visits(STOPPED, UNASKED)
    rows = [*state_intercurrent(protocol, stopped(tmp_path, protocol=protocol, stopped=ROWS))]
    found = told(rows)
    assert found["stopped", "", "A", "n"] == 2
    assert found["stopped", "", "A", "events"] == 1
    assert found["stopped", "", "A", "percent"] == 50
    assert found["stopped", "", "A", "n_unknown"] == 1
    assert found["stopped", "", "P", "n_unknown"] == 0
    assert found["stopped", "W3", "A", "n"] == 1
    assert found["stopped", "W6", "A", "n"] == 0
    assert found["stopped", "W6", "P", "n"] == 1
    assert found["stopped: no visit affected", "", "P", "n"] == 0
    nobody = [row for row in rows if row.term == "surgery"]
    assert [(row.arm, row.stat_name, row.stat, row.status) for row in nobody] == [
        (arm, Stat.EVENTS, None, Status.NOT_COLLECTED) for arm in ("P", "A")
    ]


def test_values_are_counted_by_what_was_made_of_them(tmp_path) -> None:
    event = IntercurrentEvent(event="stopped", strategy=Strategy.COMPOSITE, value="7")
    protocol = replace(
        three_visits(STOPPED), estimands=(replace(ESTIMAND, intercurrent_events=(event,)),)
    )
    datasets = stopped(tmp_path, protocol=protocol, stopped=ROWS)
    task = task_of(PRIMARY, protocol.outcomes[0], protocol=protocol, datasets=datasets)
    assert task.treated["subject_id"].tolist() == ["S1", "S1", "S2"]
    assert task.at_time_point().set_index("subject_id")["value"].to_dict() == {"S1": 7, "S2": 7}
    assert told([*state_treated(task)]) == {
        ("primary: stopped: counted as a value", visit, arm, "n"): count
        for visit, arm, count in (("W3", "P", 0), ("W3", "A", 1), ("W6", "P", 1), ("W6", "A", 1))
    }
    only = task.of_arms(("P",))
    assert only.treated["subject_id"].tolist() == ["S2"]
    assert only.intercurrent["subject_id"].tolist() == ["S2"]
    assert only.intercurrent["strategy"].tolist() == [Strategy.COMPOSITE]
