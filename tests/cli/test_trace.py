"""``trialkit trace`` says what a number is, who is not in it, and shows what was entered."""

from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from trialkit.cli.commands import trace
from trialkit.cli.main import main
from trialkit.newtrial.writing import write_new_trial

PRIMARY = "primary/vas/mixed_anova/W6/EG+-+CG/-/estimate"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["trace", str(EXAMPLE), *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_number_is_followed_to_its_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, PRIMARY, "--out", str(tmp_path / "trail"))
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("Synthetic re-enactment")
    assert lines[1].startswith(f"{PRIMARY} = -12.538461538461")
    assert "Entered in: pain.vas_mm" in lines
    assert "In it: 26 participants" in lines
    assert "It rests on 52 cells:" in lines
    shown = [line for line in lines if "data/pain.csv" in line]
    assert len(shown) == trace.SHOWN
    assert "BH-001  CG  BL  vas_mm  data/pain.csv  2  44" in lines
    assert "... and 32 more; --out DIR writes all of them as a table" in lines
    written = (tmp_path / "trail" / "trail.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(written) == 53


@pytest.mark.slow
def test_a_wrong_id_is_told_with_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, PRIMARY.removesuffix("e"))
    assert code == 2
    assert f"did you mean '{PRIMARY}'?" in err
    assert "results.csv" in err


@pytest.mark.slow
def test_a_figure_is_followed_too(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "primary/vas/series/residuals")
    if code:
        pytest.fail(out)
    assert "points that a figure draws" in out


def test_the_trials_own_folders_are_no_place_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = tmp_path / "trial"
    write_new_trial(trial)
    call = [
        "trace",
        str(trial),
        "flow/-/descriptive/-/randomised/-/n",
        "--out",
        str(trial / "data"),
    ]
    assert main(call) == 2
    assert "data" in capsys.readouterr().err
    assert not (trial / "data" / "trail.csv").exists()
