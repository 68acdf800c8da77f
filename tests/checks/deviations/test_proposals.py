"""What findings and missed visits propose, in words without an arm."""

import pandas as pd

from tests.miniature import SITE, Miniature
from trialkit.checks.deviations.kinds import GROUNDS, OF_PARTICIPANT, DeviationKind
from trialkit.checks.deviations.proposals import (
    PROPOSED,
    deviation_id,
    from_findings,
    missed_visits,
    proposals,
)
from trialkit.checks.trial.checking import check
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

OUT, MISSED = DeviationKind.OUT_OF_WINDOW, DeviationKind.MISSED_VISIT


def proposed(trial, folder):
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas)
    found = check(snapshot, schemas, trial.protocol).to_frame()
    grounds = (
        from_findings(found, schemas, trial.protocol),
        missed_visits(snapshot, schemas, trial.protocol),
    )
    return proposals(grounds, snapshot, schemas, trial.protocol)


def shown(rows):
    return [tuple(row) for row in rows[["subject_id", "visit", "date", "kind"]].to_numpy()]


def test_a_clean_trial_proposes_nothing(tmp_path):
    rows = proposed(Miniature(), tmp_path)
    assert rows.empty
    assert tuple(rows.columns) == PROPOSED


def test_a_late_visit_a_missed_one_and_one_not_eligible(tmp_path):
    trial = Miniature()
    pain = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,2025-03-20")
    trial.data["pain"] = pain.replace("S3,W6,2025-02-27,ND,,no,\n", "")
    trial.data["screening"] = trial.data["screening"].replace("50,yes", "50,no")
    trial.data["end_of_study"] = "subject_id,end_date,completed\nS3,2025-03-27,no\n"
    rows = proposed(trial, tmp_path)
    assert set(shown(rows)) == {
        ("S1", "W6", "2025-03-20", OUT.value),
        ("S3", "W6", "", MISSED.value),
        ("S3", "", "", DeviationKind.NOT_ELIGIBLE.value),
    }
    said = dict(zip(rows["kind"], rows["description"], strict=True))
    assert said[OUT] == "The visit was dated outside its window (Week 6), 2025-03-20"
    assert said[MISSED] == "Nothing was answered at a visit that is due (Week 6)"
    assert set(rows["site"]) == {"01"}
    ids = [deviation_id(*each) for each in rows[["subject_id", "visit", "kind"]].to_numpy()]
    assert rows["id"].tolist() == ids


def test_a_visit_marked_as_not_done_was_missed_unless_it_does_not_apply(tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S3,W6,2025-02-27,ND,,no,\n", "")
    for reason, missed in (("REF", 1), ("NA", 0)):
        trial.data["not_done"] = f"subject_id,visit,form,reason\nS3,W6,,{reason}\n"
        rows = proposed(trial, tmp_path / reason)
        assert (rows["kind"] == MISSED.value).sum() == missed


def test_a_form_of_some_arms_is_neither_missed_nor_named(tmp_path):
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace(
        'visits = ["BL", "W6"]', 'visits = ["BL", "W6"]\narms = ["A"]'
    )
    trial.data["pain"] = trial.data["pain"].replace("S3,W6,2025-02-27,ND,,no,\n", "")
    rows = proposed(trial, tmp_path)
    assert MISSED.value not in set(rows["kind"])
    assert DeviationKind.MISSED_FORM.value not in set(rows["kind"])
    others = rows[rows["kind"] == DeviationKind.OTHER_ARMS_FORM.value]
    assert others["subject_id"].tolist() == ["S2"]
    assert not rows["description"].str.contains("Pain|Active|Placebo").any()


def test_a_date_that_is_wrong_in_itself_is_no_deviation(tmp_path):
    """All visits around one date: the date of randomisation is doubted, and they follow from it."""
    trial = Miniature()
    trial.data["randomisation"] = trial.data["randomisation"].replace(
        "S2,2025-01-15", "S2,2025-10-15"
    )
    rows = proposed(trial, tmp_path)
    assert rows.empty


def test_the_site_is_that_of_the_participant(tmp_path):
    trial = Miniature()
    trial.forms["screening"] += SITE
    head, *rows = trial.data["screening"].strip().split("\n")
    trial.data["screening"] = "\n".join([f"{head},site", *(f"{row},01" for row in rows)]) + "\n"
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,2025-03-20")
    assert set(proposed(trial, tmp_path)["site"]) == {"01"}


def test_several_grounds_of_one_deviation_are_one_row(tmp_path):
    trial = Miniature()
    schemas = trial.schemas(tmp_path)
    snapshot = freeze(FolderSource(folder=tmp_path), schemas)
    one = pd.DataFrame(
        {
            "subject_id": ["S1", "S1", "S1"],
            "visit": "W6",
            "kind": [DeviationKind.MISSED_FORM.value] * 2 + [OUT.value],
            "date": "",
            "description": ["b", "a", "c"],
            "proposed_from": ["x", "y", "z"],
        }
    )
    rows = proposals((one, one.iloc[::-1]), snapshot, schemas, trial.protocol)
    assert rows["description"].tolist() == ["a; b", "c"]
    missed = one.tail(1).assign(kind=MISSED.value)
    rows = proposals((one, missed), snapshot, schemas, trial.protocol)
    assert rows["kind"].tolist() == [MISSED.value, OUT.value]


def test_kinds_are_said_in_words_without_an_answer():
    assert {BuiltIn.VISIT_WINDOW, BuiltIn.NOT_ELIGIBLE, BuiltIn.OTHER_ARM_RECEIVED} <= set(GROUNDS)
    assert not any("{" in ground.says for ground in GROUNDS.values())
    assert GROUNDS[BuiltIn.NO_CONSENT].kind in OF_PARTICIPANT
    assert GROUNDS[BuiltIn.VISIT_WINDOW].kind not in OF_PARTICIPANT
