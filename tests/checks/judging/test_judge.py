"""One row is judged as all rows are, with the other rows at hand."""

import numpy as np
import pytest

from tests.miniature import Miniature
from trialkit.checks.judging import cells
from trialkit.checks.judging.judge import judge
from trialkit.checks.judging.others import CellsOfForms, Others, Rows
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

WORSE = """
[[rules]]
id = "WORSE"
expression = "visit <> 'W6' OR vas_mm <= BL.pain.vas_mm"
severity = "soft"
message = "More than {vas_mm} before"
items = ["vas_mm"]

[[rules]]
id = "SCREENED"
expression = "visit_date >= screening.screening_date"
severity = "hard"
message = "Before screening"
items = ["visit_date"]
"""


@pytest.fixture
def trial():
    mini = Miniature()
    mini.forms["pain"] += WORSE
    mini.data["pain"] = (
        mini.data["pain"]
        .replace("W6,2025-02-26,30.5,l", "W6,2025-02-26,30.5,x")
        .replace("W6,2025-02-26,55,r", "W6,2025-02-26,99,r")
        .replace("S3,BL,2025-01-16", "S3,BL,2025-01-10")
    )
    return mini


def all_rows(data):
    return Rows(data=data, usable=np.ones(data.typed.height, dtype=bool))


def one_row(data, at):
    return Rows(data=data.take(np.array([at])), usable=np.array([True]))


def at_hand(folder, schemas):
    snapshot = freeze(FolderSource(folder=folder), schemas)
    rows = {form.id: all_rows(snapshot[form.id]) for form in schemas.forms}
    return rows, Others(schemas=schemas, cells=CellsOfForms(rows, schemas))


def said(judged):
    return sorted(
        (each.rule_id, each.item, place.subject_id, place.visit, place.value, place.message)
        for each in judged.hits
        for place in each.places.itertuples()
    )


def test_each_row_alone_is_judged_as_among_all(trial, tmp_path):
    schemas = trial.schemas(tmp_path)
    form = schemas.form("pain")
    rows, others = at_hand(tmp_path, schemas)
    together = said(judge(form, rows["pain"], others))

    data = rows["pain"].data
    one_by_one = []
    for at in range(data.typed.height):
        _, afresh = at_hand(tmp_path, schemas)
        one_by_one += said(judge(form, one_row(data, at), afresh))

    assert {"WORSE", "SCREENED", "not_a_choice"} <= {rule for rule, *_ in together}
    assert sorted(one_by_one) == together


def test_a_row_that_is_entered_again_gives_way_to_itself(trial, tmp_path):
    schemas = trial.schemas(tmp_path)
    form = schemas.form("pain")
    rows, others = at_hand(tmp_path, schemas)
    trial.data["pain"] = trial.data["pain"].replace("S2,BL,2025-01-15,60", "S2,BL,2025-01-15,100")
    again, _ = at_hand(tmp_path / "again", trial.schemas(tmp_path / "again"))
    data = again["pain"].data
    both = data.typed["subject_id"].is_in(["S2"]).arg_true().to_numpy()
    judged = judge(form, Rows(data=data.take(both), usable=np.ones(2, dtype=bool)), others)

    assert "WORSE" in {rule for rule, *_ in said(judge(form, rows["pain"], others))}
    assert "WORSE" not in {rule for rule, *_ in said(judged)}


def test_a_row_reads_the_others_as_they_are_at_hand(trial, tmp_path):
    schemas = trial.schemas(tmp_path)
    form = schemas.form("pain")
    rows, others = at_hand(tmp_path, schemas)
    keys = rows["pain"].data.typed.select("subject_id", "visit").rows()
    late = one_row(rows["pain"].data, keys.index(("S2", "W6")))

    assert [rule for rule, *_ in said(judge(form, late, others))] == ["WORSE", "unusual"]


def test_only_the_forms_that_a_rule_reads_are_looked_at(trial, tmp_path, monkeypatch):
    looked_at = []

    def check_cells(form, *arguments, **named):
        looked_at.append(form.id)
        return cells.check_cells(form, *arguments, **named)

    schemas = trial.schemas(tmp_path)
    rows, others = at_hand(tmp_path, schemas)
    monkeypatch.setattr("trialkit.checks.judging.others.check_cells", check_cells)
    judge(schemas.form("pain"), rows["pain"], others)

    assert sorted(looked_at) == ["end_of_study", "pain", "randomisation", "screening"]
    assert len(schemas.forms) == 5
