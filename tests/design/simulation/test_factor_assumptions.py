"""Assumptions of a factorial trial by levels of its factors."""

from pathlib import Path

import pytest

from tests.report.factorial_trial import write_factorial
from trialkit.design.simulation.assumptions import Assumptions, read_assumptions
from trialkit.design.simulation.operating import operating_characteristics
from trialkit.errors import ProtocolError
from trialkit.protocol.loading import load_protocol
from trialkit.schemas.reading.loading import form_schemas

PAIN = """
[conduct]
participants = 80
dropout = 0.0
[[outcomes]]
code = "pain"
baseline = 54
sd = 14
changes = [{ arm = "CARE", change = -1 }]
by_level = [
  { levels = { exercise = "yes" }, change = -5 },
  { levels = { education = "yes" }, change = -2 },
  { levels = { exercise = "yes", education = "yes" }, change = -3 },
]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_factorial(tmp_path_factory.mktemp("factorial") / "trial")


def assumed(folder: Path, text: str) -> Assumptions:
    (folder / "simulation.toml").write_text(text, "utf-8")
    protocol = load_protocol(folder)
    return read_assumptions(folder, protocol, form_schemas(folder, protocol))


def test_an_arm_changes_by_its_levels_and_by_what_they_do_together(folder: Path) -> None:
    pain = assumed(folder, PAIN).outcome("pain")
    found = {code: pain.change(code) for code in ("CARE", "TALK", "TRAIN", "BOTH")}
    assert found == {"CARE": -1, "TALK": -2, "TRAIN": -5, "BOTH": -10}


def test_a_level_that_there_is_not_is_a_complaint(folder: Path) -> None:
    with pytest.raises(ProtocolError, match="exercise = no or yes"):
        assumed(folder, PAIN.replace('exercise = "yes" }', 'exercise = "much" }'))
    with pytest.raises(ProtocolError, match="diet = yes"):
        assumed(folder, PAIN.replace("{ education", "{ diet"))


def test_the_planned_factorial_analysis_is_simulated_by_its_main_effects_and_interaction(
    folder: Path,
) -> None:
    assumptions = assumed(folder, PAIN.replace('changes = [{ arm = "CARE", change = -1 }]', ""))
    protocol = load_protocol(folder)
    found = operating_characteristics(
        protocol, form_schemas(folder, protocol), assumptions, replicates=200, entropy=4
    ).to_frame()
    assert found["term"].tolist() == 2 * [
        "exercise: yes - no",
        "education: yes - no",
        "exercise x education: (yes - no) x (yes - no)",
    ]
    assert found["truth"].tolist() == pytest.approx([0, 0, 0, -6.5, -3.5, -3])
    assert found["bias"].abs().max() < 1.5
