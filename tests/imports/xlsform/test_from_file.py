"""Choices of a file come from the form's own folder and from nowhere else."""

from pathlib import Path

import pytest

from trialkit.imports.xlsform.from_file import choices_in_file


def test_a_csv_file_beside_the_form_has_codes_and_labels(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("id,title,area\n1,North,a\n2,South,b\n")
    found, trouble = choices_in_file(
        tmp_path / "form.xlsx", "towns.csv", {"value": "id", "label": "title"}
    )
    assert trouble == ""
    assert [(each.number, each["name"], each["label"], each["area"]) for each in found] == [
        (2, "1", "North", "a"), (3, "2", "South", "b"),
    ]  # fmt: skip


NOT_READ = {
    "../towns.csv": "not in the form's own folder",
    "/etc/passwd.csv": "not in the form's own folder",
    "..\\towns.csv": "not in the form's own folder",
    ".hidden.csv": "not in the form's own folder",
    "towns.geojson": "from CSV files alone",
    "gone.csv": "no such file beside the form",
    "linked.csv": "no such file beside the form",
    "folder.csv": "no such file beside the form",
    "empty.csv": "is empty",
    "other.csv": "it has no column 'name' or 'label'",
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_no_list_beside_the_form_is_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("name,label\n1,North\n")
    (tmp_path / "forms").mkdir()
    beside = tmp_path / "forms"
    (beside / "linked.csv").symlink_to(tmp_path / "towns.csv")
    (beside / "folder.csv").mkdir()
    (beside / "empty.csv").write_text("")
    (beside / "other.csv").write_text("a,b\n1,2\n")
    found, trouble = choices_in_file(beside / "form.xlsx", name, {})
    assert found == ()
    assert NOT_READ[name] in trouble
    assert trouble.endswith("the question takes any text")
