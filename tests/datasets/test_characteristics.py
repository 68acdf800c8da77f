"""Baseline characteristics are what their form says, and who was not asked is not missing."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.datasets.small import small
from trialkit.datasets.characteristics import characteristic_kinds, derive_characteristics
from trialkit.datasets.subjects import derive_subjects
from trialkit.protocol.trial.people import Characteristic

HISTORY = """\
[form]
id = "history"
title = "History"
kind = "demographics"
expected = "randomised"

[[items]]
id = "sex"
label = "Sex"
type = "choice"
choices = [{ code = "f", label = "Female" }, { code = "m", label = "Male" }, { code = "x", label = "Another" }]

[[items]]
id = "weeks"
label = "Weeks pregnant"
type = "integer"
unit = "weeks"
shown_when = "sex = 'f'"

[[items]]
id = "ill"
label = "Illnesses"
type = "multi_choice"
choices = [{ code = "h", label = "Heart" }, { code = "l", label = "Lung" }]

[[items]]
id = "smokes"
label = "Smokes"
type = "yes_no"

[[items]]
id = "job"
label = "Work"
type = "text"

[[items]]
id = "score"
label = "Score"
type = "choice"
choices = [{ code = "1", label = "10" }, { code = "2", label = "Missing" }]
"""
ROWS = """
    subject_id,sex,weeks,ill,smokes,job,score
    S1,f,12,h l,no,cook,2
    S2,m,,none_of_these,no,cook,1
    S3,,,,no,,2
    S5,f,NA,l,no,,
    S6,f,ND,h,,,
"""
NAMES = ("sex", "weeks", "ill", "smokes", "job", "score")


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, dict]:
    return derived(tmp_path_factory.mktemp("described"))


def derived(folder: Path, form: str = HISTORY, rows: str = ROWS) -> tuple[pd.DataFrame, dict]:
    sources, protocol = small(folder, forms={"history": form}, history=rows)
    listed = tuple(Characteristic(form="history", item=name) for name in NAMES)
    protocol = replace(protocol, characteristics=listed)
    subjects = derive_subjects(sources, protocol)
    frame = derive_characteristics(sources, protocol, subjects)
    return frame, dict(characteristic_kinds(sources.schemas, protocol))


def column(described: tuple[pd.DataFrame, dict], item: str, name: str) -> dict[str, object]:
    frame = described[0]
    own = frame[frame["characteristic"] == f"history.{item}"].set_index("subject_id")[name]
    return {who: None if pd.isna(each) else each for who, each in own.items()}


def test_kinds_and_categories_are_those_of_the_form(described) -> None:
    kinds = {name.removeprefix("history."): kind for name, kind in described[1].items()}
    assert list(kinds) == list(NAMES)
    assert [name for name, kind in kinds.items() if kind.is_number] == ["weeks"]
    assert [kind.unit for kind in kinds.values()] == ["", "weeks", "", "", "", ""]
    assert [name for name, kind in kinds.items() if kind.several] == ["ill"]
    assert {name: dict(kind.labels) for name, kind in kinds.items()} == {
        "sex": {"f": "Female", "m": "Male", "x": "Another"},
        "weeks": {},
        "ill": {"h": "Heart", "l": "Lung", "none_of_these": "None of these"},
        "smokes": {"no": "No", "yes": "Yes"},
        "job": {},
        "score": {"1": "10", "2": "Missing"},
    }


def test_values_are_codes(described) -> None:
    assert column(described, "ill", "category") == {
        "S1": "h l", "S2": "none_of_these", "S3": None, "S5": "l", "S6": "h", "S7": None,
    }  # fmt: skip
    assert column(described, "smokes", "category") == {
        "S1": "no", "S2": "no", "S3": "no", "S5": "no", "S6": None, "S7": None,
    }  # fmt: skip
    assert column(described, "score", "category")["S1"] == "2"
    assert column(described, "weeks", "value")["S1"] == 12


def test_who_was_not_asked_and_who_cannot_have_a_value_are_told_apart(described) -> None:
    """Of S3 the sex is not known, S7 has no row: of both it is not known whether they were asked."""
    not_asked, never = (
        column(described, "weeks", "not_asked"),
        column(described, "weeks", "not_applicable"),
    )
    assert [who for who, each in not_asked.items() if each] == ["S2"]
    assert [who for who, each in never.items() if each] == ["S5"]
    assert not any(column(described, "sex", "not_asked").values())


def test_a_choice_that_says_none_by_itself_is_the_row_of_none(tmp_path: Path) -> None:
    alone = HISTORY.replace(
        '{ code = "l", label = "Lung" }', '{ code = "l", label = "Neither", alone = true }'
    )
    assert list(derived(tmp_path / "a", alone)[1]["history.ill"].labels) == ["h", "l"]
    named = HISTORY.replace('label = "Lung"', 'label = "none  of these"')
    assert list(derived(tmp_path / "b", named)[1]["history.ill"].labels) == ["h", "l"]


def test_a_form_for_some_arms_is_not_asked_of_the_others(tmp_path: Path) -> None:
    """S2 and S7 are in the placebo arm; S2 has a row all the same, in which the work is said."""
    found = derived(tmp_path, HISTORY.replace("[form]", '[form]\narms = ["A", "B"]'))
    assert [who for who, each in column(found, "job", "not_asked").items() if each] == ["S7"]
    assert column(found, "job", "category")["S2"] == "cook"


def test_a_choice_that_is_missing_for_all_stays_a_choice(tmp_path: Path) -> None:
    head, *rows = ROWS.strip().splitlines()
    blank = "\n".join([head, *(f"{row.strip().partition(',')[0]},ND,,ND,,ND,ND" for row in rows)])
    frame, kinds = derived(tmp_path, rows=blank)
    assert kinds["history.sex"].labels == {"f": "Female", "m": "Male", "x": "Another"}
    assert not kinds["history.sex"].is_number
    assert frame["category"].isna().all()


@settings(max_examples=examples(6), deadline=None)
@given(st.lists(st.sampled_from(["f", "m", "", "ND"]), min_size=6, max_size=6))
def test_everybody_has_a_value_or_lacks_it_or_was_not_asked(tmp_path_factory, sexes) -> None:
    people = ("S1", "S2", "S3", "S5", "S6", "S7")
    rows = [f"{who},{sex},,,,," for who, sex in zip(people, sexes, strict=True)]
    head = ROWS.strip().splitlines()[0]
    found = derived(tmp_path_factory.mktemp("any"), rows="\n".join([head, *rows]))
    not_asked = column(found, "weeks", "not_asked")
    assert not_asked == {who: sex == "m" for who, sex in zip(people, sexes, strict=True)}
