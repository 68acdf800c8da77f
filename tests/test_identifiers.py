"""An answer that names a person comes out of no door: every command's words and files are searched."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from trialkit.cli.main import main

ITEMS = """
[[items]]
id = "full_name"
label = "Name of the patient"
type = "text"
identifier = true

[[items]]
id = "born"
label = "Date of birth"
type = "date"
range = { low = 1920-01-01, high = 2010-01-01 }
identifier = true

[[items]]
id = "phone"
label = "Telephone"
type = "integer"
identifier = true

[[items]]
id = "clinic"
label = "Clinic"
type = "choice"
choices = [{ code = "a", label = "A" }, { code = "b", label = "B" }]
identifier = true

[[rules]]
id = "NAMED"
expression = "full_name = 'nobody'"
severity = "soft"
message = "{full_name}, born {born}, telephone {phone}: is this a name?"
items = ["sex", "full_name"]
"""
HELD = {
    "full_name": "Sentinella Grey",
    "born": "1899-05-06",
    "phone": "0555-sentinel",
    "clinic": "sentinelclinic",
}
"""What one participant's row holds, none of which can be right."""
NEW = {
    "full_name": "Sentinello Brown",
    "born": "1898-07-08",
    "phone": "0777-sentinel",
    "clinic": "sentinelward",
}
"""What an import would put there."""


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["new", "trial"]) == 0
    folder = tmp_path / "trial"
    form = folder / "forms" / "demographics.toml"
    form.write_text(form.read_text(encoding="utf-8") + ITEMS, encoding="utf-8")
    path = folder / "data" / "demographics.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row.update(HELD if number == 0 else dict.fromkeys(HELD, ""))
    _write(path, rows)
    _write(tmp_path / "rows.csv", [{"subject_id": rows[0]["subject_id"], **NEW}])
    _write(tmp_path / "more.csv", [{"subject_id": "099", **NEW}])
    return folder


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def texts_of(folder: Path) -> dict[str, str]:
    """All that stands in the files of a folder, archives opened, but for the data themselves."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if (
            not path.is_file()
            or path.parent.name == "data"
            or path.name in {"rows.csv", "more.csv"}
        ):
            continue
        content = path.read_bytes()
        found[path.name] = content.decode("utf-8", "replace")
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(path) as parts:
                for name in parts.namelist():
                    found[f"{path.name}: {name}"] = parts.read(name).decode("utf-8", "replace")
    return found


def shown(texts: dict[str, str], values: dict[str, str]) -> list[str]:
    return [
        f"{where}: {item}"
        for where, text in texts.items()
        for item, value in values.items()
        if value in text
    ]


COMMANDS = (
    ("validate", "trial"),
    ("validate", "trial", "--strict"),
    ("validate", "trial", "--data", "trial/data/demographics.csv"),
    ("queries", "send", "trial"),
    ("queries", "list", "trial", "--all"),
    ("codebook", "trial"),
    ("workbook", "trial", "entry.xlsx"),
    ("import", "csv", "trial", "rows.csv", "--form", "demographics", "--dry-run"),
    ("import", "csv", "trial", "rows.csv", "--form", "demographics"),
    ("import", "csv", "trial", "more.csv", "--form", "demographics", "--dry-run"),
    ("run", "trial", "--allow-hard", "--formats", "html,md,docx,rtf"),
    ("protocol", "trial"),
    ("verify", "trial/output"),
)


COSTLY = {"run", "protocol", "verify", "workbook"}


@pytest.mark.parametrize(
    "commands",
    [
        pytest.param(COMMANDS, marks=pytest.mark.slow, id="every command"),
        pytest.param([each for each in COMMANDS if each[0] not in COSTLY], id="of the data"),
    ],
)
def test_no_command_shows_who_somebody_is(
    commands: Sequence[tuple[str, ...]],
    trial: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = {}
    for words in commands:
        assert main(list(words)) in {0, 1, 2}, words
        ended = capsys.readouterr()
        said[" ".join(words)] = ended.out + ended.err
    assert "(not shown" in said["validate trial"]
    assert "(not shown" in texts_of(tmp_path)["findings.csv"]
    assert shown(said, HELD | NEW) == []
    assert shown(texts_of(tmp_path), HELD | NEW) == []
    assert (trial / "data" / "demographics.csv").read_text(encoding="utf-8").count(
        "Sentinella"
    ) == 1


def test_a_query_notices_that_a_masked_answer_changed(
    trial: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "trial"]) == 1
    before = (trial / "queries" / "queries.csv").read_text(encoding="utf-8")
    path = trial / "data" / "demographics.csv"
    path.write_text(path.read_text("utf-8").replace(HELD["clinic"], NEW["clinic"]), "utf-8")
    capsys.readouterr()
    assert main(["validate", "trial"]) == 1
    after = (trial / "queries" / "queries.csv").read_text(encoding="utf-8")
    assert before != after
    assert "1 changed" in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_whoever_asks_for_it_sees_all_of_it_but_no_query_does(
    trial: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "trial", "--show-identifiers"]) == 1
    assert HELD["clinic"] in texts_of(tmp_path)["findings.csv"]
    assert shown(texts_of(trial / "queries"), HELD) == []
    capsys.readouterr()
    words = ["import", "csv", "trial", "rows.csv", "--form", "demographics", "--dry-run"]
    assert main([*words, "--show-identifiers"]) == 0
    assert NEW["full_name"] in " ".join(capsys.readouterr().out.split())


def test_identifiers_are_kept_apart_in_the_codebook(trial: Path) -> None:
    assert main(["codebook", "trial"]) == 0
    (page,) = trial.rglob("codebook.html")
    _, apart = page.read_text(encoding="utf-8").split("<h3>Names a person</h3>")
    assert apart.index("Name of the patient") < apart.index("<h2")
    first = page.read_text(encoding="utf-8").split("<h3>Names a person</h3>")[0]
    assert "Name of the patient" not in first
