"""Who had an intercurrent event, when, and which values lie after it: what is not known is not guessed."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.datasets.stopped import (
    DRUG,
    RESCUE,
    STOPPED,
    STOPPED_FORM,
    UNASKED,
    stopped,
    three_visits,
)  # fmt: skip
from tests.miniature import Miniature, dedented
from trialkit.datasets.intercurrent import derive_intercurrent
from trialkit.datasets.pooling import pool
from trialkit.protocol.trial.protocol import Protocol

S1_AT_W3 = """
    S1,BL,2025-01-14,50,l,no,
    S1,W3,2025-02-04,40,l,no,
    S2,BL,2025-01-15,60,r,no,
"""


def told(datasets) -> dict[str, tuple[object, ...]]:
    """By participant: day, first visit that is affected, and first that may be."""
    frame = datasets.intercurrent
    days = frame["date"].dt.strftime("%Y-%m-%d")
    plain = frame.assign(date=days)[["subject_id", "date", "visit", "maybe_from"]]
    plain = plain.astype(object).where(plain.notna(), None)
    return {row[0]: tuple(row[1:]) for row in plain.itertuples(index=False)}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # S1 was randomised on 2025-01-15: week 3 is planned for 2025-02-05, week 6 for 2025-02-26
        ("S1,2025-01-20,wish", ("2025-01-20", "W3", None)),
        ("S1,2025-02-05,wish", ("2025-02-05", "W6", None)),  # on the day of a visit: it is not after
        ("S1,2025-02-04,pain", ("2025-02-04", "W3", None)),
        ("S1,2025-02-26,pain", ("2025-02-26", None, None)),  # nothing is planned after it
        ("S1,2025-01-15,wish", ("2025-01-15", "W3", None)),
        ("S1,2025-01-14,wish", None),  # before randomisation
        ("S1,2025-01-20,moved", None),  # no row that counts
        # a day that is known in part decides where any of its days would
        ("S1,2025-02-UN,wish", (None, None, "W3")),
        ("S1,2025-03-UN,wish", (None, None, None)),
        ("S1,UN,wish", (None, None, "W3")),
        ("S1,,wish", (None, None, "W3")),
        ("S1,2025-01-UN,wish", None),  # perhaps before randomisation
    ],
)  # fmt: skip
def test_values_after_the_day_of_an_event_are_affected(tmp_path, row, expected) -> None:
    assert told(stopped(tmp_path, STOPPED, stopped=row)).get("S1") == expected


def test_a_visit_has_its_own_day_where_that_is_known(tmp_path) -> None:
    """Planned for the fifth of February, held on the fourth: before the event of that day."""
    row = "S1,2025-02-04,wish"
    assert told(stopped(tmp_path / "planned", STOPPED, stopped=row))["S1"][1] == "W3"
    held = stopped(tmp_path / "held", STOPPED, stopped=row, pain=S1_AT_W3)
    assert told(held)["S1"][1] == "W6"


def test_no_visit_before_the_first_that_can_be_affected(tmp_path) -> None:
    late = replace(STOPPED, from_visit="W6")
    assert told(stopped(tmp_path, late, stopped="S1,2025-01-20,wish")) == {
        "S1": ("2025-01-20", "W6", None)
    }


def test_of_an_event_that_happens_again_the_first_after_randomisation_counts(tmp_path) -> None:
    log = "S1,1,2025-02-10\nS1,2,2025-01-30\nS1,3,2025-01-02\nS2,1,2025-01-02"
    assert told(stopped(tmp_path, RESCUE, rescue=log)) == {"S1": ("2025-01-30", "W3", None)}


def test_a_day_that_is_not_known_may_be_before_one_that_is(tmp_path) -> None:
    log = "S1,1,2025-02-10\nS1,2,ND"
    assert told(stopped(tmp_path, RESCUE, rescue=log)) == {"S1": (None, "W6", "W3")}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("no", "no", "no"), None),
        (("no", "no", "yes"), (None, "W6", None)),
        (("no", "yes", "no"), (None, "W3", None)),
        (("yes", "no", "no"), None),  # before randomisation
        (("no", "ND", "yes"), (None, "W6", "W3")),
    ],
)
def test_an_answer_at_a_visit_affects_that_visit(tmp_path, answers, expected) -> None:
    days = ("2025-01-14", "2025-02-05", "2025-02-26")
    rows = "\n".join(
        f"S1,{visit},{day},50,l,{said},{'x' if said == 'yes' else ''}"
        for visit, day, said in zip(("BL", "W3", "W6"), days, answers, strict=True)
    )
    assert told(stopped(tmp_path, DRUG, pain=rows)).get("S1") == expected


def test_of_whom_it_is_not_known_whether_it_happened_nothing_is_said(tmp_path) -> None:
    found = stopped(
        tmp_path, STOPPED, DRUG, UNASKED, stopped="S1,2025-01-20,\nS2,2025-01-20,wish",
        pain="S3,W3,2025-02-06,50,l,ND,",
    )  # fmt: skip
    assert [*told(found)] == ["S2"]
    unknown = found.intercurrent_unknown
    assert unknown.astype(str).values.tolist() == [["S1", "A", "stopped"], ["S3", "A", "drug"]]


def test_a_row_that_does_not_say_what_it_is_of_may_be_the_first(tmp_path) -> None:
    """Of a form with one row a participant it is the only one; of answers see above."""
    found = stopped(tmp_path, STOPPED, stopped="S1,2025-01-20,\nS2,2025-01-UN,pain")
    assert found.intercurrent.empty
    assert found.intercurrent_unknown["subject_id"].tolist() == ["S1", "S2"]


def test_what_nobody_asks_is_not_collected(tmp_path) -> None:
    """Of a form that is filled in as needed no row says that it did not happen; of others nothing."""
    some = stopped(tmp_path / "some", STOPPED, UNASKED, DRUG)
    assert some.not_collected.intercurrent == {
        "stopped": frozenset(),
        "surgery": frozenset({"P", "A"}),
        "drug": frozenset(),
    }
    empty = stopped(tmp_path / "none", DRUG, pain="")
    assert empty.not_collected.intercurrent == {"drug": frozenset({"P", "A"})}


def test_events_stand_in_the_order_of_the_protocol_and_arms_in_theirs(tmp_path) -> None:
    found = stopped(
        tmp_path, RESCUE, STOPPED, stopped="S1,2025-01-20,wish\nS2,2025-01-21,wish",
        rescue="S3,1,2025-02-01",
    ).intercurrent  # fmt: skip
    assert found["event"].cat.categories.tolist() == ["rescue", "stopped"]
    assert found["event"].cat.ordered
    assert found["arm"].cat.categories.tolist() == ["P", "A"]
    assert found["visit"].cat.categories.tolist() == ["BL", "W3", "W6"]
    assert found[["subject_id", "event"]].astype(str).values.tolist() == [
        ["S3", "rescue"], ["S1", "stopped"], ["S2", "stopped"],
    ]  # fmt: skip


def test_without_events_in_the_protocol_the_frames_are_empty_and_have_their_columns(
    tmp_path,
) -> None:
    made: Protocol = three_visits()
    frames = derive_intercurrent(None, made, pd.DataFrame())
    assert frames.happened.columns.tolist() == [
        "subject_id", "arm", "event", "visit", "maybe_from", "date",
    ]  # fmt: skip
    assert frames.happened.empty
    assert frames.unknown.columns.tolist() == ["subject_id", "arm", "event"]
    found = stopped(tmp_path, STOPPED).intercurrent
    assert set(found.columns) == set(frames.happened.columns)
    assert found.empty


def test_a_pooled_protocol_has_the_events_that_all_arms_are_asked(tmp_path) -> None:
    mine = Miniature(protocol=three_visits(STOPPED, UNASKED, DRUG))
    mine.forms["stopped"] = dedented(STOPPED_FORM).replace("expected", 'arms = ["A"]\nexpected')
    mine.forms["pain"] = mine.forms["pain"].replace('["BL", "W6"]', '["BL", "W3", "W6"]')
    pooled = pool(mine.protocol, mine.schemas(tmp_path))
    assert [each.code for each in pooled.intercurrent_events] == ["surgery", "drug"]
