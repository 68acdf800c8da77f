"""What asks a participant's other rows finds the same in a file that streams by as in memory."""

from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.checks.session_logs import item, pain, repeating_form, rule
from tests.conftest import examples, few_at_once
from tests.miniature import Miniature, dedented
from trialkit.checks.one_file.alone import form_alone
from trialkit.checks.one_file.at_scale import check_file
from trialkit.checks.one_file.beyond_the_row import beyond_the_row, first_listed, forms_elsewhere
from trialkit.checks.one_file.own_data import NOTHING, own_data
from trialkit.checks.trial.checking import check
from trialkit.store.data_days import NO_DAYS
from trialkit.store.freezing import freeze
from trialkit.store.one_file import by_participant
from trialkit.store.one_file.scanning import open_scan
from trialkit.store.sources.folder_source import FolderSource

LOG = repeating_form(
    "log", "Sessions",
    item("came", "Came", "yes_no", 'purpose = "attended"'),
    item("level", "Level", "choice", 'choices = [{ code = "a", label = "A" }, { code = "b", label = "B" }, { code = "c", label = "C" }]', "required = true"),
    pain("before", "Pain before", "required = true", 'purpose = "pain_before"'),
    pain("during", "Pain during", 'purpose = "pain_during"'),
    item("why", "Why more than before", "integer", "expected_range = { high = 5 }", 'shown_when = "during > PREVIOUS(during)"', "required = true"),
    item("again", "Again", "yes_no", 'required_when = "COUNT(during >= 7) >= 2"'),
    item("rise", "Rise", "calculated", 'calculation = "during - PREVIOUS(during)"'),
    rule("CALCULATED", "rise <= 3", "during", message="A rise.", severity="soft"),
    rule("ALONE", "during >= before", "during", message="Less pain."),
    rule("GOES_ON", "during - PREVIOUS(during, 1, came) <= 3 OR PREVIOUS(before, 2) IS NULL", "during", "before", message="From {before} to {during}."),
    rule("OFTEN", "COUNT(during >= 7) <= 1", "during", message="Often.", severity="soft"),
    rule("ANY_ROW", "COALESCE(ANY(came AND during - PREVIOUS(during) > 2), FALSE) = FALSE", "came", message="Once."),
    rule("OF_ANOTHER", "during < 9 OR screening.age_years < 60", "during", message="Too old for {during}."),
    kind="sessions",
    more='stopping = { rise = 2, sessions = 2 }\none_row_for = ["level"]',
)  # fmt: skip
PAIN = "".join(
    (
        rule("HURT", "COUNT(log.during >= 7) = 0", "vas_mm", message="Much pain."),
        rule(
            "NEVER_BEFORE",
            "COUNT(vas_mm > 50) <= 1 AND NOT COALESCE(vas_mm - PREVIOUS(vas_mm) > 40, FALSE)",
            "vas_mm",
            message="Worse than ever.",
            severity="soft",
        ),
        rule(
            "BOTH",
            "COUNT(vas_mm IS NOT NULL) = 2 OR ANY(side = 'l')",
            "side",
            message="One visit.",
            severity="soft",
        ),
    )
)
PEOPLE = ("S1", "S2", "S3")
WHERE = ["subject_id", "visit", "repeat", "item", "value", "rule_id", "severity", "message"]


class Trial(tuple):
    """A trial, its folder and its schemas."""

    __slots__ = ()

    def __repr__(self):
        return "trial"


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    mini = Miniature()
    mini.forms["log"] = LOG
    mini.forms["pain"] += PAIN
    mini.data["screening"] = "subject_id,screening_date,age_years,eligible\n" + "".join(
        f"{name},2025-01-10,{age},yes\n" for name, age in zip(PEOPLE, (30, 60, 70), strict=True)
    )
    mini.data["randomisation"] = "subject_id,randomisation_date,arm\n" + "".join(
        f"{name},2025-01-20,{mini.protocol.arms[0].code}\n" for name in PEOPLE
    )
    mini.data["log"] = "subject_id,repeat,came,level,before,during,why,again\n"
    folder = tmp_path_factory.mktemp("beyond")
    return Trial((mini, folder, mini.schemas(folder)))


