"""Where nobody is randomised, visits are counted from the first visit, or from the enrolment."""

from datetime import date

import pandas as pd
import pytest

from tests.checks.at_hand import at_hand, said
from tests.miniature import Miniature
from trialkit.checks.trial.completeness import check_completeness
from trialkit.checks.trial.upcoming import upcoming
from trialkit.store.reference_days import counted_from, is_counted_otherwise, reference_days

# BL is on day 0; W6 on day 42, its window from day 39 to day 49.
HEAD = "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\n"
ENDS = "subject_id,end_date,completed\n"


def observed(rows, *, ends=""):
    """The miniature without a randomisation: four people were screened from 2025-01-10 to 13."""
    trial = Miniature()
    del trial.forms["randomisation"], trial.data["randomisation"]
    for form in ("pain", "end_of_study"):
        text = trial.forms[form].split("[[rules]]")[0]
        trial.forms[form] = text.replace('expected = "randomised"', 'expected = "everyone"')
    trial.data["pain"] = HEAD + "".join(f"{row},5,l,no,\n" for row in rows)
    trial.data["end_of_study"] = ENDS + ends
    return trial


def taken(trial, folder, cut):
    return at_hand(trial, folder, cut=cut and date.fromisoformat(cut))


def missing(trial, folder, cut):
    hand = taken(trial, folder, cut)
    found = check_completeness(
        hand.snapshot, hand.schemas, trial.protocol, people=hand.people, shapes=hand.shape.forms
    )
    return [(hit[0], hit[4], hit[5]) for hit in said(found.hits) if hit[4] in {"S1", "S2"}]


BOTH = ["S1,BL,2025-01-20", "S2,BL,2025-01-22"]


def test_it_is_the_day_of_the_first_visit_else_of_the_enrolment(tmp_path):
    rows = ["S1,W6,2025-03-05", "S2,W6,2025-03-03", "S2,BL,2025-01-22", "S3,BL,2024-01-22"]
    hand = taken(observed(rows), tmp_path, None)
    assert is_counted_otherwise(hand.schemas)
    days = reference_days(hand.snapshot, hand.schemas)
    assert {who: f"{day:%m-%d}" for who, day in days.items()} == {
        "S1": "01-22",  # 42 days before W6, the first visit that there is
        "S2": "01-22",
        "S3": "01-12",  # a date that cannot be right tells nothing
        "S4": "01-13",
    }


@pytest.mark.parametrize(
    ("cut", "lacks"),
    [
        ("2025-03-09", []),
        ("2025-03-10", [("pain", "S1", "W6"), ("end_of_study", "S1", "")]),
        (
            "2025-03-12",
            [
                ("pain", "S1", "W6"),
                ("pain", "S2", "W6"),
                ("end_of_study", "S1", ""),
                ("end_of_study", "S2", ""),
            ],
        ),
    ],
)
def test_a_visit_is_due_when_its_window_after_the_first_visit_has_closed(tmp_path, cut, lacks):
    assert sorted(missing(observed(BOTH), tmp_path, cut)) == sorted(lacks)


def test_before_a_first_visit_the_enrolment_counts_as_its_day(tmp_path):
    trial = observed([])
    assert missing(trial, tmp_path, "2025-01-10") == [("pain", "S1", "BL")]
    found = missing(trial, tmp_path, "2025-02-27")
    assert ("pain", "S1", "BL") in found
    assert ("pain", "S1", "W6") not in found  # it closes on the 28th


def test_without_a_cut_and_without_any_day_everything_is_due(tmp_path):
    every = [("pain", "S1", "BL"), ("pain", "S1", "W6"), ("end_of_study", "S1", "")]
    found = missing(observed(BOTH), tmp_path / "all", None)
    assert set(every[1:]) <= set(found)

    dateless = observed([])
    dateless.forms["screening"] = dateless.forms["screening"].replace(
        'purpose = "screening_date"', ""
    )
    found = missing(dateless, tmp_path / "undated", "2025-01-14")
    assert set(every) <= set(found)


def test_a_later_visit_and_a_departure_count_as_ever(tmp_path):
    later = observed(["S1,W6,2025-03-05", BOTH[1]])
    assert ("pain", "S1", "BL") in missing(later, tmp_path / "later", "2025-03-05")

    gone = observed(BOTH, ends="S1,2025-02-01,no\n")
    found = missing(gone, tmp_path / "gone", "2025-12-31")
    assert ("pain", "S1", "W6") not in found
    assert ("pain", "S2", "W6") in found


def test_a_visit_without_a_planned_day_is_due(tmp_path):
    trial = observed(BOTH)
    hand = taken(trial, tmp_path, "2025-01-31")
    rows = pd.DataFrame({"subject_id": ["S1", "S9"], "visit": "W6", "randomisation_date": pd.NaT})
    counted = counted_from(rows, hand.snapshot, hand.schemas)["randomisation_date"]
    assert counted[0] == pd.Timestamp("2025-01-20")
    assert pd.isna(counted[1])


def test_where_somebody_is_randomised_nothing_else_counts(tmp_path):
    hand = taken(Miniature(), tmp_path, "2025-12-31")
    rows = pd.DataFrame({"subject_id": ["S1"], "randomisation_date": pd.NaT})
    assert not is_counted_otherwise(hand.schemas)
    assert counted_from(rows, hand.snapshot, hand.schemas) is rows


def test_the_visits_to_come_are_those_that_the_checks_will_miss(tmp_path):
    trial = observed(BOTH)
    hand = taken(trial, tmp_path, "2025-01-31")
    ahead = upcoming(
        hand.snapshot,
        hand.schemas,
        trial.protocol,
        first=date(2025, 3, 1),
        last=date(2025, 3, 31),
    ).visits
    own = ahead[ahead["subject_id"].isin(["S1", "S2"])]
    assert own[["subject_id", "visit"]].to_numpy().tolist() == [["S1", "W6"], ["S2", "W6"]]
    assert own["target"].dt.strftime("%m-%d").tolist() == ["03-03", "03-05"]
