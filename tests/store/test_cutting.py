"""At a cut the data are those that were there: no row, and nobody, from after it."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.conftest import EXAMPLE, THREE_ARMS, few_at_once
from tests.miniature import Miniature
from tests.store.in_hand import in_hand
from trialkit.checks.trial.checking import check
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.forms.forms import FormKind, Item, Purpose
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.cutting import OWN_DATE, cut_at, own_date
from trialkit.store.data_days import DataDays
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

DATED = """
[[items]]
id = "started_on"
label = "Began on"
type = "date"
"""


def kept(trial, folder, form, cut):
    """The keys of the rows of a form that are there at a cut."""
    values = freeze(FolderSource(folder=folder), trial.schemas(folder), cut=cut)[form].values
    keys = [name for name in ("subject_id", "visit") if name in values.columns]
    return [tuple(row) for row in values[keys].to_numpy().tolist()]


EARLY = [
    ("example", "2021-10-20"),
    ("example", "2021-12-15"),
    ("example", "2022-03-20"),
    ("example", "2022-06-01"),
    ("example", "2022-07-22"),  # between the end of a window and a visit that was late
    ("three_arms", "2024-01-16"),
    ("three_arms", "2024-02-20"),
    ("three_arms", "2024-04-07"),
    ("three_arms", "2024-07-26"),
    ("three_arms", "2024-12-20"),
]


@pytest.mark.parametrize(("name", "day"), few_at_once(EARLY, 2))
def test_an_early_cut_of_clean_data_has_no_hard_finding(name, day, request):
    whole = request.getfixturevalue(name)
    source = FolderSource(folder=whole.folder)

    snapshot = freeze(source, whole.schemas, cut=date.fromisoformat(day))

    frame = check(snapshot, whole.schemas, whole.protocol).to_frame()
    hard = frame.loc[frame["severity"] == "hard", ["subject_id", "message"]]
    assert hard.empty, hard.to_numpy().tolist()
    assert len(snapshot["screening"].values) > 0
    ends = whole.snapshot["end_of_study"].values
    assert len(snapshot["end_of_study"].values) < len(ends)


@pytest.mark.parametrize("folder", [EXAMPLE, THREE_ARMS])
def test_the_cut_of_the_protocol_leaves_all_rows(folder):
    schemas = form_schemas(folder, load_protocol(folder))
    uncut = replace(schemas, data=replace(schemas.data, cut=None))
    whole = freeze(FolderSource(folder=folder), uncut)

    same = freeze(FolderSource(folder=folder), schemas)

    assert whole.cut is None
    assert same.cut == pd.Timestamp(schemas.data.cut)

    for form in schemas.forms:
        pd.testing.assert_frame_equal(same[form.id].values, whole[form.id].values)
        pd.testing.assert_frame_equal(same[form.id].raw, whole[form.id].raw)
        assert same.later(form.id).empty


@pytest.mark.slow
def test_a_later_cut_only_adds_rows():
    schemas = form_schemas(THREE_ARMS, load_protocol(THREE_ARMS))
    before: dict[str, set[int]] = {form.id: set() for form in schemas.forms}
    for day in pd.date_range("2024-01-01", "2025-02-15", freq="45D"):
        snapshot = freeze(FolderSource(folder=THREE_ARMS), schemas, cut=day.date())
        for form in schemas.forms:
            lines = set(snapshot[form.id].line)
            assert before[form.id] <= lines
            before[form.id] = lines


def test_who_was_screened_after_the_cut_is_in_no_form(tmp_path):
    trial = Miniature()
    trial.data["diary"] += "S3,1,9:00,\nS4,1,9:00,\n"

    snapshot = freeze(FolderSource(folder=tmp_path), trial.schemas(tmp_path), cut=date(2025, 1, 11))

    for data in snapshot.forms.values():
        assert set(data.values["subject_id"]) <= {"S1", "S2"}
    assert trial.findings(tmp_path, cut=date(2025, 1, 11)).empty


def test_a_subject_without_a_screening_date_came_with_the_first_date_there_is(tmp_path):
    trial = Miniature()
    trial.data["screening"] = trial.data["screening"].replace("S1,2025-01-10", "S1,")

    assert kept(trial, tmp_path, "screening", date(2025, 1, 13)) == [("S2",), ("S3",), ("S4",)]
    assert ("S1",) in kept(trial, tmp_path, "screening", date(2025, 1, 14))


def test_an_undated_visit_has_the_date_that_other_forms_give_it(tmp_path):
    trial = Miniature()
    rating = trial.forms["pain"].split("[[rules]]")[0].replace('"Pain"', '"Rating"')
    trial.forms["rating"] = rating.replace('"pain"', '"rating"')
    trial.data["rating"] = trial.data["pain"].replace("2025-02-26", "")

    assert ("S1", "W6") not in kept(trial, tmp_path, "rating", date(2025, 2, 25))
    assert ("S1", "W6") in kept(trial, tmp_path, "rating", date(2025, 2, 26))


def test_an_undated_visit_that_no_form_dates_was_on_its_planned_day(tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,ND")
    trial.data["end_of_study"] = trial.data["end_of_study"].replace(
        "S1,2025-02-26", "S1,2025-02-27"
    )

    assert ("S1", "W6") not in kept(trial, tmp_path, "pain", date(2025, 2, 25))
    assert ("S1", "W6") in kept(trial, tmp_path, "pain", date(2025, 2, 26))


def test_a_visit_not_done_by_who_had_left_is_known_when_they_leave(tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,ND")
    trial.data["end_of_study"] = trial.data["end_of_study"].replace(
        "S1,2025-02-26", "S1,2025-02-24"
    )

    assert ("S1", "W6") not in kept(trial, tmp_path, "pain", date(2025, 2, 23))
    assert ("S1", "W6") in kept(trial, tmp_path, "pain", date(2025, 2, 24))


def test_the_end_of_study_is_dated_by_its_end_date(tmp_path):
    trial = Miniature()

    assert kept(trial, tmp_path, "end_of_study", date(2025, 2, 25)) == []
    assert kept(trial, tmp_path, "end_of_study", date(2025, 2, 26)) == [("S1",), ("S2",)]


def test_a_form_of_the_randomised_comes_with_the_randomisation(tmp_path):
    trial = Miniature()
    trial.forms["history"] = (
        '[form]\nid = "history"\ntitle = "History"\nkind = "demographics"\nexpected = "randomised"\n'
        '[[items]]\nid = "sex"\nlabel = "Sex"\ntype = "text"\n'
    )
    trial.data["history"] = "subject_id,sex\nS1,f\nS2,m\nS3,f\n"

    assert kept(trial, tmp_path, "history", date(2025, 1, 14)) == []
    assert kept(trial, tmp_path, "history", date(2025, 1, 15)) == [("S1",), ("S2",)]
    assert trial.findings(tmp_path, cut=date(2025, 1, 14)).empty


def test_care_that_began_after_the_cut_is_not_there_though_no_purpose_dates_it(tmp_path):
    trial = Miniature()
    trial.forms["diary"] += DATED
    trial.data["diary"] = (
        "subject_id,repeat,started,note,started_on\nS1,1,,,2025-02-01\nS1,2,,,2019-05-01\nS1,3,,,\n"
    )

    assert len(kept(trial, tmp_path, "diary", date(2025, 1, 9))) == 0
    assert len(kept(trial, tmp_path, "diary", date(2025, 1, 31))) == 2
    assert len(kept(trial, tmp_path, "diary", date(2025, 2, 1))) == 3


def test_a_date_that_cannot_be_right_hides_no_row(tmp_path):
    trial = Miniature()
    trial.data["screening"] = trial.data["screening"].replace("S1,2025-01-10", "S1,2205-01-10")

    rules = trial.findings(tmp_path, cut=date(2025, 2, 20))["rule_id"].tolist()

    assert rules == ["out_of_range"]


def test_a_form_that_was_late_is_not_missing(tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S2,W6,2025-02-26", "S2,W6,2025-03-07")
    trial.data["end_of_study"] = trial.data["end_of_study"].replace(
        "S2,2025-02-26", "S2,2025-03-07"
    )

    assert trial.findings(tmp_path, cut=date(2025, 3, 6)).empty
    snapshot = freeze(FolderSource(folder=tmp_path), trial.schemas(tmp_path), cut=date(2025, 3, 6))
    assert snapshot.later("pain").to_numpy().tolist() == [["S2", "W6"]]
    assert snapshot.later("end_of_study").to_numpy().tolist() == [["S2", ""]]


def test_rows_of_nobody_and_of_strangers_stay_to_be_found(tmp_path):
    trial = Miniature()
    trial.data["diary"] += "S9,1,9:00,\n,2,9:00,\n"
    trial.data["pain"] += ",BL,,,,,\nS1,,,,,,\n"

    rules = trial.findings(tmp_path, cut=date(2025, 2, 27))["rule_id"].tolist()

    assert sorted(rules) == ["blank_key", "blank_key", "blank_key", "unknown_subject"]


def test_a_trial_without_dates_is_whole_at_every_cut(tmp_path):
    trial = Miniature()
    trial.data = {form: text.splitlines()[0] + "\n" for form, text in trial.data.items()}
    trial.data["diary"] += "S1,1,8:30,\n"

    assert kept(trial, tmp_path, "diary", date(2020, 1, 1)) == [("S1",)]


def test_every_form_is_dated_by_the_item_that_its_kind_or_its_purposes_name(tmp_path):
    _, schemas = in_hand(Miniature(), tmp_path)
    dated = {form.id: own_date(form) for form in schemas.forms}
    assert {form: item.id for form, item in dated.items() if item} == {
        "screening": "screening_date",
        "randomisation": "randomisation_date",
        "pain": "visit_date",
        "end_of_study": "end_date",
    }


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        # the date of its kind stands before all others
        ("end_of_study", "ended"),
        ("randomisation", "drawn"),
        ("screening", "seen"),
        # else the first purpose of the list: a visit, a session, an event, and so on
        ("other", "came"),
    ],
)
def test_of_several_dates_the_one_of_the_kind_of_form_comes_first(kind, named, tmp_path):
    _, schemas = in_hand(Miniature(), tmp_path)
    dates = {
        "consented": Purpose.CONSENT_DATE,
        "ended": Purpose.END_DATE,
        "seen": Purpose.SCREENING_DATE,
        "drawn": Purpose.RANDOMISATION_DATE,
        "came": Purpose.VISIT_DATE,
    }
    items = tuple(
        Item(id=name, label=name, type=ItemType.DATE, purpose=purpose)
        for name, purpose in dates.items()
    )
    form = replace(schemas.form("diary"), kind=FormKind(kind), items=items)
    assert own_date(form).id == named
    without = replace(form, items=tuple(each for each in items if each.id != named))
    assert own_date(without).id == ("drawn" if kind == "other" else "came")
    assert own_date(replace(form, items=())) is None


def test_the_purposes_that_date_a_row_stand_in_their_order():
    assert [each.value for each in OWN_DATE] == [
        "visit_date", "session_date", "event_start", "randomisation_date", "screening_date",
        "end_date", "consent_date",
    ]  # fmt: skip


def test_without_a_date_that_can_be_right_nothing_is_cut(tmp_path):
    trial = Miniature()
    trial.data["screening"] = "subject_id,screening_date,age_years,eligible\nS1,2052-01-01,30,yes\n"
    trial.data |= {
        form: trial.data[form].splitlines()[0] + "\n"
        for form in ("randomisation", "pain", "end_of_study")
    }
    forms, schemas = in_hand(trial, tmp_path)
    whole = cut_at(forms, schemas, DataDays(cut=date(2025, 1, 1)))
    assert whole.kept is forms
    assert whole.later == {}
    assert cut_at(forms, schemas, DataDays()).kept is forms


@pytest.mark.parametrize(
    ("day", "kept_rows", "later"),
    [
        # nobody had come; of nobody anything is later
        ("2025-01-09", {}, {}),
        # S1 had been screened: what is theirs comes later, what is the others' is unknown
        (
            "2025-01-10",
            {"screening": ["S1"], "diary": ["S1", "S1"]},
            {"randomisation": ["S1"], "pain": ["S1", "S1"], "end_of_study": ["S1"]},
        ),
        (
            "2025-01-15",
            {
                "screening": ["S1", "S2", "S3", "S4"],
                "randomisation": ["S1", "S2"],
                "pain": ["S1", "S2"],
                "diary": ["S1", "S1"],
            },
            {
                "randomisation": ["S3"],
                "pain": ["S1", "S2", "S3", "S3"],
                "end_of_study": ["S1", "S2", "S3"],
            },
        ),
        (
            "2025-02-26",
            {
                "screening": ["S1", "S2", "S3", "S4"],
                "randomisation": ["S1", "S2", "S3"],
                "pain": ["S1", "S1", "S2", "S2", "S3"],
                "diary": ["S1", "S1"],
                "end_of_study": ["S1", "S2"],
            },
            {"pain": ["S3"], "end_of_study": ["S3"]},
        ),
    ],
)
def test_a_cut_parts_what_was_there_from_what_came_later(day, kept_rows, later, tmp_path):
    forms, schemas = in_hand(Miniature(), tmp_path)
    parted = cut_at(forms, schemas, DataDays(cut=date.fromisoformat(day)))
    there = {form: data.typed["subject_id"].to_list() for form, data in parted.kept.items()}
    assert {form: rows for form, rows in there.items() if rows} == kept_rows
    after = {form: keys["subject_id"].tolist() for form, keys in parted.later.items()}
    assert {form: rows for form, rows in after.items() if rows} == later
    assert parted.later["pain"].columns.tolist() == ["subject_id", "visit"]
    assert parted.later["end_of_study"].columns.tolist() == ["subject_id"]


def test_no_row_is_dated_after_the_latest_date_of_the_data_or_before_its_subject_came(tmp_path):
    """An undated visit planned in March is there with the last of the data, in February."""
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S3,W6,2025-02-27", "S3,W6,")
    trial.data["end_of_study"] = trial.data["end_of_study"].replace("S3,2025-02-27,yes\n", "")
    # the planned day of S3 is 16 January and 42 days, 27 February; the latest date is the 26th
    assert ("S3", "W6") not in kept(trial, tmp_path, "pain", date(2025, 2, 25))
    assert ("S3", "W6") in kept(trial, tmp_path, "pain", date(2025, 2, 26))

    trial = Miniature()
    trial.forms["diary"] += DATED
    trial.data["diary"] = "subject_id,repeat,started,note,started_on\nS4,1,,,2020-05-01\n"
    assert kept(trial, tmp_path / "b", "diary", date(2025, 1, 12)) == []
    assert kept(trial, tmp_path / "b", "diary", date(2025, 1, 13)) == [("S4",)]


def test_without_a_form_of_leaving_an_undated_visit_was_on_its_planned_day(tmp_path):
    trial = Miniature()
    del trial.forms["end_of_study"], trial.data["end_of_study"]
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,")

    assert ("S1", "W6") not in kept(trial, tmp_path, "pain", date(2025, 2, 25))
    assert ("S1", "W6") in kept(trial, tmp_path, "pain", date(2025, 2, 26))


def test_an_event_dated_in_part_is_there_from_the_first_day_that_it_can_be(tmp_path):
    trial = Miniature()
    trial.forms["diary"] = trial.forms["diary"].replace(
        'type = "time"', 'type = "partial_date"\nrange = { low = 2025-01-20 }\npurpose = "event_start"'
    )  # fmt: skip
    trial.data["diary"] = (
        "subject_id,repeat,started,note\nS1,1,2025-01,\nS1,2,2025-02,\nS1,3,2025-01-25,\n"
    )

    # that of January began on the 20th at the earliest, by its range
    assert len(kept(trial, tmp_path, "diary", date(2025, 1, 19))) == 0
    assert len(kept(trial, tmp_path, "diary", date(2025, 1, 20))) == 1
    assert len(kept(trial, tmp_path, "diary", date(2025, 1, 31))) == 2
    assert len(kept(trial, tmp_path, "diary", date(2025, 2, 1))) == 3


def later_than_the_rest(trial, form, old, new):
    trial.data[form] = trial.data[form].replace(old, new)
    return trial


@pytest.mark.parametrize(
    "cut", few_at_once([date(2025, 1, 20), None, date(2025, 3, 1), date(2025, 2, 26)], 2)
)
@pytest.mark.parametrize("limited", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        ("pain", "S1,W6,2025-02-26", "S1,W6,2052-02-26"),
        ("pain", "S2,BL,2025-01-15", "S2,BL,2052-01-15"),
        ("randomisation", "S1,2025-01-15", "S1,2052-01-15"),
    ],
)
def test_a_row_of_a_day_that_had_not_come_stays_whatever_the_cut(change, limited, cut, tmp_path):
    form, _, new = change
    trial = later_than_the_rest(Miniature() if limited else unlimited(), *change)
    schemas = trial.schemas(tmp_path)
    source = FolderSource(folder=tmp_path)
    snapshot = freeze(source, schemas, cut=cut, today=date(2025, 3, 1))
    day = new.rpartition(",")[2]
    kept_days = snapshot[form].values.select_dtypes("datetime").to_numpy()
    assert pd.Timestamp(day).to_numpy() in kept_days
    gone = snapshot.later(form)[["subject_id", "visit"]].to_numpy().tolist()
    assert [new[:2], new[3:5] if form == "pain" else ""] not in gone


def unlimited():
    """The small trial, whose dates have no range of their own."""
    trial = Miniature()
    trial.forms = {
        name: "\n".join(
            line for line in text.splitlines() if not line.startswith("range = { low = 2025")
        )
        for name, text in trial.forms.items()
    }
    return trial


def test_a_visit_before_one_that_took_place_by_the_cut_is_not_left_out(tmp_path):
    """Its date must be wrong; that of a visit dated before it could be is no witness."""
    trial = later_than_the_rest(unlimited(), "pain", "S1,BL,2025-01-14", "S1,BL,2025-11-14")
    assert ("S1", "BL") in kept(trial, tmp_path / "a", "pain", date(2025, 2, 26))
    assert ("S1", "BL") not in kept(trial, tmp_path / "a", "pain", date(2025, 2, 20))
    trial = later_than_the_rest(unlimited(), "randomisation", "S1,2025-01-15", "S1,2025-11-15")
    assert kept(trial, tmp_path / "b", "randomisation", date(2025, 2, 20)) == [("S2",), ("S3",)]

    trial = later_than_the_rest(unlimited(), "pain", "S1,W6,2025-02-26", "S1,W6,2024-02-26")
    trial.data["pain"] = trial.data["pain"].replace("S1,BL,2025-01-14", "S1,BL,2025-01-20")
    assert ("S1", "BL") not in kept(trial, tmp_path / "c", "pain", date(2025, 1, 18))