def in_memory(trial, form_id):
    mini, folder, schemas = trial
    frame = check(freeze(FolderSource(folder=folder), schemas), schemas, mini.protocol).to_frame()
    found = frame[(frame["form"] == form_id) & ~frame["rule_id"].isin(NOT_STREAMED)]
    return sorted(found[WHERE].itertuples(index=False, name=None))


NOT_STREAMED = {
    "duplicate_key", "missing_form", "visit_window", "date_order", "unknown_subject",
    "copied_answers", "changed_between_visits", "two_sessions_a_day", "too_many_sessions",
    "session_order", "digit_preference", "identical_rows", "outlier", "unit_slip",
    "randomisation_date_doubted", "lookalike_subject", "blank_key", "unknown_visit", "unreadable_key",
    "not_randomised", "after_the_end",
}  # fmt: skip


def streamed(trial, form_id, *, kind="csv", **options):
    mini, folder, schemas = trial
    form, path = schemas.form(form_id), folder / "data" / f"{form_id}.csv"
    if kind == "parquet":
        rows = pl.read_csv(path, infer_schema=False).fill_null("")
        path = folder / f"{form_id}.parquet"
        rows.write_parquet(path)
    own = own_data(FolderSource(folder=folder), form, schemas, NO_DAYS)
    return check_file(
        open_scan(path, form, schemas.data), form, schemas, mini.protocol, own=own, **options
    )


def said(found):
    frame = found.listed.to_frame()
    frame = frame[~frame["rule_id"].isin(NOT_STREAMED)]
    return sorted(frame[WHERE].itertuples(index=False, name=None))


def written(trial, form_id, rows):
    _, folder, schemas = trial
    form = schemas.form(form_id)
    lines = [",".join(form.entered), *(",".join(row) for row in rows)]
    (folder / "data" / f"{form_id}.csv").write_text("\n".join(lines) + "\n")


number = st.sampled_from(["0", "3", "5", "7", "9", "10", "", "ND", "x", "11"])
truth = st.sampled_from(["yes", "no", "yes", ""])
sessions = st.lists(
    st.tuples(
        st.sampled_from(["S1", "S2", " S1", "S3", ""]),
        st.sampled_from(["1", "2", "3", "4", "05", "7", "", "x"]),
        truth,
        st.sampled_from(["a", "b", "c", "", "q"]),
        number,
        number,
        st.sampled_from(["", "2", "6"]),
        truth,
    ),
    max_size=16,
)
assessments = st.lists(
    st.tuples(
        st.sampled_from([*PEOPLE, " S1 "]),
        st.sampled_from(["BL", "W6", "W6 ", "XX"]),
        st.sampled_from(["2025-02-01", "2025-03-01", ""]),
        st.sampled_from(["10", "60", "96", "", "101", "ND"]),
        st.sampled_from(["l", "r", "", "q"]),
        st.sampled_from(["yes", "no"]),
        st.sampled_from(["", "zinc"]),
    ),
    max_size=8,
)


def without_repeated(frame_rows):
    """Rows of a key that an earlier one has are judged alone as they stream by, and not in memory."""
    seen, kept = set(), []
    for row in frame_rows:
        key = (row[0].strip(), row[1].strip().lstrip("0"))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


MIXED = [
    (" S1", "3", "yes", "a", "1", "6", "6", "yes"),
    ("S2", "2", "no", "b", "0", "7", "", ""),
    ("S1", "1", "yes", "b", "3", "7", "2", "no"),
    ("S3", "x", "yes", "c", "0", "5", "", ""),
    ("S2", "1", "yes", "b", "", "9", "2", "yes"),
    ("S1", "2", "no", "c", "3", "5", "2", ""),
    ("", "1", "yes", "c", "3", "5", "", ""),
    ("S1", "04", "yes", "a", "1", "10", "6", ""),
    ("S3", "2", "yes", "c", "0", "ND", "", ""),
]


