"""What is kept is read again as it was, in the same bytes, and nothing else is read."""

import io
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.draws import join_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.keeping import (
    keep_draws,
    keep_imputations,
    read_draws,
    read_imputations,
)
from trialkit.analysis.imputation.kept_frame import columns_kept, frame_of
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.strategies import VisitDistribution
from trialkit.errors import AnalysisError

METHODS = (
    {"method": "conditional-mean-jackknife"},
    {"method": "approximate-bayes", "draws": 5, "seed": 1},
    {"method": "bayes", "draws": 8, "seed": 1},
    {"method": "bootstrapped-maximum-likelihood", "draws": 3, "nested": 2, "seed": 1},
)


@pytest.fixture(scope="module")
def model(trial, short):
    frame, events = trial(4)
    frame["site"] = pd.Categorical(np.where(frame["base"] > 10, "x", "y"), categories=["y", "x"])
    return imputation_model(frame, covariates=["base"], events=events, **short)


@pytest.mark.parametrize("method", METHODS, ids=lambda each: each["method"])
def test_imputations_are_the_same_again(model, method):
    imputations = impute(imputation_draws(model, **method), strategy="copy-reference")
    kept = keep_imputations(imputations)
    again = read_imputations(kept)
    assert np.array_equal(again.values(slice(None)), imputations.values(slice(None)))
    assert again.data_set(1).equals(imputations.data_set(1))
    assert again.affected.strategy == imputations.affected.strategy
    assert repr(again.draws) == repr(imputations.draws)
    assert keep_imputations(again) == kept
    if imputations.draws.convergence is not None:
        assert again.draws.convergence.to_frame().equals(imputations.draws.convergence.to_frame())


def test_the_bytes_follow_from_the_call_alone(model):
    given = METHODS[1]
    one, other = (keep_draws(imputation_draws(model, **given)) for _ in range(2))
    assert one == other


def test_draws_can_be_imputed_after_they_are_read(model):
    draws = imputation_draws(model, **METHODS[1])
    again = read_draws(keep_draws(draws))
    one, other = (impute(each, strategy="missing-at-random") for each in (draws, again))
    assert np.array_equal(one.values(slice(None)), other.values(slice(None)))
    with pytest.raises(AnalysisError, match="without what is supposed"):
        read_imputations(keep_draws(draws))


def test_a_function_is_kept_by_its_name_alone(model):
    def own(own, reference, at_random):
        return VisitDistribution(mean=own.mean + 1.0, covariance=own.covariance)

    draws = imputation_draws(model, **METHODS[1])
    imputations = impute(draws, strategy="mine", functions={"mine": own})
    kept = keep_imputations(imputations)
    with pytest.raises(AnalysisError, match="the strategy 'mine' is not known"):
        read_imputations(kept)
    again = read_imputations(kept, functions={"mine": own})
    assert np.array_equal(again.values(slice(None)), imputations.values(slice(None)))


