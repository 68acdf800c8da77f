"""When a visit is due: once its window is over, or a later visit was attended; all without a cut."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.miniature import Miniature
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import FormKind
from trialkit.store.data_days import DataDays
from trialkit.store.due import is_dated, is_due, last_attended, last_planned, visits_due, windows
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

DAYS = st.integers(-30, 400)
VISITS = st.lists(
    st.builds(
        lambda target, early, late: (target, early, late),
        DAYS, st.integers(0, 40), st.integers(0, 40),
    ),
    min_size=1, max_size=5, unique_by=lambda each: each[0],
)  # fmt: skip


def visits_of(planned):
    return [
        Visit(
            code=f"V{number}", label="V", target_day=target, window=Window(early=early, late=late)
        )
        for number, (target, early, late) in enumerate(sorted(planned))
    ]


@given(planned=VISITS, start=st.integers(0, 1000))
def test_a_window_contains_its_planned_day(planned, start):
    visits = visits_of(planned)
    randomised = pd.Timestamp(2024, 1, 1) + pd.Timedelta(days=start)
    rows = pd.DataFrame({"visit": [each.code for each in visits], "randomisation_date": randomised})
    found = windows(rows, visits)
    assert (found.opens <= found.target).all()
    assert (found.target <= found.closes).all()
    assert (
        (found.closes - found.opens).dt.days == [v.window.early + v.window.late for v in visits]
    ).all()
    unknown = windows(rows.assign(randomisation_date=pd.NaT), visits)
    assert unknown.target.isna().all()


@given(
    planned=VISITS, held=st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 6)), max_size=6)
)
def test_the_last_visit_held_is_the_one_planned_last(planned, held):
    visits = visits_of(planned)
    days = {each.code: each.target_day for each in visits}
    rows = pd.DataFrame(
        {"subject_id": [who for who, _ in held], "visit": [f"V{which}" for _, which in held]},
        dtype="str",
    )
    found = last_planned(rows, visits)
    for who in "AB":
        own = [days[f"V{which}"] for whose, which in held if whose == who and f"V{which}" in days]
        assert (found.get(who) == max(own)) if own else pd.isna(found.get(who))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("due")
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace(
        "S3,W6,2025-02-27,ND,,no,", "S3,W6,ND,ND,ND,ND,ND"
    )
    schemas = trial.schemas(folder)
    return freeze(FolderSource(folder=folder), schemas), schemas


ROWS = pd.DataFrame(
    {
        "subject_id": ["S1", "S1", "S3", "S3", "S9", "S9"],
        "visit": ["BL", "W6"] * 3,
        "randomisation_date": pd.to_datetime(["2025-01-15"] * 2 + ["2025-01-16"] * 2 + [None] * 2),
        "end_date": pd.Series([pd.NaT] * 6, dtype="datetime64[us]"),
    }
)


def due_at(cut, world, rows=ROWS):
    snapshot, schemas = world
    return visits_due(rows, replace(snapshot, days=DataDays(cut=cut)), schemas).tolist()


def test_a_visit_is_due_when_its_window_is_over_or_a_later_one_was_attended(world):
    snapshot, schemas = world
    # of S3 only reasons stand at W6: nobody was there
    assert last_attended(snapshot, schemas).to_dict() == {"S1": 42, "S2": 42, "S3": 0}
    assert due_at(date(2025, 1, 1), world) == [True, False, False, False, False, False]
    assert due_at(date(2025, 1, 16), world) == [True, False, True, False, False, False]
    assert due_at(date(2025, 3, 5), world) == [True, True, True, False, False, False]
    assert due_at(date(2025, 3, 6), world) == [True, True, True, True, False, False]


def test_without_a_cut_or_without_dates_everything_is_due(world):
    snapshot, schemas = world
    assert due_at(None, world) == [True] * 6
    randomisation = schemas.of_kind(FormKind.RANDOMISATION)
    without = replace(
        randomisation,
        items=tuple(each for each in randomisation.items if each.id != "randomisation_date"),
    )
    undated = replace(
        schemas,
        forms=tuple(without if each is randomisation else each for each in schemas.forms),
    )
    assert is_dated(schemas)
    assert not is_dated(undated)
    early = replace(snapshot, days=DataDays(cut=date(2025, 1, 1)))
    assert visits_due(ROWS, early, undated).all()
    end = schemas.of_kind(FormKind.END_OF_STUDY)
    assert is_due(end, ROWS, early, undated).all()
    assert not is_due(end, ROWS, early, schemas).any()
    assert is_due(schemas.form("randomisation"), ROWS, early, schemas).all()


def test_who_has_left_is_not_waited_for(world):
    left = ROWS.assign(end_date=pd.Timestamp("2025-02-10"))
    assert due_at(date(2025, 2, 1), world, left) == [True, False, True, False, False, False]
    later = ROWS.assign(end_date=pd.Timestamp("2025-02-24"))
    assert due_at(date(2025, 2, 24), world, later) == [True, True, True, True, False, False]


@given(days=st.integers(-20, 80), more=st.integers(0, 60))
def test_a_later_cut_only_makes_more_due(days, more, world):
    cut = date(2025, 1, 15) + timedelta(days=days)
    earlier, later = due_at(cut, world), due_at(cut + timedelta(days=more), world)
    assert all(after or not before for before, after in zip(earlier, later, strict=True))
