"""Names that look alike are asked about, and stay different names."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.miniature import Miniature
from trialkit.checks.judging.lookalikes import plain_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("001", "1"),
        ("A01", "a1"),
        ("BH-001", "bh_1"),
        ("BH-001", "BH\u2011001"),
        ("P 7", "P7"),
        ("P7\u200b", "P7"),
        ("é1", unicodedata.normalize("NFD", "é1")),
        ("\uff11\uff12", "12"),
    ],
)
def test_what_differs_in_looks_alone_is_alike(one, other):
    plain = plain_names(pl.Series([one, other]))

    assert plain[0] == plain[1]


@pytest.mark.parametrize(
    ("one", "other"), [("1", "10"), ("100", "1"), ("1-01", "11"), ("A1", "B1"), ("0", "1")]
)
def test_other_names_are_not(one, other):
    plain = plain_names(pl.Series([one, other]))

    assert plain[0] != plain[1]


def test_two_who_were_screened_under_names_that_look_alike_are_asked_about(tmp_path):
    trial = Miniature()
    first = trial.data["screening"].splitlines()[1]
    trial.data["screening"] += first.replace("S1,", "s01,", 1) + "\n"

    frame = trial.findings(tmp_path)

    asked = frame[frame["rule_id"] == "lookalike_subject"].iloc[0]
    assert (asked["subject_id"], asked["severity"], asked["value"]) == ("s01", "soft", "s01")
    assert "s01 looks like subject S1, who was screened too" in asked["message"]


@given(
    names=st.lists(
        st.from_regex(r"\A[A-Z]{0,2}-?[0-9]{1,4}\Z", fullmatch=True), min_size=2, unique=True
    )
)
def test_numbered_names_of_one_length_never_look_alike(names):
    of_one_length = [name for name in names if len(name) == len(names[0])]
    assert plain_names(pl.Series(of_one_length)).n_unique() == len(of_one_length)
