"""The analysis datasets as files: whole, plain, harmless, and of the data that they name."""

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import EXAMPLE
from trialkit.datasets.model import Datasets
from trialkit.disk.content import whole
from trialkit.errors import DataFileError, FindingsError
from trialkit.files.own_files import listed_in
from trialkit.outputs.datasets_files import DESCRIPTION, MAKER, datasets_files, replace_datasets
from trialkit.steps.analysing import datasets_of
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import Validated
from trialkit.steps.validating import validate

TODAY = date(2026, 1, 1)


@cache
def validated() -> Validated:
    return validate(open_trial(EXAMPLE), today=TODAY)


@cache
def datasets() -> Datasets:
    return datasets_of(validated())


@cache
def files() -> dict[str, bytes]:
    return {
        name: whole(content) for name, content in datasets_files(validated(), datasets()).items()
    }


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files()[name].decode())))


def test_every_measurement_is_a_row_with_its_value_unrounded() -> None:
    rows, own = table("measurements.csv"), datasets().measurements
    assert len(rows) == len(own)
    written = pd.to_numeric(pd.Series([row["value"] for row in rows]), errors="coerce")
    assert written.tolist() == pytest.approx(own["value"].tolist(), rel=0, abs=0, nan_ok=True)


def test_means_of_the_file_are_those_of_the_results() -> None:
    """A second route: a script that reads the file finds what the plan found."""
    frame = pd.read_csv(io.BytesIO(files()["measurements.csv"]))
    pain = frame[(frame["outcome"] == "vas") & (frame["visit"] == "W6")]
    own = datasets().measurements
    there = own[(own["outcome"] == "vas") & (own["visit"] == "W6")]
    for arm, values in pain.groupby("arm"):
        assert values["change"].mean() == pytest.approx(
            there.loc[there["arm"] == arm, "change"].mean(), rel=1e-12
        )


def test_everybody_is_in_a_population_or_it_says_why_not() -> None:
    rows = table("populations.csv")
    people = int(datasets().subjects["randomised"].fillna(False).sum())
    codes = {each.code for each in datasets().populations}
    assert len(rows) == people * len(codes)
    assert all(bool(row["reason"]) != (row["included"] == "true") for row in rows)


def test_days_are_iso_and_answers_words_or_nothing() -> None:
    for row in table("subjects.csv"):
        assert row["randomised"] in {"true", "false", ""}
        if row["randomisation_date"]:
            assert date.fromisoformat(row["randomisation_date"])
        assert not {"nan", "NaT", "None", "<NA>"} & set(row.values())


def test_synthetic_data_say_so_in_every_row() -> None:
    label = validated().trial.protocol.trial.synthetic
    assert label
    assert {row["note"] for name in files() if name.endswith(".csv") for row in table(name)} == {
        label
    }


def test_the_document_names_the_data_and_every_column() -> None:
    document = json.loads(files()["datasets.json"])
    assert document["data_sha256"] == validated().snapshot.data_sha256
    assert document["data_cut"] == validated().cut
    for name, columns in document["datasets"].items():
        head = files()[f"{name}.csv"].decode().partition("\n")[0].split(",")
        assert head == [*columns, "note"]


@pytest.mark.slow
def test_another_cell_is_another_hash(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    shutil.copytree(EXAMPLE, trial, ignore=shutil.ignore_patterns("output", "queries"))
    place = trial / "data" / "pain.csv"
    place.write_text(place.read_text(encoding="utf-8").replace("52", "53", 1), encoding="utf-8")
    changed = validate(open_trial(trial), today=TODAY)
    assert changed.snapshot.data_sha256 != validated().snapshot.data_sha256


def test_a_name_is_masked_and_a_formula_harmless() -> None:
    own = datasets()
    first = own.characteristics["characteristic"].astype("str").iloc[0]
    form_id, _, item_id = first.partition(".")
    trial = validated().trial
    forms = tuple(
        replace(
            form,
            items=tuple(
                replace(item, identifier=True) if item.id == item_id else item
                for item in form.items
            ),
        )
        if form.id == form_id
        else form
        for form in trial.schemas.forms
    )
    hiding = replace(validated(), trial=replace(trial, schemas=replace(trial.schemas, forms=forms)))
    harmful = replace(own, concomitant=own.concomitant.assign(term="=HYPERLINK('http://x')"))
    made = {
        name: whole(content).decode() for name, content in datasets_files(hiding, harmful).items()
    }
    rows = [row for row in csv.DictReader(io.StringIO(made["characteristics.csv"]))
            if row["characteristic"] == first]  # fmt: skip
    assert rows
    assert all(row["value"] == "" and row["category"].startswith("(not shown") for row in rows)
    assert "'=HYPERLINK" in made["concomitant.csv"]
    assert ",=HYPERLINK" not in made["concomitant.csv"]


def test_hard_findings_stop_it_unless_they_are_allowed(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    shutil.copytree(EXAMPLE, trial, ignore=shutil.ignore_patterns("output", "queries"))
    place = trial / "data" / "pain.csv"
    rows = place.read_text(encoding="utf-8").splitlines()
    place.write_text("\n".join([*rows, rows[-1]]) + "\n", encoding="utf-8")
    broken = validate(open_trial(trial), today=TODAY)
    with pytest.raises(FindingsError, match="hard finding"):
        datasets_of(broken)


def test_datasets_take_the_place_of_the_last_ones_and_of_nothing_else(tmp_path: Path) -> None:
    replace_datasets(tmp_path, files())
    (tmp_path / "script.R").write_bytes(b"mine")
    replace_datasets(tmp_path, files())
    held = {each.name for each in tmp_path.iterdir()}
    assert held == {*files(), "script.R"}
    assert set(listed_in(MAKER, tmp_path)) == set(files())


@pytest.mark.parametrize("earlier", [False, True])
def test_a_file_of_somebody_else_is_never_overwritten(tmp_path: Path, *, earlier: bool) -> None:
    if earlier:
        replace_datasets(tmp_path, files())
    (tmp_path / "measurements.csv").write_bytes(b"mine")
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    said = "was changed since it was made" if earlier else "was not made by trialkit datasets"
    with pytest.raises(DataFileError, match=rf"measurements.csv: {said}.* by --out"):
        replace_datasets(tmp_path, files())
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_description_of_something_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / DESCRIPTION).write_bytes(b'{"datasets": []}')
    with pytest.raises(DataFileError, match="no manifest of trialkit datasets"):
        replace_datasets(tmp_path, files())


@pytest.mark.parametrize("name", ["../letter.csv", "/etc/x.csv", "a\\b.csv", "script.R", ""])
def test_a_forged_description_takes_nothing_away(tmp_path: Path, name: str) -> None:
    listed = {"files": [{"file": name, "sha256": ""}]}
    (tmp_path / DESCRIPTION).write_text(json.dumps(listed))
    assert list(listed_in(MAKER, tmp_path)) == [DESCRIPTION]
