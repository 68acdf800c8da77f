"""The files of a project are told apart by their headers, whatever their names and their order."""

from itertools import permutations
from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.redcap.project_files import FileKind, kind_of, sort_out
from trialkit.imports.redcap.project_import import ProjectFiles, prepare

HEADERS = {
    FileKind.DICTIONARY: "field_name;form_name;field_type;field_label;select_choices_or_calculations;branching_logic",
    FileKind.MAPPING: "\ufeffarm_num,unique_event_name,form",
    FileKind.EVENTS: "event_name,arm_num,unique_event_name,custom_event_label",
    FileKind.EXPORT: "record_id\tredcap_event_name\tage",
    FileKind.ELSE: "arm_num,name",
    FileKind.PROJECT: '<?xml version="1.0"?>\n<ODM xmlns:redcap="https://projectredcap.org">',
}
ROWS = {
    FileKind.DICTIONARY: "record_id;base;text;Record;;\nage;base;text;Age;;\nvas;pain;text;Pain;;\n",
    FileKind.MAPPING: "1,first_arm_1,base\n1,first_arm_1,pain\n1,last_arm_1,pain\n",
    FileKind.EVENTS: "Last,1,last_arm_1,\nFirst,1,first_arm_1,\n",
    FileKind.EXPORT: "1\tfirst_arm_1\t30\n",
    FileKind.ELSE: "1,Arm\n",
    FileKind.PROJECT: "</ODM>\n",
}


def files(folder: Path, *kinds: FileKind) -> list[Path]:
    paths = []
    for kind in kinds:
        path = folder / f"{len(paths)}{kind.name[0].lower()}.csv"
        path.write_text(f"{HEADERS[kind]}\n{ROWS[kind]}", encoding="utf-8")
        paths.append(path)
    return paths


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_is_known_by_its_header(kind: FileKind, tmp_path: Path) -> None:
    (path,) = files(tmp_path, kind)
    assert kind_of(path) is kind


def test_whatever_the_order_the_trial_is_the_same(tmp_path: Path) -> None:
    kinds = (FileKind.DICTIONARY, FileKind.EXPORT, FileKind.MAPPING, FileKind.EVENTS)
    paths = files(tmp_path, *kinds)
    found = []
    for order in permutations(paths):
        sources = ProjectFiles(
            dictionary=order[0], exports=tuple(order[1:]), trial=tmp_path / "trial"
        )
        project = prepare(sources).project
        found.append((project.layout.visits, [form.form for form in project.forms]))
    assert found[0][0] == ("last", "first"), "the order of the events is that of their list"
    assert all(each == found[0] for each in found)


def test_two_dictionaries_and_lists_that_say_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="are both data dictionaries"):
        sort_out(files(tmp_path, FileKind.DICTIONARY, FileKind.DICTIONARY))
    with pytest.raises(DataFileError, match="says nothing that is imported"):
        sort_out(files(tmp_path, FileKind.DICTIONARY, FileKind.ELSE))


def test_without_a_dictionary_the_first_file_is_said_to_be_none(tmp_path: Path) -> None:
    paths = files(tmp_path, FileKind.EXPORT, FileKind.MAPPING)
    sources = ProjectFiles(dictionary=paths[0], exports=(paths[1],), trial=tmp_path / "trial")
    with pytest.raises(DataFileError, match="expected the 18 columns"):
        prepare(sources)


def test_another_encoding_and_columns_of_somebody_are_read_when_that_is_said(
    tmp_path: Path,
) -> None:
    path = tmp_path / "d.csv"
    header = HEADERS[FileKind.DICTIONARY] + ";Unser Code"
    path.write_bytes(
        f"{header}\nrecord_id;base;text;Nr;;;\nname;base;text;Größe;;;x\n".encode("cp1252")
    )
    plain = ProjectFiles(dictionary=path, exports=(), trial=tmp_path / "trial")

    with pytest.raises(DataFileError, match="pass --encoding cp1252"):
        prepare(plain)
    for encoding, why in (("rot13", "no encoding of texts"), ("nonsense", "no encoding of texts"),
                          ("ascii", "is not ascii"), ("cp1252", "pass --extra-columns")):  # fmt: skip
        with pytest.raises(DataFileError, match=why):
            prepare(ProjectFiles(dictionary=path, exports=(), trial=plain.trial, encoding=encoding))

    found = prepare(
        ProjectFiles(
            dictionary=path, exports=(), trial=plain.trial, encoding="cp1252", extra_columns=True
        )
    )
    assert found.project.forms[0].form.item("name").label == "Größe"
    assert [(each.found, each.why) for each in found.left_out] == [
        ("the column Unser Code", "REDCap has no such column; it was left out")
    ]
