"""Imaging: several levels, sides and methods at a visit, of which the protocol picks and combines."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.datasets.imaging_trial import imaging_form
from tests.miniature import Miniature, dedented
from trialkit.checks.trial.checking import check
from trialkit.datasets.measurements import derive_measurements
from trialkit.datasets.picked_rows import NOT_MEASURED, NOT_SAID, SEVERAL, TOO_FEW
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import derive_subjects
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.outcomes import Combine, Outcome, OutcomeRole
from trialkit.schemas.reading.picks import complain_of_picks, expected_rows
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

IMAGING = imaging_form(
    "Imaging", '["BL", "W6"]', ("thick", "Thickness", ""), sides=("l", "r"), us="us"
)
ALONE = dedented("""
    [form]
    id = "alone"
    title = "Imaging of one"
    kind = "assessment"
    expected = "as_needed"
    visits = ["BL", "W6"]

    [[items]]
    id = "thick"
    label = "Thickness of one"
    type = "decimal"
    unit = "mm"
""")


def outcome(code, *, form="imaging", combine=None, at_least=None, direction="higher", **where):
    return Outcome(
        code=code, label=code, type=OutcomeType.CONTINUOUS, role=OutcomeRole.SECONDARY, form=form,
        item="thick", time_point="W6", metric="final value", aggregation="mean",
        direction=Direction(direction), combine=combine, at_least=at_least,
        where={name: (codes,) if isinstance(codes, str) else codes for name, codes in where.items()},
    )  # fmt: skip


ONE = outcome("one", level="L5", side="l", method="us")
OUTCOMES = (
    ONE,
    outcome("mean", level="L5", method="us", combine=Combine.MEAN),
    outcome("either", level="L5", method="us", combine=Combine.MEAN, at_least=1),
    outcome("max", side="l", method="us", combine=Combine.MAX, at_least=1),
    outcome("min", side=("l", "r"), level="L4", method="us", combine=Combine.MIN, at_least=1),
    outcome("worst", level="L5", method="us", combine=Combine.WORST, at_least=1),
    outcome("first", combine=Combine.FIRST),
    outcome("alone", form="alone"),
)


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    trial = Miniature()
    trial.forms |= {"imaging": IMAGING, "alone": ALONE}
    trial.protocol = replace(trial.protocol, outcomes=OUTCOMES)
    folder = tmp_path_factory.mktemp("imaging")
    trial.data |= {"imaging": "", "alone": ""}
    return trial, folder, trial.schemas(folder)


def measured(trial, imaging, alone=()):
    """By subject, outcome and visit: the value, or why there is none."""
    miniature, folder, schemas = trial
    head = "subject_id,visit,repeat,level,side,method,thick"
    (folder / "data" / "imaging.csv").write_text("\n".join([head, *imaging]) + "\n", "utf-8")
    head = "subject_id,visit,thick"
    (folder / "data" / "alone.csv").write_text("\n".join([head, *alone]) + "\n", "utf-8")
    snapshot = freeze(FolderSource(folder=folder), schemas)
    sources = Sources(snapshot=snapshot, schemas=schemas)
    subjects = derive_subjects(sources, miniature.protocol)
    rows = derive_measurements(sources, miniature.protocol, subjects)
    said = rows["value"].astype("object").where(rows["value"].notna(), rows["missing_reason"])
    keys = rows[["subject_id", "outcome", "visit"]].itertuples(index=False, name=None)
    return dict(zip(keys, said, strict=True))


ROWS = [
    "S1,W6,1,L3,l,us,10", "S1,W6,2,L4,l,us,12.5", "S1,W6,3,L5,l,us,30", "S1,W6,4,L3,r,us,11",
    "S1,W6,5,L4,r,us,ND", "S1,W6,6,L5,r,us,33", "S1,W6,7,L3,l,mri,90", "S1,W6,8,L4,l,mri,91",
    "S1,W6,9,L5,l,mri,92", "S1,W6,10,L3,r,mri,93", "S1,W6,11,L4,r,mri,94", "S1,W6,12,L5,r,mri,95",
    "S2,W6,3,L5,l,us,ND", "S2,W6,4,L5,r,us,40", "S2,W6,5,L4,r,mri,8",
    "S3,W6,1,L5,l,us,20", "S3,W6,2,L5,l,us,21", "S3,BL,1,,l,us,22",
]  # fmt: skip
BY_HAND = {
    "one": {"S1": 30, "S2": "not done", "S3": SEVERAL},
    "mean": {"S1": 31.5, "S2": TOO_FEW, "S3": 20.5},
    "either": {"S1": 31.5, "S2": 40, "S3": 20.5},
    "max": {"S1": 30, "S2": "not done", "S3": 21},
    "min": {"S1": 12.5, "S2": NOT_MEASURED, "S3": NOT_MEASURED},
    "worst": {"S1": 30, "S2": 40, "S3": 20},
    "first": {"S1": 10, "S2": 40, "S3": 20},
}


def test_what_is_picked_and_combined_is_what_a_hand_comes_to(trial):
    found = measured(trial, ROWS)
    for code, by_subject in BY_HAND.items():
        for subject, expected in by_subject.items():
            said = found[subject, code, "W6"]
            same = said.lower() == expected.lower() if isinstance(said, str) else said == expected
            assert same, (code, subject, said, expected)
    assert found["S3", "one", "BL"] == NOT_SAID
    assert found["S3", "first", "BL"] == 22
    assert found["S1", "one", "BL"] == "form not completed"


VALUES = st.sampled_from(["", "ND", "0.1", "0.2", "0.3", "7"])
IMAGES = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2"]), st.sampled_from(["BL", "W6"]), st.integers(1, 30).map(str),
        st.sampled_from(["L4", "L5", ""]), st.sampled_from("lr"), st.sampled_from(["us", "mri"]),
        VALUES,
    ).map(",".join),
    max_size=12, unique_by=lambda row: tuple(row.split(",")[:3]),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=examples(15), deadline=None)
@given(rows=IMAGES, data=st.data())
def test_the_order_of_the_rows_does_not_matter(trial, rows, data):
    assert measured(trial, data.draw(st.permutations(rows))) == measured(trial, rows)


@settings(max_examples=examples(15), deadline=None)
@given(
    values=st.dictionaries(
        st.tuples(st.sampled_from(["S1", "S2", "S3"]), st.sampled_from(["BL", "W6"])), VALUES
    ),
    others=st.booleans(),
)
def test_a_single_row_is_the_form_that_does_not_repeat(trial, values, others):
    rows = [f"{s},{v},5,L5,l,us,{value}" for (s, v), value in values.items()]
    more = [f"{s},{v},2,L4,l,us,99" for s, v in values] if others else []
    alone = [f"{s},{v},{value}" for (s, v), value in values.items()]
    found = measured(trial, rows + more, alone)
    for subject in ("S1", "S2", "S3"):
        for visit in ("BL", "W6"):
            assert found[subject, "one", visit] == found[subject, "alone", visit]


def test_rows_that_are_of_the_same_are_found(trial):
    miniature, folder, schemas = trial
    measured(trial, ROWS)
    findings = check(
        freeze(FolderSource(folder=folder), schemas), schemas, miniature.protocol
    ).to_frame()
    twice = findings[findings["rule_id"] == "same_row_twice"]
    assert twice[["subject_id", "visit", "repeat"]].values.tolist() == [["S3", "W6", "2"]]
    assert twice["message"].item() == (
        "Number 1 has the same “Level” and “Side” and “Method”; correct the one that is wrong, or "
        "take one out."
    )


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (outcome("x", level="L5", side="l"), "rows of several method (us, mri)"),
        (outcome("x", level=("L4", "L5"), side="l", method="us"), "rows of several level (L4, L5)"),
        (outcome("x", level="L6", side="l", method="us"), "'L6', which imaging.level can never be"),
        (outcome("x", levl="L5", combine=Combine.MEAN), "the unknown item 'levl' of imaging"),
        (outcome("x", thick="5", combine=Combine.MEAN), "by which not every row can be told"),
        (
            outcome("x", level="L5", method="us", combine=Combine.MEAN, at_least=3),
            "at_least = 3, but 2 rows can be picked",
        ),
        (outcome("x", form="alone", combine=Combine.MEAN), "'alone' has one row for a participant"),
    ],
)
def test_what_picks_nothing_or_several_is_refused_before_any_data(trial, wanted, says):
    form = trial[2].form(wanted.form)
    complaints = [str(each.found) for each in complain_of_picks(wanted, form)]
    assert any(says in each for each in complaints), complaints


def test_a_form_that_does_not_say_what_its_rows_are_of_needs_a_rule_that_combines(trial):
    form = replace(trial[2].form("imaging"), one_row_for=())
    assert [each.found for each in complain_of_picks(ONE, form)] == [
        "'imaging', which may have any number of rows for a participant and visit"
    ]
    assert list(complain_of_picks(outcome("x", combine=Combine.FIRST), form)) == []
    assert expected_rows(ONE, form) is None
    assert expected_rows(ONE, trial[2].form("imaging")) == 1


def test_a_number_of_rows_is_for_what_is_combined():
    with pytest.raises(ProtocolError, match="at_least is for a mean"):
        outcome("x", level="L5", at_least=1)
    with pytest.raises(ProtocolError, match="from 1 on"):
        outcome("x", combine=Combine.MEAN, at_least=0)


def test_nobody_has_rows(trial):
    found = measured(trial, [])
    assert set(found.values()) == {"form not completed"}
