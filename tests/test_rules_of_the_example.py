"""Every rule that the example's forms write down finds what it is for."""

from pathlib import Path

import pandas as pd
import pytest

from tests.damaged import EXAMPLE, Act, Defect, damage
from trialkit.checks.trial.checking import check
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

# rule: form, row, cells that break it
BROKEN = {
    "SCR01": ("screening", ("BH-001",), {"consent_date": "2021-10-17"}),
    "SCR02": ("screening", ("BH-002",), {"age_years": "70"}),
    "SCR03": ("screening", ("BH-003",), {"nonspecific_pain": "no"}),
    "SCR04": ("screening", ("BH-008",), {"age_years": "60"}),
    "SCR05": ("screening", ("BH-019",), {"not_enrolled_reason": "declined"}),
    "DEM01": ("demographics", ("BH-005",), {"age_years": "54"}),
    "DEM02": ("demographics", ("BH-006",), {"weight_kg": "42.0"}),
    "DEM03": ("demographics", ("BH-007",), {"pain_duration_months": "560"}),
    "RND01": ("randomisation", ("BH-009",), {"randomisation_date": "2021-12-01"}),
    "RND02": ("randomisation", ("BH-010",), {"randomisation_date": "2021-12-01"}),
    "RND03": ("screening", ("BH-011",), {"not_enrolled_reason": "other"}),
    "PAIN01": ("pain", ("BH-012", "BL"), {"visit_date": "2022-01-13"}),
    "PAIN02": ("pain", ("BH-014", "W6"), {"visit_date": "2022-01-31"}),
    "PAIN03": ("pain", ("BH-015", "BL"), {"visit_date": "2021-11-01"}),
    "PAIN04": ("pain", ("BH-017", "BL"), {"answered_on": "2022-02-01"}),
    "PAIN05": ("pain", ("BH-018", "W6"), {"answered_on": "2022-04-23"}),
    "PAIN06": ("pain", ("BH-006", "W6"), {"vas_mm": "100"}),
    "BAL01": ("balance", ("BH-012", "BL"), {"visit_date": "2022-01-13"}),
    "BAL02": ("balance", ("BH-014", "W6"), {"visit_date": "2022-01-31"}),
    "BAL03": ("balance", ("BH-015", "BL"), {"visit_date": "2021-11-01"}),
    "BAL04": ("balance", ("BH-017", "BL"), {"togu_score": "2.10"}),
    "TRK01": ("trunk", ("BH-012", "BL"), {"visit_date": "2022-01-13"}),
    "TRK02": ("trunk", ("BH-014", "W6"), {"visit_date": "2022-01-31"}),
    "TRK03": ("trunk", ("BH-015", "BL"), {"visit_date": "2021-11-01"}),
    "TRK04": ("trunk", ("BH-017", "W6"), {"back_strength_kg": "30.0"}),
    "TRK05": ("trunk", ("BH-018", "BL"), {"abdominal_strength_kg": "99.9"}),
    "HAM01": ("hamstring", ("BH-012", "BL"), {"visit_date": "2022-01-13"}),
    "HAM02": ("hamstring", ("BH-014", "W6"), {"visit_date": "2022-01-31"}),
    "HAM03": ("hamstring", ("BH-015", "BL"), {"visit_date": "2021-11-01"}),
    "HAM04": ("hamstring", ("BH-017", "BL"), {"strength_left_kg": "ND"}),
    "HAM05": ("hamstring", ("BH-018", "BL"), {"strength_left_kg": "39.9"}),
    "SES01": ("sessions", ("BH-002", "3"), {"subject_id": "BH-003", "repeat": "1"}),
    "SES02": ("sessions", ("BH-006", "1"), {"session_date": "2021-11-24"}),
    "SES03": ("sessions", ("BH-009", "18"), {"repeat": "19"}),
    "SES04": ("sessions", ("BH-010", "18"), {"session_date": "2022-02-18"}),
    "AE01": ("adverse_events", ("BH-002", "1"), {"end_date": "2021-10-30"}),
    "AE02": ("adverse_events", ("BH-006", "1"), {"start_date": "2021-11-01"}),
    "AE03": ("adverse_events", ("BH-005", "1"), {"related": "yes"}),
    "AE04": ("adverse_events", ("BH-009", "1"), {"serious": "yes"}),
    "AE05": ("adverse_events", ("BH-023", "1"), {"start_date": "2022-08-01"}),
    "CON01": ("concomitant_care", ("BH-001", "1"), {"end_date": "2021-10-27"}),
    "CON02": ("concomitant_care", ("BH-012", "1"), {"end_date": "2022-01-10"}),
    "END01": ("end_of_study", ("BH-020",), {"end_date": "2022-03-20"}),
    "END03": ("end_of_study", ("BH-022",), {"end_date": "2022-05-20"}),
    "END04": ("end_of_study", ("BH-011",), {"discontinuation_date": "2022-01-03"}),
    "END05": ("end_of_study", ("BH-025",), {"discontinued": "yes"}),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> pd.DataFrame:
    defects = [
        Defect(
            kind=rule,
            form=form,
            row=row,
            act=Act.ADD if {"subject_id", "repeat"} & set(cells) else Act.CHANGE,
            cells=tuple(cells.items()),
            item="",
            rule_id=rule,
        )
        for rule, (form, row, cells) in BROKEN.items()
    ]
    folder: Path = damage(tmp_path_factory.mktemp("trial"), defects)
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    return check(
        freeze(FolderSource(folder=folder), schemas, cut=None), schemas, protocol
    ).to_frame()


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found_on_its_subject(rule, found):
    _, row, cells = BROKEN[rule]
    subjects = set(found.loc[found["rule_id"] == rule, "subject_id"])
    assert cells.get("subject_id", row[0]) in subjects


def test_every_rule_of_the_example_is_tried():
    protocol = load_protocol(EXAMPLE)
    schemas = form_schemas(EXAMPLE, protocol)
    assert {rule.id for form in schemas.forms for rule in form.rules} == set(BROKEN)
