"""How long participants were at risk, and why a count without that is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.report.falls_trial import write_falls
from tests.report.kinds_of_trial import Kind, Row
from trialkit.datasets.building import build_datasets
from trialkit.datasets.exposures import (
    EVENTS_WITHOUT_EXPOSURE,
    EXPOSURE_UNKNOWN,
    NEVER_AT_RISK,
    NO_COUNT,
    derive_exposures,
    sinking_the_sum,
    without_exposure,
)
from trialkit.datasets.measurements import NO_FORM
from trialkit.datasets.model import Datasets
from trialkit.datasets.picked_rows import TOO_FEW
from trialkit.datasets.pooling import pool
from trialkit.datasets.sources import Sources
from trialkit.errors import AnalysisError
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

SMALL = Kind(per_arm=(6,))


def scarred(rows: list[Row]) -> None:
    """What goes wrong with exposures, each in a participant of its own."""
    own = {
        who: [row for row in rows if row["subject_id"] == who]
        for who in {r["subject_id"] for r in rows}
    }
    own["P000"][0]["days"] = ""
    for row in own["P001"]:
        row |= {"days": 0, "falls": 0}
    for row in own["P002"]:
        row |= {"days": 0, "falls": 1}
    own["P003"][0]["falls"] = -1
    own["P003"][1]["falls"] = 3
    rows[:] = [row for row in rows if row["subject_id"] != "P004"]
    own["P005"][0]["days"] = -1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Protocol, Datasets]:
    folder = write_falls(tmp_path_factory.mktemp("falls") / "trial", kind=SMALL, change=scarred)
    return folder, *derived(folder)


def derived(folder: Path, **changes: object) -> tuple[Protocol, Datasets]:
    protocol = load_protocol(folder)
    if changes:
        outcomes = tuple(
            replace(each, **changes) if each.code == "falls" else each for each in protocol.outcomes
        )
        protocol = replace(protocol, outcomes=outcomes)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return protocol, build_datasets(snapshot, schemas, protocol)


def falls(datasets: Datasets) -> dict[str, object]:
    """By participant the number of falls, or why there is none."""
    rows = datasets.measurements[datasets.measurements["outcome"] == "falls"]
    said = rows["value"].astype("object").where(rows["value"].notna(), rows["missing_reason"])
    return dict(zip(rows["subject_id"], said, strict=True))


def test_each_who_has_no_rate_has_a_reason(made: tuple[Path, Protocol, Datasets]) -> None:
    found = falls(made[2])
    assert {who: found[who] for who in ("P000", "P001", "P002", "P003", "P004", "P005")} == {
        "P000": TOO_FEW,  # a month without its days is as if it had not been asked
        "P001": NEVER_AT_RISK,
        "P002": EVENTS_WITHOUT_EXPOSURE,
        "P003": NO_COUNT,
        "P004": NO_FORM,
        "P005": EXPOSURE_UNKNOWN,
    }
    others = {who: value for who, value in found.items() if who > "P005"}
    diary = (
        pd.read_csv(made[0] / "data" / "diary.csv").groupby("subject_id")[["falls", "days"]].sum()
    )
    assert others == diary["falls"].loc[list(others)].to_dict()
    exposures = made[2].exposures.set_index("subject_id")["exposure"]
    assert exposures.loc[list(others)].to_dict() == diary["days"].loc[list(others)].to_dict()
    assert np.isnan(exposures[["P004", "P005"]]).all()
    assert set(made[2].exposures["visit"]) == {"V1"}


def test_fewer_months_than_all_count_where_the_protocol_says_so(
    made: tuple[Path, Protocol, Datasets],
) -> None:
    _, datasets = derived(made[0], at_least=1)
    diary = pd.read_csv(made[0] / "data" / "diary.csv")
    known = diary[(diary["subject_id"] == "P000") & diary["days"].notna()]
    assert falls(datasets)["P000"] == known["falls"].sum()
    exposure = datasets.exposures.set_index("subject_id")["exposure"]
    assert exposure["P000"] == known["days"].sum()


def test_a_row_that_is_no_count_leaves_no_sum() -> None:
    rows = np.array([2.0, -1, 0.5, np.nan, 0])
    assert sinking_the_sum(rows).tolist()[:3] == [2, -np.inf, -np.inf]
    assert np.isnan(sinking_the_sum(rows)[3])
    assert sinking_the_sum(rows)[4] == 0


def with_sessions(protocol: Protocol) -> Protocol:
    outcomes = tuple(
        replace(each, exposure="sessions") if each.code == "falls" else each
        for each in protocol.outcomes
    )
    return replace(protocol, outcomes=outcomes)


def test_sessions_attended_may_be_the_exposure(made: tuple[Path, Protocol, Datasets]) -> None:
    """Where it is not known of one whether it was attended, nobody knows how many were."""
    folder, protocol, datasets = made
    schemas = form_schemas(folder, protocol)
    sources = Sources(snapshot=freeze(FolderSource(folder=folder), schemas), schemas=schemas)
    attendance = pd.DataFrame(
        {
            "subject_id": ["P000", "P001", "P002"],
            "attended": pd.array([12, 0, 7], dtype="Int64"),
            "unknown": pd.array([0, 0, 2], dtype="Int64"),
        }
    )
    found = derive_exposures(sources, with_sessions(protocol), datasets.subjects, attendance)
    exposure = found.set_index("subject_id")["exposure"]
    assert exposure[["P000", "P001"]].tolist() == [12.0, 0.0]
    assert exposure.drop(["P000", "P001"]).isna().all()


def test_without_an_exposure_everybody_counts_once(made: tuple[Path, Protocol, Datasets]) -> None:
    _, datasets = derived(made[0], exposure="", exposure_unit="", per=1, per_unit="")
    assert len(datasets.exposures) == 0
    assert falls(datasets)["P001"] == 0


def test_a_pooled_report_has_a_count_whose_exposure_all_are_asked_alike(
    made: tuple[Path, Protocol, Datasets],
) -> None:
    folder, protocol, _ = made
    schemas = form_schemas(folder, protocol)
    assert "falls" in [each.code for each in pool(protocol, schemas).outcomes]
    with pytest.raises(AnalysisError, match="'Falls' is not asked of every arm alike"):
        pool(with_sessions(protocol), schemas)


def test_counts_of_other_outcomes_and_visits_stay_as_they_are() -> None:
    rows = pd.DataFrame(
        {
            "subject_id": ["A", "A", "B"],
            "outcome": ["falls", "falls", "pain"],
            "visit": ["V1", "V2", "V1"],
            "value": [3.0, 2.0, 5.0],
            "missing_reason": pd.Series([None, None, None], dtype="str"),
        }
    )
    exposures = pd.DataFrame(
        {"subject_id": ["A"], "outcome": ["falls"], "visit": ["V1"], "exposure": [np.nan]}
    )
    found = without_exposure(rows, exposures)
    assert found["value"].tolist() == [pytest.approx(np.nan, nan_ok=True), 2.0, 5.0]
    assert found["missing_reason"].fillna("").tolist() == [EXPOSURE_UNKNOWN, "", ""]
    assert without_exposure(rows, exposures.iloc[:0]) is rows


def test_the_time_at_risk_may_be_the_exposure(made: tuple[Path, Protocol, Datasets]) -> None:
    """From the randomisation to the end of the study, of whom both days are known."""
    protocol, datasets = derived(made[0], exposure="at_risk", exposure_unit="")
    assert protocol.outcome("falls").exposure_unit == "days"
    people = datasets.subjects[datasets.subjects["randomised"]].set_index("subject_id")
    days = (people["end_date"] - people["randomisation_date"]).dt.days
    exposure = datasets.exposures.set_index("subject_id")["exposure"]
    assert exposure.to_dict() == days.astype(float).to_dict()
    diary = pd.read_csv(made[0] / "data" / "diary.csv").groupby("subject_id")["falls"].sum()
    assert falls(datasets)["P001"] == diary["P001"]
