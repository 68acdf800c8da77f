"""An instrument that is stated in a file is what the file says, or everything wrong is told."""

from pathlib import Path

import pytest

from trialkit.errors import ProtocolError
from trialkit.schemas.instruments import stated_instruments
from trialkit.schemas.instruments.stated_instruments import FOLDER, stated

TEXT = """
id = "x"
name = "X"
measures = "x"
reference = "r"
rights = "free"

[rated]
prefix = "q"
of = "X"
numbers = [1, 3]
low = 0
high = 4

[[scores]]
id = "x_score"
label = "X"
direction = "higher_is_worse"
formula = '''
q_1 +
q_3'''
"""


def test_a_file_is_read_with_its_numbered_items_and_its_formula_on_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stated_instruments, "FOLDER", tmp_path)
    (tmp_path / "x.toml").write_text(TEXT, encoding="utf-8")
    found = stated("x")
    assert [(each.id, each.label, each.low, each.high) for each in found.items] == [
        ("q_1", "X, item 1", 0, 4),
        ("q_3", "X, item 3", 0, 4),
    ]
    assert found.scores[0].formula.expression == "q_1 + q_3"
    assert found.scores[0].formula.items == ("q_1", "q_3")


def test_everything_wrong_in_a_file_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stated_instruments, "FOLDER", tmp_path)
    wrong = TEXT.replace("rights", "right").replace("higher_is_worse", "worse")
    (tmp_path / "x.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ProtocolError) as error:
        stated("x")
    assert "'rights'" in str(error.value)
    assert "higher_is_worse" in str(error.value)


def test_every_file_is_an_instrument_of_its_name() -> None:
    files = sorted(FOLDER.glob("*.toml"))
    assert files
    assert [stated(file.stem).id for file in files] == [file.stem for file in files]
