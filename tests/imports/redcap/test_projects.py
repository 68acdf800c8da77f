"""Two REDCap projects, synthetic, become trials: one runs to its report, one is all exceptions."""

import csv
import shutil
from pathlib import Path

import pytest

from tests.imports.redcap_projects import make_project
from tests.signed import SIGNED
from trialkit.cli.main import main
from trialkit.errors import ProtocolError
from trialkit.imports.redcap.decisions import MissingDecision
from trialkit.imports.redcap.project_import import Prepared, ProjectFiles, prepare, write
from trialkit.pipeline import run_trial
from trialkit.steps.opening import open_trial
from trialkit.steps.publishing import PAGE_ALONE
from trialkit.steps.validating import validate

PROJECTS = Path(__file__).parents[1] / "redcap_projects"
LONGITUDINAL, CLASSIC = PROJECTS / "longitudinal", PROJECTS / "classic"
REASONS = (MissingDecision(code="UNK", means="UNK"),)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def longitudinal(folder: Path) -> ProjectFiles:
    folder.mkdir(exist_ok=True)
    for name in ("protocol.toml", "redcap.toml"):
        if not (folder / name).exists():
            shutil.copy(LONGITUDINAL / name, folder)
    return ProjectFiles(
        dictionary=LONGITUDINAL / "dictionary.csv",
        exports=(LONGITUDINAL / "export.csv",),
        events=LONGITUDINAL / "events.csv",
        trial=folder,
    )


def classic(folder: Path) -> ProjectFiles:
    return ProjectFiles(
        dictionary=CLASSIC / "dictionary.csv", exports=(CLASSIC / "export.csv",), trial=folder
    )


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Prepared]:
    folder = tmp_path_factory.mktemp("redcap") / "trial"
    prepared = prepare(longitudinal(folder))
    write(prepared, signed=SIGNED)
    return folder, prepared


def test_the_fixture_is_what_its_program_makes() -> None:
    rows = make_project.as_csv(make_project.columns(), make_project.export())
    fields = make_project.as_csv(make_project.HEADER, make_project.dictionary())
    assert rows == (LONGITUDINAL / "export.csv").read_bytes()
    assert fields == (LONGITUDINAL / "dictionary.csv").read_bytes()


def test_an_imported_trial_validates_without_a_finding(imported: tuple[Path, Prepared]) -> None:
    folder, _ = imported
    findings = validate(open_trial(folder)).findings.to_frame()
    assert findings.empty, findings["message"].tolist()


@pytest.mark.slow
def test_the_imported_trial_runs_to_its_report(imported: tuple[Path, Prepared]) -> None:
    folder, _ = imported
    run_trial(folder, edition=PAGE_ALONE)
    report = (folder / "output" / "report.html").read_text(encoding="utf-8")
    assert "Synthetic data that imitate a REDCap project" in report
    assert "Muscle soreness" in report


def test_each_form_has_its_rows_and_its_key(imported: tuple[Path, Prepared]) -> None:
    folder, _ = imported
    exported = list(make_project.export())
    screening = rows_of(folder / "data" / "screening.csv")
    events = rows_of(folder / "data" / "adverse_events.csv")
    assessment = rows_of(folder / "data" / "assessment.csv")
    assert len(screening) == 40
    assert len(events) == sum(row["redcap_repeat_instance"] != "" for row in exported)
    assert list(events[0])[:2] == ["subject_id", "repeat"]
    assert {row["visit"] for row in assessment} == {"BL", "W6"}
    assert {row["redcap_data_access_group"] for row in screening} == {"north", "south"}
    assert screening[0]["subject_id"] == "001"


def test_unopened_forms_unticked_boxes_and_missing_codes_stay_what_they_are(
    imported: tuple[Path, Prepared],
) -> None:
    folder, _ = imported
    people = {row["subject_id"]: row for row in rows_of(folder / "data" / "demographics.csv")}
    assert "008" not in people, "never enrolled, though REDCap writes zeros for the form"
    assert people["007"]["pain_site"] == "UNK"
    assert people["002"]["pain_site"] == "", "a field with 'none of the above', of which none is"
    assert people["002"]["earlier_care"] == "none_of_these", "a complete form, nothing ticked"
    assert people["004"]["earlier_care"] == "med"
    assert people["009"]["smoking"] == "UNK"
    assert people["001"]["weight_kg"].count(".") == 1, "written with a comma in REDCap"
    screening = {row["subject_id"]: row for row in rows_of(folder / "data" / "screening.csv")}
    assert screening["011"]["age"] == "NASK", "REDCap's -99"
    visits = rows_of(folder / "data" / "assessment.csv")
    open_survey = next(row for row in visits if (row["subject_id"], row["visit"]) == ("006", "W6"))
    assert open_survey["assessment_timestamp"] == ""


def test_logic_across_events_and_fields_is_carried_over(imported: tuple[Path, Prepared]) -> None:
    _, prepared = imported
    forms = {each.name: each.form for each in prepared.project.forms}
    rules = {rule.id: rule.expression for form in forms.values() for rule in form.rules}
    assert rules["calc_days_in"] == "days_in = (visit_date - BL.assessment.visit_date)"
    assert rules["calc_rd_total"].startswith("rd_total = SUM_OF(TO_NUMBER(rd_walk), ")
    assert rules["most_ae_action"] == "ae_action__count <= 2"
    assessment = forms["assessment"]
    assert assessment.item("better").shown_when == "COALESCE(visit = 'W6', FALSE)"
    eos = forms["end_of_study"]
    assert eos.item("eos_none").shown_when == "(eos_arm IS NULL AND eos_arm__missing IS NULL)"
    assert eos.item("eos_stop_why").required_when == "COALESCE(eos_stopped = TRUE, FALSE)"
    assert forms["randomisation"].item("arm").codes == ("TRAIN", "USUAL")


