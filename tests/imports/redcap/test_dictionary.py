"""A dictionary as REDCap gives it, or as R saved it again."""

from pathlib import Path

from trialkit.imports.redcap.dictionary import COLUMNS, read_dictionary

HEADS = [names[0] for names in COLUMNS.values()]


def written(path: Path, *rows: dict[str, str]) -> Path:
    lines = [",".join(f'"{head}"' for head in HEADS)]
    lines += [",".join(f'"{row.get(name, "")}"' for name in COLUMNS) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_what_r_writes_for_a_blank_is_one_and_an_answer_na_stays(tmp_path: Path) -> None:
    blank = {"branching": "NA", "low": "NA", "high": "NA", "validation": "NA", "section": "NA"}
    rows = (
        {"name": "id", "form": "base", "kind": "text", "label": "NA", "note": "NA", **blank},
        {
            "name": "area", "form": "base", "kind": "radio", "label": "Area",
            "choices": "NA, North | SA, South", "note": "of the clinic", **blank,
        },
    )  # fmt: skip
    first, area = read_dictionary(written(tmp_path / "d.csv", *rows)).fields

    assert (first.branching, first.low, first.high, first.validation, first.section) == ("",) * 5
    assert first.label == "NA"  # a label may be
    assert first.note == "NA"  # the column says something elsewhere
    assert area.choices == "NA, North | SA, South"


def test_cells_that_are_only_like_it_stay(tmp_path: Path) -> None:
    row = {"name": "id", "form": "base", "kind": "text", "label": "Id", "branching": "[NA] = '1'"}
    (field,) = read_dictionary(written(tmp_path / "d.csv", row)).fields
    assert field.branching == "[NA] = '1'"