def changed(kept, compression=zipfile.ZIP_STORED, **members):
    """The bytes with some members replaced, or left out where they are None."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(kept)) as old, zipfile.ZipFile(target, "w", compression) as new:
        for each in old.namelist():
            name = each.removesuffix(".npy")
            if name not in members:
                new.writestr(each, old.read(each))
            elif members[name] is not None:
                array = io.BytesIO()
                np.save(array, members[name], allow_pickle=True)
                new.writestr(each, array.getvalue())
    return target.getvalue()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sigma": None}, "'sigma'"),
        ({"sigma": np.zeros((2, 2))}, "do not belong together"),
        ({"arm": np.full(30, 7)}, "an arm that there is not"),
        ({"sigma": np.array([{"a": 1}], dtype=object)}, "allow_pickle"),
        ({"names": np.frombuffer(b"[1]", dtype=np.uint8)}, "of this version"),
        ({"names": np.frombuffer(b"{", dtype=np.uint8)}, "not kept draws"),
        ({"names": np.frombuffer(b"[" * 90_000, dtype=np.uint8)}, "not kept draws"),
        ({"compression": zipfile.ZIP_DEFLATED}, "compressed"),
    ],
)
def test_other_bytes_are_refused(model, change, message):
    kept = keep_draws(imputation_draws(model, **METHODS[1]))
    with pytest.raises(AnalysisError, match=message):
        read_draws(changed(kept, **change))


def test_an_array_that_says_it_is_larger_than_memory_is_refused(model):
    kept = keep_draws(imputation_draws(model, **METHODS[1]))
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000000,), }"
    header += b" " * (118 - len(header) - 1) + b"\n"
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(kept)) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            claimed = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
            new.writestr(each, claimed if each == "sigma.npy" else old.read(each))
    with pytest.raises(AnalysisError, match="these are not kept draws"):
        read_draws(target.getvalue())


@pytest.mark.parametrize("kept", [b"", b"PK\x03\x04", b"text that is no archive"])
def test_bytes_that_are_no_archive_are_refused(kept):
    with pytest.raises(AnalysisError, match="these are not kept draws"):
        read_draws(kept)


def test_columns_of_every_kind_are_the_same_again():
    frame = pd.DataFrame(
        {
            "number": [1.5, np.nan],
            "whole": [1, 2],
            "truth": [True, False],
            "day": pd.to_datetime(["2026-01-01", None]),
            "text": ["a", None],
            "mixed": pd.Series(["a", 1], dtype=object),
            "nullable": pd.array([1, None], dtype="Int64"),
            "level": pd.Categorical(["b", None], categories=["b", "a"], ordered=True),
        }
    )
    again = frame_of(*columns_kept(frame))
    pd.testing.assert_frame_equal(again, frame)


def test_what_is_neither_text_nor_number_is_not_kept():
    frame = pd.DataFrame({"day": pd.to_datetime(["2026-01-01"], utc=True)})
    with pytest.raises(AnalysisError, match="the column 'day' holds"):
        columns_kept(frame)
    with pytest.raises(ValueError, match="has the type 'what'"):
        frame_of([{"name": "x", "kind": "text", "dtype": "what", "values": []}], {})


ELSEWHERE = """
import sys
from pathlib import Path
import pandas as pd
from trialkit.analysis import imputation_draws, imputation_model, keep_draws
frame, events = (pd.read_csv(each) for each in sys.argv[1:3])
model = imputation_model(frame, covariates=["base"], events=events, outcome="y", subject="id",
                         visit="visit", arm="arm", reference="C")
part = imputation_draws(model, method=sys.argv[5], draws=100, seed=3,
                        part=range(int(sys.argv[3]), int(sys.argv[4])))
sys.stdout.buffer.write(keep_draws(part))
"""


@pytest.mark.slow
@pytest.mark.parametrize("method", ["approximate-bayes", "bootstrapped-maximum-likelihood"])
def test_two_processes_give_what_one_gives_to_the_last_bit(trial, short, tmp_path, method):
    frame, events = trial(4)
    paths = [tmp_path / "frame.csv", tmp_path / "events.csv"]
    frame.to_csv(paths[0], index=False)
    events.to_csv(paths[1], index=False)
    parts = [
        subprocess.run(
            [sys.executable, "-c", ELSEWHERE, *map(str, paths), *map(str, ends), method],
            capture_output=True,
            check=True,
        ).stdout
        for ends in ((64, 100), (0, 64))
    ]
    model = imputation_model(
        pd.read_csv(paths[0]), covariates=["base"], events=pd.read_csv(paths[1]), **short
    )
    whole = imputation_draws(model, method=method, draws=100, seed=3)
    again = join_draws([read_draws(each) for each in parts])
    assert keep_draws(again) == keep_draws(whole)
    one, other = (impute(each).values(slice(None)) for each in (whole, again))
    assert np.array_equal(one, other)
