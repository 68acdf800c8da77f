"""Adherence counts sessions prescribed up to withdrawal, and all planned beside them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.describing.adherence import summarise_adherence
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASE = json.loads((REFERENCE / "adherence_example.json").read_text(encoding="utf-8"))


def example():
    names = ["planned", "prescribed", "attended", "minutes"]
    return pd.DataFrame({name: CASE[name] for name in names}).assign(arm="EG", id=list("abcd"))


def summarise(frame, **options):
    defaults = {
        "arm": "arm",
        "planned": "planned",
        "prescribed": "prescribed",
        "attended": "attended",
        "dose": "minutes",
        "subject": "id",
    }
    return summarise_adherence(frame, **(defaults | options))


def test_the_example_worked_by_hand():
    found = summarise(example())
    people = found.participants
    expected = [np.nan if each is None else each for each in CASE["percent_of_prescribed"]]
    assert people["percent_of_prescribed"].to_list() == pytest.approx(expected, nan_ok=True)
    assert people["percent_of_planned"].to_list() == pytest.approx(CASE["percent_of_planned"])
    rows = found.to_frame().set_index("measure")
    assert rows.loc["percent_of_prescribed", "mean"] == pytest.approx(
        CASE["mean_percent_of_prescribed"]
    )
    assert rows.loc["percent_of_planned", "mean"] == pytest.approx(CASE["mean_percent_of_planned"])
    assert rows.loc["dose", "max"] == 810
    counts = found.counts().iloc[0]
    assert counts["overall_percent"] == pytest.approx(CASE["overall_percent"])
    assert counts["adherent"] == CASE["adherent_at_80"]
    stricter = summarise(example(), adherent_from=90).counts().iloc[0]
    assert stricter["adherent"] == CASE["adherent_at_90"]


def test_arms_without_sessions_and_rows_without_counts_are_seen():
    frame = example().astype({"attended": float})
    frame.loc[1, "attended"] = np.nan
    found = summarise(frame, order={"arm": ["CG", "EG"]})
    assert found.excluded.to_dict("records") == [{"subject": "b", "reason": "attended is missing"}]
    counts = found.counts().set_index("arm")
    assert counts["n"].to_dict() == {"CG": 0, "EG": 3}
    assert np.isnan(counts.loc["CG", "overall_percent"])


def test_half_sessions_are_added_and_not_cut_off():
    frame = pd.DataFrame({"id": [1, 2], "arm": "EG", "p": [1.5, 1.5], "a": [1.5, 1.4]})
    found = summarise_adherence(frame, arm="arm", prescribed="p", attended="a", subject="id")
    counts = found.counts().iloc[0]
    assert counts[["prescribed", "attended"]].to_list() == pytest.approx([3, 2.9])
    assert counts["overall_percent"] == pytest.approx(100 * 2.9 / 3)
    assert isinstance(summarise(example()).counts()["attended"].item(), int)


def test_sessions_that_nobody_prescribed_are_refused_by_name():
    frame = example()
    frame.loc[2, ["prescribed", "attended"]] = [0, 12]
    with pytest.raises(AnalysisError, match="subject 'c' has attended=12 though prescribed=0"):
        summarise(frame)
    with pytest.raises(AnalysisError, match="row 2 has attended=12"):
        summarise(frame, subject=None)


def test_an_unknown_subject_column_is_refused_as_any_other():
    with pytest.raises(AnalysisError, match="subject='zz' is not a column"):
        summarise(example(), subject="zz")


def test_impossible_counts_are_refused():
    for name, value in (("attended", -1), ("prescribed", 19)):
        frame = example()
        frame.loc[0, name] = value
        with pytest.raises(AnalysisError, match="must not be negative, nor more prescribed"):
            summarise(frame)
