"""The protocol that an import begins: what is known, and all the rest as comments."""

import tomllib
from datetime import date
from pathlib import Path

from trialkit.errors import TrialStep
from trialkit.imports.taking_in.export_day import ExportDay
from trialkit.imports.taking_in.protocol_skeleton import protocol_skeleton
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.parts import PARTS
from trialkit.protocol.trial.data_format import MissingCode
from trialkit.protocol.trial.visits import Visit, Window


def test_what_is_known_stands_there_and_nothing_else_does() -> None:
    text = protocol_skeleton(
        origin="By hand.",
        trial='the "old" one',
        visits=(
            Visit(code="BL", label="Baseline"),
            Visit(code="W6", label="Week 6", target_day=42, window=Window(early=3, late=7)),
        ),
        sites=("north", "south"),
        missing_codes=(MissingCode(code="SC", label="closed"),),
        undecided=(MissingCode(code="MISS_ND", label="not done", instead_of="ND"),),
        remarks={"outcomes": ("Numbers:", "  pain.nrs")},
    )
    assert tomllib.loads(text) == {
        "trial": {"id": 'the "old" one'},
        "visits": [
            {"code": "BL", "label": "Baseline"},
            {
                "code": "W6",
                "label": "Week 6",
                "target_day": 42,
                "window": {"early": 3, "late": 7},
            },
        ],
        "sites": [{"code": "north", "label": "north"}, {"code": "south", "label": "south"}],
        "data": {
            "delimiter": ",",
            "decimal": ".",
            "dates": "ymd",
            "encoding": "utf-8",
            "missing_codes": [{"code": "SC", "label": "closed"}],
        },
    }
    assert text.startswith("# By hand.\n")
    assert "# Numbers:\n#   pain.nrs\n# FILL IN\n# [[outcomes]]\n" in text
    assert "MISS_ND" in text
    assert "\n\n\n" not in text


def test_the_day_of_the_export_is_the_data_cut() -> None:
    export = ExportDay(day=date(2025, 3, 31), told_by="the name of a.csv")
    text = protocol_skeleton(origin="By hand.", trial="t", export=export)
    assert tomllib.loads(text)["data"]["cut"] == date(2025, 3, 31)
    assert "# The data cut: the day of the export, by the name of a.csv." in text


def test_every_part_that_some_step_needs_is_there_to_be_filled_in() -> None:
    text = protocol_skeleton(origin="By hand.", trial="t")
    for each in PARTS:
        if each.needed_from is not None and each.table != "trial":
            assert f"# [[{each.table}]]" in text or f"# [{each.table}]" in text, each.table
    for key in ("title", "short_title", "framework"):
        assert f"\n# {key} = " in text


def test_data_can_be_checked_by_it_whatever_the_folder_is_called(tmp_path: Path) -> None:
    for name in ("t1", 'Ü"\\\n]', "0"):
        text = protocol_skeleton(origin="By hand.", trial=name)
        (tmp_path / "protocol.toml").write_text(text, encoding="utf-8")
        assert load_protocol(tmp_path, step=TrialStep.VALIDATE).trial.id == name
