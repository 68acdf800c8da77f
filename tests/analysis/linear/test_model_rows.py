"""Rows for a linear model: which are used, as what, and why the others are not."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.linear.linear_model import FactorColumn, NumericColumn
from trialkit.analysis.linear.model_rows import ModelRows, covariate_names, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale


def frame() -> pd.DataFrame:
    """Eight rows, five of them without a gap."""
    return pd.DataFrame(
        {
            "who": ["a", "b", "c", "d", "e", "f", "g", None],
            "y": [1.0, 2, 4, 8, np.nan, 32, 64, 128],
            "arm": ["P", "A", "A", None, "P", "P", "B", "P"],
            "age": [30.0, 31, np.nan, 33, 34, 35, 36, 37],
            "site": pd.Categorical(
                ["N", "S", "N", "W", "N", "S", "N", "N"], categories=["N", "W", "S"], ordered=True
            ),
            "grade": [2, 1, 2, 1, 3, 1, 1, 2],
        },
        index=[10, 20, 30, 40, 50, 60, 70, 80],
    )


def read(data: pd.DataFrame | None = None, **options: object) -> ModelRows:
    given: dict[str, object] = {
        "outcome": "y",
        "arm": "arm",
        "reference": "P",
        "covariates": ("age", "site"),
        "scale": OutcomeScale.IDENTITY,
        "subject": "who",
        "order": {"arm": ["A", "P", "B"]},
    }
    return read_model_rows(frame() if data is None else data, **(given | options))  # type: ignore[arg-type]


def test_the_complete_rows_are_used() -> None:
    rows = read()
    assert rows.outcome.tolist() == [1, 2, 32, 64]
    assert rows.labels.tolist() == [10, 20, 60, 70]
    assert rows.subjects is not None
    assert rows.subjects.tolist() == ["a", "b", "f", "g"]
    assert (rows.arm.name, rows.arm.levels, rows.arm.base) == ("arm", ("A", "P", "B"), 1)
    assert rows.arm.codes.tolist() == [1, 0, 1, 2]
    assert rows.counts == {"A": 1, "P": 2, "B": 1}
    age, site = rows.covariates
    assert isinstance(age, NumericColumn)
    assert age.values.tolist() == [30, 31, 35, 36]
    # the level that nobody used has is gone
    assert isinstance(site, FactorColumn)
    assert (site.levels, site.codes.tolist()) == (("N", "S"), [0, 1, 1, 0])


def test_every_row_left_out_has_its_reason() -> None:
    excluded = read().excluded
    found = {str(row[0]): str(row[-1]) for row in excluded.to_numpy()}
    assert found == {
        "c": "age is missing",
        "d": "arm is missing",
        "e": "y is missing",
        "nan": "who is missing",
    }


def test_without_a_column_of_subjects_rows_are_their_own() -> None:
    rows = read(subject=None)
    assert rows.subjects is None
    assert rows.outcome.tolist() == [1, 2, 32, 64, 128]


def test_the_outcome_of_a_logarithmic_model_is_its_logarithm() -> None:
    np.testing.assert_allclose(read(scale=OutcomeScale.LOG).outcome, np.log([1, 2, 32, 64]))
    data = frame()
    data.loc[10, "y"] = 0
    data.loc[20, "y"] = -3
    with pytest.raises(AnalysisError, match=r"has values of 0 or less, .*: 2$"):
        read(data, scale=OutcomeScale.LOG)
    assert read(data).outcome[:2].tolist() == [0, -3]


@pytest.mark.parametrize("how", ["categories", "order"])
def test_a_number_is_a_category_where_that_is_said(how: str) -> None:
    numeric = read(covariates=("grade",)).covariates[0]
    assert isinstance(numeric, NumericColumn)
    orders = {"arm": ["A", "P", "B"], "grade": [3, 1, 2]}
    said = {"categories": ("grade",)} if how == "categories" else {"order": orders}
    found = read(covariates=("grade",), **said).covariates[0]
    assert isinstance(found, FactorColumn)
    assert found.levels == (1, 2)
    # rows a, b, c, f, g
    assert found.codes.tolist() == [1, 0, 1, 0, 0]


def changed(**columns: object) -> pd.DataFrame:
    return frame().assign(**columns)


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (frame(), {"reference": None}, "reference must name the arm of 'arm'"),
        (frame(), {"covariates": ("age", "y")}, "'y' stands more than once among outcome"),
        (frame(), {"covariates": ("age", "age")}, "'age' stands more than once"),
        (changed(age=np.nan), {}, "covariate 'age' has no value in any row"),
        (changed(who="a"), {}, "subject 'a' has more than one row"),
        (changed(site="N"), {"covariates": ("site",)}, "'site' has one level only"),
        (
            changed(age=[30.0, None, None, 33, 34, 35, 36, 37]),
            {},
            "none of the rows of arm A with an outcome can be used: age is missing in 2;",
        ),
        (
            changed(y=[1.0, None, None, 8, 1, 32, 64, 128]),
            {},
            "no value of 'y' in arm A: an arm without data",
        ),
        (changed(y=[1e200, 2.0, 4, 8, 1, 32, 64, 128]), {}, "'y' has values of size 1e\\+200"),
        (changed(age=[1e200, 2.0, 4, 8, 1, 32, 64, 128]), {}, "'age' has values of size 1e\\+200"),
    ],
)
def test_rows_that_cannot_make_a_model_are_refused(
    data: pd.DataFrame, options: dict[str, object], words: str
) -> None:
    with pytest.raises(AnalysisError, match=words):
        read(data, **options)


def test_covariates_are_a_sequence_of_names() -> None:
    assert covariate_names(["age", "site"]) == ("age", "site")
    assert covariate_names(()) == ()
    with pytest.raises(AnalysisError, match="covariates='age' must be a sequence"):
        covariate_names("age")
    with pytest.raises(AnalysisError, match="3 is int"):
        covariate_names(("age", 3))  # type: ignore[arg-type]