def test_a_few_sessions_that_stream_by(trial, monkeypatch):
    written(trial, "pain", [])
    written(trial, "log", MIXED)
    monkeypatch.setattr(by_participant, "TOGETHER", 4)

    found = said(streamed(trial, "log"))

    assert found == in_memory(trial, "log")
    rules = {each[5] for each in found}
    assert rules >= {
        "GOES_ON", "OFTEN", "ANY_ROW", "stopping_signal", "same_row_twice", "required_when",
        "not_shown", "unusual",
    }  # fmt: skip


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(rows=sessions)
def test_a_log_that_streams_by(trial, monkeypatch_module, rows):
    written(trial, "pain", [])
    written(trial, "log", without_repeated(rows))
    monkeypatch_module.setattr(by_participant, "TOGETHER", 4)

    expected = in_memory(trial, "log")

    assert said(streamed(trial, "log")) == expected
    assert said(streamed(trial, "log", kind="parquet")) == expected


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(rows=assessments, logged=sessions)
def test_visits_that_stream_by_and_the_log_in_the_folder(trial, monkeypatch_module, rows, logged):
    written(trial, "log", logged)
    written(trial, "pain", without_repeated(rows))
    monkeypatch_module.setattr(by_participant, "TOGETHER", 3)

    assert said(streamed(trial, "pain")) == in_memory(trial, "pain")


