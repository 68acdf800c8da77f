"""North Dakota, and a region, are answers: what is spelled ``ND`` or ``NA`` is not read by that."""

from pathlib import Path

import pytest

from trialkit.cli.main import main
from trialkit.imports.redcap.dictionary import COLUMNS

FIELDS = (
    ("record_id", "text", "Record", "", ""),
    ("state", "dropdown", "State", "ND, North Dakota | CA, California", ""),
    ("area", "radio", "Area", "NA, North America | EU, Europe", ""),
    ("word", "text", "In one word", "", ""),
    ("pain", "text", "Pain", "", "integer"),
)
ROWS = ("1,ND,NA,UNK,3", "2,CA,EU,fine,UNK", "3,ND,EU,REF and more,1")


@pytest.fixture
def project(tmp_path: Path) -> list[str]:
    heads = [names[0] for names in COLUMNS.values()]
    lines = [",".join(f'"{head}"' for head in heads)]
    for name, kind, label, choices, validation in FIELDS:
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {"name": name, "form": "home", "kind": kind, "label": label}
        cells |= {"choices": choices, "validation": validation}
        lines.append(",".join(f'"{cell}"' for cell in cells.values()))
    dictionary, export = tmp_path / "dictionary.csv", tmp_path / "export.csv"
    dictionary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    head = ",".join([*(each[0] for each in FIELDS), "home_complete"])
    export.write_text("\n".join([head, *(f"{row},2" for row in ROWS)]) + "\n", encoding="utf-8")
    trial = tmp_path / "trial"
    return ["import", "redcap", str(dictionary), str(export), "--into", str(trial)]


def table(project: list[str]) -> list[str]:
    path = Path(project[-1]) / "data" / "home.csv"
    return [row.rsplit(",", 1)[0] for row in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_an_answer_stays_one_and_the_import_ends_undecided(
    project: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(project) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "ND: 'North Dakota' of state; and 'not done', a missing value of this trial" in said
    assert "NA: 'North America' of area;" in said
    assert "UNK: 1 answer typed into word;" in said
    assert "REF: " not in said  # "REF and more" is spelled as no code
    assert "--missing=ND=ND" in said
    form = (Path(project[-1]) / "forms" / "home.toml").read_text(encoding="utf-8")
    assert '"ND"' in form
    assert '"NA"' in form
    protocol = (Path(project[-1]) / "protocol.toml").read_text(encoding="utf-8")
    assert '#   { code = "MISS_ND", label = "not done", instead_of = "ND" },' in protocol
    assert table(project)[0] == "1,ND,NA,UNK,3"


def test_it_ends_decided_once_the_protocol_spells_its_own_codes_otherwise(
    project: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(project) == 1
    path = Path(project[-1]) / "protocol.toml"
    kept = path.read_text(encoding="utf-8").partition("# missing_codes = [")
    decided = (kept[1] + kept[2]).replace("# ", "").replace("  {", "  {")
    path.write_text(kept[0] + decided, encoding="utf-8")
    capsys.readouterr()
    assert main(project) == 0
    assert "Undecided" not in capsys.readouterr().out
    # pain holds a word that is no number and no missing code any more: a finding, not a guess
    assert table(project)[1] == "2,CA,EU,fine,UNK"


def test_what_is_said_to_be_missing_is_missing_everywhere(
    project: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["--missing=ND=ND", "--missing=NA=UNK", "--missing=UNK=UNK"]
    assert main([*project, *said]) == 0
    assert "Undecided" not in capsys.readouterr().out
    form = (Path(project[-1]) / "forms" / "home.toml").read_text(encoding="utf-8")
    assert '"ND"' not in form
    assert table(project)[0] == "1,ND,UNK,UNK,3"


def test_a_dry_run_ends_undecided_too(project: list[str]) -> None:
    assert main([*project, "--dry-run"]) == 1
    assert not Path(project[-1]).exists()
