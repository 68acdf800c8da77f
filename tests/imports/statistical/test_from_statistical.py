"""A statistical file is taken into its form like a table: keys, visits, codes and reasons."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.imports.statistical.files import spss, table, transport, with_special_missing
from tests.imports.taking_in.test_difference import schemas
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.imports.statistical.from_statistical import SaidOfFile, from_statistical, namesake
from trialkit.imports.taking_in.incoming import Incoming
from trialkit.imports.taking_in.mapping import FileMapping, TableMapping

NOTHING = FileMapping(file="")
FRAME = pd.DataFrame(
    {"USUBJID": ["001", "002"], "VISIT": ["BL", "W6"], "VAS": [2.0, 3.5], "DRUG": [1.0, 0.0]}
)


def taken(path: Path, said: SaidOfFile = SaidOfFile(), mapping: FileMapping = NOTHING) -> Incoming:  # noqa: B008
    return from_statistical(table(path), "pain", schemas(), mapping, said)


def test_variables_are_found_whatever_their_capitals(tmp_path: Path) -> None:
    found = taken(transport(tmp_path, FRAME), SaidOfFile(subject="USUBJID"))
    (table,) = found.tables
    assert table.cells.columns == ["subject_id", "visit", "vas", "drug"]
    assert table.cells.rows() == [("001", "BL", "2", "1"), ("002", "W6", "3.5", "0")]
    assert table.places == ("a5.xpt, row 1", "a5.xpt, row 2")
    assert found.whole == {"pain"}


def test_two_variables_that_differ_in_capitals_alone_are_nobodys() -> None:
    assert namesake("vas", ["VAS", "other"]) == "VAS"
    assert namesake("vas", ["VAS", "Vas"]) == ""
    assert namesake("vas", ["VAS", "vas"]) == "vas"


def test_reasons_come_from_the_call_or_from_the_label(tmp_path: Path) -> None:
    frame = FRAME.assign(VAS=[98.0, 99.0])
    path = spss(
        tmp_path,
        frame,
        missing_ranges={"VAS": [98, 99]},
        variable_value_labels={"VAS": {98: "Refused", 99: "lost"}},
    )
    with pytest.raises(DataFileError) as refused:
        taken(path, SaidOfFile(subject="USUBJID"))
    assert "VAS: 99 ('lost')" in str(refused.value)
    assert "98" not in str(refused.value)  # its label is the trial's own
    assert "--missing=99=UNK" in str(refused.value)
    found = taken(path, SaidOfFile(subject="USUBJID", reasons={"99": "LTFU"}))
    assert found.tables[0].cells["vas"].to_list() == ["REF", "LTFU"]
    with pytest.raises(DataFileError, match="'LOST' is no missing code of the trial"):
        taken(path, SaidOfFile(subject="USUBJID", reasons={"99": "LOST"}))


def test_a_reason_of_what_is_a_value_is_refused(tmp_path: Path) -> None:
    path = transport(tmp_path, FRAME.assign(VAS=[9.0, 99.0]))
    with pytest.raises(DataFileError, match="99 is a value of VAS, and nowhere declared missing"):
        taken(path, SaidOfFile(subject="USUBJID", reasons={"99": "REF"}))
    absent = taken(path, SaidOfFile(subject="USUBJID", reasons={"98": "REF", ".A": "REF"}))
    assert absent.tables[0].cells["vas"].to_list() == ["9", "99"]
    mapping = FileMapping(file="m.toml", missing={"99": "REF"})
    said = taken(path, SaidOfFile(subject="USUBJID"), mapping)
    assert said.tables[0].cells["vas"].to_list() == ["9", "REF"]


def test_what_is_not_taken_needs_no_reason(tmp_path: Path) -> None:
    path = transport(tmp_path, FRAME.assign(OTHER=[2.0, 7.0]))
    content = path.read_bytes()
    path.write_bytes(content.replace(bytes([0x41, 0x70, *[0] * 6]), b"B" + bytes(7)))
    found = taken(path, SaidOfFile(subject="USUBJID"))
    assert [each.found for each in found.left_out] == ["column 'OTHER'"]


def test_the_special_missing_values_of_sas_have_a_reason_each(tmp_path: Path) -> None:
    path = transport(tmp_path, FRAME)
    with_special_missing(path, 2, "R")
    found = taken(path, SaidOfFile(subject="USUBJID", reasons={".R": "REF"}))
    assert found.tables[0].cells["vas"].to_list() == ["REF", "3.5"]


def test_a_mapping_recodes_what_the_file_says(tmp_path: Path) -> None:
    table = TableMapping(
        form="pain",
        columns={"subject_id": "USUBJID", "vas": "DRUG"},
        values={"visit": {"W6": "BL"}},
        ignore=("VAS",),
    )
    found = taken(transport(tmp_path, FRAME), mapping=FileMapping(file="m.toml", tables=(table,)))
    assert found.tables[0].cells.rows() == [("001", "BL", "1"), ("002", "BL", "0")]


EXAMPLE = Path(__file__).parents[3] / "example_trial"


@pytest.mark.slow
def test_by_the_command_a_file_drafts_its_form_and_then_fills_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = tmp_path / "trial"
    trial.mkdir()
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, trial)
    for name in ("forms", "data"):
        shutil.copytree(EXAMPLE / name, trial / name)
    frame = pd.DataFrame(
        {
            "Subj": ["BH-001", "BH-002"],
            "Grade": [1.0, 2.0],
            "State": ["ND", "CA"],
            "Visit": ["first", "second"],  # a name that our keys have
            "Q.1": [3.0, 4.0],
        }
    )
    path = spss(
        tmp_path,
        frame,
        variable_value_labels={"Grade": {1: "mild", 2: "bad"}},
        column_labels={"Grade": "How bad?", "State": "Federal state"},
    )
    words = ["import", "statfile", str(trial), str(path), "--form", "grading"]
    assert main(words) == 2
    assert (
        "say which does by --subject, one of Subj, Grade, State, Visit, Q.1"
        in capsys.readouterr().err
    )
    words += ["--subject", "Subj"]
    assert main([*words, "--dry-run"]) == 0
    assert not (trial / "forms" / "grading.toml").exists()
    assert main(words) == 0
    form = (trial / "forms" / "grading.toml").read_text(encoding="utf-8")
    assert 'label = "How bad?"' in form
    assert '{ code = "1", label = "mild" }' in form
    assert main(words) == 0
    data = (trial / "data" / "grading.csv").read_text(encoding="utf-8")
    assert data == (
        "subject_id,grade,state,visit_item,q_1\nBH-001,1,ND,first,3\nBH-002,2,CA,second,4\n"
    )
    capsys.readouterr()
    assert main(words) == 0
    assert "Nothing to write" in capsys.readouterr().out
    spss(tmp_path, frame.assign(Subj=["bh-1", "BH-002"]))
    assert main(words) == 2
    assert "'bh-1'; expected 'BH-001', who is there" in capsys.readouterr().err