@pytest.mark.slow
@settings(max_examples=examples(12), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(rows=sessions)
def test_rows_that_share_a_key_are_known_to_no_other(trial, monkeypatch_module, rows):
    written(trial, "pain", [])
    written(trial, "log", rows)
    monkeypatch_module.setattr(by_participant, "TOGETHER", 4)
    beyond = {"GOES_ON", "OFTEN", "ANY_ROW", "OF_ANOTHER", "stopping_signal", "same_row_twice"}

    expected = [each for each in in_memory(trial, "log") if each[5] in beyond]

    assert [each for each in said(streamed(trial, "log")) if each[5] in beyond] == expected


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


MANY = [("S1", str(n), "yes", "", "0", str(7 + n % 3), "", "no") for n in range(1, 10)]


@pytest.mark.slow
def test_all_are_counted_and_the_first_in_the_file_listed(trial, monkeypatch):
    written(trial, "pain", [])
    written(trial, "log", [*MANY, *(("S2", *row[1:]) for row in MANY)][::-1])
    monkeypatch.setattr(by_participant, "TOGETHER", 4)

    whole, few = streamed(trial, "log"), streamed(trial, "log", limit=3)

    assert whole.counts == few.counts
    often = next(each for each in whole.counts if each.rule_id == "OFTEN")
    assert often.findings == 18
    rows = few.listed.to_frame()
    listed = rows[rows["rule_id"].isin({"OFTEN", "GOES_ON", "stopping_signal", "ANY_ROW"})]
    assert listed[["subject_id", "repeat"]].values.tolist() == [
        ["S2", "9"],
        ["S2", "9"],
        ["S2", "8"],
    ]


def test_without_the_other_forms_it_says_what_is_not_checked(trial, tmp_path):
    mini, _, schemas = trial
    form = schemas.form("log")
    (tmp_path / "log.csv").write_text(",".join(form.entered) + "\nS1,1,yes,a,9,9,,no\n")

    own = own_data(FolderSource(folder=tmp_path), form, schemas, NO_DAYS)
    scan = open_scan(tmp_path / "log.csv", form, schemas.data)
    found = check_file(scan, form, schemas, mini.protocol, own=own)

    assert "rule OF_ANOTHER" in found.not_checked
    assert not any("CALCULATED" in each or "calculated" in each for each in found.not_checked)
    assert found.not_checked[-1].startswith(
        "what reads other forms, since data/screening.csv: does not exist"
    )
    assert not any("GOES_ON" in each or "stopping" in each for each in found.not_checked)


def test_a_form_that_asks_no_other_rows_has_no_second_pass(trial):
    _, _, schemas = trial
    form = schemas.form("screening")
    assert beyond_the_row(form, schemas) is None
    assert forms_elsewhere(form) == frozenset()
    assert forms_elsewhere(schemas.form("log")) == {"screening"}


def test_only_what_is_read_is_carried(trial):
    _, _, schemas = trial
    form = schemas.form("log")
    lean = replace(form, stopping=None, one_row_for=(), rules=form.rules[3:4], items=form.items[:4])

    beyond = beyond_the_row(lean, schemas)

    assert beyond is not None
    assert beyond.columns == ("subject_id", "repeat", "during")
    assert form_alone(lean, schemas, beyond).form.rules == ()


def test_nothing_at_hand_knows_nothing():
    assert NOTHING.known({"screening"}) == {}


def test_the_first_findings_of_several_listings_are_those_of_the_first_lines():
    frames = [
        (pd.DataFrame({"message": ["a", "b"]}), np.array([2, 7])),
        (pd.DataFrame({"message": ["c", "d"]}), np.array([1, 9])),
    ]
    first, lines = first_listed(frames, 3)
    assert first["message"].tolist() == ["c", "a", "b"]
    assert lines.tolist() == [1, 2, 7]


@pytest.mark.parametrize("kind", few_at_once(["parquet", "csv"], 1))
def test_what_was_entered_for_a_calculated_item_is_compared_as_it_streams_by(
    trial, monkeypatch, kind
):
    _, folder, _ = trial
    written(trial, "pain", [])
    rises = ["", "-4", "9", "1", "", "x", "", "5", "ND"]
    lines = [",".join([*row, rise]) for row, rise in zip(MIXED, rises, strict=True)]
    head = "subject_id,repeat,came,level,before,during,why,again,rise"
    (folder / "data" / "log.csv").write_text("\n".join([head, *lines]) + "\n")
    monkeypatch.setattr(by_participant, "TOGETHER", 4)

    found = said(streamed(trial, "log", kind=kind))

    assert found == in_memory(trial, "log")
    assert {"miscalculated", "CALCULATED", "unreadable"} <= {each[5] for each in found}


def test_what_is_calculated_goes_as_far_as_what_is_at_hand(tmp_path):
    mini = Miniature()
    mini.forms["log"] = LOG.replace(
        'calculation = "during - PREVIOUS(during)"',
        'calculation = "during - screening.age_years + CALC"'.replace("CALC", "W6.pain.back"),
    )
    mini.forms["pain"] += dedented("""
        [[items]]
        id = "back"
        label = "Back"
        type = "calculated"
        calculation = "vas_mm + COUNT(log.during > 3)"
    """)
    schemas = mini.schemas(tmp_path)
    form = schemas.form("log")

    without = beyond_the_row(form, schemas)
    assert without is not None
    assert (without.calculated, "CALCULATED" in without.rules) == (frozenset(), False)
    # what the other form has is calculated from this one, which is not among the trial's data
    whole = beyond_the_row(form, schemas, {"screening", "pain"})
    assert whole is not None
    assert (whole.calculated, "CALCULATED" in whole.rules) == (frozenset(), False)
    assert "calculated item rise" in form_alone(form, schemas, whole).not_checked

    other = schemas.form("pain")
    of_pain = beyond_the_row(other, schemas, {"log"})
    assert of_pain is not None
    assert of_pain.calculated == {"back"}
    assert (of_pain.elsewhere, "vas_mm" in of_pain.columns) == ({"log"}, True)
    assert "calculated item back" not in form_alone(other, schemas, of_pain).not_checked
