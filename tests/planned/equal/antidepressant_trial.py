"""The antidepressant trial (``tests/reference/mmrm/antidepressant_data.csv``) written as a folder of a trial."""

from datetime import timedelta
from pathlib import Path

import pandas as pd

from tests.conftest import ROOT
from tests.report.kinds_of_trial import FIRST, WEEKS, Kind, Tables, write_trial

DATA = ROOT / "tests" / "reference" / "mmrm" / "antidepressant_data.csv"
ARMS = {"PLACEBO": "CARE", "DRUG": "TRAIN"}
VISITS = {"4": "V1", "5": "V2", "6": "V3", "7": "V4"}


def analysis(name: str, options: str) -> str:
    """One further analysis of the plan."""
    return (
        f'[[analyses]]\nid = "{name}"\nrole = "sensitivity"\noutcomes = ["pain"]\n'
        f'population = "itt"\nestimand = "E1"\nmethod = "multiple_imputation"\n{options}\n\n'
    )


def write_antidepressant(folder: Path, analyses: str) -> Path:
    """The trial with these analyses beside an analysis of covariance; its score stands in for pain."""
    data = pd.read_csv(DATA, dtype={"VISIT": str})
    sizes = tuple(int(data[data["THERAPY"] == each]["PATIENT"].nunique()) for each in ARMS)

    def change(tables: Tables) -> None:
        patients = {
            arm: iter(data.loc[data["THERAPY"] == name, "PATIENT"].unique())
            for name, arm in ARMS.items()
        }
        tables["assessment"] = []
        for number, person in enumerate(tables["randomisation"]):
            own = data[data["PATIENT"] == next(patients[person["arm"]])]
            values = {"V0": own["BASVAL"].iloc[0]}
            values |= dict(zip(own["VISIT"].map(VISITS), own["HAMDTL17"], strict=True))
            tables["assessment"] += [
                {
                    "subject_id": person["subject_id"],
                    "visit": visit,
                    "visit_date": FIRST + timedelta(days=number + WEEKS * int(visit[1])),
                    "pain_mm": value,
                    "better": "no",
                }
                for visit, value in values.items()
            ]

    kind = Kind(arms=tuple(ARMS.values()), per_arm=sizes, visits=5, more=analyses, change=change)
    return write_trial(folder, kind)
