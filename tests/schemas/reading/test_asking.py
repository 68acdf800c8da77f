"""The visits at which a condition can hold at all, whatever anybody answers."""

from pathlib import Path

import pytest

from tests.miniature import Miniature
from trialkit.schemas.reading.asking import visits_that_ask

CONDITIONS = {
    "": "BL W6",
    "visit <> 'BL'": "W6",
    "visit = 'BL'": "BL",
    "visit IN ('BL', 'W6')": "BL W6",
    "drug = TRUE": "BL W6",
    "drug IS NULL": "BL W6",
    "drug IS NOT NULL AND visit = 'W6'": "W6",
    "visit = 'BL' OR drug = TRUE": "BL W6",
    "visit = 'W6' AND screening.age_years > 50": "W6",
    "NOT (visit = 'BL' OR side = 'l')": "W6",
    "BL.pain.vas_mm > 30": "BL W6",
    "visit = 'W6' AND BL.pain.vas_mm IS NOT NULL": "W6",
    "visit_date > randomisation.randomisation_date": "BL W6",
    "visit = 'BL' AND visit_date - randomisation.randomisation_date > 3": "BL",
}


@pytest.mark.parametrize(("condition", "visits"), CONDITIONS.items())
def test_a_visit_is_left_out_only_where_the_condition_is_known_to_fail(
    tmp_path: Path, condition: str, visits: str
) -> None:
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace(
        'shown_when = "drug = TRUE"\nrequired_when = "drug = TRUE"', f'shown_when = "{condition}"'
    )
    forms = trial.schemas(tmp_path).forms
    pain = next(form for form in forms if form.id == "pain")
    assert visits_that_ask(pain, pain.item("drug_name"), forms) == tuple(visits.split())


def test_an_item_without_a_condition_is_asked_wherever_its_form_is(tmp_path: Path) -> None:
    forms = Miniature().schemas(tmp_path).forms
    for form in forms:
        if form.visits:
            assert visits_that_ask(form, form.item("vas_mm"), forms) == form.visits
        else:
            assert visits_that_ask(form, form.items[0], forms) == ()
