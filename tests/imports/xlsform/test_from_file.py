"""Choices of a file come from the form's own folder and from nowhere else."""

from pathlib import Path

import pytest

from trialkit.imports.xlsform.from_file import choices_in_file, table_beside


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


def test_a_table_beside_the_form_needs_no_certain_columns(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text("drug,left\nasa,3\nibu,\n")
    for name in ("stock", "stock.csv"):
        rows, trouble = table_beside(tmp_path / "form.xlsx", name)
        assert rows is not None
        assert (trouble, [(row.number, row["drug"], row["left"]) for row in rows]) == (
            "", [(2, "asa", "3"), (3, "ibu", "")],
        )  # fmt: skip


def test_a_table_is_read_from_beside_the_form_and_from_nowhere_else(tmp_path: Path) -> None:
    beside = tmp_path / "forms"
    beside.mkdir()
    (tmp_path / "stock.csv").write_text("drug\nasa\n")
    (beside / "linked.csv").symlink_to(tmp_path / "stock.csv")
    (beside / "empty.csv").write_text("")
    form = beside / "form.xlsx"
    assert table_beside(form, "gone") == (None, "")
    for name, why in (
        ("../stock", "own folder"),
        ("linked", "no such file"),
        ("empty", "is empty"),
    ):
        rows, trouble = table_beside(form, name)
        assert rows is None
        assert why in trouble
