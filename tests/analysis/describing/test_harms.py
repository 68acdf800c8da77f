"""Harms are counted by participant and by event, and nobody and nothing is left out."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.describing.harms import ANY_EVENT, summarise_harms
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
PEOPLE = pd.DataFrame({"id": range(26), "arm": ["EG"] * 13 + ["CG"] * 13})


def summarise(events, **options):
    return summarise_harms(
        events,
        **({"participants": PEOPLE, "subject": "id", "arm": "arm", "reference": "CG"} | options),
    )


def test_no_event_in_thirteen_has_the_exact_bound_and_the_arm_its_row():
    case = json.loads((REFERENCE / "bin_small_0_13_4_13.json").read_text(encoding="utf-8"))
    events = pd.DataFrame({"id": [13, 14, 15, 16, 16], "term": ["ache"] * 5})
    found = summarise(events, term="term").to_frame()
    rows = found[found["term"] == "ache"].set_index("arm")
    assert rows.loc["EG", ["n", "participants", "events"]].to_list() == [13, 0, 0]
    assert rows.loc["CG", ["n", "participants", "events"]].to_list() == [13, 4, 5]
    limits = rows.loc["EG", ["conf_low", "conf_high"]].to_list()
    assert limits == pytest.approx(case["clopper1"], abs=1e-12)
    difference = summarise(events).contrasts().iloc[0]
    assert difference["contrast"] == "EG - CG"
    assert difference["estimate"] == pytest.approx(case["rd"])
    assert difference[["conf_low", "conf_high"]].to_list() == pytest.approx(case["rd_newcombe"])


def test_a_trial_without_events_still_shows_its_zeros():
    found = summarise(pd.DataFrame({"id": [], "term": []}), term="term", terms=("fall", "death"))
    frame = found.to_frame()
    assert frame["term"].unique().tolist() == [ANY_EVENT, "fall", "death"]
    assert (frame["participants"] == 0).all()
    assert (frame["n"] == 13).all()
    assert len(found.contrasts()) == 3


def test_without_a_reference_arms_are_counted_and_not_compared():
    events = pd.DataFrame({"id": [0, 0, 14]})
    together = summarise(events)
    apart = summarise(events, reference=None, order={"arm": ["CG", "EG"]})
    pd.testing.assert_frame_equal(apart.to_frame(), together.to_frame())
    assert len(together.contrasts()) == 1
    assert apart.contrasts().empty
    alone = summarise(events, participants=PEOPLE[PEOPLE["arm"] == "EG"], reference=None)
    (row,) = alone.to_frame().to_dict("records")
    assert (row["arm"], row["n"], row["participants"], row["events"]) == ("EG", 13, 1, 2)
    assert alone.excluded["subject"].tolist() == [14]


def test_before_anybody_takes_part_there_is_nothing_to_count():
    found = summarise(pd.DataFrame({"id": []}), participants=PEOPLE.iloc[:0], reference=None)
    assert found.counts == found.differences == ()


def test_terms_come_by_frequency_after_those_that_were_stated():
    events = pd.DataFrame({"id": [1, 2, 3, 14, 1, 2], "term": ["b", "b", "a", "a", "c", None]})
    found = summarise(events, term="term", terms=("z",)).to_frame()
    expected = [ANY_EVENT, "z", "a", "b", "(no term)", "c"]
    assert found["term"].unique().tolist() == expected


@given(
    events=st.lists(st.tuples(st.integers(0, 30), st.sampled_from("xyz")), max_size=40),
)
@settings(max_examples=examples(25), deadline=None)
def test_events_add_up_over_terms_and_participants_are_counted_once(events):
    frame = pd.DataFrame(events, columns=["id", "term"])
    found = summarise(frame, term="term")
    table = found.to_frame()
    total = table[table["term"] == ANY_EVENT]["events"].sum()
    assert table[table["term"] != ANY_EVENT]["events"].sum() == total
    assert total + len(found.excluded) == len(frame)
    assert (table["participants"] <= np.minimum(table["events"], table["n"])).all()


@pytest.mark.parametrize("ids", [["1", "14"], ["1.0", "14.0"], ["1", "absent"], [" 14"]])
def test_ids_of_another_type_are_refused_and_not_counted_as_nobodys(ids):
    with pytest.raises(AnalysisError, match="give both columns one type"):
        summarise(pd.DataFrame({"id": ids}))
    texts = PEOPLE.assign(id=PEOPLE["id"].astype(str))
    with pytest.raises(AnalysisError, match="give both columns one type"):
        summarise(pd.DataFrame({"id": [1, 14]}), participants=texts)


def test_strangers_of_the_same_type_and_whole_decimals_are_no_mismatch():
    found = summarise(pd.DataFrame({"id": [1.0, 14.0, 99.0]}))
    assert found.to_frame()["events"].to_list() == [1, 1]
    assert found.excluded["subject"].to_list() == [99.0]


def test_a_lone_term_is_no_sequence_of_letters():
    events = pd.DataFrame({"id": [1], "term": ["zab"]})
    with pytest.raises(AnalysisError, match="must be a sequence of names, such as"):
        summarise(events, term="term", terms="zab")


def test_what_cannot_be_counted_is_refused():
    events = pd.DataFrame({"id": [1]})
    with pytest.raises(AnalysisError, match="one row for each 'id'"):
        summarise(events, participants=pd.concat([PEOPLE, PEOPLE.iloc[:1]]))
    with pytest.raises(AnalysisError, match="participants without an arm"):
        summarise(events, participants=PEOPLE.assign(arm=[None, *PEOPLE["arm"][1:]]))
    with pytest.raises(AnalysisError, match="is not a column"):
        summarise(events, term="term")
    with pytest.raises(AnalysisError, match="no value of 'id' in arm XX"):
        summarise(events, order={"arm": ["CG", "EG", "XX"]})
