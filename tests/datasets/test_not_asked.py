"""What a form does not ask for is not missing: by its condition, its arms, its visits."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.datasets.edited import THREE_ARMS, Change, edited
from trialkit.datasets.measurements import NOT_ASKED, PERHAPS_ASKED
from trialkit.datasets.model import Datasets
from trialkit.planned.counts.participation import state_participation
from trialkit.protocol.loading import load_protocol
from trialkit.results.lookup import ResultIndex, Shelf, value
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

FORM, DATA = "forms/assessment.toml", "data/assessment.csv"
RATING = "forms/global_rating.toml"


def walked_when(condition: str) -> Change:
    old = "expected_range = { low = 150, high = 800 }\nrequired = true"
    return FORM, old, f'expected_range = {{ low = 150, high = 800 }}\nshown_when = "{condition}"'


def walks(datasets: Datasets, visit: str = "") -> pd.DataFrame:
    rows = datasets.measurements[datasets.measurements["outcome"] == "walk"]
    return rows[rows["visit"] == visit] if visit else rows


def test_a_visit_at_which_nobody_can_be_asked_is_not_planned(tmp_path: Path) -> None:
    datasets = edited(tmp_path, walked_when("visit <> 'W4'"))
    assert datasets.planned_visits["walk"] == ("BL", "W8", "W12")
    assert datasets.planned_visits["function"] == ("BL", "W4", "W8", "W12")
    assert list(walks(datasets)["visit"].unique()) == ["BL", "W8", "W12"]


def test_who_is_not_asked_is_not_missing_and_who_may_be_is(tmp_path: Path) -> None:
    """0101 and 0202 must not be asked, 0103 perhaps, 0106 must be."""
    datasets = edited(
        tmp_path,
        walked_when("remark <> 'wheelchair'"),
        (DATA, "0101;W4;16.02.2024;11:55;66,7;422;", "0101;W4;16.02.2024;11:55;66,7;;wheelchair"),
        (DATA, "0202;W4;19.02.2024;13:45;64,3;333;", "0202;W4;19.02.2024;13:45;64,3;NA;wheelchair"),
        (DATA, "0103;W4;27.02.2024;15:20;56,1;430;", "0103;W4;27.02.2024;15:20;56,1;;"),
    )
    rows = walks(datasets, "W4").set_index("subject_id")
    reasons = rows["missing_reason"]
    assert reasons[["0101", "0202", "0103"]].tolist() == [NOT_ASKED, NOT_ASKED, PERHAPS_ASKED]
    assert not rows["not_applicable"][["0101", "0202"]].any()


def test_a_value_that_is_there_counts_whatever_its_condition_says(tmp_path: Path) -> None:
    datasets = edited(
        tmp_path,
        walked_when("remark = 'walks'"),
        (DATA, "0101;W4;16.02.2024;11:55;66,7;422;", "0101;W4;16.02.2024;11:55;66,7;422;no"),
    )
    row = walks(datasets, "W4").set_index("subject_id").loc["0101"]
    assert row["value"] == 422
    assert pd.isna(row["missing_reason"])


def test_a_form_for_some_arms_is_expected_of_them_alone(tmp_path: Path) -> None:
    datasets = edited(
        tmp_path, (RATING, 'expected = "randomised"', 'expected = "randomised"\narms = ["HIGH"]')
    )
    rows = datasets.measurements[datasets.measurements["outcome"] == "improved"]
    lacking = rows[rows["value"].isna()]
    others = lacking[lacking["arm"] != "HIGH"]
    assert (others["missing_reason"] == NOT_ASKED).all()
    assert not (lacking.loc[lacking["arm"] == "HIGH", "missing_reason"] == NOT_ASKED).any()


def test_who_was_marked_as_not_done_lacks_a_value_that_was_expected(tmp_path: Path) -> None:
    """Not done and not to be asked are two things: only the first is missing, with its reason."""
    datasets = edited(
        tmp_path,
        walked_when("visit <> 'W8'"),
        (DATA, "0101;W4;16.02.2024;11:55;66,7;422;\n", "0101;W4;ND;ND;ND;ND;\n"),
    )
    rows = walks(datasets, "W4").set_index("subject_id")
    assert rows["missing_reason"]["0101"] == "not done"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Datasets:
    return edited(tmp_path_factory.mktemp("plain"))


@settings(max_examples=examples(8), deadline=None)
@given(st.lists(st.sampled_from(["asked", "gone", NOT_ASKED]), min_size=5, max_size=40))
def test_expected_and_not_asked_are_all_and_the_missing_are_expected(
    plain: Datasets, drawn: list[str]
) -> None:
    protocol = load_protocol(THREE_ARMS)
    rows = plain.measurements.copy()
    for place, what in enumerate(drawn):
        if what != "asked":
            rows.loc[rows.index[place * 7 % len(rows)], ["value", "change"]] = float("nan")
            rows.loc[rows.index[place * 7 % len(rows)], "missing_reason"] = what
    changed = replace(plain, measurements=rows)
    index = ResultIndex(Results(rows=tuple(state_participation(protocol, changed))))
    for address in index.addresses(Shelf.MISSING):
        if address.term or address.arm not in protocol.arm_codes:
            continue
        found = index.at(address)
        whole = rows[
            (rows["outcome"] == address.outcome)
            & (rows["visit"] == address.visit)
            & (rows["arm"] == address.arm)
        ]
        apart = (Stat.N, Stat.N_NOT_ASKED, Stat.N_NOT_DUE, Stat.N_NOT_APPLICABLE)
        assert sum(value(found, stat) or 0 for stat in apart) == len(whole)
        missing = value(found, Stat.N_MISSING)
        assert missing is not None
        assert missing <= (value(found, Stat.N) or 0)
        assert missing == int(whole["value"].isna().sum()) - sum(
            value(found, stat) or 0 for stat in apart[1:]
        )
