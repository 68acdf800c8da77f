"""The three-arm trial of the tests, and the trial that ``trialkit new`` writes, run as they stand."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from trialkit.checks.trial.checking import check
from trialkit.datasets.building import build_datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

THREE_ARMS = Path(__file__).parent / "trials" / "three_arms"
TEMPLATE = Path(str(files("trialkit"))) / "newtrial"
BOTH = [pytest.param(THREE_ARMS, id="three arms"), pytest.param(TEMPLATE, id="template")]


def line(folder):
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return protocol, schemas, snapshot, build_datasets(snapshot, schemas, protocol)


@pytest.fixture(scope="module")
def three_arms():
    return line(THREE_ARMS)


@pytest.mark.parametrize("folder", BOTH)
def test_it_validates_without_any_finding(folder):
    protocol, schemas, snapshot, _ = line(folder)
    assert check(snapshot, schemas, protocol).to_frame().empty


@pytest.mark.parametrize("folder", BOTH)
def test_its_whole_plan_can_be_carried_out_for_every_outcome(folder):
    protocol, _, _, datasets = line(folder)
    results = carry_out(protocol, datasets).to_frame()
    for analysis in protocol.plan.analyses:
        for outcome in analysis.outcomes:
            rows = results[
                (results["analysis_id"] == analysis.id) & (results["outcome"] == outcome)
            ]
            headline = rows[rows["term"].str.contains(" - ") & (rows["stat_name"] == "estimate")]
            assert len(headline) > 0, (analysis.id, outcome)
            assert np.isfinite(headline["stat"]).all(), (analysis.id, outcome)


@pytest.mark.parametrize("folder", BOTH)
def test_its_data_are_labelled_synthetic(folder):
    assert "ynthetic" in load_protocol(folder).trial.synthetic


def test_the_three_arms_are_of_unequal_size_and_randomised_by_site(three_arms):
    _, schemas, snapshot, datasets = three_arms
    assert {arm.arm: arm.allocated for arm in datasets.disposition.arms} == {
        "CTRL": 9,
        "HIGH": 14,
        "LOW": 11,
    }
    values = snapshot["randomisation"].values
    blocks = values.groupby(["stratum", "block"], observed=True)["arm"].value_counts().unstack()
    full = blocks[blocks.sum(axis="columns") == 10]
    assert len(full) == 3
    assert (full[["HIGH", "LOW", "CTRL"]] == [4, 3, 3]).all(axis=None)
    assert schemas.data.decimal == ","


def test_the_three_arm_trial_has_dropouts_with_reasons_and_every_kind_of_missing_value(three_arms):
    _, _, snapshot, datasets = three_arms
    lost = {reason.text for arm in datasets.disposition.arms for reason in arm.lost}
    assert lost == {"lost to follow-up", "refused", "withdrawn"}
    codes = {
        code
        for form in ("assessment", "global_rating", "end_of_study")
        for code in snapshot[form].codes.stack().dropna()
    }
    assert codes == {"ND", "REF", "LTFU", "WD", "NASK", "NA", "CLOSED", "AID"}


def test_one_participant_had_the_care_of_another_arm_and_one_had_none(three_arms):
    people = three_arms[3].subjects.query("randomised")
    other = people[people["arm_received"].notna() & ~people["received_intervention"]]
    assert list(zip(other["arm"], other["arm_received"], strict=True)) == [("HIGH", "LOW")]
    assert people.loc[people["arm_received"].isna(), "not_received_reason"].tolist() == [
        "Never came to a session"
    ]


def test_the_leaflet_arm_has_no_adverse_event(three_arms):
    events = three_arms[3].adverse_events
    assert set(events["arm"]) == {"HIGH", "LOW"}
    assert events["serious"].sum() == 1


def test_what_excel_writes_is_read_to_the_letter(three_arms):
    snapshot = three_arms[2]
    assert (THREE_ARMS / "data" / "assessment.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "Fußschmerz" in set(snapshot["adverse_events"].values["term"])
    assert "Common cold; fever" in set(snapshot["adverse_events"].values["term"])
    assert set(snapshot["screening"].values["subject_id"].str.len()) == {4}
    assert snapshot["demographics"].values["bmi"].between(15, 45).all()