def test_what_is_not_carried_over_is_listed_with_its_row(
    imported: tuple[Path, Prepared],
) -> None:
    folder, prepared = imported
    listed = rows_of(folder / "output" / "redcap_left_out.csv")
    assert [row["place"] for row in listed] == [each.place for each in prepared.left_out]
    assert [row["place"] for row in listed] == ["dictionary.csv, row 25, rd_intro"]


@pytest.mark.parametrize("sources", [longitudinal, classic])
def test_importing_twice_changes_nothing(sources, tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    write(prepare(sources(folder)), signed=SIGNED)
    before = contents(folder)
    again = prepare(sources(folder))
    assert not any(file.is_written for file in again.files)
    assert write(again, signed=SIGNED) == ()
    assert contents(folder) == before


def test_preparing_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    prepared = prepare(classic(folder))
    assert not folder.exists()
    assert prepared.difference.new_rows == 4
    assert all(file.before is None for file in prepared.files)


def test_a_protocol_that_is_there_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    sources = longitudinal(folder)
    before = (folder / "protocol.toml").read_bytes()
    write(prepare(sources), signed=SIGNED)
    assert (folder / "protocol.toml").read_bytes() == before


def test_a_skeleton_asks_for_what_only_a_person_knows(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    write(prepare(classic(folder)), signed=SIGNED)
    with pytest.raises(ProtocolError) as incomplete:
        open_trial(folder)
    missing = {(each.table, each.key) for each in incomplete.value.complaints}
    assert ("trial", "title") in missing
    assert ("arms", "") in missing
    assert all(each.found == "nothing" or each.found.startswith("0 visits")
               for each in incomplete.value.complaints)  # fmt: skip
    skeleton = (folder / "protocol.toml").read_text(encoding="utf-8")
    assert "FILL IN" in skeleton


def test_a_skeleton_has_the_visits_the_sites_and_the_new_codes(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    codes = (*REASONS, MissingDecision(code="-99", means="SKIPPED"))
    sources = ProjectFiles(
        dictionary=LONGITUDINAL / "dictionary.csv",
        exports=(LONGITUDINAL / "export.csv",),
        trial=folder,
        missing_codes=codes,
    )
    write(prepare(sources), signed=SIGNED)
    skeleton = (folder / "protocol.toml").read_text(encoding="utf-8")
    assert 'code = "screening"' not in skeleton, "its form is of one event, and of no visit"
    for line in ('code = "baseline"', 'code = "week_6"', 'code = "north"', 'code = "SKIPPED"'):
        assert line in skeleton
    assert write(prepare(sources), signed=SIGNED) == ()
    for call in (["validate", str(folder)], ["workbook", str(folder), str(tmp_path / "w.xlsx")]):
        assert main(call) in {0, 1}


def test_every_exception_of_the_classic_project_is_listed(tmp_path: Path) -> None:
    prepared = prepare(classic(tmp_path / "trial"))
    listed = "\n".join(str(each) for each in prepared.left_out)
    for words in (
        "row 3, visit: the name visit: is a name that rules cannot have",
        "the item is called visit_item",
        "row 4, in: the name in",
        "the item is called a_b",
        "an SQL query",
        "a file",
        "the code 'c-1' is there twice",
        "the choice 'nonsense'",
        "it names the field that it governs",
        "the field type 'gizmo'",
        "the form is called con_form",
        "the column not_in_dictionary",
    ):
        assert words in listed
    assert "rank" not in listed
    assert "[dob]" not in listed


def test_the_classic_project_keeps_texts_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    prepared = prepare(classic(folder))
    write(prepared, signed=SIGNED)
    first, second, third = rows_of(folder / "data" / "intake.csv")
    assert first["subject_id"] == "0012"
    assert first["label_html"] == '=2+3\nline two; with "quotes"'
    assert first["crp"] == "12.50"
    assert first["drug"] == "B c-1"
    assert first["status"] == "NA"
    assert (second["subject_id"], third["subject_id"]) == ("0014", "0015")
    assert second["drug"] == "none_of_these", "complete, and nothing ticked"
    assert third["drug"] == "", "incomplete, and nothing ticked"
    form = prepared.project.forms[0].form
    assert form.item("label_html").label == "Anything else? age < 5 & a<b Second line, [study_id]"
    rules = {rule.id: rule.expression for rule in form.rules}
    assert rules["min_came"] == "came >= dob"
    assert rules["rank_rank1"] == "rank1 <> rank2"


def test_a_form_changed_by_hand_is_kept_until_it_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    write(prepare(classic(folder)), signed=SIGNED)
    path = folder / "forms" / "intake.toml"
    made = path.read_text(encoding="utf-8")
    path.write_text(made.replace('label = "Inpatient?"', 'label = "In a ward?"'), encoding="utf-8")
    kept = prepare(classic(folder))
    assert [file.path.name for file in kept.files if file.kept] == ["intake.toml"]
    write(kept, signed=SIGNED)
    assert "In a ward?" in path.read_text(encoding="utf-8")
    write(prepare(classic(folder), replace_forms=True), signed=SIGNED)
    assert path.read_text(encoding="utf-8") == made
